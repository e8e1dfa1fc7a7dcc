"""What ballots say of some projects, flat: so that whole sets of voters can be asked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from communs.core.allocation.backing import Backing
from communs.core.allocation.elections import Ints


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries of some ballot classes, one class after the other: `lengths` of each.

    `choices`: the projects; `per`: what they are worth to a voter (None: 1 each).
    """

    choices: Ints
    per: Ints | None
    lengths: Ints


@dataclass(frozen=True, slots=True)
class Named:
    """All entries that name one of some projects: ballot class c has `lengths[c]` from `starts[c]` on."""

    starts: Ints
    lengths: Ints
    choices: Ints
    per: Ints | None

    @classmethod
    def of(cls, backing: Backing, projects: Sequence[int] | None) -> Named:
        """The entries of some projects, or (None) of all."""
        instance, per = backing.instance, backing.per_entry
        starts, choices = instance.starts, instance.choices
        if projects is not None:
            wanted = np.zeros(len(instance.projects), bool)
            wanted[list(projects)] = True
            kept = wanted.take(choices).nonzero()[0]
            starts = kept.searchsorted(starts)
            choices, per = choices.take(kept), None if per is None else per.take(kept)
        return cls(starts[:-1], np.diff(starts), choices, per)

    def by(self, classes: Ints) -> Entries:
        """The entries of some ballot classes."""
        lengths = self.lengths.take(classes)
        ends = lengths.cumsum()
        shifts = self.starts.take(classes)
        shifts -= ends
        shifts += lengths
        entries = shifts.repeat(lengths)
        entries += np.arange(len(entries))
        return Entries(self.choices.take(entries), None if self.per is None else self.per.take(entries), lengths)
