"""Tokens cut from what was read."""

from __future__ import annotations

import re
from typing import Final

from communs.core.standards.publiccode.strict.blocks import Block
from communs.core.standards.publiccode.strict.place import Place
from communs.core.standards.publiccode.strict.tokens import Kind, Token, plain_kind

_NEWLINES: Final = frozenset("\r\n")
_AFTER_MARK: Final = frozenset(" \t\r\n")
_BLOCK_LINE = re.compile("[^\n\r\t]+")
_SPACES = re.compile(" +")
_KNOWN_TAGS: Final = frozenset(
    f"!!{name}"
    for name in ("int", "float", "null", "seq", "map", "str", "binary", "omap", "set", "timestamp", "bool", "merge")
)


def is_document_mark(text: str, at: int) -> bool:
    """Whether `---` or `...` stands alone at `at`."""
    head = text[at : at + 4]
    return head[:3] in {"---", "..."} and (len(head) == 3 or head[3] in _AFTER_MARK)


class Buffers(Place):
    """The place in a text, and the block of text that is being read there."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.block: Block | None = None

    def clear(self) -> None:
        """Forget what was read and not cut, and that it was a block."""
        self.buffer, self.origin, self.filled, self.origin_filled, self.block = [], [], 0, 0, None

    def flush(self) -> Token | None:
        """Cut the token being read, if any."""
        if self.saved is not None:
            line, column = self.saved
            self.saved = None
        elif self.block is not None:
            line = self.line - self.buffer.count("\n")
            column = "".join(self.origin).find("".join(self.buffer)) + 1
        else:
            line, column = self.line, self.column - len(self.buffer)
        value = self.block.content(self) if self.block else "".join(self.buffer[: self.filled])
        if not value:
            self.buffer, self.filled = [], 0
            return None
        kind = Kind.STRING if self.block or self._after_unknown_tag() else plain_kind(value)
        token = Token(kind, value, "".join(self.origin), line, column)
        self.tokens.append(token)
        self.buffer, self.origin, self.filled, self.origin_filled = [], [], 0, 0
        return token

    def _after_unknown_tag(self) -> bool:
        last = self.tokens[-1] if self.tokens else None
        return last is not None and last.kind is Kind.TAG and last.value not in _KNOWN_TAGS

    def skip_spaces(self) -> bool:
        """The indentation of a line, as far as it is no part of a block; False where nothing was skipped."""
        end = self.size
        if self.block is not None:
            first = self.block.first_column
            end = min(self.size - 1, self.at + first - self.column) if first else self.size - 1
        found = _SPACES.match(self.text, self.at, max(end, self.at))
        if found is None:
            return False
        count = found.end() - self.at
        self.indent += count
        self.origin.extend(found[0])
        self.step(count)
        return True

    def keep_run(self, pattern: re.Pattern[str], end: int) -> None:
        """Characters that nothing can come between."""
        found = pattern.match(self.text, self.at, end)
        if found:
            run = found[0]
            trailing = len(run) - len(run.rstrip(" "))
            self.buffer.extend(run)
            self.origin.extend(run)
            if trailing < len(run):
                self.filled = len(self.buffer) - trailing
                self.origin_filled = len(self.origin) - trailing
            self.step(len(run))

    def end_block(self) -> None:
        """A line further left ends the block."""
        if self.tokens:
            last = self.tokens[-1]
            if last.column == 1:
                raise self.fault("block-without-text")
            if last.kind is not Kind.STRING:
                self.tokens.append(Token(Kind.STRING, "", "", self.line, self.column))
        self.block = None

    def in_block(self, char: str) -> None:
        """A character of the block."""
        block = self.block
        assert block is not None  # noqa: S101 -- run() asks first
        self.note(char)
        if self.at >= self.size - 1:
            block.last_character(self, char)
        elif char in _NEWLINES:
            block.line_break(self, char)
            if self.at < self.size and is_document_mark(self.text, self.at):
                value = block.content(self)
                self.tokens.append(Token(Kind.STRING, value, "", self.line, self.column))
                self.clear()
        else:
            block.character(self, char)
            if not self.fresh and not block.broke and self.buffer:
                # The last character of the file is looked at alone.
                self.keep_run(_BLOCK_LINE, self.size - 1)
