"""Status reports (pain.002): what the bank says of each payment of an order, with its reasons.

Read: 001.03 and 001.10 to 001.15, whose parts that are read here are the same.
"""

from __future__ import annotations

from communs.core.standards.pain002.reading import read_report
from communs.core.standards.pain002.reports import Outcome, Said, StatusReport

__all__ = ["Outcome", "Said", "StatusReport", "read_report"]
