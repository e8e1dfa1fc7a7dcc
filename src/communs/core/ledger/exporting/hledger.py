"""A journal for hledger (https://hledger.org/hledger.html#journal), ending with an assertion of every balance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from communs.core.ledger.books import Books
from communs.core.ledger.entries import Entry
from communs.core.ledger.exporting.naming import Until, amount, asserted, named, one_line
from communs.core.money import exponent


def hledger(entries: Iterable[Entry], books: Books) -> Iterator[str]:
    """The journal in pieces. It passes `hledger check --strict`. Raises `KeyError` for an unknown account."""
    until, currencies = Until(), set[str]()
    yield "; ledger-1. Check it: hledger -f FILE check --strict\n"
    for entry in entries:
        said = [
            f"\n{entry.effective_on} ({_plain(entry.key).replace(')', ']')}) {_plain(entry.memo or entry.kind.value)}\n"
        ]
        said += [f"    ; {name}: {_plain(text)}\n" for name, text in _notes(entry)]
        for one in entry.postings:
            if one.currency not in currencies:
                currencies.add(one.currency)
                yield f"commodity 1000.{'0' * exponent(one.currency)} {one.currency}\n"
            name = named(books.accounts[one.account], one.fund)
            if until.add(one.account, one.fund, one.minor, entry.effective_on):
                yield f"account {name}\n"
            said.append(f"    {name}  {amount(one.minor, one.currency)}\n")
        yield "".join(said)
    if until.balances:
        yield f"\n{until.last_on + timedelta(days=1)} balances\n"
        for name, minor in asserted(until.balances, books):
            yield f"    {name}  0 {minor[-3:]} = {minor}\n"


def _notes(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "id", entry.id
    yield "kind", entry.kind.value
    if entry.reverses:
        yield "reverses", entry.reverses
    if entry.document:
        yield "document", entry.document


def _plain(text: str) -> str:
    """One line without what begins a comment."""
    return one_line(text).replace(";", ",")
