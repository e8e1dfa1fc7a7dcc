"""How much of a bank file is read, and how many payments one file may ask for."""

from __future__ import annotations

from typing import Final

from communs.core.standards.reading.bounds import MIB, Bounds

BANK_FILE: Final = Bounds(size=64 * MIB, depth=40, nodes=2_000_000)
TRANSFERS_MAX: Final = 50_000
PROBLEMS_MAX: Final = 1_000
