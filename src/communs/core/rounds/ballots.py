"""A ballot: what somebody said, whether it counts, and what a draft has left to give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from communs.core.money import Money, UnknownCurrency
from communs.core.rounds.faults import Problem
from communs.core.rounds.questions import Format, Question

WITH_POINTS = frozenset({Format.SCORE, Format.DIVIDE})


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one voter (a pseudonym) said: `names` of options, of a ranking the most preferred first; `points` beside
    them where the ballot has points. A ballot that names nothing is a blank vote, and counts as a voter.
    """

    voter: str
    names: tuple[str, ...] = ()
    points: tuple[int, ...] = ()

    @classmethod
    def of(cls, voter: str, said: Sequence[str] | Mapping[str, int]) -> Ballot:
        """A ballot from a list of ids, or from points by id."""
        if isinstance(said, Mapping):
            return cls(voter, tuple(said), tuple(said.values()))
        return cls(voter, tuple(said))

    def said(self) -> list[str] | dict[str, int]:
        """Ids, or points by id where there are points."""
        return dict(zip(self.names, self.points, strict=True)) if self.points else list(self.names)

    def document(self, format_: Format) -> dict[str, Any]:
        """The ballot as plain JSON values; the order of names is kept only where it says something."""
        is_odd = bool(self.points) and len(self.points) != len(self.names)  # does not count, and is shown as it is
        if format_ is Format.RANK or is_odd:
            return {"voter": self.voter, "names": list(self.names), "points": list(self.points)}
        order = sorted(range(len(self.names)), key=lambda place: self.names[place])
        return {
            "voter": self.voter,
            "names": [self.names[place] for place in order],
            "points": [self.points[place] for place in order] if self.points else [],
        }


@dataclass(frozen=True, slots=True)
class Left:
    """What a draft has left; below zero it has too much. None: the ballot has no such limit.

    `money`: of the pot, in minor units, where people divide it or may not approve more than it holds.
    """

    options: int
    points: int | None = None
    money: int | None = None


def left(question: Question, ballot: Ballot) -> Left:
    """What is left to give. Options that are not in the round cost nothing here; `check_ballot` names them."""
    form = question.form
    options = form.most - len(ballot.names)
    if form.format is Format.DIVIDE:
        rest = form.points - sum(ballot.points)
        return Left(options, money=rest) if _is_money(question) else Left(options, points=rest)
    if form.within_pot:
        return Left(options, money=question.pot - _cost(question, ballot))
    return Left(options)


def check_ballot(question: Question, ballot: Ballot) -> tuple[Problem, ...]:
    """Why a ballot does not count, in words for who cast it. Nothing: it counts."""
    return tuple(_problems(question, ballot))


def _problems(question: Question, ballot: Ballot) -> Iterator[Problem]:
    names, form = ballot.names, question.form
    for name in names:
        if name not in question.by_id:
            yield Problem("unknown", {"option": name[:100]})
    if len(set(names)) < len(names):
        for name in sorted({one for one in names if names.count(one) > 1}):
            yield Problem("named-twice", {"option": question.name(name)})
    if len(names) > form.most:
        yield Problem("too-many", {"count": len(names), "most": form.most, "over": len(names) - form.most})
    if form.format in WITH_POINTS:
        yield from _of_points(question, ballot)
    elif ballot.points:
        yield Problem("points-given")
    elif form.within_pot and (cost := _cost(question, ballot)) > question.pot:
        yield Problem("too-dear-together", _sums(cost, question.pot, _money(question)))


def _of_points(question: Question, ballot: Ballot) -> Iterator[Problem]:
    form, is_money = question.form, _is_money(question)
    if len(ballot.points) != len(ballot.names):
        yield Problem("points-asked")
        return
    for name, points in zip(ballot.names, ballot.points, strict=True):
        if points < 0:
            yield Problem("below-zero", {"option": question.name(name), "points": points})
        elif form.format is Format.SCORE and points > form.points:
            over = points - form.points
            said: dict[str, str | int] = {"points": points, "most": form.points, "over": over}
            yield Problem("too-high", {"option": question.name(name), **said})
    if form.format is Format.DIVIDE and sum(ballot.points) > form.points:
        written = _money(question) if is_money else str
        code = "too-much-money" if is_money else "too-much"
        yield Problem(code, _sums(sum(ballot.points), form.points, written))


def _sums(given: int, most: int, written: Callable[[int], str]) -> dict[str, str | int]:
    return {"points": written(given), "most": written(most), "over": written(given - most)}


def _is_money(question: Question) -> bool:
    return question.rule == "median"


def _cost(question: Question, ballot: Ballot) -> int:
    return sum(question.by_id[name].cost for name in ballot.names if name in question.by_id)


def _money(question: Question) -> Callable[[int], str]:
    def written(minor: int) -> str:
        try:
            return str(Money(minor, question.currency))
        except (UnknownCurrency, ValueError):
            return f"{minor} {question.currency}"

    return written
