"""Payment orders (pain.001.001.09): SEPA credit transfers, one order a file, written, and read back.

Rules: EPC132-08 (customer-to-bank implementation guidelines), rulebook 2025: an address, where there is one, names the
town and the country; lines without a structure are refused by banks from 15 November 2026 and never written here.
"""

from __future__ import annotations

from communs.core.standards.pain001.orders import Address, Party, PaymentOrder, Transfer
from communs.core.standards.pain001.reading import Orders, read_orders
from communs.core.standards.pain001.writing import stream, write

__all__ = ["Address", "Orders", "Party", "PaymentOrder", "Transfer", "read_orders", "stream", "write"]
