"""What a Pabulib file says, as values: projects, money in its smallest unit, equal ballots once with their number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

APPROVAL: Final = "approval"
CHOOSE_1: Final = "choose-1"
CUMULATIVE: Final = "cumulative"
SCORING: Final = "scoring"
ORDINAL: Final = "ordinal"
KINDS: Final = (APPROVAL, CHOOSE_1, CUMULATIVE, SCORING, ORDINAL)
WITH_POINTS: Final = frozenset({CUMULATIVE, SCORING})

SECTIONS: Final = ("META", "PROJECTS", "VOTES")
MONEY_MAX: Final = 2**62  # a sum of money that 64 bits hold with room for a sign and a carry
_ID_MARKS: Final = frozenset(',;"')

# What the election holds itself; all other keys of META are kept as the file says them.
OWN_KEYS: Final = ("num_projects", "num_votes", "budget", "vote_type", "currency")


class Listed(NamedTuple):
    """A project as the file lists it; `cost` in the smallest unit of the election's money."""

    id: str
    cost: int
    name: str


@dataclass(frozen=True, eq=False)
class Ballots:
    """Equal ballots once, in ascending order.

    `sizes[c]`: how many voters cast ballot c; `choices[starts[c]:starts[c + 1]]`: the numbers of the projects it names,
    ascending (ordinal: the most preferred first); `points` beside them, all 1 where the voters gave none.
    """

    sizes: Ints
    starts: Ints
    choices: Ints
    points: Ints


@dataclass(frozen=True, eq=False)
class Election:
    """`decimals`: places after the point of the currency in the smallest unit. `about`: the other keys of META."""

    kind: str
    projects: tuple[Listed, ...]
    budget: int
    decimals: int
    currency: str
    about: Mapping[str, str]
    ballots: Ballots


def is_id(text: str) -> bool:
    """Whether ballots can name a project so.

    >>> is_id("12"), is_id("a,b"), is_id(" a"), is_id("Votes")
    (True, False, False, False)
    """
    return (
        bool(text)
        and text == text.strip()
        and _ID_MARKS.isdisjoint(text)
        and text.isprintable()
        and text.upper() not in SECTIONS
    )
