"""The method of equal shares: everybody gets the same to spend, with those who want the same. Rule `equal-shares-1`.

Guarantee, steps and examples: docs/rules/equal-shares.md.
"""

from communs.core.allocation.equal_shares.completions import (
    NONE,
    Add1,
    Add1Utilitarian,
    Completion,
    NoCompletion,
    PhragmenCompletion,
    Start,
    StepOf,
    Stop,
    Utilitarian,
)
from communs.core.allocation.equal_shares.rule import RULE, equal_shares

__all__ = [
    "NONE",
    "RULE",
    "Add1",
    "Add1Utilitarian",
    "Completion",
    "NoCompletion",
    "PhragmenCompletion",
    "Start",
    "StepOf",
    "Stop",
    "Utilitarian",
    "equal_shares",
]
