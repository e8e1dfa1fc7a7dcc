"""A YAML text cut into tokens by the rules of the reference parser's lexer (goccy/go-yaml 1.18).

Its rules are not quite those of the YAML specification: what ends a plain text is the column of the last key or list
entry, an empty block of text takes the next shallower line, a carriage return counts as a line of its own. They are
followed here because they decide at which line a fault is reported, and whether there is one.
"""

from __future__ import annotations

import re
from typing import Final

from communs.core.standards.publiccode.strict.blocks import Block, header_option
from communs.core.standards.publiccode.strict.buffers import Buffers, is_document_mark
from communs.core.standards.publiccode.strict.lines import take_line
from communs.core.standards.publiccode.strict.quotes import read_quoted
from communs.core.standards.publiccode.strict.tokens import QUOTED, Kind, Token

_WORDS = re.compile("[^\n\r\t:#<]+")
_WORD = re.compile("[^ \\t\\r\\n,:#<>|&*!%@`{}\\[\\]'\"?.-]+")
_NEWLINES: Final = frozenset("\r\n")
_BLANKS: Final = frozenset(" \t")
_AFTER_MARK: Final = frozenset(" \t\r\n")


def scan(text: str) -> list[Token]:
    """The tokens of `text`, comments left out. Raises `SyntaxFault`."""
    scanner = Scanner(text)
    scanner.run()
    return scanner.tokens


class Scanner(Buffers):
    """The scanner, a character after the other."""

    # -- the loop -------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Cut the whole text."""
        text, size, handlers = self.text, self.size, _HANDLERS
        while self.at < size:
            char = text[self.at]
            if not self.fresh:
                self.sinking = self.rising = False
            else:
                if self.column == 1 and self._is_idle() and take_line(self):
                    continue
                if char == " " and not self.sinking and self.skip_spaces():
                    continue
                self._note_indent(char)
                if self.sinking:
                    self.flush()
            if self.block is not None:
                if not self.sinking:
                    self.in_block(char)
                    continue
                self.end_block()
            handler = handlers.get(char)
            if handler is None:
                self.keep_run(_WORD if self._is_marked_up() else _WORDS, size)
            elif not handler(self, char):
                self.keep(char)
                self.step()
        self.flush()

    def _note_indent(self, char: str) -> None:
        if char == " ":
            self.indent += 1
        elif char not in "\r\n\t":
            if self.delimiter:
                self.rising = self.delimiter < self.column
                self.sinking = not self.rising
            self.fresh = False

    def _is_idle(self) -> bool:
        """At the start of a line, with nothing read, outside of blocks, brackets and braces."""
        idle = (
            self.text[self.at - 1 : self.at] in {"", "\n"}
            and not self.buffer
            and self.block is None
            and self.saved is None
        )
        return idle and not self.sinking and self.open_lists == self.open_tables == 0

    def _is_marked_up(self) -> bool:
        """Whether more characters than usual may end a plain text."""
        return self.open_lists > 0 or self.open_tables > 0 or self.naming or self.directive

    # -- one handler a character; each says whether it dealt with it -------------------------------------------------

    def open_flow(self, char: str) -> bool:
        """`{` and `[`."""
        if self.filled and not (self.open_lists > 0 or self.open_tables > 0):
            return False
        self.flush()
        self.note(char)
        if char == "{":
            self.add(Kind.OPEN_TABLE, char)
            self.open_tables += 1
        else:
            self.add(Kind.OPEN_LIST, char)
            self.open_lists += 1
        return self._marked()

    def close_table(self, char: str) -> bool:
        """`}`."""
        if self.open_tables <= 0:
            return False
        self.flush()
        self.note(char)
        self.add(Kind.CLOSE_TABLE, char)
        self.open_tables -= 1
        return self._marked()

    def close_list(self, char: str) -> bool:
        """`]`."""
        if self.filled and self.open_lists <= 0:
            return False
        self.flush()
        self.note(char)
        self.add(Kind.CLOSE_LIST, char)
        self.open_lists -= 1
        return self._marked()

    def comma(self, char: str) -> bool:
        """`,`."""
        if self.open_lists <= 0 and self.open_tables <= 0:
            return False
        self.flush()
        self.note(char)
        self.add(Kind.COMMA, char)
        return self._marked()

    def _marked(self, length: int = 1) -> bool:
        self.step(length)
        self.clear()
        return True

    def _next(self, ahead: int = 1) -> str:
        return self.text[self.at + ahead] if self.at + ahead < self.size else ""

    def dots(self, _char: str) -> bool:
        """`...`."""
        if self.indent or self.column != 1 or not self.text.startswith("...", self.at) or self._next(3) == ".":
            return False
        self.flush()
        self.add(Kind.DOCUMENT_END, "...")
        return self._marked(3)

    def merge(self, _char: str) -> bool:
        """`<<`."""
        if not self.text.startswith("<<", self.at) or self._next(2) == "<":
            return False
        rest = self.text[self.at + 2 : self.at + 200].lstrip(" ")
        if rest[:1] != ":" or rest[1:2] not in {" ", "\r", "\n"}:
            return False
        self.delimiter = self.column
        self.add(Kind.MERGE, "<<")
        return self._marked(2)

    def dash(self, char: str) -> bool:
        """`-` and `---`."""
        if self._document_start():
            return True
        if self.filled and self.rising:
            self.block = Block.folding(self.column)
            self.keep(char)
            self.step()
            return True
        if self.filled or self._next() not in {"", " ", "\t", "\r", "\n"}:
            return False
        if "".join(self.origin[:2]).removeprefix(" ").startswith("\t"):
            raise self.fault("tab-before-entry")
        self.flush()
        self.note(char)
        self.add(Kind.ENTRY, char)
        self.delimiter = self.column
        return self._marked()

    def _document_start(self) -> bool:
        if self.indent or self.column != 1 or not is_document_mark(self.text, self.at):
            return False
        self.flush()
        self.add(Kind.DOCUMENT_START, "---")
        self._marked(3)
        self.delimiter = self.indent = 0
        return True

    def colon(self, _char: str) -> bool:
        """`:`."""
        following = self._next()
        if self.directive or self.naming:
            return False
        if self.open_tables > 0:
            if following == "/" or (self.tokens and self.tokens[-1].kind is Kind.COLON):
                return False
        elif following and following not in _AFTER_MARK:
            return False
        if "".join(self.origin[:2]).removeprefix(" ").startswith("\t") and self.buffer[:1] != ["\t"]:
            raise self.fault("tab-before-key")
        key = self.flush()
        if key is not None:
            self.delimiter = key.column
        elif self.tokens and self.tokens[-1].kind in QUOTED:
            self.delimiter = self.tokens[-1].column
        self.tokens.append(Token(Kind.COLON, ":", ":", self.line, self.column))
        return self._marked()

    def block_header(self, char: str) -> bool:
        """`|` and `>`."""
        if self.filled:
            return False
        end = self.at + 1
        while end < self.size and self.text[end] not in _NEWLINES:
            end += 1
        # Without a line break after it, the last character is left out.
        length = end - self.at - 1 if end < self.size else max(end - self.at - 2, 0)
        option = header_option(self.text[self.at + 1 : self.at + 1 + length])
        if option is None:
            raise self.fault("block-header")
        if self.column == 1:
            self.delimiter = 1
        self.note(char)
        self.add(Kind.BLOCK_HEADER, char + option)
        self.clear()
        self.block = Block(option, literal=char == "|", delimiter=self.delimiter)
        self.sinking = self.rising = False
        self.at += 1 + length
        self.next_line()
        return True

    def tag(self, char: str) -> bool:
        """`!`."""
        if self.filled or self.directive:
            return False
        self.note(char)
        end = self.at + 1
        while end < self.size and self.text[end] not in " \r\n{}":
            if self.text[end] == "," and (self.open_lists > 0 or self.open_tables > 0):
                break
            self.note(self.text[end])
            end += 1
        ended = end < self.size
        if ended and self.text[end] in "{}":
            raise self.fault("tag-character")
        value = self.text[self.at : end]
        if ended:
            self.add(Kind.TAG, value)
        # The mark itself takes no column; a blank after the tag does.
        extra = 1 if ended and self.text[end] == " " else 0
        self.at = end + extra
        self.column += len(value) - 1 + extra
        self.clear()
        return True

    def percent(self, char: str) -> bool:
        """`%`."""
        if self.filled or self.indent:
            return False
        self.flush()
        self.note(char)
        self.add(Kind.DIRECTIVE, char)
        self._marked()
        self.directive = True
        return True

    def question(self, char: str) -> bool:
        """`?`."""
        if self.filled or self._next() not in _BLANKS:
            return False
        self.add(Kind.KEY_MARK, char)
        self.delimiter = self.column
        return self._marked()

    def name_mark(self, char: str) -> bool:
        """`&` and `*`."""
        if self.filled:
            return False
        self.flush()
        self.note(char)
        self.add(Kind.ANCHOR if char == "&" else Kind.ALIAS, char)
        self._marked()
        self.naming = True
        return True

    def comment(self, _char: str) -> bool:
        """`#`."""
        if self.filled and self.text[self.at - 1] not in _AFTER_MARK:
            return False
        self.flush()
        while self.at < self.size and self.text[self.at] not in _NEWLINES:
            self.at += 1
        self.next_line()
        self.clear()
        return True

    def quote(self, char: str) -> bool:
        """Single and double quotes."""
        if self.filled:
            return False
        token = read_quoted(self, char)
        self.tokens.append(token)
        self.clear()
        return True

    def line_break(self, char: str) -> bool:
        """The end of a line."""
        if self.buffer and self.saved is None:
            self.saved = (self.line, self.column - self.filled)
        if self.origin_filled < len(self.origin):
            del self.origin[self.origin_filled :]
            del self.buffer[self.filled :]
        if char == "\r" and self._next() == "\n":
            self.note(char)
            self.at += 1
            char = "\n"
        if self.at >= self.size - 1 or self.naming or self.directive:
            self.flush()
        if self.filled and self.fresh:
            if self.buffer[-1] == " ":
                self.buffer[-1] = "\n"
            else:
                self.buffer.append("\n")
        elif self.buffer:
            self.buffer.append(" ")
        self.note(char)
        self.next_line()
        return True

    def space(self, char: str) -> bool:
        """A blank."""
        if self.fresh:
            self.step()
            self.note(char)
            return True
        if self.directive:
            self.flush()
            self.step()
            self.note(char)
            return True
        if self.naming:
            self.flush()
            self.naming = False
            return True
        return False

    def tab(self, char: str) -> bool:
        """A tab."""
        if (self.filled and not self.delimiter) or self.delimiter < self.column:
            self.indent += 1
            self.note(char)
            self.at += 1
            return True
        if self.fresh and self.open_lists <= 0 and self.open_tables <= 0:
            raise self.fault("tab-at-start")
        return False

    def reserved(self, char: str) -> bool:
        """`@` and the backtick."""
        if not self.filled:
            raise self.fault("reserved-character", char)
        return False


_HANDLERS: Final = {
    char: handler
    for chars, handler in (
        ("{[", Scanner.open_flow),
        ("}", Scanner.close_table),
        ("]", Scanner.close_list),
        (",", Scanner.comma),
        (".", Scanner.dots),
        ("<", Scanner.merge),
        ("-", Scanner.dash),
        (":", Scanner.colon),
        ("|>", Scanner.block_header),
        ("!", Scanner.tag),
        ("%", Scanner.percent),
        ("?", Scanner.question),
        ("&*", Scanner.name_mark),
        ("#", Scanner.comment),
        ("'\"", Scanner.quote),
        ("\r\n", Scanner.line_break),
        (" ", Scanner.space),
        ("\t", Scanner.tab),
        ("@`", Scanner.reserved),
    )
    for char in chars
}
