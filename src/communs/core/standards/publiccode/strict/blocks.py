"""Blocks of text after `|` or `>`, and plain texts that go on with a dash: how their lines become one value."""

from __future__ import annotations

from typing import Final

from communs.core.standards.publiccode.strict.place import Place
from communs.core.standards.publiccode.strict.tokens import Kind, SyntaxFault, Token

_SIGNS: Final = "+-"


def header_option(rest: str) -> str | None:
    """What stands between `|` and the line break, a comment left out; None where that is no option.

    >>> [header_option(text) for text in ("", "-", "+2 # why", "0", "12", "words")]
    ['', '-', '+2', None, None, None]
    """
    option = rest.rstrip(" ")
    comment = option.find("#")
    if comment > 0:
        option = option[:comment]
    option = option.rstrip(" \t")
    digits = _digits(option)
    if digits and (not digits.isascii() or not digits.isdigit() or not 1 <= int(digits[:9]) <= 9):
        return None
    return option


def _digits(option: str) -> str:
    for sign in "-+":
        option = option.removeprefix(sign)
    for sign in "-+":
        option = option.removesuffix(sign)
    return option


class Block:
    """The state of one such text while its lines are read. Columns count from 1; 0 means not known yet."""

    def __init__(self, option: str, *, literal: bool, delimiter: int) -> None:
        digits = _digits(option)
        self.strips = option.startswith("-") or option.endswith("-")
        self.keeps = option.startswith("+") or option.endswith("+")
        self.literal = literal
        self.promised = bool(digits)
        self.first_column = delimiter + int(digits) if digits else 0
        self.line_column = self.previous_column = self.last_text_column = 0
        self.blanks_column = 0
        self.broke = False

    @classmethod
    def folding(cls, column: int) -> Block:
        """A plain text that goes on over the next lines."""
        block = cls("-", literal=False, delimiter=0)
        block.keeps = False
        block._reach(column)
        return block

    def _reach(self, column: int) -> None:
        self.first_column = self.first_column or column
        self.line_column = self.line_column or column

    def content(self, scanner: Place) -> str:
        """The text read so far, its last line breaks as the header asks."""
        text = "".join(scanner.buffer[: scanner.filled])
        if self.strips:
            text = text.rstrip("\n")
        elif not self.keeps:
            bare = text.rstrip("\n")
            text = text[: len(bare) + 1]
        if self.strips:
            text = text.rstrip(" ")
        if text == "\n":
            text = ""
        return "\n" if self.keeps and not text else text

    def last_character(self, scanner: Place, char: str) -> None:
        """The text of the file ends with `char`, and the block with it."""
        if scanner.fresh and char == " ":
            self._indent(scanner)
        else:
            self._plain(scanner, char)
        self._reach(scanner.column)
        self._check_indent(scanner)
        value = self.content(scanner)
        scanner.tokens.append(Token(Kind.STRING, value, "", scanner.line, scanner.column))
        scanner.clear()
        scanner.step()

    def line_break(self, scanner: Place, char: str) -> None:
        """The line ends."""
        self._plain(scanner, char)
        if not self.first_column:
            self.blanks_column = scanner.column - 1
        self.previous_column = self.line_column
        self.last_text_column = self.line_column or self.last_text_column
        self.broke = True
        self.line_column = 0
        scanner.next_line()

    def character(self, scanner: Place, char: str) -> None:
        """A character of the line, blanks of its indentation included."""
        if scanner.fresh and char == " ":
            self._indent(scanner)
        elif char == "\t" and self._is_indent(scanner.column):
            if scanner.fresh:
                raise scanner.fault("tab-in-block")
            self._text(scanner, char)
        elif char == "\t":
            self._append(scanner, char)
        else:
            self._text(scanner, char)
        scanner.step()

    def _text(self, scanner: Place, char: str) -> None:
        if not self.first_column and self.blanks_column > scanner.column:
            raise scanner.fault("block-indent")
        self._reach(scanner.column)
        self._check_indent(scanner)
        if self.first_column:
            scanner.delimiter = self.first_column - 1 or scanner.delimiter
        self._fold(scanner)
        self._append(scanner, char)

    def _check_indent(self, scanner: Place) -> None:
        if self.promised and self.first_column > self.line_column:
            raise SyntaxFault("block-indent", scanner.line)

    def _is_indent(self, column: int) -> bool:
        return self.first_column > column if self.first_column else column == 1

    def _indent(self, scanner: Place) -> None:
        if not self.first_column or scanner.column < self.first_column:
            return
        if not self.literal:
            self.broke = False
        scanner.buffer.append(" ")
        scanner.filled = len(scanner.buffer)

    @staticmethod
    def _plain(scanner: Place, char: str) -> None:
        if scanner.buffer or char not in " \t":
            scanner.buffer.append(char)
            if char not in " \t":
                scanner.filled = len(scanner.buffer)

    @staticmethod
    def _append(scanner: Place, char: str) -> None:
        if scanner.buffer or char != " ":
            scanner.buffer.append(char)
            if char != " ":
                scanner.filled = len(scanner.buffer)

    def _fold(self, scanner: Place) -> None:
        if not self.broke:
            return
        self.broke = False
        if self.literal:
            return
        buffer = scanner.buffer
        if self.line_column == self.previous_column:
            if buffer[-1:] == ["\n"]:
                buffer[-1] = " "
        elif not self.previous_column and self.last_text_column == scanner.column and buffer[-2:] == ["\n", "\n"]:
            buffer.pop()
            scanner.filled = len(buffer)
