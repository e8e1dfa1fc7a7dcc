"""A tree read into the values that the standard expects, as the reference parser decodes it.

One fault is kept, the first in the order of the standard's keys; what holds it stays empty, and so may be reported as
missing too. A text field takes numbers and truth values as they are written; `yes` and `no` are texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from communs.core.standards.publiccode.strict.lexical.addresses import Address, BadAddress
from communs.core.standards.publiccode.strict.lexical.addresses import parse as parse_address
from communs.core.standards.publiccode.strict.tokens import NULLS, TRUTHS, Kind, number_in_words, number_of
from communs.core.standards.publiccode.strict.tree import Alias, Anchored, Listing, Node, Scalar, Table, Tagged

DEPTH_MAX: Final = 100
_TEXTS: Final = frozenset({Kind.STRING, Kind.SINGLE_QUOTED, Kind.DOUBLE_QUOTED, Kind.BLOCK_HEADER})
_ENDLESS: Final = {".inf": "+Inf", "-.inf": "-Inf", ".nan": "NaN"}


class DecodeFault(Exception):
    """A value is not of the kind that belongs there. `line` is where it begins, from 1; 0 for none."""

    def __init__(self, code: str, line: int, value: str = "") -> None:
        super().__init__(code)
        self.code, self.line, self.value = code, line, value


Values = dict[str, Any]
Read = Callable[["Decoder", Node], Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a value is read, and what stands for its absence."""

    read: Read
    zero: Any = None


class Decoder:
    """Knows the named values of a document. `marked`: the text has characters that names, tags and merges need."""

    def __init__(self, root: Node, *, marked: bool = True) -> None:
        self.names: dict[str, Node] = {}
        self.depth = 0
        if marked:
            self._collect(root, 0)

    def _collect(self, node: Node, depth: int) -> None:
        """Note every name in order; each alias must come after its name."""
        if depth > DEPTH_MAX:
            raise DecodeFault("too-deep", 0)
        if isinstance(node, Table):
            for pair in node.pairs:
                self._collect(pair.key, depth + 1)
                self._collect(pair.value, depth + 1)
                if pair.is_merge:
                    self._check_merge(pair.value)
        elif isinstance(node, Listing):
            for item in node.items:
                self._collect(item, depth + 1)
        elif isinstance(node, Tagged):
            self._collect(node.value, depth + 1)
            _check_tag(node)
        elif isinstance(node, Anchored):
            # Within itself, a name stands for nothing.
            self.names.setdefault(node.name, Scalar(Kind.NULL, "null", node.line, node.column))
            self._collect(node.value, depth + 1)
            self.names[node.name] = node.value
        elif isinstance(node, Alias) and node.name not in self.names:
            raise DecodeFault("bad-alias", node.line, node.name)

    def _check_merge(self, node: Node) -> None:
        targets = node.items if isinstance(node, Listing) else [node]
        for target in targets:
            if not isinstance(self.target(target), Table):
                raise DecodeFault("wrong-type", target.line)

    def target(self, node: Node) -> Node:
        """The node itself behind names, aliases and tags."""
        if isinstance(node, Table | Listing | Scalar):
            return node
        for _ in range(DEPTH_MAX):
            if isinstance(node, Anchored | Tagged):
                node = node.value
            elif isinstance(node, Alias):
                node = self.names[node.name]
            else:
                return node
        raise DecodeFault("too-deep", 0)

    def is_empty(self, node: Node) -> bool:
        """Whether nothing stands there."""
        if isinstance(node, Alias):
            node = self.names[node.name]
        return isinstance(node, Scalar) and node.kind is Kind.NULL

    def pairs(self, node: Node) -> dict[str, tuple[Node, Node]] | None:
        """Keys and values of a table by name; None for one with a key that is no text, which is not read at all."""
        table = self.target(node)
        if not isinstance(table, Table):
            raise DecodeFault("wrong-type", table.line)
        found: dict[str, tuple[Node, Node]] = {}
        for pair in table.pairs:
            if pair.is_merge:
                merged = self._merged(pair.value)
            else:
                key = self.target(pair.key)
                if isinstance(key, Scalar) and key.kind not in _TEXTS and not isinstance(pair.key, Tagged):
                    return None
                merged = {key.value if isinstance(key, Scalar) else "": (pair.key, pair.value)}
            for name, both in merged.items():
                if name in found:
                    raise DecodeFault("wrong-type", both[0].line)
                found[name] = both
        return found

    def _merged(self, node: Node) -> dict[str, tuple[Node, Node]]:
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise DecodeFault("too-deep", 0)
        target = self.target(node)
        if isinstance(target, Listing):
            merged: dict[str, tuple[Node, Node]] = {}
            for item in target.items:
                merged.update(self.pairs(item) or {})
        else:
            merged = self.pairs(target) or {}
        self.depth -= 1
        return merged

    def items(self, node: Node) -> list[Node]:
        """The entries of a list."""
        listing = self.target(node)
        if not isinstance(listing, Listing):
            raise DecodeFault("wrong-type", node.line if isinstance(node, Anchored) else listing.line)
        return listing.items


def _check_tag(node: Tagged) -> None:
    value = node.value
    if node.tag == "!!bool" and isinstance(value, Scalar):
        if value.value.lower() not in {"true", "false", "yes", "no", "1", "0", "t", "f"}:
            raise DecodeFault("wrong-type", value.line)
    elif node.tag == "!!binary" and isinstance(value, Scalar) and value.kind not in _TEXTS:
        raise DecodeFault("wrong-type", value.line)


def scalar_value(decoder: Decoder, node: Node) -> str | bool | None:
    """A text (numbers as they are written out), a truth value, or None."""
    if isinstance(node, Anchored | Alias):
        node = node.value if isinstance(node, Anchored) else decoder.target(node)
        return scalar_value(decoder, node)
    if isinstance(node, Tagged):
        return _tagged_value(decoder, node)
    if not isinstance(node, Scalar):
        raise DecodeFault("wrong-type", node.line)
    return node.value if node.kind in _TEXTS else _meaning(node)


def _meaning(node: Scalar) -> str | bool | None:
    if node.kind is Kind.NULL:
        return None
    if node.kind is Kind.BOOL:
        return node.value in TRUTHS
    number = number_of(node.value)
    return _ENDLESS.get(node.value.lower(), "") if number is None else number_in_words(number)


def _tagged_value(decoder: Decoder, node: Tagged) -> str | bool | None:
    value = scalar_value(decoder, node.value)
    if node.tag == "!!null":
        return None
    if node.tag == "!!bool":
        return str(value).lower() in {"true", "yes", "1", "t"}
    if node.tag == "!!int":
        return str(value) if str(value).removeprefix("-").isdecimal() else "0"
    if node.tag == "!!str":
        return "" if value is None else _text_of(value)
    return value


def _text_of(value: str | bool) -> str:
    return value if isinstance(value, str) else "true" if value else "false"


def read_text(decoder: Decoder, node: Node) -> str:
    """A text."""
    if isinstance(node, Scalar) and node.kind in _TEXTS:
        return node.value
    value = scalar_value(decoder, node)
    return "" if value is None else _text_of(value)


def read_truth(decoder: Decoder, node: Node) -> bool:
    """True or false."""
    value = scalar_value(decoder, node)
    if isinstance(value, str):
        raise DecodeFault("wrong-type", decoder.target(node).line)
    return bool(value)


def read_address(decoder: Decoder, node: Node) -> Address:
    """An address, or at least what may be one."""
    text = read_text(decoder, node)
    try:
        return parse_address(text)
    except BadAddress as error:
        raise DecodeFault("bad-address", 0, text) from error


def list_of(item: Shape) -> Shape:
    """A list."""

    def read(decoder: Decoder, node: Node) -> list[Any]:
        values: list[Any] = []
        first: DecodeFault | None = None
        for entry in decoder.items(node):
            if decoder.is_empty(entry):
                values.append(item.zero)
                continue
            try:
                values.append(item.read(decoder, entry))
            except DecodeFault as fault:
                first = first or fault
        if first is not None:
            raise first
        return values

    return Shape(read)


def one_or_list_of(item: Shape) -> Shape:
    """A list, or its only entry without a dash."""
    several = list_of(item)

    def read(decoder: Decoder, node: Node) -> list[Any]:
        try:
            values: list[Any] = several.read(decoder, node)
        except DecodeFault:
            values = [item.read(decoder, node)]
        return values

    return Shape(read)


def table_of(shapes: Mapping[str, Shape], *, optional: bool = True) -> Shape:
    """A table with the keys of `shapes` and no others. One that is not `optional` is empty where it is absent."""
    zero = {name: shape.zero for name, shape in shapes.items()}

    def read(decoder: Decoder, node: Node) -> Values:
        values, fault = read_table(decoder, shapes, node)
        if fault is not None:
            raise fault
        return values

    return Shape(read, None if optional else zero)


def read_table(decoder: Decoder, shapes: Mapping[str, Shape], node: Node) -> tuple[Values, DecodeFault | None]:
    """All that can be read of a table, and the first fault."""
    values = {name: shape.zero for name, shape in shapes.items()}
    pairs = decoder.pairs(node)
    if pairs is None:
        return values, None
    first: DecodeFault | None = None
    for name, shape in shapes.items():
        both = pairs.get(name)
        if both is None or decoder.is_empty(both[1]):
            continue
        try:
            values[name] = shape.read(decoder, both[1])
        except DecodeFault as fault:
            first = first or fault
    if first is None:
        unknown = [name for name in pairs if name not in shapes]
        if unknown:
            # The reference names one of them, any; all are told in the words of that one.
            first = DecodeFault("unknown-key", pairs[unknown[0]][0].line, ", ".join(unknown[:20]))
    return values, first


def map_of(item: Shape) -> Shape:
    """A table whose keys are free. An entry that cannot be read is left out."""

    def read(decoder: Decoder, node: Node) -> Values:
        table = decoder.target(node)
        if not isinstance(table, Table):
            raise DecodeFault("wrong-type", table.line)
        values: Values = {}
        first: DecodeFault | None = None
        for name, value in _entries(decoder, table):
            if decoder.is_empty(value):
                values[name] = item.zero
                continue
            try:
                values[name] = item.read(decoder, value)
            except DecodeFault as fault:
                first = first or fault
        if first is not None:
            raise first
        return values

    return Shape(read)


def _entries(decoder: Decoder, table: Table) -> list[tuple[str, Node]]:
    found: dict[str, Node] = {}
    for pair in table.pairs:
        if pair.is_merge:
            target = decoder.target(pair.value)
            merged = _entries(decoder, target) if isinstance(target, Table) else []
        else:
            key = decoder.target(pair.key)
            if isinstance(key, Scalar) and key.kind in {Kind.BOOL, Kind.FLOAT}:
                raise DecodeFault("wrong-type", key.line)
            merged = [(_key_text(key), pair.value)]
        for name, value in merged:
            if name in found:
                raise DecodeFault("wrong-type", value.line)
            found[name] = value
    return list(found.items())


def _key_text(key: Node) -> str:
    if not isinstance(key, Scalar) or (key.kind is Kind.NULL and key.value in NULLS):
        return ""
    number = number_of(key.value) if key.kind is Kind.INTEGER else None
    if isinstance(number, int):
        return chr(number) if 0 <= number <= 0x10FFFF else "\ufffd"
    return key.value


TEXT: Final = Shape(read_text, "")
OPTIONAL_TEXT: Final = Shape(read_text)
TRUTH: Final = Shape(read_truth, False)
OPTIONAL_TRUTH: Final = Shape(read_truth)
ADDRESS: Final = Shape(read_address)
TEXTS: Final = list_of(TEXT)
