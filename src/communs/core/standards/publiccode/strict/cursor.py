"""What the parser needs at every step: its place among the parts, empty values, and the check of keys."""

from __future__ import annotations

from communs.core.standards.publiccode.strict.grouping import Part
from communs.core.standards.publiccode.strict.tokens import QUOTED, Kind, SyntaxFault, Token
from communs.core.standards.publiccode.strict.tree import Anchored, Node, Pair, Scalar, Tagged


class Cursor:
    """A place in a row of parts. `flow`: between brackets or braces."""

    def __init__(self, parts: list[Part], *, flow: bool = False) -> None:
        self.parts, self.at, self.flow = parts, 0, flow

    @property
    def part(self) -> Part | None:
        return self.parts[self.at] if self.at < len(self.parts) else None

    @property
    def following(self) -> Part | None:
        return self.parts[self.at + 1] if self.at + 1 < len(self.parts) else None


def column_of(part: Part | None) -> int:
    return part.column if part is not None else 0


def is_kind(part: Part | None, *kinds: Kind) -> bool:
    return part is not None and part.kind in kinds


def empty_after(mark: Token, *, at_end: bool = False) -> Scalar:
    """The value that is not there, after `mark`."""
    return Scalar(Kind.NULL, "null", mark.line, mark.column + (2 if at_end else 1))


def pair_of(key: Node, value: Node) -> Pair:
    return Pair(key, key_name(key), key.line, key.column, value)


def key_name(key: Node) -> str:
    if isinstance(key, Scalar):
        return key.value
    if isinstance(key, Tagged):
        return key.tag
    return "&" if isinstance(key, Anchored) else "*"


def key_text(key: Node | None) -> str:
    """What tells two keys of a table apart."""
    while isinstance(key, Tagged | Anchored):
        key = key.value
    return key.value if isinstance(key, Scalar) else ""


def check_key(key: Node, shown: Node, token: Token, colon: Part, seen: dict[str, Node], *, flow: bool) -> None:
    name = key_text(key)
    if name in seen:
        earlier = seen[name]
        raise SyntaxFault("duplicate-key", shown.line, f"{key_name(shown)}\0{earlier.line}\0{earlier.column}")
    seen[name] = shown
    origin = token.origin
    if not flow and "\n" not in origin and "\r" not in origin:
        return
    origin = origin.lstrip(" \r\n")
    if flow:
        if token.kind is Kind.STRING and token.line + _breaks(origin.rstrip(" \r\n")) != colon.line:
            raise SyntaxFault("key-over-lines", token.line)
    elif (token.kind is Kind.STRING or token.kind in QUOTED) and _breaks(origin):
        raise SyntaxFault("key-over-lines", token.line)


def checked_anchor(node: Node, column: int) -> Node:
    if isinstance(node, Anchored) and isinstance(node.value, Tagged):
        tagged = node.value
        if node.line != tagged.line and tagged.column <= column:
            raise SyntaxFault("misplaced-tag", tagged.line)
    return node


def _breaks(origin: str) -> int:
    """The number of line breaks in `origin`."""
    return origin.count("\n") + origin.count("\r") - origin.count("\r\n")
