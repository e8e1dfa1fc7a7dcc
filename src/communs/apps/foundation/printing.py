"""The one printer of a process: it keeps its fonts, since loading them takes longer than a receipt."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communs.core.receipts.printing.printer import Printer


@cache
def printer() -> Printer:
    """The printer, made when the first receipt is printed."""
    from communs.core.receipts.printing.printer import Printer

    return Printer()
