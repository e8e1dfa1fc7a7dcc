"""Allocation: who gets the money of a pot, decided from ballots by published rules, exactly. See README.md."""

from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project
from communs.core.allocation.equal_shares import equal_shares
from communs.core.allocation.greedy import greedy
from communs.core.allocation.lottery import lottery
from communs.core.allocation.maximin import maximin_support
from communs.core.allocation.median import median
from communs.core.allocation.phragmen import phragmen
from communs.core.allocation.proportional import equal_split, proportional
from communs.core.allocation.quadratic import quadratic
from communs.core.allocation.reading import from_csv, from_json, from_pb, read_pb, to_pb
from communs.core.allocation.results import Result
from communs.core.allocation.utilities import Utility

__all__ = [
    "BallotKind",
    "Instance",
    "InvalidElection",
    "Project",
    "Result",
    "Utility",
    "equal_shares",
    "equal_split",
    "from_csv",
    "from_json",
    "from_pb",
    "greedy",
    "lottery",
    "maximin_support",
    "median",
    "phragmen",
    "proportional",
    "quadratic",
    "read_pb",
    "to_pb",
]
