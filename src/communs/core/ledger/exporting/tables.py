"""Postings as CSV, one a row, with the entry repeated: for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from communs.core.ledger.books import Books
from communs.core.ledger.entries import Entry
from communs.core.money import Money

COLUMNS: Final = (
    "entry", "effective_on", "recorded_at", "kind", "account", "account_kind", "fund", "currency", "amount",
    "amount_minor", "reverses", "document", "memo", "key", "body_sha256",
)  # fmt: skip


def csv_rows(entries: Iterable[Entry], books: Books) -> Iterator[str]:
    """The table in lines. Raises `KeyError` for an unknown account."""
    yield _line(COLUMNS)
    for entry in entries:
        for one in entry.postings:
            yield _line((
                entry.id, entry.effective_on.isoformat(), entry.recorded_at.isoformat(), entry.kind.value,
                one.account, books.accounts[one.account].kind.value, one.fund, one.currency,
                f"{Money(one.minor, one.currency).major:f}", str(one.minor),
                entry.reverses or "", _text(entry.document), _text(entry.memo), _text(entry.key), entry.body_sha256,
            ))  # fmt: skip


def _text(text: str) -> str:
    """Spreadsheets take a cell that begins like this for a formula, and carry it out."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else text


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
