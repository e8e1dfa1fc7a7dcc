"""The question of a round: everything that is decided before anybody votes, frozen when the round opens.

Money is whole minor units of the round's currency, shares are millionths, moments have a time zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from communs.core.bundles import Unclaimed
from communs.core.transparency import canonical

RULE: Final = "round-1"
Parameter = str | int | bool
Edge = tuple[str, str, int]
"""Who depends on whom, with a weight of 1 or more."""


class Format(StrEnum):
    """What a ballot asks for."""

    APPROVE = "approve"  # which options
    SCORE = "score"  # points for each option, up to a most
    RANK = "rank"  # options, the most preferred first
    DIVIDE = "divide"  # points to be divided; for a median, money


@dataclass(frozen=True, slots=True)
class Form:
    """The ballot. `most`: how many options it may name. `points`: of a score the most for one option, of a division the
    sum. `within_pot`: the options approved may not cost more together than there is.
    """

    format: Format
    most: int
    points: int = 0
    within_pot: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A commons that can be chosen, as it was at the opening. `cost`: what it asks for, in minor units."""

    id: str
    name: str
    cost: int


@dataclass(frozen=True, slots=True)
class College:
    """Voters who hold a part of the decision together: `weight` ÷ the sum of weights, however many of them vote."""

    id: str
    weight: int = 1


@dataclass(frozen=True)
class PassingOn:
    """Of what it is granted or passed, each commons passes `ppm` millionths on to what it depends on."""

    ppm: int = 0
    graph: tuple[Edge, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """Of the edges as canonical JSON, in ascending order."""
        return sha256(canonical(sorted(self.graph))).hexdigest()


NOTHING: Final = PassingOn()
EVERYBODY: Final = (College("all"),)


@dataclass(frozen=True)
class Question:
    """A round before its first ballot. `rule` and `parameters` are those of `core.allocation`, amounts in minor units.

    `seed_commitment`: the SHA-256 of the seed that decides ties, which is told when the round closes. `secret`: nobody
    is told who cast which ballot. `unclaimed`: until when shares of those who accepted nothing wait, and where they go.
    """

    id: str
    title: str
    fund: str
    currency: str
    pot: int
    rule: str
    options: tuple[Option, ...]
    form: Form
    opens_at: datetime
    closes_at: datetime
    seed_commitment: str
    unclaimed: Unclaimed
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    colleges: tuple[College, ...] = EVERYBODY
    passing_on: PassingOn = NOTHING
    secret: bool = True
    version: str = RULE

    @cached_property
    def by_id(self) -> Mapping[str, Option]:
        """The options by id."""
        return {option.id: option for option in self.options}

    def name(self, id_: str) -> str:
        """An option as people know it; what is none, by its id."""
        option = self.by_id.get(id_)
        return option.name if option else id_

    def document(self) -> dict[str, Any]:
        """The question as plain JSON values."""
        form, waits, passing = self.form, self.unclaimed, self.passing_on
        return {
            "version": self.version,
            "id": self.id,
            "title": self.title,
            "fund": self.fund,
            "currency": self.currency,
            "pot": self.pot,
            "rule": self.rule,
            "parameters": dict(self.parameters),
            "options": [{"id": one.id, "name": one.name, "cost": one.cost} for one in self.options],
            "form": {
                "format": form.format.value,
                "most": form.most,
                "points": form.points,
                "within_pot": form.within_pot,
            },
            "colleges": [{"id": one.id, "weight": one.weight} for one in self.colleges],
            "opens_at": self.opens_at.isoformat(),
            "closes_at": self.closes_at.isoformat(),
            "seed_commitment": self.seed_commitment,
            "secret": self.secret,
            "unclaimed": {"expires_on": waits.expires_on.isoformat(), "destination": waits.destination},
            "passing_on": {
                "ppm": passing.ppm,
                "graph": [list(edge) for edge in sorted(passing.graph)],
                "graph_sha256": passing.sha256,
            },
        }


def commitment_to(seed: str) -> str:
    """What is published of a seed before the vote: its SHA-256. A seed is 64 hexadecimal digits by chance.

    >>> commitment_to("00" * 32)[:16]
    '60e05bd1b195af2f'
    """
    return sha256(seed.encode()).hexdigest()
