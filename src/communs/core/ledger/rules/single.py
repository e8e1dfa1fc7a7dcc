"""What each entry keeps by itself: sums, amounts, places, kinds, funds, documents, periods, its own hash."""

from __future__ import annotations

from collections import Counter
from typing import Final

from communs.core.ledger.books import Books
from communs.core.ledger.entries import POSTINGS_MAX, Entry, digest
from communs.core.ledger.kinds import HELD, MOVES, OF_THE_FUND, TOUCHES, AccountKind, EntryKind, Nature
from communs.core.ledger.rules.watching import Found, Problem, alone
from communs.core.money.amounts import MINOR_MAX
from communs.core.texts import N_


def _balanced(entry: Entry, _books: Books) -> Found:
    sums: Counter[tuple[str, str]] = Counter()
    for one in entry.postings:
        sums[one.fund, one.currency] += one.minor
    if not entry.postings:
        yield Problem("balanced", entry.id, N_("There are no postings."), N_("Write two or more."))
    for (fund, currency), minor in sums.items():
        if minor:
            yield Problem(
                "balanced",
                entry.id,
                N_("The postings of fund “{fund}” add up to {minor} {currency} in smallest units, not to zero."),
                N_("Post the other side in the same fund."),
                {"fund": fund, "minor": str(minor), "currency": currency},
            )


def _whole_amounts(entry: Entry, _books: Books) -> Found:
    if len(entry.postings) > POSTINGS_MAX:
        message, bound = N_("There are {number} postings, more than {bound}."), str(POSTINGS_MAX)
        values = {"number": str(len(entry.postings)), "bound": bound}
        yield Problem("whole-amounts", entry.id, message, N_("Divide it into several entries."), values)
    for number, one in enumerate(entry.postings, 1):
        if type(one.minor) is not int or one.minor == 0 or abs(one.minor) > MINOR_MAX:
            yield Problem(
                "whole-amounts",
                f"{entry.id}, posting {number}",
                N_("{minor} is no whole number of smallest units other than zero with at most 18 digits."),
                N_("Leave the posting out, or write the amount in the smallest units of its currency."),
                {"minor": repr(one.minor)[:40]},
            )


def _known_places(entry: Entry, books: Books) -> Found:
    for number, one in enumerate(entry.postings, 1):
        account = books.accounts.get(one.account)
        if account is None:
            message, fix = N_("There is no account “{account}”."), N_("Open it first, or correct its name.")
        elif one.fund not in books.funds:
            message, fix = N_("There is no fund “{fund}”."), N_("Open it first, or correct its name.")
        elif account.currency != one.currency:
            message = N_("The account “{account}” is not in {currency}.")
            fix = N_("Post on an account in that currency, and convert through an account for conversions.")
        elif account.fund is not None and account.fund != one.fund:
            message = N_("The account “{account}” is not one of the fund “{fund}”.")
            fix = N_("Post in the fund of the account, or on an account of that fund.")
        else:
            continue
        values = {"account": one.account, "fund": one.fund, "currency": one.currency}
        yield Problem("known-places", f"{entry.id}, posting {number}", message, fix, values)


def _kinds(entry: Entry, books: Books) -> frozenset[AccountKind]:
    known = (books.accounts.get(one.account) for one in entry.postings)
    return frozenset(account.kind for account in known if account is not None)


def _in_kind(entry: Entry, books: Books) -> Found:
    for kind in sorted(_kinds(entry, books) - TOUCHES[entry.kind]):
        message = N_("An entry of the kind “{kind}” touches an account of the kind “{account}”.")
        values = {"kind": entry.kind.value, "account": kind.value}
        yield Problem("in-kind", entry.id, message, N_("Divide it into entries that each say what happened."), values)
    if (entry.kind is EntryKind.REVERSAL) != (entry.reverses is not None):
        message = N_("A reversal names the entry that it reverses, and nothing else does.")
        yield Problem("in-kind", entry.id, message, N_("Name that entry, or choose another kind."))


def _moves(entry: Entry, books: Books) -> bool:
    return len({one.fund for one in entry.postings}) > 1 or AccountKind.TRANSFER in _kinds(entry, books)


def _one_fund(entry: Entry, books: Books) -> Found:
    if not _moves(entry, books):
        return
    if entry.kind not in MOVES and entry.kind is not EntryKind.REVERSAL:
        message = N_("An entry of the kind “{kind}” moves money between funds.")
        fix = N_("Write an entry for each fund, or a release or a reclassification.")
        yield Problem("one-fund", entry.id, message, fix, {"kind": entry.kind.value})
        return
    lies: Counter[str] = Counter()
    for one in entry.postings:
        account = books.accounts.get(one.account)
        if account is not None and account.kind in HELD:
            lies[one.account] += one.minor
    for name in (name for name, minor in lies.items() if minor):
        message = N_("Money moves in or out of “{account}”: between funds only what belongs to whom changes.")
        fix = N_("Post what one fund gives to the other on the same account.")
        yield Problem("one-fund", entry.id, message, fix, {"account": name})


def _documented(entry: Entry, books: Books) -> Found:
    if not _moves(entry, books):
        return
    if not entry.document.strip():
        message = N_("Money moves between funds, and no document says why.")
        yield Problem("documented", entry.id, message, N_("Name the decision or the agreement in `document`."))
    if entry.kind is not EntryKind.RELEASE:
        return
    gives: Counter[str] = Counter()
    for one in entry.postings:
        account = books.accounts.get(one.account)
        if account is not None and account.kind in OF_THE_FUND:
            gives[one.fund] += one.minor
    for name in (name for name, minor in gives.items() if minor > 0):
        fund = books.funds.get(name)
        if fund is not None and fund.nature is not Nature.RESTRICTED:
            message = N_("A release sets restricted money free, and “{fund}” is not restricted.")
            yield Problem("documented", entry.id, message, N_("Write a reclassification instead."), {"fund": name})


def _open_period(entry: Entry, books: Books) -> Found:
    values = {"day": entry.effective_on.isoformat()}
    period = next((one for one in books.periods if one.starts_on <= entry.effective_on <= one.ends_on), None)
    if period is None:
        yield Problem("open-period", entry.id, N_("{day} is in no period."), N_("Open a period for it."), values)
    elif period.closed_at is not None and entry.recorded_at >= period.closed_at:
        message = N_("{day} is in a period that was closed before this was recorded.")
        fix = N_("Date it in the open period, and say in `happened_on` on which day it was.")
        yield Problem("open-period", entry.id, message, fix, values)
    if entry.happened_on is not None and entry.happened_on >= entry.effective_on:
        message = N_("It points back to a day that is not before {day}.")
        yield Problem("open-period", entry.id, message, N_("Leave `happened_on` out."), values)


def _expired(entry: Entry, books: Books) -> Found:
    if entry.kind is not EntryKind.EXPIRY:
        return
    for one in entry.postings:
        account = books.accounts.get(one.account)
        if account is not None and account.expires_on is not None and entry.effective_on < account.expires_on:
            message, fix = N_("What waits on “{account}” can be claimed until {day}."), N_("Wait until that day.")
            values = {"account": one.account, "day": account.expires_on.isoformat()}
            yield Problem("expired", entry.id, message, fix, values)


def _unaltered(entry: Entry, _books: Books) -> Found:
    if digest(entry) != entry.body_sha256:
        message = N_("It is not what was recorded: its hash is another one.")
        fix = N_("Take the entry from a copy whose hash is right; corrections are reversals.")
        yield Problem("unaltered", entry.id, message, fix)


SINGLE: Final = (
    alone("balanced", N_("The postings of an entry add up to zero in each fund and currency."), _balanced),
    alone("whole-amounts", N_("Each posting is a whole number of smallest units, never zero."), _whole_amounts),
    alone("known-places", N_("Each posting stands on a known account, in its fund and its currency."), _known_places),
    alone("in-kind", N_("An entry touches only the accounts that its kind is for."), _in_kind),
    alone("one-fund", N_("Only a release or a reclassification moves money between funds."), _one_fund),
    alone("documented", N_("Money moves between funds only with a document that says why."), _documented),
    alone("open-period", N_("Nothing is recorded in a period that is closed."), _open_period),
    alone("expired", N_("Unclaimed shares wait until the day that was published."), _expired),
    alone("unaltered", N_("What an entry says is what was recorded, to the byte."), _unaltered),
)
