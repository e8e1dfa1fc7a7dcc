"""The rule's page is run as it stands: its invariants, its entries, its balances, and what it says is refused."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import communs.core.ledger as package
from communs.core.ledger import (
    INVARIANTS,
    LOG_RULES,
    MOVE_RULES,
    PAYOUT_RULES,
    RULE,
    Account,
    AccountKind,
    Books,
    Entry,
    Fund,
    Nature,
    Period,
    check,
    custody,
    posted,
    sorting,
    trial_balance,
    unspent,
    verify,
)
from communs.core.ledger.kinds import HELD, OWED
from communs.core.ledger.rules.grounds import GROUND_RULES
from communs.core.money import Money

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rules" / "ledger.md"
MODULES = sorted(module.name for module in pkgutil.walk_packages(package.__path__, "communs.core.ledger."))
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
Make = Callable[..., Entry]


def table(head: str) -> Iterator[list[str]]:
    """The rows of the table whose first column is called so."""
    _before, _head, after = PAGE.read_text(encoding="utf-8").partition(f"\n| {head} |")
    for line in after.splitlines()[2:]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def page_books() -> Books:
    accounts = [Account(kind.value, kind, "EUR") for kind in AccountKind if kind is not AccountKind.UNCLAIMED]
    later = Account("later", AccountKind.UNCLAIMED, "EUR", expires_on=date(2026, 7, 1), destination="the fund")
    funds = [Fund("city", Nature.RESTRICTED, convention="2025-4"), Fund("open", Nature.UNRESTRICTED)]
    return Books.of([*accounts, later], funds, [Period(date(2025, 1, 1), date(2025, 12, 31)), Period(*YEAR)])


def page_entries(make: Make) -> list[Entry]:
    entries = []
    for number, (key, day, said, postings) in enumerate(table("key")):
        kind, _of, other = said.partition(" of ")
        on = date.fromisoformat(day)
        moment = datetime(on.year, on.month, on.day, tzinfo=UTC)
        given = {"id": key, "key": key, "effective_on": on, "recorded_at": moment, "reverses": other or None}
        entries.append(make(number, kind, postings, document="Minutes of 24 June" if key == "k9" else "", **given))
    return entries


def after(entries: Iterable[Entry]) -> Books:
    now = page_books()
    for entry in entries:
        assert check(entry, now) == ()
        now = posted(now, entry)
    return now


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_page_names_every_invariant_in_its_words_and_its_order() -> None:
    assert list(table("name")) == [[one.name, one.sentence, one.order.value] for one in INVARIANTS]
    assert list(table("of payouts")) == [[name, sentence] for name, sentence in PAYOUT_RULES.items()]
    assert list(table("of moves between funds")) == [[name, sentence] for name, sentence in MOVE_RULES.items()]
    assert list(table("of the log")) == [[name, sentence] for name, sentence in LOG_RULES.items()]
    assert list(table("of what entries stand on")) == [[name, sentence] for name, sentence in GROUND_RULES.items()]
    page = PAGE.read_text(encoding="utf-8")
    for words in (f"Identifier: `{RULE}`", "What it is good for", "What is guaranteed", "Counter-examples"):
        assert words in page


def test_the_chart_of_accounts_is_the_one_in_the_code() -> None:
    sorts = {kind.value: "held" if kind in HELD else "owed" if kind in OWED else "the fund's" for kind in AccountKind}
    assert {name: sort for name, _what, sort in table("account")} == sorts


def test_the_entries_of_the_worked_table_keep_the_rule(make: Make) -> None:
    entries = page_entries(make)
    assert len(entries) == 10
    after(entries)
    assert list(verify(sorting(entries), page_books())) == []


def test_the_balances_of_the_worked_table_come_out(make: Make) -> None:
    rows = [
        [row.account, row.fund]
        + [str(Money(minor, "EUR").major) for minor in (row.opening, row.debit, row.credit, row.closing)]
        for row in trial_balance(page_entries(make), page_books(), *YEAR)
    ]
    assert rows == list(table("account of"))


def test_custody_of_the_worked_table_is_as_the_page_says(make: Make) -> None:
    (euros,) = custody(after(page_entries(make)).balances, page_books())
    assert euros.owed_to_funds == {"city": 65000, "open": 13850}
    assert (euros.held_minor, euros.owed_minor, set(euros.owed_to_others.values())) == (78850, 78850, {0})
    assert "Held: 650.00 + 138.50. Owed: to *city* 650.00, to *open* 138.50." in PAGE.read_text(encoding="utf-8")


def test_the_year_end_of_the_worked_table_comes_out(make: Make) -> None:
    (row,) = unspent(page_entries(make), page_books(), *YEAR)
    figures = (row.opening, row.received, row.spent, row.moved_out, row.used, row.carried_over, row.closing)
    assert list(table("restricted")) == [[row.fund, *map(str, figures)]]


@pytest.mark.parametrize("row", list(table("what is tried")), ids=lambda row: row[0])
def test_what_the_page_says_is_refused_is_refused_by_that_name(row: list[str], make: Make) -> None:
    _tried, said, postings, names = row
    kind, _of, other = said.partition(" of ")
    moment = datetime(2026, 8, 1, tzinfo=UTC)
    entry = make(99, kind, postings, effective_on=moment.date(), recorded_at=moment, reverses=other or None)
    found = {problem.invariant for problem in check(entry, after(page_entries(make)))}
    assert found >= {name.strip() for name in names.split(",")}
