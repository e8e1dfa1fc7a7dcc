"""YAML within bounds: only plain values are ever made, no tag of the file creates an object.

Size, depth, number of values and aliases are bounded on the events of the parser, before anything is built.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from communs.core.standards.problems import NOT_YAML, REPEATED, Path, Problem, dotted
from communs.core.standards.reading.bounds import MANIFEST, Bounds, TooMuch, decode
from communs.core.standards.reading.loaded import Loaded, Place

# libyaml where it is there (it is ten times faster); both build the same nodes.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NUMBER_CHARACTERS: Final = 100
_NULL: Final = "tag:yaml.org,2002:null"


def load_yaml(data: bytes | str, bounds: Bounds = MANIFEST) -> Loaded:
    """Read the first document of a YAML text. Never raises for what the file holds.

    Values are dict, list and what YAML 1.1 makes of plain words, but dates stay texts. Of a repeated key the first
    counts.

    >>> loaded = load_yaml("a:\\n  - 1\\n  - 2020-01-01\\n")
    >>> loaded.value, loaded.place(("a", 1))
    ({'a': [1, '2020-01-01']}, (3, 5))
    """
    problems: list[Problem] = []
    places: dict[Path, Place] = {(): (1, 1)}
    text = ""
    value: Any = None
    try:
        text, lossy = decode(data, bounds)
        problems.extend(lossy)
        check_bounds(text, bounds)
        root = next(yaml.compose_all(text, Loader=LOADER), None)
        if root is not None:
            value = _Builder(bounds, places, problems).build(root, ())
    except TooMuch as much:
        problems.append(much.problem)
    except yaml.YAMLError as error:
        problems.append(broken(error))
    except (ValueError, RecursionError) as error:
        problems.append(Problem("", 1, 1, "not-yaml", "error", *NOT_YAML, values={"detail": str(error)[:200]}))
    return Loaded(value, text, lambda: places, tuple(problems))


def check_bounds(text: str, bounds: Bounds) -> None:
    """Raise `TooMuch` for a text that would build more than `bounds` allow, `yaml.YAMLError` where it is no YAML."""
    depth = aliases = 0
    for nodes, event in enumerate(yaml.parse(text, Loader=LOADER)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > bounds.depth:
            raise TooMuch("depth", bounds.depth)
        if nodes > bounds.nodes:
            raise TooMuch("nodes", bounds.nodes)
        if aliases > bounds.aliases:
            raise TooMuch("aliases", bounds.aliases)


def broken(error: yaml.YAMLError) -> Problem:
    """The parser's complaint at its place."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    detail = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read")
    return Problem("", line, column, "not-yaml", "error", *NOT_YAML, values={"detail": detail[:200]})


class _Builder:
    """Plain values out of nodes, and their places."""

    def __init__(self, bounds: Bounds, places: dict[Path, Place], problems: list[Problem]) -> None:
        self.bounds, self.places, self.problems = bounds, places, problems
        self.left = bounds.nodes
        self.scalars = yaml.SafeLoader("")

    def build(self, node: yaml.Node, path: Path) -> Any:
        # An alias may stand for a large or even its own parent node: what it expands to counts.
        self.left -= 1
        if self.left < 0 or len(path) > self.bounds.depth:
            raise TooMuch("aliases", self.bounds.aliases)
        self.places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
        if isinstance(node, yaml.MappingNode):
            return self._table(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, number)) for number, item in enumerate(node.value)]
        return self._scalar(node)

    def _table(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        table: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            place = (key.start_mark.line + 1, key.start_mark.column + 1)
            here = (*path, name)
            if name in table:
                self.problems.append(Problem(dotted(here), *place, "repeated-key", "warning", *REPEATED))
                continue
            self.places.setdefault(here, place)
            table[name] = self.build(value, here)
        return table

    def _scalar(self, node: Any) -> Any:
        make = {
            "tag:yaml.org,2002:bool": self.scalars.construct_yaml_bool,
            "tag:yaml.org,2002:int": self.scalars.construct_yaml_int,
            "tag:yaml.org,2002:float": self.scalars.construct_yaml_float,
        }.get(node.tag)
        if node.tag == _NULL:
            return None
        try:
            # Numbers to the base of 60 (1:30) take time in the square of their length.
            return make(node) if make and len(node.value) <= NUMBER_CHARACTERS else str(node.value)
        except (ValueError, KeyError, OverflowError):
            return str(node.value)
