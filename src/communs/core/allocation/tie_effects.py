"""Whether a tie mattered: the rule is run again with another of the tied projects first in the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from communs.core.allocation.ties import Order, Tie

RERUNS_MAX = 16
"""So many runs are spent on the ties of one result; what is left open by then is told as not worked out."""


def with_effects(
    ties: Iterable[Tie], ids: tuple[str, ...], order: Order, rerun: Callable[[Order], tuple[str, ...]]
) -> tuple[Tie, ...]:
    """The ties with `changes_result` worked out: whether an order that puts another tied project first funds others.

    `rerun` gives the ids that are funded under an order.
    """
    told: list[Tie] = []
    reruns_left = RERUNS_MAX
    numbers = {id_: number for number, id_ in enumerate(ids)}
    usual: frozenset[str] | None = None
    for tie in ties:
        others = [id_ for id_ in tie.tied if id_ != tie.won]
        if reruns_left < len(others):
            told.append(tie)
            continue
        reruns_left -= len(others)
        usual = frozenset(rerun(order)) if usual is None else usual
        changes = any(
            frozenset(rerun(put_before(order, numbers[other], numbers[tie.won]))) != usual for other in others
        )
        told.append(replace(tie, changes_result=changes))
    return tuple(told)


def put_before(order: Order, project: int, other: int) -> Order:
    """The same order, but that a project stands right before another one that was ahead of it."""
    place = order.ranks[other]
    ranks = [rank + 1 if place <= rank < order.ranks[project] else rank for rank in order.ranks]
    ranks[project] = place
    return Order(order.name, tuple(ranks))
