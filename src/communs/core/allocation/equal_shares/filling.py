"""Completions that fund more projects with the money that is left, without counting again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from communs.core.allocation.backing import Backing
from communs.core.allocation.equal_shares.adding import spent
from communs.core.allocation.equal_shares.completions import PhragmenCompletion, Utilitarian
from communs.core.allocation.equal_shares.exact import Exact
from communs.core.allocation.equal_shares.selecting import Run, TieMet, catch_up
from communs.core.allocation.greedy import fill, ranking, standings
from communs.core.allocation.phragmen.counting import Start, count
from communs.core.allocation.phragmen.rule import told as told_loads
from communs.core.allocation.ties import Order


@dataclass(frozen=True, slots=True)
class Filled:
    """The projects funded besides, in order, with their rounds, ties, and what the certificate says of them."""

    chosen: tuple[int, ...] = ()
    ties: tuple[TieMet, ...] = ()
    rounds: tuple[Mapping[str, Any], ...] = ()
    proof: Mapping[str, Any] = field(default_factory=dict)


NOTHING_FILLED = Filled()


def by_support(backing: Backing, run: Run, order: Order, how: Utilitarian) -> Filled:
    """Those that most support first (`greedy-1`)."""
    instance = backing.instance
    utility = how.utility or backing.utility
    found = standings(instance, utility)
    chosen = fill(instance, found, _others(backing, run), _left(backing, run), ranking(utility, order))
    before = len(run.chosen)
    return Filled(
        chosen=tuple(instance.number_of[one.id] for one in chosen),
        ties=tuple(
            TieMet(before + one.round, one.tied, instance.number_of[one.id]) for one in chosen if len(one.tied) > 1
        ),
        rounds=tuple({**one.told(), "by": "utilitarian"} for one in chosen),
        proof={
            "name": "utilitarian",
            "utility": str(utility),
            "rounds": [{"project": one.id, "score": one.standing.score} for one in chosen],
        },
    )


def by_loads(backing: Backing, run: Run, order: Order, how: PhragmenCompletion) -> Filled:
    """Those whose supporters can pay soonest, when all earn at the same pace on top of what they have left."""
    exact = Exact(backing, run.endowment)
    catch_up(exact, run)
    loads = -(exact.purses.least + exact.purses.most) / 2
    error = float((exact.purses.most - exact.purses.least).max(initial=0.0))  # twice what it is, rounding included
    start = Start(_left(backing, run), _others(backing, run), loads, error, exact)
    marks = backing.as_marks()
    found = count(marks, start, order, how.overshoot)
    rounds = told_loads(marks, start, found.bought)
    before = len(run.chosen)
    return Filled(
        chosen=tuple(found.bought),
        ties=tuple(TieMet(before + tie.round, tie.tied, tie.won) for tie in found.ties),
        rounds=tuple({**one, "by": "phragmen"} for one in rounds),
        proof={
            "name": "phragmen",
            "rounds": [{"project": one["project"], "load": one["load"]} for one in rounds],
        },
    )


def _left(backing: Backing, run: Run) -> int:
    return backing.instance.budget - spent(backing, run)


def _others(backing: Backing, run: Run) -> list[int]:
    """Projects that somebody supports, that are not funded, and that the money left could pay for."""
    chosen, left = set(run.chosen), _left(backing, run)
    return [
        number
        for number, one in enumerate(backing.backers)
        if one.total > 0 and number not in chosen and one.cost <= left
    ]
