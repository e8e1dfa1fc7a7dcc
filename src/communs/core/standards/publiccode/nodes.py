"""YAML as nodes that remember where they stand, from text that nobody vouches for.

Size, depth, number of nodes and aliases are bounded before anything is built, and only plain values are ever made: no
tag of the file creates an object. Where the text is not valid YAML, its top-level keys are read one by one, so that one
broken line does not cost the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import yaml

from communs.core.standards.publiccode.problems import BROKEN_YAML, Problem, too_much

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 40
MAX_NODES: Final = 50_000
MAX_ALIASES: Final = 100
_NULL: Final = "tag:yaml.org,2002:null"
_KEY = re.compile(r"^[A-Za-z][\w-]*\s*:", re.MULTILINE)

# libyaml where it is there (it is ten times faster); both build the same nodes.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TooMuch(Exception):
    """A bound is exceeded; the argument names it."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number, date or boolean as written; None for null. Lines and columns count from 1."""

    text: str | None
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and values in order, keys possibly repeated."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int


Node = Scalar | Listing | Table


def compose(text: str, problems: list[Problem]) -> Table:
    """The top-level table of a YAML text; empty when there is none. Faults are added to `problems`."""
    try:
        return _table(_composed(text), problems)
    except _TooMuch as bound:
        problems.append(too_much(str(bound)))
    except yaml.YAMLError as error:
        problems.append(_broken(error))
        return _salvaged(text)
    return Table((), 1, 1)


def _table(node: Node | None, problems: list[Problem]) -> Table:
    if isinstance(node, Table):
        return node
    if node is not None:
        problems.append(Problem("", node.line, node.column, *BROKEN_YAML))
    return Table((), 1, 1)


def _composed(text: str, lines_before: int = 0) -> Node | None:
    _check_bounds(text)
    root = next(yaml.compose_all(text, Loader=_LOADER), None)
    return _converted(root, lines_before) if root is not None else None


def _check_bounds(text: str) -> None:
    depth = aliases = 0
    for nodes, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > MAX_DEPTH or nodes > MAX_NODES or aliases > MAX_ALIASES:
            name = "depth" if depth > MAX_DEPTH else "nodes" if nodes > MAX_NODES else "aliases"
            raise _TooMuch(name)


def _converted(root: yaml.Node, lines_before: int) -> Node:
    left = [MAX_NODES]

    def convert(node: yaml.Node, depth: int) -> Node:
        # An alias may stand for a large or even its own parent node: what it expands to counts.
        left[0] -= 1
        if left[0] < 0 or depth > MAX_DEPTH:
            raise _TooMuch("aliases")
        line, column = node.start_mark.line + 1 + lines_before, node.start_mark.column + 1
        if isinstance(node, yaml.MappingNode):
            pairs = ((convert(key, depth + 1), convert(value, depth + 1)) for key, value in node.value)
            return Table(tuple((key, value) for key, value in pairs if isinstance(key, Scalar)), line, column)
        if isinstance(node, yaml.SequenceNode):
            return Listing(tuple(convert(item, depth + 1) for item in node.value), line, column)
        return Scalar(None if node.tag == _NULL else str(node.value), line, column)

    return convert(root, 0)


def _salvaged(text: str) -> Table:
    """What can be read of a broken file, key by key."""
    pairs: list[tuple[Scalar, Node]] = []
    for start, block in _blocks(text):
        try:
            node = _composed(block, text.count("\n", 0, start))
        except (_TooMuch, yaml.YAMLError):
            continue
        if isinstance(node, Table):
            pairs.extend(node.pairs)
    return Table(tuple(pairs), 1, 1)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    starts = [found.start() for found in _KEY.finditer(text)][:200]
    for start, end in pairwise([*starts, len(text)]):
        yield start, text[start:end]


def _broken(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Problem("", line, column, *BROKEN_YAML)
