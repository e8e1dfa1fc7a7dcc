"""Numbers without gaps, for each body and year: the next one, and a check of a whole series. Rule receipts-1.

The number is given in the transaction that posts the gift: if that fails, no number was used up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from communs.core.receipts.problems import Found, Problem
from communs.core.receipts.receipts import Receipt
from communs.core.texts import N_

RULE: Final = "receipts-1"
_NUMBER: Final = re.compile(r"([1-9]\d{3})-(\d{6}|[1-9]\d{6,8})", re.ASCII)


class InvalidNumber(ValueError):
    """The text is no number of a receipt; the message says how one looks."""


def write_number(year: int, order: int) -> str:
    """The number of the receipt that is `order`-th in its year. Raises `InvalidNumber`.

    >>> write_number(2026, 1), write_number(2026, 1_000_000)
    ('2026-000001', '2026-1000000')
    """
    if not (1000 <= year <= 9999 and 1 <= order <= 999_999_999):
        raise InvalidNumber(f"There is no receipt number {order} of {year}. Count from 1 in years of four digits.")
    return f"{year}-{order:06}"


def read_number(number: str) -> tuple[int, int]:
    """Year and order. Raises `InvalidNumber`.

    >>> read_number("2026-000042")
    (2026, 42)
    """
    found = _NUMBER.fullmatch(number)
    if found is None or not int(found[2]):
        raise InvalidNumber(f"“{number[:40]}” is no number of a receipt. Write it like 2026-000001.")
    return int(found[1]), int(found[2])


def next_number(last: str, year: int) -> str:
    """The number after `last`, the highest of the same body and year; the first one where `last` is empty.

    Raises `InvalidNumber`, also where `last` is of another year.
    """
    if not last:
        return write_number(year, 1)
    of, order = read_number(last)
    if of != year:
        raise InvalidNumber(f"{last} is no number of {year}. Give the last one of that year, or none.")
    return write_number(year, order + 1)


def in_order(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Receipts body by body, year by year, as they are numbered: the order in which `verify` wants them."""
    return sorted(receipts, key=_place)


class Watch(Protocol):
    """Sees receipts one after the other, then says what was wrong with all of them together."""

    def see(self, receipt: Receipt) -> Found: ...

    def end(self) -> Found: ...


@dataclass(frozen=True, slots=True)
class Invariant:
    """`sentence` is a message id: what always holds."""

    name: str
    sentence: str
    watch: Callable[[], Watch]


def verify(receipts: Iterable[Receipt]) -> Iterator[Problem]:
    """What is wrong with all receipts, which come as `in_order` gives them: problems as they are found.

    The invariants remember gifts and re-issued receipts, never whole ones.
    """
    watches = [invariant.watch() for invariant in INVARIANTS]
    for receipt in receipts:
        for watch in watches:
            yield from watch.see(receipt)
    for watch in watches:
        yield from watch.end()


def _place(receipt: Receipt) -> tuple[str, int, int, str]:
    try:
        return receipt.body.key, *read_number(receipt.number), receipt.number
    except InvalidNumber:
        return receipt.body.key, 0, 0, receipt.number


class _Numbered:
    def see(self, receipt: Receipt) -> Found:
        if _place(receipt)[1] != receipt.issued_on.year:
            values = {"year": str(receipt.issued_on.year)}
            message = N_("It was issued in {year}, and its number is not of that year.")
            yield Problem("numbered", receipt.number[:40], message, N_("Number it like {year}-000001."), values)

    def end(self) -> Found:
        return ()


class _NoGap:
    def __init__(self) -> None:
        self.last: tuple[str, int, int] = ("", 0, 0)

    def see(self, receipt: Receipt) -> Found:
        body, year, order, _number = _place(receipt)
        expected = self.last[2] + 1 if self.last[:2] == (body, year) else 1
        if year and order > expected:
            first, last = write_number(year, expected), write_number(year, order - 1)
            values = {"missing": first if first == last else f"{first} … {last}"}
            message = N_("There is no receipt {missing} before it.")
            fix = N_("Look for what was deleted: cancelled receipts are kept as well.")
            yield Problem("no-gap", receipt.number, message, fix, values)
        if year:
            self.last = (body, year, order)

    def end(self) -> Found:
        return ()


class _NoDouble:
    def __init__(self) -> None:
        self.last: tuple[str, str] = ("", "")

    def see(self, receipt: Receipt) -> Found:
        here = (receipt.body.key, receipt.number)
        if here == self.last:
            message = N_("The number stands on two receipts.")
            yield Problem("no-double", receipt.number[:40], message, N_("Find out which of them was sent."))
        self.last = here

    def end(self) -> Found:
        return ()


class _InTime:
    def __init__(self) -> None:
        self.last: Receipt | None = None

    def see(self, receipt: Receipt) -> Found:
        last = self.last
        if last is not None and last.body.key == receipt.body.key and last.issued_on > receipt.issued_on:
            message = N_("It is dated before “{other}”, which has a lower number.")
            fix = N_("Date receipts on the day on which they are issued.")
            yield Problem("in-time", receipt.number[:40], message, fix, {"other": last.number[:40]})
        self.last = receipt

    def end(self) -> Found:
        return ()


class _Kept:
    def see(self, receipt: Receipt) -> Found:
        gone = receipt.cancelled
        if gone is not None and (gone.on < receipt.issued_on or not gone.reason.strip()):
            message = N_("It was cancelled without a reason, or before it was issued.")
            yield Problem("kept", receipt.number[:40], message, N_("Say when it was cancelled, and why."))

    def end(self) -> Found:
        return ()


class _PointsBack:
    """Compares both ends once all were seen: the receipt issued instead has the higher number."""

    def __init__(self) -> None:
        self.back: dict[tuple[str, str], str] = {}
        self.forward: dict[tuple[str, str], str] = {}

    def see(self, receipt: Receipt) -> Found:
        body = receipt.body.key
        if receipt.replaces:
            self.back[body, receipt.number] = receipt.replaces
        if receipt.cancelled is not None and receipt.cancelled.replaced_by:
            self.forward[body, receipt.number] = receipt.cancelled.replaced_by
        return ()

    def end(self) -> Found:
        for (body, number), old in self.back.items():
            if self.forward.get((body, old)) != number or _order(old) >= _order(number):
                message = N_("It was issued instead of “{other}”, which is in force, or names another, or is later.")
                fix = N_("Cancel “{other}”, and let both receipts name each other.")
                yield Problem("points-back", number, message, fix, {"other": old[:40]})
        for (body, number), new in self.forward.items():
            if (body, new) not in self.back:
                message = N_("It says that “{other}” was issued instead, which does not say so.")
                fix = N_("Let both receipts name each other.")
                yield Problem("points-back", number, message, fix, {"other": new[:40]})


class _OneInForce:
    def __init__(self) -> None:
        self.receipted: dict[tuple[str, str], str] = {}

    def see(self, receipt: Receipt) -> Found:
        for gift in receipt.gifts if receipt.cancelled is None else ():
            other = self.receipted.setdefault((receipt.body.key, gift), receipt.number)
            if other != receipt.number:
                message = N_("The gift “{gift}” has a receipt already: “{other}”.")
                fix = N_("Cancel one of the two.")
                yield Problem("one-in-force", receipt.number[:40], message, fix, {"gift": gift[:60], "other": other})

    def end(self) -> Found:
        return ()


def _order(number: str) -> tuple[int, int]:
    try:
        return read_number(number)
    except InvalidNumber:
        return (0, 0)


INVARIANTS: Final = (
    Invariant("numbered", N_("The number of a receipt is of the year in which it was issued."), _Numbered),
    Invariant("no-gap", N_("The numbers of a body and a year begin at 1, and none is left out."), _NoGap),
    Invariant("no-double", N_("No number stands on two receipts."), _NoDouble),
    Invariant("in-time", N_("A higher number is not dated earlier."), _InTime),
    Invariant("kept", N_("A cancelled receipt is kept, with the day and the reason."), _Kept),
    Invariant("points-back", N_("A receipt issued instead of another names it, and is named by it."), _PointsBack),
    Invariant("one-in-force", N_("A gift has at most one receipt in force."), _OneInForce),
)
