"""Utilities: how much a funded project is worth to a voter who supports it, as whole numbers.

A rule compares price per utility, so a common factor changes nothing.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from communs.core.allocation.elections import BallotKind, Instance, Ints, InvalidElection


class Utility(StrEnum):
    """What counts as worth."""

    COST = "cost"  # a project is worth what it costs
    CARDINALITY = "cardinality"  # each project counts the same
    SCORE = "score"  # the points that the voter gave; of a ranking, those of Borda


def default_utility(kind: BallotKind) -> Utility:
    """The utility that a kind of ballot speaks of itself."""
    return Utility.SCORE if kind.has_points or kind is BallotKind.ORDINAL else Utility.COST


def by_entry(instance: Instance, utility: Utility) -> Ints:
    """The utility of each entry of the ballots (beside `instance.choices`), 1 or more, or 0 for no support.

    Borda: of a ranking of k projects the first is worth k − 1, the last 0 (as pabutools counts them).
    Raises `InvalidElection` where the ballots have neither points nor ranks and the score is asked for.
    """
    if utility is Utility.CARDINALITY:
        return np.ones(len(instance.choices), np.int64)
    if utility is Utility.COST:
        return np.array(instance.costs, np.int64)[instance.choices]
    if instance.points is not None:
        return instance.points
    if instance.kind is BallotKind.ORDINAL:
        return _borda(instance)
    raise InvalidElection(f"{instance.kind} ballots give no points. Choose cost or cardinality as utility.")


def _borda(instance: Instance) -> Ints:
    lengths = np.diff(instance.starts)
    place = np.arange(len(instance.choices)) - np.repeat(instance.starts[:-1], lengths)
    return np.asarray(np.repeat(lengths, lengths) - place - 1, np.int64)
