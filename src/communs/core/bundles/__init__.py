"""Bundles: what a commons is granted, shared between all who make it. Rule bundle-1. See README.md."""

from communs.core.bundles.checking import Problem, blocking, in_force, problems
from communs.core.bundles.expanding import RULE, Leaf, Sharing, Unclaimed, divided, expand, place_in_ties
from communs.core.bundles.terms import (
    DEPTH_MAX,
    PARTIES_MAX,
    PPM,
    Acceptance,
    Bundle,
    InvalidBundle,
    Kind,
    Recipient,
    Share,
)

__all__ = [
    "DEPTH_MAX", "PARTIES_MAX", "PPM", "RULE", "Acceptance", "Bundle", "InvalidBundle", "Kind", "Leaf", "Problem",
    "Recipient", "Share", "Sharing", "Unclaimed", "blocking", "divided", "expand", "in_force", "place_in_ties",
    "problems",
]  # fmt: skip
