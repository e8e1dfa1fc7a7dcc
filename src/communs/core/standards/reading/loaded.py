"""A file as plain values, and the place of each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from communs.core.standards.problems import Path, Problem, Severity, dotted

Place = tuple[int, int]


@dataclass(slots=True)
class Loaded:
    """`value` is built of dict, list, str, int, float, bool and None; `text` is the decoded file.

    `locate` gives the places of all values by path, and is asked only when a place is needed. `problems` are those of
    the reading itself; where the file could not be read at all, `value` is None and they say why.
    """

    value: Any
    text: str
    locate: Callable[[], Mapping[Path, Place]]
    problems: tuple[Problem, ...] = ()
    _places: Mapping[Path, Place] | None = field(default=None, repr=False)

    def place(self, path: Path) -> Place:
        """Line and column of the value at `path` (of its key, in a table); of the nearest above it, if absent."""
        if self._places is None:
            self._places = self.locate()
        for length in range(len(path), -1, -1):
            found = self._places.get(path[:length])
            if found is not None:
                return found
        return (1, 1)

    def problem(
        self,
        path: Path,
        code: str,
        severity: Severity,
        words: tuple[str, str],
        **values: str,
    ) -> Problem:
        """A problem with the value at `path`; `words` are message and fix."""
        line, column = self.place(path)
        return Problem(dotted(path), line, column, code, severity, *words, values=values)
