"""What was found wrong in one file, collected: of each kind as many as anybody reads, the others only counted."""

from __future__ import annotations

from collections import Counter
from typing import Final

from communs.core.standards.pabulib.words import MORE, WORDS
from communs.core.standards.problems import Problem, in_order
from communs.core.standards.rules import clip

EACH_MAX: Final = 100


class Problems:
    """The problems of one file, in the order of its lines."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._counts: Counter[str] = Counter()
        self._next: dict[str, Problem] = {}

    def tell(self, code: str, line: int, column: int = 1, path: str = "", /, **values: object) -> None:
        """Note a problem of this kind (`words`) at this place."""
        self._counts[code] += 1
        if self._counts[code] > EACH_MAX + 1:
            return
        words = WORDS[code]
        said = {name: clip(str(value)) for name, value in values.items()}
        found = Problem(path, line, column, code, words.severity, words.message, words.fix, values=said)
        if self._counts[code] <= EACH_MAX:
            self._found.append(found)
        else:
            self._next[code] = found

    def has(self, code: str) -> bool:
        return self._counts[code] > 0

    @property
    def fatal(self) -> Problem | None:
        """The first problem for which the election cannot be counted."""
        wrong = [found for found in self._found if WORDS[found.code].is_fatal]
        return min(wrong, key=lambda found: (found.line, found.column), default=None)

    def all(self) -> tuple[Problem, ...]:
        """All of them by place; where there are too many of a kind, the last one counts the others."""
        more = [
            Problem(
                found.path,
                found.line,
                found.column,
                code,
                found.severity,
                *MORE,
                values={"code": code, "count": f"{self._counts[code] - EACH_MAX:,}"},
            )
            for code, found in self._next.items()
        ]
        return in_order([*self._found, *more])
