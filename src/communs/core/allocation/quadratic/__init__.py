"""Quadratic funding: standard, pairwise-bounded, and two kinds of cluster match. The rule: docs/rules/quadratic.md."""

from communs.core.allocation.quadratic.rule import RULE, quadratic
from communs.core.allocation.quadratic.variants import (
    STANDARD,
    ConnectedClusters,
    Pairwise,
    ProfileClusters,
    Standard,
    Variant,
)

__all__ = [
    "RULE",
    "STANDARD",
    "ConnectedClusters",
    "Pairwise",
    "ProfileClusters",
    "Standard",
    "Variant",
    "quadratic",
]
