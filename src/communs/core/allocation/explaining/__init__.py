"""A result explained: its rounds, what a project lacked, where a voter's share went. See docs/rules/explanations.md."""

from communs.core.allocation.explaining.again import Decide, deciding, deciding_equal_shares, deciding_phragmen
from communs.core.allocation.explaining.misses import Miss, miss, misses
from communs.core.allocation.explaining.rounds import Round, rounds_of
from communs.core.allocation.explaining.shares import Payment, Share, Shares, ballot_of

__all__ = [
    "Decide",
    "Miss",
    "Payment",
    "Round",
    "Share",
    "Shares",
    "ballot_of",
    "deciding",
    "deciding_equal_shares",
    "deciding_phragmen",
    "miss",
    "misses",
    "rounds_of",
]
