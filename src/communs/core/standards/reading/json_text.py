"""JSON within bounds, with the place of every value.

The values come from the parser of the standard library. Places are found only when a message needs one, by a second
pass over the tokens: a large and faultless file never pays for them.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final

from communs.core.standards.problems import NOT_JSON, REPEATED, Path, Problem, dotted
from communs.core.standards.reading.bounds import MANIFEST, Bounds, TooMuch, decode
from communs.core.standards.reading.loaded import Loaded, Place

# A string that never ends is taken whole, once: possessive, so that it is not remembered letter by letter.
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_ESCAPED_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
_HALF: Final = re.compile("[\ud800-\udfff]")
_STRUCTURE: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[{}\[\],]', re.DOTALL)


def load_json(data: bytes | str, bounds: Bounds = MANIFEST) -> Loaded:
    """Read a JSON document. Never raises for what the file holds.

    >>> loaded = load_json('{"a": [1, 2]}')
    >>> loaded.value, loaded.place(("a", 1))
    ({'a': [1, 2]}, (1, 11))
    """
    problems: list[Problem] = []
    text = ""
    value: Any = None
    try:
        text, lossy = decode(data, bounds)
        problems.extend(lossy)
        _check_bounds(text, bounds)
        value = json.loads(text, parse_constant=_no_constant)
        if _ESCAPED_HALF.search(text):
            value = _whole(value)
    except TooMuch as much:
        problems.append(much.problem)
    except json.JSONDecodeError as error:
        problems.append(_broken(error.lineno, error.colno, error.msg))
    except (ValueError, RecursionError) as error:
        problems.append(_broken(1, 1, str(error)))
    return Loaded(value, text, lambda: {path: at for path, at, first in _walk(text) if first}, tuple(problems))


def repeated_keys(loaded: Loaded) -> tuple[Problem, ...]:
    """Keys that stand twice in the same object: readers of JSON disagree on which one counts; here it is the last.

    >>> [problem.render() for problem in repeated_keys(load_json('{"a": 1,\\n "a": 2}'))]
    ['2:2: “a” stands here a second time. Keep one of the two.']
    """
    return tuple(
        Problem(dotted(path), *place, "repeated-key", "warning", *REPEATED)
        for path, place, is_first in _walk(loaded.text)
        if not is_first
    )


def _broken(line: int, column: int, detail: str) -> Problem:
    return Problem("", line, column, "not-json", "error", *NOT_JSON, values={"detail": detail})


def _whole(value: Any) -> Any:
    """The value without halves of characters (`\\ud800` alone), which no text can be written with."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(inner) for key, inner in value.items()}
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _check_bounds(text: str, bounds: Bounds) -> None:
    """Depth and number of values, from the brackets and commas alone."""
    depth = nodes = 0
    for token in _STRUCTURE.finditer(text):
        mark = token[0][0]
        if mark in "{[":
            depth += 1
            if depth > bounds.depth:
                raise TooMuch("depth", bounds.depth)
        elif mark in "}]":
            depth -= 1
        if mark != '"':
            nodes += 1
            if nodes > bounds.nodes:
                raise TooMuch("nodes", bounds.nodes)


def _walk(text: str) -> Iterator[tuple[Path, Place, bool]]:
    """Path and place of every value, inside an object those of its key, and whether the path comes the first time.

    The text is known to be JSON; of one that is not, it gives what it meets up to the fault.
    """
    lines = [0, *(found.end() for found in re.finditer("\n", text))]
    walk = _Walk()
    yield (), (1, 1), True
    for token in _TOKEN.finditer(text):
        is_first = walk.take(token[0])
        if is_first is not None:
            line = bisect_right(lines, token.start())
            yield tuple(walk.path), (line, token.start() - lines[line - 1] + 1), is_first


class _Walk:
    """Where in the document a token stands."""

    def __init__(self) -> None:
        self.path: list[str | int] = []
        self.inside: list[
            dict[str, None] | int
        ] = []  # of each open value: the keys met, or the number of the next item
        self.awaits_key = False

    def take(self, word: str) -> bool | None:
        """Go on by one token; for a key or an item whether its path comes the first time, None for anything else."""
        if word == ",":
            self.awaits_key = isinstance(self.inside[-1], dict) if self.inside else False
        elif word in "}]":
            self._close()
        elif word != ":":
            return self._key(word) if self.awaits_key else self._value(word)
        return None

    def _close(self) -> None:
        if self.inside:
            self.inside.pop()
        self.awaits_key = False
        del self.path[max(len(self.inside), 0) :]

    def _key(self, word: str) -> bool:
        keys = self.inside[-1]
        try:
            key = _HALF.sub("\ufffd", str(json.loads(word)))
        except ValueError:
            key = word
        self.awaits_key = False
        del self.path[len(self.inside) - 1 :]
        self.path.append(key)
        if not isinstance(keys, dict) or key in keys:
            return False
        keys[key] = None
        return True

    def _value(self, word: str) -> bool | None:
        is_item = None
        if self.inside and isinstance(self.inside[-1], int):
            del self.path[len(self.inside) - 1 :]
            self.path.append(self.inside[-1])
            self.inside[-1] += 1
            is_item = True
        if word in "{[":
            self.inside.append({} if word == "{" else 0)
            self.awaits_key = word == "{"
        return is_item
