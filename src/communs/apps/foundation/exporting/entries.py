"""Entries as hledger and Beancount journals, CSV, and JSON lines that `communs verify ledger` reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from communs.apps.foundation.queries import books, public
from communs.core.ledger import Books, Entry, beancount, csv_rows, hledger, json_lines

PIECES_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Form:
    """How entries are written. `suffix` ends the name of the file; `check` is how a stranger checks it."""

    title: str
    write: Callable[[Iterable[Entry], Books], Iterator[str]]
    suffix: str
    content_type: str
    check: str


FORMS: Final = {
    "hledger": Form("hledger", hledger, "journal", "text/plain", "hledger -f FILE check --strict"),
    "beancount": Form("Beancount", beancount, "beancount", "text/plain", "bean-check FILE"),
    "csv": Form("CSV", csv_rows, "csv", "text/csv", ""),
    "ndjson": Form("JSON lines", json_lines, "jsonl", "application/x-ndjson", "communs verify ledger FILE"),
}


def lines(form: str, asked: public.Asked) -> Iterator[str]:
    """The public entries that fit, in pieces of text. Raises `KeyError` for a form that there is not."""
    return written(form, public.read(asked))


def written(form: str, entries: Iterable[Entry]) -> Iterator[str]:
    """These entries in pieces of text, beside the accounts and funds of the books."""
    there = books.books()
    # What is kept elsewhere and what is reserved belongs to the books of today, not to a file.
    return in_pieces(FORMS[form].write(entries, replace(there, stated=None, published=None)))


def in_pieces(texts: Iterable[str]) -> Iterator[str]:
    """The same text in fewer pieces: each piece costs the server a write."""
    waiting: list[str] = []
    for text in texts:
        waiting.append(text)
        if len(waiting) == PIECES_AT_ONCE:
            yield "".join(waiting)
            waiting = []
    if waiting:
        yield "".join(waiting)
