"""A file for Beancount (https://beancount.github.io/docs/beancount_language_syntax.html), ending with balances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from communs.core.ledger.books import Books
from communs.core.ledger.entries import Entry
from communs.core.ledger.exporting.naming import Until, amount, asserted, named, one_line

_TEXT_MAX = 300
_OPENED_ON = "1970-01-01"


def beancount(entries: Iterable[Entry], books: Books) -> Iterator[str]:
    """The file in pieces. It passes `bean-check`. Raises `KeyError` for an unknown account."""
    until = Until()
    yield ';; ledger-1. Check it: bean-check FILE\noption "title" "ledger-1"\n'
    for entry in entries:
        said = [f'\n{entry.effective_on} * "{_quoted(entry.kind.value)}" "{_quoted(entry.memo)}"\n']
        said += [f'  {name}: "{_quoted(text)}"\n' for name, text in _notes(entry)]
        for one in entry.postings:
            name = named(books.accounts[one.account], one.fund)
            if until.add(one.account, one.fund, one.minor, entry.effective_on):
                yield f"{_OPENED_ON} open {name} {one.currency}\n"
            said.append(f"  {name}  {amount(one.minor, one.currency)}\n")
        yield "".join(said)
    if until.balances:
        yield "\n"
        # A balance counts from the morning of its day.
        day = until.last_on + timedelta(days=1)
        for name, minor in asserted(until.balances, books):
            # Without “~ 0” a difference of a cent would be taken for rounding.
            yield f"{day} balance {name}  {minor[:-4]} ~ 0 {minor[-3:]}\n"


def _notes(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "id", entry.id
    yield "key", entry.key
    if entry.reverses:
        yield "reverses", entry.reverses
    if entry.document:
        yield "document", entry.document


def _quoted(text: str) -> str:
    return one_line(text)[:_TEXT_MAX].replace("\\", "\\\\").replace('"', '\\"')
