"""A lottery that anybody can draw again: winners from a seed that nobody could know before. docs/rules/lottery.md."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from communs.core.allocation.elections import Instance, InvalidElection
from communs.core.allocation.results import Result

RULE = "lottery-1"
NUMBERS = 2**256  # a number of the stream is below this
TICKETS_MAX = 2**128
SEED_CHARACTERS_MAX = 10_000


class Unfitting(StrEnum):
    """What happens when a project is drawn that costs more than what is left."""

    SKIP = "skip"  # it gets nothing, and drawing goes on
    STOP = "stop"  # it gets nothing, and so does everyone after it


def lottery(
    instance: Instance,
    seed: str,
    tickets: Mapping[str, int] | None = None,
    *,
    unfitting: Unfitting = Unfitting.SKIP,
    commitment: str = "",
) -> Result:
    """Draw all projects one after the other; those whose cost fits what is left are funded.

    Each project has its `tickets` (one where none are given; `voters_as_tickets` gives one a voter). Raises
    `InvalidElection`: no seed, a seed that does not fit the published `commitment`, tickets of unknown projects.
    """
    if not seed or len(seed) > SEED_CHARACTERS_MAX:
        raise InvalidElection(f"The seed has {len(seed)} characters. Give 1 to {SEED_CHARACTERS_MAX}.")
    if commitment and commitment != commit(seed):
        raise InvalidElection("The seed does not fit the commitment. Take the seed whose SHA-256 was published.")
    held = _held(instance, tickets)
    costs = dict(zip(instance.ids, instance.costs, strict=True))
    left, selected = instance.budget, list[str]()
    rounds: list[dict[str, Any]] = []
    stopped = False
    for project, number in draw(seed, held):
        fits = costs[project] <= left
        stopped = stopped or (unfitting is Unfitting.STOP and not fits)
        funded = fits and not stopped
        if funded:
            selected.append(project)
            left -= costs[project]
        rounds.append({"project": project, "number": number, "cost": costs[project], "funded": funded, "left": left})
    return Result(
        rule=RULE,
        parameters={"seed": seed, "tickets": held, "unfitting": unfitting.value, "commitment": commit(seed)},
        input_sha256=instance.sha256,
        currency=instance.currency,
        decimals=instance.decimals,
        selected=tuple(selected),
        amounts={project: costs[project] for project in selected},
        rounds=tuple(rounds),
        certificate={"pot": instance.budget, "paid": instance.budget - left, "unspent": left},
    )


def draw(seed: str, tickets: Mapping[str, int]) -> list[tuple[str, int]]:
    """All who hold tickets, in the order in which they are drawn, each with the ticket that won.

    >>> [name for name, _ticket in draw("Paris 2026", {"maps": 1, "food": 1, "tools": 1})]
    ['food', 'maps', 'tools']
    """
    names = sorted(name for name, count in tickets.items() if count)
    urn = _Urn([tickets[name] for name in names])
    drawn: list[tuple[str, int]] = []
    place = 0
    while urn.left:
        number = int.from_bytes(hashlib.sha256(f"{seed}\n{place}".encode()).digest(), "big")
        place += 1
        if number < NUMBERS - NUMBERS % urn.left:  # the last numbers would favour the first tickets
            ticket = number % urn.left
            drawn.append((names[urn.take(ticket)], ticket))
    return drawn


def commit(seed: str) -> str:
    """What is published before the vote, so that nobody can choose another seed afterwards."""
    return hashlib.sha256(seed.encode()).hexdigest()


def voters_as_tickets(instance: Instance) -> dict[str, int]:
    """One ticket for each voter who named a project."""
    return dict(zip(instance.ids, map(int, instance.support.voters), strict=True))


def _held(instance: Instance, tickets: Mapping[str, int] | None) -> dict[str, int]:
    held = dict.fromkeys(instance.ids, 1) if tickets is None else dict(tickets)
    unknown = next((name for name in held if name not in instance.number_of), None)
    if unknown is not None:
        raise InvalidElection(f"{unknown} holds tickets and is no project. Remove it.")
    if any(count < 0 for count in held.values()) or sum(held.values()) > TICKETS_MAX:
        raise InvalidElection(f"Tickets are 0 or more, and at most {TICKETS_MAX} in all.")
    return held


class _Urn:
    """Tickets numbered from 0 through their holders, found and taken out in a few steps (P. M. Fenwick's tree)."""

    def __init__(self, counts: list[int]) -> None:
        self.left = sum(counts)
        self._counts = counts
        self._sums = [0, *counts]
        for place in range(1, len(self._sums)):
            above = place + (place & -place)
            if above < len(self._sums):
                self._sums[above] += self._sums[place]

    def take(self, ticket: int) -> int:
        """Who holds a ticket; all tickets of this holder leave."""
        place, step = 0, 1 << len(self._counts).bit_length()
        while step:
            if place + step < len(self._sums) and self._sums[place + step] <= ticket:
                place += step
                ticket -= self._sums[place]
            step >>= 1
        holder, gone = place, self._counts[place]
        self.left -= gone
        place += 1
        while place < len(self._sums):
            self._sums[place] -= gone
            place += place & -place
        return holder
