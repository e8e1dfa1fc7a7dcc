"""Ideal matches of the pairwise-bounded formula, with bounds: by floats, by pairs of floats, by integers.

Σ over pairs i ≠ j of √(c_i c_j) · M ÷ (M + common(i, j)), both orders of a pair counted. For each class of equal donors
in turn, what it has in common with the classes after it is gathered in one array, so memory grows with the number of
classes and not with its square. Every class has an error bound of its own, and sums over classes are exact.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import fsum, ldexp

import numpy as np
import numpy.typing as npt

from communs.core.allocation.amounts import Amounts
from communs.core.allocation.quadratic.classes import Classes
from communs.core.allocation.quadratic.doubled import UNIT_BITS, Doubled
from communs.core.allocation.quadratic.roots import Bounds, root

Floats = npt.NDArray[np.float64]
UNIT = 2.0**-53  # the largest relative error of one operation on floats
FOLD_TO = 128  # longer sums are first folded in halves, so that their error stays small
PLACES_OF_FLOATS, PLACES_OF_PAIRS = 64, 200  # so many binary places are worth asking for
ROOT_BITS = 120  # of the roots that pairs of floats start from


class PairwiseIdeals:
    """The ideal matches of a round at one M."""

    def __init__(self, amounts: Amounts, m: Fraction) -> None:
        self.m = m
        self._classes = Classes(amounts)

    def all(self, bits: int) -> list[Bounds]:
        """Bounds of all: from floats, or from pairs of floats where they would not do."""
        return self._finer(bits) if bits > PLACES_OF_FLOATS else self._floats(bits)

    def one(self, project: int, bits: int) -> Bounds:
        """Bounds of one project: by pairs of floats where few places are asked for, otherwise by integers."""
        return self._finer(bits, project)[project] if bits <= PLACES_OF_PAIRS else self._integers(project, bits)

    def _floats(self, bits: int) -> list[Bounds]:
        sums, errors = _float_sums(self._classes, float(self.m))
        starts = self._classes.by_project.starts
        found = []
        for project in range(len(starts) - 1):
            entries = slice(starts[project], starts[project + 1])
            middle = int(ldexp(fsum(sums[entries]), bits))
            # One more unit in the last place for each of the two exact sums, and one for cutting to whole numbers.
            error = int(ldexp(fsum(errors[entries]) * (1 + 4 * UNIT), bits)) + (middle >> 52) + 1
            found.append(Bounds(max(0, middle - error), middle + error) if middle else Bounds(0, 0))
        return found

    def _finer(self, bits: int, only: int | None = None) -> list[Bounds]:
        """As by floats, with twice the digits, for all projects or for one (the others then say nothing)."""
        known, roots = self._classes, self._roots
        order = known.by_project.entries
        classes, sizes = known.classes[order], known.sizes[known.classes[order]].astype(np.float64)
        common = Doubled.zeros(len(known.sizes))
        totals, errors = [0] * (len(known.by_project.starts) - 1), [0] * (len(known.by_project.starts) - 1)
        for one in range(len(known.sizes)):
            size, tails = int(known.sizes[one]), known.tails(one)
            asked = [(project, tail) for project, tail in tails if only in {None, project}]
            for _project, tail in tails if asked else ():
                common.put(classes[tail], common[classes[tail]] + roots[tail] * roots[tail.start : tail.start + 1])
            for project, tail in asked:
                weights = sizes[tail].copy()
                weights[0] = (size - 1) / 2  # pairs inside the class: size · (size − 1), both orders counted
                terms = roots[tail].times(weights) / (self._m + common[classes[tail]])
                part, error = self._part(terms, size, int(known.amounts[order[tail.start]]), len(tails), bits)
                totals[project] += part
                errors[project] += error
            for _project, tail in tails if asked else ():
                common.put(classes[tail], None)
        return [
            Bounds(max(0, total - error), total + error) if total else Bounds(0, 0)
            for total, error in zip(totals, errors, strict=True)
        ]

    def _part(self, terms: Doubled, size: int, amount: int, projects: int, bits: int) -> tuple[int, int]:
        """What a class adds to a project, and the largest error of that, as whole numbers of 2^-bits."""
        side = root(amount, bits)[0]
        part = terms.sum(bits) * 2 * size * self.m.numerator * side // (self.m.denominator << bits)
        steps = 4 * projects + 4 * len(terms).bit_length() + 64
        # Beside the relative error: what was lost as the sum and the root were cut to so many places.
        cut = 4 * size * (int(self.m) + 1) * ((side >> bits) + 1) + (part >> bits) + 4
        return part, (part * steps >> UNIT_BITS) + cut

    @cached_property
    def _m(self) -> Doubled:
        return Doubled.of(self.m)

    @cached_property
    def _roots(self) -> Doubled:
        """The roots of all amounts, by project."""
        amounts = self._classes.amounts[self._classes.by_project.entries].tolist()
        return Doubled.of_fractions([root(amount, ROOT_BITS)[0] for amount in amounts], ROOT_BITS)

    def _integers(self, project: int, bits: int) -> Bounds:
        """Each pair of classes once, every root and quotient rounded down for one bound and up for the other."""
        known, m = self._classes, self.m
        scale = m.numerator << bits
        low = high = 0
        members = known.members(project)
        for place, (one, amount) in enumerate(members):
            size = int(known.sizes[one])
            for other, given in members[place:]:
                times = size * (size - 1) if other == one else 2 * size * int(known.sizes[other])
                if not times:
                    continue
                together, inexact = root(amount * given, bits)
                common, slack = known.common(one, other, bits)
                low += times * (together * scale // (scale + m.denominator * (common + slack)))
                high += times * -(-(together + inexact) * scale // (scale + m.denominator * common))
        return Bounds(low, high)


def _float_sums(known: Classes, m: float) -> tuple[list[float], list[float]]:
    """For each entry, by project: what its class and those after it add to the match, and the largest error of that."""
    order, ends = known.by_project.entries, known.by_project.starts[1:].tolist()
    classes, roots = known.classes[order], np.sqrt(known.amounts[order].astype(np.float64))
    weighted = roots * known.sizes[classes].astype(np.float64)
    common = np.zeros(len(known.sizes))
    sums, errors = [0.0] * len(order), [0.0] * len(order)
    projects, starts, where = known.projects.tolist(), known.starts.tolist(), known.places.tolist()
    for one, size in enumerate(known.sizes.tolist()):
        entries = range(starts[one], starts[one + 1])
        tails = [slice(where[entry], ends[projects[entry]]) for entry in entries]
        alone = size == 1
        tails = [tail for tail in tails if tail.stop - tail.start > alone]
        for tail in tails:
            common[classes[tail]] += roots[tail] * roots[tail.start]
        for tail in tails:
            terms = weighted[tail] / (m + common[classes[tail]])
            terms[0] *= (size - 1) / (2 * size)  # pairs inside the class: size · (size − 1), both orders counted
            found = folded(terms) * (2 * size * m) * roots[tail.start]
            sums[tail.start] = found
            errors[tail.start] = found * (len(entries) + depth(len(terms)) + 32) * UNIT * 1.01
        for tail in tails:
            common[classes[tail]] = 0.0
    return sums, errors


def folded(values: Floats) -> float:
    """A sum whose relative error is at most `depth(len(values))` units, in whatever order numpy adds."""
    while len(values) > FOLD_TO:
        half = (len(values) + 1) // 2
        head = values[:half].copy()
        head[: len(values) - half] += values[half:]
        values = head
    return float(values.sum())


def depth(length: int) -> int:
    """The most additions that a value of such a sum goes through."""
    return min(length, FOLD_TO) + max(0, (length - 1).bit_length())
