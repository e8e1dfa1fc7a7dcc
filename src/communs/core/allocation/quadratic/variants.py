"""The formulas of quadratic funding, each as a small description that says everything which could change an amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

from communs.core.allocation.elections import MONEY_MAX, InvalidElection
from communs.core.allocation.results import rational

M_MIN = Fraction(1, 10**12)


@dataclass(frozen=True)
class Standard:
    """(Σ √c)² − Σ c: V. Buterin, Z. Hitzig, E. G. Weyl, A Flexible Design for Funding Public Goods (2019)."""

    name: ClassVar[str] = "standard"

    def document(self) -> dict[str, Any]:
        return {"name": self.name}


@dataclass(frozen=True)
class Pairwise:
    """Each pair i, j of donors counts M ÷ (M + Σ √(c_ip · c_jp) over all projects p) of √(c_i · c_j), from both sides.

    `m` in the smallest unit: what a pair has in common at which its match is halved. V. Buterin, Pairwise coordination
    subsidies (2019).
    """

    m: Fraction
    name: ClassVar[str] = "pairwise"

    def __post_init__(self) -> None:
        if not M_MIN <= self.m <= MONEY_MAX:
            raise InvalidElection(f"M is {self.m}. Take one from {M_MIN} to {MONEY_MAX}; above it, use the standard.")

    def document(self) -> dict[str, Any]:
        return {"name": self.name, "m": rational(self.m)}


@dataclass(frozen=True)
class ProfileClusters:
    """Donors who gave to the same set of projects stand under one root, with what they gave together."""

    name: ClassVar[str] = "profile-clusters"

    def document(self) -> dict[str, Any]:
        return {"name": self.name}


@dataclass(frozen=True)
class ConnectedClusters:
    """Connection-oriented cluster match: groups are matched with groups, each donor's money counting towards a pair of
    groups less the nearer the donor is to the other group. J. Miller, E. G. Weyl, L. Erichsen, Beyond Collusion
    Resistance (2022); nearness by two steps of a walk over common groups, as Gitcoin counts it ("markov").

    `memberships`: by donor the weight of each group; without any, the projects that a donor gave to, by amount.
    """

    memberships: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    name: ClassVar[str] = "connected-clusters"

    def document(self) -> dict[str, Any]:
        groups = {donor: dict(weights) for donor, weights in self.memberships.items()}
        return {"name": self.name, "memberships": groups or "donations"}


Variant = Standard | Pairwise | ProfileClusters | ConnectedClusters
STANDARD = Standard()
