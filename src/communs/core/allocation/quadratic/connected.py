"""Ideal matches of the connection-oriented cluster match: intervals of floats, exact integers where asked for.

Of donor i with weight w in group g: N[i, g] = w ÷ the weights of i, U[g, i] = w ÷ the weights of g. The nearness of i
to group h is 1 for a member, otherwise (N·U·N)[i, h]: a walk from i to one of their groups, from there to a member, and
on to one of that member's groups. What group g gives that is far from h is P[h, g] = Σ over donors i of the project of
(1 − nearness of i to h) · amount · N[i, g]. The ideal match is Σ of √(P[h, g] · P[g, h]) over g ≠ h, both orders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from math import fsum, isqrt, ldexp

import numpy as np
import numpy.typing as npt

from communs.core.allocation.amounts import Amounts
from communs.core.allocation.elections import InvalidElection
from communs.core.allocation.quadratic.roots import ZERO, Bounds

Floats = npt.NDArray[np.float64]
UNIT = 2.0**-53
PLACES_OF_FLOATS = 64  # so many binary places are worth asking for
CELLS_MAX = 20_000_000  # donors × groups


class ConnectedIdeals:
    """Ideal matches over groups; `memberships` by donor, or empty: the projects given to are the groups."""

    def __init__(self, amounts: Amounts, memberships: Mapping[str, Mapping[str, int]]) -> None:
        self._amounts = amounts
        self._rows, count = _rows(amounts, memberships)
        if len(self._rows) * count > CELLS_MAX:
            raise InvalidElection(
                f"{len(self._rows)} donors in {count} groups are more than {CELLS_MAX} cells. Use fewer groups."
            )
        self._weights = np.zeros((len(self._rows), count))
        for person, row in enumerate(self._rows):
            self._weights[person, list(row)] = list(row.values())
        self._of_person = [sum(row.values()) for row in self._rows]
        self._of_group = [0] * count
        for row in self._rows:
            for group, weight in row.items():
                self._of_group[group] += weight
        self._walked = lru_cache(maxsize=2)(self._walk)

    def all(self, bits: int) -> list[Bounds]:
        """Bounds of all ideal matches: from intervals of floats, or one by one where they would not do."""
        if bits > PLACES_OF_FLOATS:
            return [self.one(project, bits) for project in range(len(self._amounts.projects))]
        members = self._weights > 0
        shares = self._weights / np.maximum(np.array(self._of_person, np.float64), 1)[:, None]
        back = self._weights / np.maximum(np.array(self._of_group, np.float64), 1)
        near = shares @ (back.T @ shares)
        # A sum of so many terms that are not 0, each of three quotients and two products.
        terms = int(members.sum(axis=0).max(initial=0) + members.sum(axis=1).max(initial=0)) + 16
        found = []
        for project in range(len(self._amounts.projects)):
            people = self._amounts.person[self._amounts.by_project[project]]
            groups = np.flatnonzero(members[people].any(axis=0))
            given = self._amounts.amount[self._amounts.by_project[project]].astype(np.float64)[:, None]
            cells = np.ix_(people, groups)
            outside = ~members[cells]
            far = np.where(outside, np.maximum(1 - near[cells], 0), 0) * given
            error = np.where(outside, near[cells] * terms + 4, 0) * given * (UNIT * 1.01)
            found.append(_interval(far, error, shares[cells], bits))
        return found

    def one(self, project: int, bits: int) -> Bounds:
        """Bounds of one project by integers, every quotient rounded down for one bound and up for the other."""
        entries = self._amounts.by_project[project]
        people, given = self._amounts.person[entries].tolist(), self._amounts.amount[entries].tolist()
        groups = sorted({group for person in people for group in self._rows[person]})
        lows: dict[tuple[int, int], int] = defaultdict(int)
        highs: dict[tuple[int, int], int] = defaultdict(int)
        for person, amount in zip(people, given, strict=True):
            row, whole = self._rows[person], self._of_person[person]
            for other in groups:
                if other in row:
                    continue
                low, high = self._far(person, other, bits)
                for group, weight in row.items():
                    lows[other, group] += low * amount * weight // whole
                    highs[other, group] += -(-high * amount * weight // whole)
        below = above = 0
        for (one, other), high in highs.items():
            back = highs.get((other, one), 0)
            if one < other and high and back:
                below += 2 * isqrt(lows[one, other] * lows[other, one])
                above += 2 * (isqrt(high * back) + 1)
        return Bounds(below, above)

    def _far(self, person: int, other: int, bits: int) -> tuple[int, int]:
        """1 − the nearness of a person to a group they are not in."""
        walked, one = self._walked(bits), 1 << bits
        low = high = 0
        for group, weight in self._rows[person].items():
            down, slack = walked.get((group, other), (0, 0))
            below = self._of_person[person] * self._of_group[group]
            low += weight * down // below
            high += -(-weight * (down + slack) // below)
        return max(0, one - high), one - low

    def _walk(self, bits: int) -> dict[tuple[int, int], tuple[int, int]]:
        """Σ over people of w[i, g] · w[i, h] ÷ the weights of i, rounded down, and how much more it may be."""
        found: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        for row, whole in zip(self._rows, self._of_person, strict=True):
            for group, weight in row.items():
                for other, more in row.items():
                    sums = found[group, other]
                    sums[0] += (weight * more << bits) // whole
                    sums[1] += 1
        return {pair: (low, slack) for pair, (low, slack) in found.items()}


def _interval(far: Floats, error: Floats, shares: Floats, bits: int) -> Bounds:
    """Bounds of Σ √(P · Pᵀ) beside the diagonal, P = farᵀ · shares, each cell of `far` known up to its error."""
    if far.shape[1] < 2:
        return ZERO
    middle = far.T @ shares
    wrong = (error.T @ shares + middle * ((len(far) + 8) * UNIT)) * 1.01
    found = []
    for matrix in (np.maximum(middle - wrong, 0), middle + wrong):
        roots = np.sqrt(matrix * matrix.T)
        np.fill_diagonal(roots, 0)
        found.append(fsum(roots.sum(axis=1)))
    slack = (len(shares.T) + 16) * UNIT
    return Bounds(int(ldexp(found[0] * (1 - slack), bits)), int(ldexp(found[1] * (1 + slack), bits)) + bool(found[1]))


def _rows(amounts: Amounts, memberships: Mapping[str, Mapping[str, int]]) -> tuple[list[dict[int, int]], int]:
    """By donor the weight of each group, groups by number; and how many groups there are."""
    groups = amounts.by_person
    if not memberships:
        rows = []
        for person in range(len(amounts.people)):
            entries = groups[person]
            rows.append(dict(zip(amounts.project[entries].tolist(), amounts.amount[entries].tolist(), strict=True)))
        return rows, len(amounts.projects)
    numbers: dict[str, int] = {}
    rows = []
    for number, name in enumerate(amounts.people):
        weights = {group: weight for group, weight in memberships.get(name, {}).items() if weight}
        if len(groups[number]) and (not weights or min(weights.values()) < 0):
            raise InvalidElection(f"Donor {name} is in no group, or in one with a negative weight. Name a group.")
        rows.append({numbers.setdefault(group, len(numbers)): weight for group, weight in weights.items()})
    return rows, len(numbers)
