"""Trial balance, custody and unspent restricted money: the figures of the plain history, by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from communs.core.ledger import (
    Account,
    AccountKind,
    Books,
    Entry,
    Fund,
    Nature,
    Period,
    balances_of,
    check,
    custody,
    trial_balance,
    trial_text,
    unspent,
)

Make = Callable[..., Entry]
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_the_trial_balance_is_the_same_bytes_in_any_order_of_entries(history: list[Entry], books: Books) -> None:
    text = trial_text(trial_balance(history, books))
    shuffled = sorted(history, key=lambda entry: entry.body_sha256)
    assert trial_text(trial_balance(shuffled, books)) == text
    assert "income,city,EUR,0.00,3.00,100.00,-97.00\n" in text
    assert "yen,open,JPY,0,300,0,300\n" in text


def test_debits_are_credits_and_a_later_period_opens_where_the_one_before_closed(
    history: list[Entry], books: Books
) -> None:
    first = {(row.account, row.fund): row for row in trial_balance(history, books, last_on=date(2026, 6, 30))}
    second = trial_balance(history, books, first_on=date(2026, 7, 1))
    for rows in (first.values(), second):
        for currency in ("EUR", "USD", "JPY"):
            ours = [row for row in rows if row.currency == currency]
            assert sum(row.debit for row in ours) == sum(row.credit for row in ours)
            assert sum(row.closing for row in ours) == 0
    assert all(row.opening == first[row.account, row.fund].closing for row in second)
    assert {(row.account, row.debit, row.credit) for row in second if row.debit or row.credit} == {
        ("food", 600, 0), ("grants", 0, 600),
    }  # fmt: skip


def test_custody_says_where_money_is_and_to_whom_it_is_owed(history: list[Entry], books: Books) -> None:
    euros, yen, dollars = custody(balances_of(history), books)
    assert euros.held == {"main": 9800 - 1500 - 700 + 700 + 5000 - 1100 - 500, "provider": -300}
    assert euros.owed_to_funds == {"city": 10000 - 200 - 2400 - 700 - 300, "open": 5000 + 700 - 1100 - 500}
    assert euros.owed_to_others == {"commons": 900, "donor": 0, "unclaimed": 0, "unidentified": 0}
    assert euros.holds
    assert (euros.held_minor, euros.owed_minor) == (11400, 11400)
    assert [one.currency for one in (yen, dollars)] == ["JPY", "USD"]
    assert (dollars.held_minor, dollars.owed_to_funds) == (1200, {"open": 1200})


def test_custody_shows_what_a_statement_says_otherwise(history: list[Entry], books: Books) -> None:
    euros = custody(balances_of(history), books)[0]
    assert euros.against({"main": 11700, "provider": -300}) == {}
    assert euros.against({"main": 11600, "provider": -300, "old": 5}) == {"main": -100, "old": 5}


def test_custody_that_does_not_hold_says_so(books: Books) -> None:
    assert not custody({("main", "city"): 5, ("maps", "city"): -4}, books)[0].holds


def test_the_year_end_shows_what_restricted_funds_have_not_spent(history: list[Entry], books: Books) -> None:
    (row,) = unspent(history, books, *YEAR)
    assert (row.fund, row.currency, row.opening) == ("city", "EUR", 0)
    assert (row.received, row.returned, row.spent, row.moved_in, row.moved_out) == (10000, 300, 2600, 0, 700)
    assert (row.used, row.carried_over, row.closing) == (0, 6400, 6400)
    assert row.last_spent_on == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("received", "granted", "used", "carried_over", "closing"),
    [(0, 400, 400, 0, 600), (500, 400, 400, 500, 1100), (500, 1200, 1000, 300, 300), (500, 0, 0, 500, 1500)],
)  # fmt: skip
def test_the_oldest_money_is_spent_first(
    received: int, granted: int, used: int, carried_over: int, closing: int, books: Books, make: Make
) -> None:
    entries = [make(1, "pay-in", "main city 1000, income city -1000", effective_on=date(2025, 6, 1))]
    entries += [make(2, "pay-in", f"main city {received}, income city {-received}")] if received else []
    entries += [make(3, "grant", f"grants city {granted}, maps city {-granted}")] if granted else []
    (row,) = unspent(entries, books, *YEAR)
    assert (row.opening, row.used, row.carried_over, row.closing) == (1000, used, carried_over, closing)
    assert row.opening - row.used + row.carried_over == row.closing


def test_idle_money_shows_by_the_day_it_was_last_spent(books: Books, make: Make) -> None:
    entries = [
        make(1, "pay-in", "main city 1000, income city -1000", effective_on=date(2023, 6, 1)),
        make(2, "grant", "grants city 10, maps city -10", effective_on=date(2023, 7, 1)),
        make(3, "grant", "grants city 10, maps city -10", effective_on=date(2027, 7, 1)),
    ]
    (row,) = unspent(entries, books, *YEAR)
    assert (row.last_spent_on, row.closing) == (date(2023, 7, 1), 990)


@pytest.mark.parametrize(
    ("make_it", "said"),
    [
        (lambda: Fund("City", Nature.UNRESTRICTED), "“City” names no fund"),
        (lambda: Fund("city", Nature.RESTRICTED), "names no agreement"),
        (lambda: Fund("city", Nature.RESTRICTED, convention="1", floor_minor=None), "could be overspent"),
        (lambda: Fund("c", Nature.DESIGNATED, opens_on=YEAR[1], closes_on=YEAR[0]), "closes before it opens"),
        (lambda: Account("", AccountKind.BANK, "EUR"), "names no account"),
        (lambda: Account("a" * 61, AccountKind.BANK, "EUR"), "names no account"),
        (lambda: Account("a", AccountKind.BANK, "EURO"), "no currency of ISO 4217"),
        (lambda: Account("a", AccountKind.UNCLAIMED, "EUR"), "does not say when they expire"),
        (lambda: Account("a", AccountKind.BANK, "EUR", overdraft_minor=-1), "is below zero"),
        (lambda: Period(YEAR[1], YEAR[0]), "ends before it starts"),
        (lambda: Books.of([], [], [Period(*YEAR), Period(YEAR[1], YEAR[1])]), "overlap"),
    ],
)  # fmt: skip
def test_what_could_not_keep_the_rule_is_refused_when_it_is_made(make_it: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make_it()


def test_an_overdraft_that_was_agreed_is_no_problem(books: Books, make: Make) -> None:
    agreed = {**books.accounts, "main": replace(books.accounts["main"], overdraft_minor=50)}
    entry = make(1, "settlement", "main open -50, provider open 50")
    assert [problem.invariant for problem in check(entry, books)] == ["floor"]
    assert check(entry, replace(books, accounts=agreed)) == ()
