"""Texts between quotes: their value, and where they end."""

from __future__ import annotations

import re
from typing import Final

from communs.core.standards.publiccode.strict.place import Place
from communs.core.standards.publiccode.strict.tokens import Kind, Token

_ESCAPES: Final = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", " ": " ",
    '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029", "\t": "\t",
}  # fmt: skip
_RUNS: Final = {"'": re.compile(r"[^'\r\n]+"), '"': re.compile(r'[^"\\\t\r\n]+')}
_HEX: Final = {"x": 2, "u": 4, "U": 8}


def read_quoted(scanner: Place, quote: str) -> Token:
    """Read up to the closing quote and go past it. Raises `SyntaxFault`."""
    line, column = scanner.line, scanner.column
    scanner.note(quote)
    reader = _Quoted(scanner, quote)
    while reader.at < scanner.size:
        if reader.take():
            kind = Kind.SINGLE_QUOTED if quote == "'" else Kind.DOUBLE_QUOTED
            scanner.at = reader.at + reader.skipped
            return Token(kind, "".join(reader.value), "".join(scanner.origin), line, column)
    scanner.line = line
    raise scanner.fault("unclosed-quote")


class _Quoted:
    """`at`: the next character to look at. `skipped`: characters the reference jumps over after the closing quote."""

    def __init__(self, scanner: Place, quote: str) -> None:
        self.scanner, self.quote = scanner, quote
        self.value: list[str] = []
        self.at = scanner.at + 1
        self.skipped = 0
        self.new_line = False
        scanner.column += 1

    def _go(self, count: int = 1) -> None:
        self.at += count
        self.scanner.column += count

    def take(self) -> bool:
        """Take one character, an escape or a line break; True at the closing quote."""
        scanner, char = self.scanner, self.scanner.text[self.at]
        scanner.note(char)
        if char in "\r\n":
            self._line_break()
        elif self.new_line and char == " ":
            self._go()
        elif self.new_line and char == "\t":
            if scanner.delimiter >= scanner.column:
                raise scanner.fault("tab-in-quotes")
            self._go()
        elif char == self.quote:
            return self._quote()
        elif self.quote == '"' and char == "\\":
            self._escape()
        elif self.quote == '"' and char == "\t":
            self._tab()
        else:
            self.value.append(char)
            self.new_line = False
            self._go()
            self._run()
        return False

    def _run(self) -> None:
        """Characters that stand for themselves."""
        found = _RUNS[self.quote].match(self.scanner.text, self.at)
        if found:
            self.value.extend(found[0])
            self.scanner.origin.extend(found[0])
            self.scanner.origin_filled = len(self.scanner.origin)
            self._go(len(found[0]))

    def _quote(self) -> bool:
        self._go()
        if self.quote == "'" and self.scanner.text[self.at : self.at + 1] == "'":
            self.value.append("'")
            self.scanner.note("'")
            self._go()
            return False
        return True

    def _line_break(self) -> None:
        scanner = self.scanner
        while self.value and self.value[-1] == " ":
            self.value.pop()
        self.value.append("\n" if self.new_line else " ")
        self.new_line = True
        self._next_line()
        head = scanner.text[self.at : self.at + 4]
        if head[:3] in {"---", "..."} and (len(head) == 3 or head[3] in " \t\r\n"):
            raise scanner.fault("document-mark-in-quotes")

    def _next_line(self) -> None:
        # `next_line` moves the scanner's own place too, which is set anew at the closing quote.
        self.at += 1
        self.scanner.next_line()

    def _tab(self) -> None:
        rest = self.scanner.text[self.at + 1 :].split("\n", 1)[0].split("\r", 1)[0]
        if rest.strip(" \t"):
            self.value.append("\t")
            if rest[0] != '"':
                self.skipped += 1
                self.scanner.column += 1
            self._go()
        else:
            self._go(len(rest) + 1)

    def _escape(self) -> None:
        scanner, text = self.scanner, self.scanner.text
        self.new_line = False
        following = text[self.at + 1 : self.at + 2]
        if not following:
            self.value.append("\\")
            self._go()
        elif following in "\r\n":
            self._escaped_break(following)
        elif following in _ESCAPES:
            scanner.note(following)
            self.value.append(_ESCAPES[following])
            self._go(2)
        elif following in _HEX:
            self._code(following)
        else:
            raise scanner.fault("unknown-escape", following)

    def _escaped_break(self, following: str) -> None:
        self.new_line = True
        self.scanner.note(following)
        self.at += 1
        self._next_line()
        if following == "\r" and self.scanner.text[self.at : self.at + 1] == "\n":
            self.at += 1

    def _code(self, letter: str) -> None:
        scanner, text, length = self.scanner, self.scanner.text, _HEX[letter]
        if self.at + length + 1 >= scanner.size:
            if letter != "x":
                raise scanner.fault("short-escape")
            self.value.append("x")
            self._go(2)
            return
        code = _hex(text[self.at + 2 : self.at + 2 + length])
        if letter == "u" and 0xD800 <= code <= 0xDBFF:
            low = text[self.at + 6 : self.at + 12]
            if len(low) < 6 or self.at + 11 >= scanner.size:
                raise scanner.fault("short-escape")
            if not low.startswith("\\u") or not 0xDC00 <= _hex(low[2:]) <= 0xDFFF:
                raise scanner.fault("broken-surrogates")
            code = (code - 0xD800) * 0x400 + _hex(low[2:]) - 0xDC00 + 0x10000
            self._go(6)
        self.value.append(chr(code) if 0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd")
        self._go(length + 2)


def _hex(digits: str) -> int:
    # The reference does not look whether these are hexadecimal digits.
    try:
        return int(digits, 16)
    except ValueError:
        return 0xFFFD
