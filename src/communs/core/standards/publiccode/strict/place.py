"""Where the scanner is in a text, and the characters that it has read and not yet cut."""

from __future__ import annotations

from typing import Final

from communs.core.standards.publiccode.strict.tokens import Kind, SyntaxFault, Token
from communs.core.standards.reading import MANIFEST, TooMuch

# A value brings two marks at most: its dash or colon, and its comma.
TOKENS_MAX: Final = 3 * MANIFEST.nodes
_BLANKS: Final = frozenset(" \t")


class Place:
    """Where a text is read.

    `buffer` collects the characters of the token being read, `origin` all characters since the last token.
    """

    def __init__(self, text: str) -> None:
        self.text, self.size, self.at = text, len(text), 0
        self.line = self.column = 1
        self.tokens: list[Token] = []
        self.buffer: list[str] = []
        self.filled = 0  # length of the buffer without trailing blanks
        self.origin: list[str] = []
        self.origin_filled = 0
        self.saved: tuple[int, int] | None = None  # where a text of several lines began
        self.delimiter = 0  # column of the last key or list entry
        self.indent = 0
        self.fresh = True  # only blanks so far on this line
        self.sinking = self.rising = False  # the line began at most at, or right of, the delimiter
        self.naming = self.directive = False  # in the name of an anchor or alias; in a directive
        self.open_lists = self.open_tables = 0

    def step(self, count: int = 1) -> None:
        """Go on by `count` characters of the line."""
        self.at += count
        self.column += count

    def next_line(self) -> None:
        """Go past a line break."""
        self.at += 1
        self.line += 1
        self.column = 1
        self.indent = 0
        self.fresh = True
        self.naming = self.directive = False

    def keep(self, char: str) -> None:
        """Add to the token being read; leading blanks are no part of it."""
        if self.buffer or char not in _BLANKS:
            self.buffer.append(char)
            if char not in _BLANKS:
                self.filled = len(self.buffer)
        self.note(char)

    def note(self, char: str) -> None:
        """Add to the origin of the next token."""
        self.origin.append(char)
        if char not in _BLANKS:
            self.origin_filled = len(self.origin)

    def clear(self) -> None:
        """Forget what was read and not cut."""
        self.buffer, self.origin, self.filled, self.origin_filled = [], [], 0, 0

    def add(self, kind: Kind, value: str) -> None:
        """Cut a mark at this place. Raises `TooMuch`."""
        if self.open_lists + self.open_tables > MANIFEST.depth:
            raise TooMuch("depth", MANIFEST.depth)
        if len(self.tokens) > TOKENS_MAX:
            raise TooMuch("nodes", MANIFEST.nodes)
        self.tokens.append(Token(kind, value, "".join(self.origin), self.line, self.column))

    def fault(self, code: str, detail: str = "") -> SyntaxFault:
        """A fault at this line."""
        return SyntaxFault(code, self.line, detail)
