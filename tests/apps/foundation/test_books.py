"""The books in the database: what is recorded, what is refused by the database itself, and what is found afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from communs.apps.foundation import sql
from communs.apps.foundation.actions import books as actions
from communs.apps.foundation.queries import books as queries
from communs.core.ledger import Account, AccountKind, EntryKind, Fund, Nature, Order, Transition

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places() -> None:
    actions.open_period(date(2026, 1, 1), date(2026, 12, 31))
    actions.open_fund(Fund("city", Nature.RESTRICTED, "City", convention="2026-17"), now=NOW)
    actions.open_fund(Fund("open", Nature.UNRESTRICTED, "Open"), now=NOW)
    for name, kind in (
        ("main", AccountKind.BANK),
        ("gifts", AccountKind.INCOME),
        ("grants", AccountKind.GRANTS),
        ("maps", AccountKind.COMMONS),
        ("back", AccountKind.DONOR),
        ("moved", AccountKind.TRANSFER),
    ):
        actions.open_account(Account(name, kind, "EUR"), now=NOW)
    actions.open_account(
        Account("later", AccountKind.UNCLAIMED, "EUR", expires_on=date(2026, 7, 1), destination="open"), now=NOW
    )


def entry(key: str, kind: EntryKind, *lines: tuple[str, str, int], **more: Any) -> Any:
    postings = [(account, fund, minor, "EUR") for account, fund, minor in lines]
    return actions.entry(key, kind, postings, **{"on": DAY, "now": NOW, **more})


def gift(key: str, minor: int = 10_000, fund: str = "city", **more: Any) -> Any:
    return entry(key, EntryKind.PAY_IN, ("main", fund, minor), ("gifts", fund, -minor), **more)


def grant(key: str, minor: int) -> Any:
    return entry(key, EntryKind.GRANT, ("grants", "city", minor), ("maps", "city", -minor))


def test_what_is_recorded_stands_in_the_balances_and_the_books_are_sound() -> None:
    done = actions.record_all([gift("g1"), grant("g2", 4_000)])
    assert [one.again for one in done] == [False, False]
    assert done[0].sequence < done[1].sequence
    assert queries.account_balance("main", "city") == 10_000
    assert queries.owned() == {("city", "EUR"): 6_000}
    assert list(queries.verify_books()) == []


def test_a_key_makes_one_entry_for_ever() -> None:
    first = actions.record(gift("g1"))
    again = actions.record(gift("g1"))
    assert (again.id, again.again) == (first.id, True)
    with pytest.raises(actions.KeyTaken):
        actions.record(gift("g1", 500))
    assert queries.account_balance("main", "city") == 10_000


def settled_across() -> Any:
    lines = (("main", "city", 5), ("main", "city", -5), ("main", "open", 5), ("main", "open", -5))
    return entry("x", EntryKind.SETTLEMENT, *lines)


def released(**more: Any) -> Any:
    lines = (("main", "city", -5), ("moved", "city", 5), ("main", "open", 5), ("moved", "open", -5))
    return entry("x", EntryKind.RELEASE, *lines, **more)


def too_much_back() -> Any:
    lines = (("main", "city", -10_001), ("gifts", "city", 10_001))
    return entry("x", EntryKind.REVERSAL, *lines, reverses=gift("g1").id)


REFUSED = [
    ("balanced", lambda: entry("x", EntryKind.PAY_IN, ("main", "city", 5), ("gifts", "city", -4))),
    ("known-places", lambda: entry("x", EntryKind.PAY_IN, ("nowhere", "city", 5), ("gifts", "city", -5))),
    ("in-kind", lambda: entry("x", EntryKind.PAY_IN, ("main", "city", 5), ("grants", "city", -5))),
    ("one-fund", settled_across),
    ("documented", released),
    ("open-period", lambda: gift("x", on=date(2027, 1, 1))),
    ("expired", lambda: entry("x", EntryKind.EXPIRY, ("later", "city", 5), ("grants", "city", -5))),
    ("floor", lambda: grant("x", 10_001)),
    ("floor", lambda: entry("x", EntryKind.PAYOUT, ("maps", "city", 1), ("main", "city", -1))),
    ("mirrors", too_much_back),
]


@pytest.mark.parametrize(("name", "make"), REFUSED)
def test_what_breaks_a_rule_is_refused_with_its_name_and_a_remedy(name: str, make: Any) -> None:
    actions.record(gift("g1"))
    before = queries.balances()
    with pytest.raises(actions.NotRecorded) as refused:
        actions.record(make())
    assert name in {problem.invariant for problem in refused.value.problems}
    assert queries.balances() == before
    assert list(queries.verify_books()) == []


def test_a_transition_makes_one_entry() -> None:
    told = Transition("helloasso", "p1", "settled")
    actions.record(gift("g1", transition=told))
    with pytest.raises(actions.NotRecorded) as refused:
        actions.record(gift("g2", transition=told))
    assert {problem.invariant for problem in refused.value.problems} == {"one-transition"}


def test_what_is_promised_is_not_spent() -> None:
    actions.record(gift("g1"))
    actions.reserve("round:1", "city", 8_000, "EUR", NOW)
    with pytest.raises(actions.NotRecorded):
        actions.reserve("round:2", "city", 2_001, "EUR", NOW)
    with pytest.raises(actions.NotRecorded) as refused:
        actions.record(grant("g2", 2_001))
    assert {problem.invariant for problem in refused.value.problems} == {"reserved"}
    actions.give_up("round:1", NOW)
    actions.record(grant("g2", 2_001))


def test_a_closed_period_takes_nothing_more() -> None:
    actions.record(gift("g1"))
    actions.close_period(queries.open_period(DAY), NOW)
    with pytest.raises(actions.NotRecorded) as refused:
        actions.record(gift("g2"))
    assert {problem.invariant for problem in refused.value.problems} == {"open-period"}


RAW = [
    "UPDATE foundation_posting SET minor = minor + 1",
    "DELETE FROM foundation_posting",
    "UPDATE foundation_entry SET memo = 'other'",
    "UPDATE foundation_entry SET sealed = false, sequence = NULL",
    "DELETE FROM foundation_entry",
    (
        "INSERT INTO foundation_posting (entry_id, position, account_id, fund_id, minor, currency) "
        "SELECT entry_id, 9, account_id, fund_id, minor, currency FROM foundation_posting"
    ),
    "UPDATE foundation_fund SET floor_minor = -1 WHERE slug = 'open'",
    "UPDATE foundation_fund SET nature = 'unrestricted'",
    "UPDATE foundation_account SET overdraft_minor = 1000000",
    "DELETE FROM foundation_balance",
    "DELETE FROM foundation_owned",
    "DELETE FROM foundation_reservation",
    "UPDATE foundation_reservation SET minor = 1",
    "DELETE FROM foundation_period",
    "UPDATE foundation_period SET starts_on = '2020-01-01'",
    "INSERT INTO foundation_period (starts_on, ends_on) VALUES ('2026-06-01', '2026-06-02')",
    (
        "INSERT INTO foundation_entry (public_id, key, kind, effective_on, recorded_at, memo, document, actor, "
        "provider, provider_object, provider_state, body_sha256, sealed, sequence) "
        "SELECT '11111111111111111111111111111111', 'k9', kind, effective_on, recorded_at, memo, document, actor, "
        "'', '', '', body_sha256, true, 99 FROM foundation_entry"
    ),
]


@pytest.mark.parametrize("statement", RAW)
def test_the_database_itself_refuses_to_be_changed(statement: str) -> None:
    actions.record(gift("g1"))
    actions.reserve("round:1", "city", 8_000, "EUR", NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(queries.verify_books()) == []


@pytest.mark.parametrize("text", ['"', "\\", '\\"', "{a,b}", "NULL", "it's %s\n\ttwo lines", " “é” 🙂 "])
def test_whatever_is_written_is_read_again(text: str) -> None:
    made = replace(gift(f"g{text}"), memo="", document=text, actor=text, body_sha256="")
    actions.record(made)
    (there,) = queries.read(Order.RECORDED)
    assert (there.key, there.document, there.actor) == (f"g{text}", text, text)
    assert list(queries.verify_books()) == []


def test_every_trigger_is_there_and_its_absence_is_found() -> None:
    assert sql.missing(connection) == []
    sql.uninstall(connection)
    try:
        assert len(sql.missing(connection)) > 20
        assert {problem.invariant for problem in queries.verify_books()} == {"kept-balances"}
    finally:
        sql.install(connection)


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_can_be_cleaned_up_after_a_test() -> None:
    actions.record(gift("g1"))
