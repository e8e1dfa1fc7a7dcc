"""A publiccode.yml as a tree that knows where each value begins and ends in the text, so that it can be edited there.

Size, depth, number of values and aliases are bounded before anything is built (`reading.bounds`). Where the text is not
valid YAML, its top-level keys are read one by one, so that one broken line does not cost the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import yaml

from communs.core.standards.problems import Path, Problem
from communs.core.standards.publiccode.words import NOT_TABLE
from communs.core.standards.reading import MANIFEST, TooMuch
from communs.core.standards.reading.yaml_text import LOADER, broken, check_bounds

BLOCKS_MAX: Final = 200
_NULL: Final = "tag:yaml.org,2002:null"
_KEY = re.compile(r"^[A-Za-z][\w-]*\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file. `start`, `end`: offsets in the text; `line`, `column` from 1.

    `is_shared`: it was reached through an alias, so that its place is not where it is used.
    """

    start: int
    end: int
    line: int
    column: int
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Scalar(Node):
    """A text, number, date or boolean as written; None for null. `style` is "", ', ", | or >."""

    text: str | None
    tag: str
    style: str

    @property
    def is_plain(self) -> bool:
        """Written without quotes, so that it may be a number or a boolean."""
        return self.style == "" and not self.tag.endswith(":str")


@dataclass(frozen=True, slots=True)
class Listing(Node):
    """A list; `is_flow` when it is written with brackets."""

    items: tuple[Node, ...]
    is_flow: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A key and its value; `end` is the offset after both."""

    key: Scalar
    value: Node
    end: int

    @property
    def name(self) -> str:
        """The key as text."""
        return self.key.text or ""


@dataclass(frozen=True, slots=True)
class Table(Node):
    """Keys and values in order, keys possibly repeated; `is_flow` when it is written with braces."""

    pairs: tuple[Pair, ...]
    is_flow: bool

    def first(self, name: str) -> Pair | None:
        """The first pair with this key."""
        return next((pair for pair in self.pairs if pair.name == name), None)


def compose(text: str) -> Table:
    """The top-level table of a YAML text. Raises `TooMuch`, `yaml.YAMLError`; `NotTable` when it is something else."""
    root = _composed(text)
    if root is None:
        return Table(0, 0, 1, 1, False, (), False)
    if not isinstance(root, Table):
        raise NotTable(Problem("", root.line, root.column, "not-table", "error", *NOT_TABLE))
    return root


class NotTable(ValueError):
    """The document is not a table of keys."""

    def __init__(self, problem: Problem) -> None:
        super().__init__("not a table")
        self.problem = problem


def compose_tolerantly(text: str) -> tuple[Table, tuple[Problem, ...]]:
    """The top-level table, or what can be read of it, and why it is not whole."""
    empty = Table(0, 0, 1, 1, False, (), False)
    try:
        return compose(text), ()
    except TooMuch as much:
        return empty, (much.problem,)
    except NotTable as other:
        return empty, (other.problem,)
    except yaml.YAMLError as error:
        return Table(0, len(text), 1, 1, True, tuple(_salvaged(text)), False), (broken(error),)


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every value with its path, from the top; of repeated keys the first."""
    yield path, node
    if isinstance(node, Table):
        met: set[str] = set()
        for pair in node.pairs:
            if pair.name not in met:
                met.add(pair.name)
                yield from walk(pair.value, (*path, pair.name))
    elif isinstance(node, Listing):
        for number, item in enumerate(node.items):
            yield from walk(item, (*path, number))


def is_blank(node: Node) -> bool:
    """Whether a value says nothing: null, spaces, or tables and lists of such values."""
    if isinstance(node, Scalar):
        return not (node.text or "").strip()
    if isinstance(node, Listing):
        return all(is_blank(item) for item in node.items)
    return isinstance(node, Table) and all(is_blank(pair.value) for pair in node.pairs)


def leaves(node: Node) -> dict[Path, str]:
    """What the file says: the text of every value that is not blank, by its path."""
    return {
        path: found.text.strip()
        for path, found in walk(node)
        if isinstance(found, Scalar) and found.text and found.text.strip()
    }


def _composed(text: str, offset: int = 0, lines_before: int = 0) -> Node | None:
    check_bounds(text, MANIFEST)
    root = next(yaml.compose_all(text, Loader=LOADER), None)
    return _Converter(text, offset, lines_before).convert(root, 0) if root is not None else None


class _Converter:
    """From the nodes of PyYAML, within bounds: an alias may stand for a large node, or even for its own parent."""

    def __init__(self, text: str, offset: int, lines_before: int) -> None:
        self.text, self.offset, self.lines_before = text, offset, lines_before
        self.left = MANIFEST.nodes
        self.seen: set[int] = set()

    def convert(self, node: yaml.Node, depth: int, is_shared: bool = False) -> Node:
        self.left -= 1
        if self.left < 0 or depth > MANIFEST.depth:
            raise TooMuch("aliases", MANIFEST.aliases)
        is_shared = is_shared or id(node) in self.seen
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._table(node, depth, is_shared)
        if isinstance(node, yaml.SequenceNode):
            items = tuple(self.convert(item, depth + 1, is_shared) for item in node.value)
            end = self._end(node) if node.flow_style or not items else items[-1].end
            return Listing(*self._place(node, end), is_shared, items, bool(node.flow_style))
        text = None if node.tag == _NULL else str(node.value)
        style = str(getattr(node, "style", None) or "")
        return Scalar(*self._place(node, self._end(node)), is_shared, text, str(node.tag), style)

    def _table(self, node: yaml.MappingNode, depth: int, is_shared: bool) -> Table:
        pairs = []
        for key_node, value_node in node.value:
            key, value = self.convert(key_node, depth + 1, is_shared), self.convert(value_node, depth + 1, is_shared)
            if isinstance(key, Scalar):
                colon = self.text.find(":", key.end - self.offset) + 1 + self.offset
                pairs.append(Pair(key, value, max(colon, key.end, 0 if value.is_shared else value.end)))
        end = self._end(node) if node.flow_style or not pairs else pairs[-1].end
        return Table(*self._place(node, end), is_shared, tuple(pairs), bool(node.flow_style))

    def _place(self, node: yaml.Node, end: int) -> tuple[int, int, int, int]:
        mark = node.start_mark
        return mark.index + self.offset, end, mark.line + 1 + self.lines_before, mark.column + 1

    def _end(self, node: yaml.Node) -> int:
        # The parser lets some values end after the blank lines that follow them.
        start, end = node.start_mark.index, node.end_mark.index
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return end + self.offset


def _salvaged(text: str) -> Iterator[Pair]:
    """What can be read of a broken file, key by key."""
    for start, block in _blocks(text):
        try:
            node = _composed(block, start, text.count("\n", 0, start))
        except (TooMuch, yaml.YAMLError):
            continue
        if isinstance(node, Table):
            yield from node.pairs


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    starts = [found.start() for found in _KEY.finditer(text)][:BLOCKS_MAX]
    for start, end in pairwise([*starts, len(text)]):
        yield start, text[start:end]
