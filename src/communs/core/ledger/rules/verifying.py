"""All invariants over one entry (`check`) or over all of them (`verify`), in four passes and memory for accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from communs.core.ledger.books import Books
from communs.core.ledger.entries import Entry
from communs.core.ledger.rules.many import MANY
from communs.core.ledger.rules.single import SINGLE
from communs.core.ledger.rules.watching import Order, Problem

RULE: Final = "ledger-1"
INVARIANTS: Final = (*SINGLE, *MANY)

Reader = Callable[[Order], Iterable[Entry]]
"""Gives all entries in an order, as often as it is asked."""
# Over all entries only: one entry alone says nothing about what is kept elsewhere.
_OF_ALL: Final = frozenset({"kept-balances", "public-totals"})


def check(entry: Entry, books: Books) -> tuple[Problem, ...]:
    """What would be wrong if this entry were recorded now. Nothing: it may be."""
    found: list[Problem] = []
    for invariant in INVARIANTS:
        if invariant.name not in _OF_ALL:
            watch = invariant.watch(books)
            found += (*watch.see(entry), *watch.end())
    return tuple(found)


def verify(read: Reader, books: Books, names: Iterable[str] | None = None) -> Iterator[Problem]:
    """What is wrong in the books, as it is found. `names`: these invariants only.

    `books` says which accounts, funds and periods there are, what is reserved and kept elsewhere; what was posted is
    read from the entries. Raises `KeyError` for a name that there is not.
    """
    begin = Books(
        books.accounts, books.funds, books.periods,
        reserved=books.reserved, stated=books.stated, published=books.published,
    )  # fmt: skip
    yield from _watched(read, begin, names)


def verify_more(read: Reader, books: Books) -> Iterator[Problem]:
    """What is wrong with entries that come after others, which were verified before and for which `books` stands.

    `books` has the balances and what funds owned at that point; of the keys, transitions and families of earlier
    entries those that the new ones name. What was posted before is not looked at again.
    """
    yield from _watched(read, books, None)


def _watched(read: Reader, begin: Books, names: Iterable[str] | None) -> Iterator[Problem]:
    by_name = {invariant.name: invariant for invariant in INVARIANTS}
    wanted = [by_name[name] for name in (by_name if names is None else names)]
    for order in Order:
        watches = [invariant.watch(begin) for invariant in wanted if invariant.order is order]
        for entry in read(order) if watches else ():
            for watch in watches:
                yield from watch.see(entry)
        for watch in watches:
            yield from watch.end()


def sorting(entries: Iterable[Entry]) -> Reader:
    """A reader of entries that are all in memory."""
    all_ = tuple(entries)
    return lambda order: sorted(all_, key=order.of)
