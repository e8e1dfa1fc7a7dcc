"""The answer to one criterion: status, reason, question, what it rests on; and what would change a no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from communs.core.matching.criteria import Criterion
from communs.core.matching.vocabulary import Status

Params = tuple[tuple[str, tuple[str, ...]], ...]
"""Placeholders of a message: a name and the codes (or the words) that fill it."""

SETTLED, UNSTATED, OPEN, FAILED = range(4)
"""How much an outcome weighs: nothing against; nothing you can answer; a question to you; a hard criterion not met."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code of `messages`, with what fills its sentence."""

    code: str
    params: Params = ()


@dataclass(frozen=True, slots=True)
class Question:
    """The one thing to ask. `key` is what the answer is stored under; `choices` are the answers understood."""

    key: str
    kind: Literal["yes_no", "choice", "number"]
    code: str
    params: Params = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """What the answer rests on: from the `profile`, an `answer`, the `funder`, or `nobody`."""

    source: Literal["profile", "answer", "funder", "nobody"]
    name: str = ""
    values: tuple[str, ...] = ()


NOBODY: Final = Fact("nobody")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One criterion and its answer. `question` is set when you can settle what is unknown."""

    criterion: Criterion
    status: Status
    reason: Reason
    question: Question | None = None
    fact: Fact = NOBODY

    @property
    def weight(self) -> int:
        """`SETTLED`, `UNSTATED`, `OPEN` or `FAILED`: the heaviest outcome makes the result."""
        if self.criterion.force != "hard" or self.status == "met":
            return SETTLED
        if self.status == "not_met":
            return FAILED
        return UNSTATED if self.question is None else OPEN


@dataclass(frozen=True, slots=True)
class Change:
    """What would change a no. `possible` is False where nothing you do would."""

    code: str
    params: Params = ()
    possible: bool = True
