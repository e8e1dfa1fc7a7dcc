"""The tree of a YAML text, and where the reference parser says that a key stands.

Places count from 1. Each node bears the place that the reference names it by: a list its first dash or bracket, a
table its first colon (its brace, if it has one), a text its first character, an empty value the character after the
mark that announces it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from communs.core.standards.publiccode.strict.tokens import Kind

Place = tuple[int, int]
NOWHERE: Place = (0, 0)


@dataclass(slots=True)
class Scalar:
    """`value` is what stands there; `kind` tells what it means (`Kind.BLOCK_HEADER` for a block of text)."""

    kind: Kind
    value: str
    line: int
    column: int


@dataclass(slots=True)
class Listing:
    """A list."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Pair:
    """A key and its value. `name`: how the key is written, by which places are found."""

    key: Node
    name: str
    line: int
    column: int
    value: Node

    @property
    def is_merge(self) -> bool:
        """Whether this is `<<`, which takes over the keys of another table."""
        return isinstance(self.key, Scalar) and self.key.kind is Kind.MERGE


@dataclass(slots=True)
class Table:
    """Keys and values in order. `flow`: written between braces."""

    line: int
    column: int
    flow: bool = False
    pairs: list[Pair] = field(default_factory=list)


@dataclass(slots=True)
class Tagged:
    """A value with a tag."""

    tag: str
    line: int
    column: int
    value: Node


@dataclass(slots=True)
class Anchored:
    """A value with a name for later use."""

    name: str
    line: int
    column: int
    value: Node


@dataclass(slots=True)
class Alias:
    """A named value used again."""

    name: str
    line: int
    column: int


Node = Scalar | Listing | Table | Tagged | Anchored | Alias


def place_of(root: Node, key: str) -> Place:
    """Line and column that the reference gives for `key` (`legal.license`, `categories[0]`); (0, 0) for none.

    A key that is absent stands where the first key beside it stands, or at the value that is there instead of a table;
    where the table around it is absent too, nowhere.
    """
    node = root
    steps = key.split(".")
    while steps:
        step, *rest = steps
        base, index, name = _step(step)
        if not isinstance(node, Table):
            return node.line, node.column
        pair = next((pair for pair in node.pairs if pair.name == base), None)
        if pair is None:
            return _beside(node, is_last=not rest)
        if index is not None:
            if not isinstance(pair.value, Listing) or index >= len(pair.value.items):
                return pair.line, pair.column
            node = pair.value.items[index]
            if not rest:
                return node.line, node.column
            steps = rest
        elif name:
            node, steps = pair.value, [name, *rest]
        elif not rest:
            return pair.line, pair.column
        else:
            node, steps = pair.value, rest
    return NOWHERE


def _step(step: str) -> tuple[str, int | None, str]:
    """Base, number and name of `base[0]` or `base[en-US]`."""
    start = step.rfind("[")
    if start < 0 or not step.endswith("]") or start + 2 > len(step) - 1:
        return step, None, ""
    inner = step[start + 1 : -1]
    if inner.isascii() and inner.isdigit():
        return step[:start], int(inner), ""
    return step[:start], None, inner


def _beside(table: Table, *, is_last: bool) -> Place:
    if table.flow:
        return table.line, table.column
    if is_last and table.pairs:
        return table.pairs[0].line, table.pairs[0].column
    return NOWHERE


def key_at(root: Node, line: int) -> str:
    """The key that stands at `line`, as the reference names it; empty where it finds none."""
    return _key_at(root, line, "")


def _key_at(node: Node, line: int, prefix: str) -> str:
    if isinstance(node, Table):
        for pair in node.pairs:
            name = f"{prefix}.{pair.name}" if prefix else pair.name
            if pair.line == line:
                return name
            found = _key_at(pair.value, line, name)
            if found:
                return found
    elif isinstance(node, Listing):
        for number, item in enumerate(node.items):
            name = f"{prefix}[{number}]"
            if item.line == line:
                return name
            found = _key_at(item, line, name)
            if found:
                return found
    return ""
