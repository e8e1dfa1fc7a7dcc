"""Past `record`: bare statements by anybody who has the database's password. Each is refused by its name, or found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from communs.apps.foundation import models as rows
from communs.apps.foundation import sql
from communs.apps.foundation.actions import books as actions
from communs.apps.foundation.queries import books as queries
from communs.core.ledger import INVARIANTS, AccountKind, Entry, EntryKind, Posting, Transition, check
from communs.core.ledger.kinds import TOUCHES
from communs.testing.books import DAY, NOW, entry, gift, open_places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places() -> None:
    open_places()


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def sound() -> None:
    assert list(queries.verify_books()) == []


@contextmanager
def until_the_end() -> Iterator[None]:
    """What is looked at when a transaction ends is looked at here."""
    yield
    connection.check_constraints()


def raw(made: Entry, **other: Any) -> None:
    """Insert, post and seal by bare statements. `other`: columns of the entry that are written otherwise."""
    told = made.transition
    values = {
        "public_id": uuid4(), "key": made.key, "kind": made.kind, "effective_on": made.effective_on,
        "happened_on": made.happened_on, "recorded_at": made.recorded_at, "memo": made.memo, "document": made.document,
        "actor": "", "provider": told.provider if told else "", "provider_object": told.object if told else "",
        "provider_state": told.state if told else "", "body_sha256": made.body_sha256, **other,
    }  # fmt: skip
    if made.reverses:
        values["reverses"] = rows.Entry.objects.get(public_id=made.reverses)
    with transaction.atomic():
        row = rows.Entry.objects.create(**values)
        for position, line in enumerate(made.postings):
            say(
                "INSERT INTO foundation_posting (entry_id, position, account_id, fund_id, minor, currency) "
                "SELECT %s, %s, a.id, f.id, %s, %s FROM foundation_account a, foundation_fund f "
                "WHERE a.slug = %s AND f.slug = %s",
                [row.pk, position, line.minor, line.currency, line.account, line.fund],
            )
        seal(row.pk)


def say(statement: str, values: Any = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def seal(number: int) -> None:
    order = ", sequence = id" if is_sqlite() else ""
    say(f"UPDATE foundation_entry SET sealed = true{order} WHERE id = %s", [number])  # noqa: S608 - ours


def pair(kind: str, debit: str, credit: str, minor: int = 5, **more: Any) -> Entry:
    return entry("x", kind, [(debit, "city", minor), (credit, "city", -minor)], **more)


def release(minor: int = 5, **more: Any) -> Entry:
    lines = [
        ("bank", "city", -minor),
        ("transfer", "city", minor),
        ("bank", "open", minor),
        ("transfer", "open", -minor),
    ]
    return entry("x", more.pop("kind", "release"), lines, **more)


def back(minor: int, name: str = "first", **more: Any) -> Entry:
    of = queries.entries().get(key=name)
    lines = [("bank", "city", -minor), ("income", "city", minor)]
    return entry(more.pop("key", "x"), "reversal", lines, reverses=str(of.public_id), **more)


def posted(made: Entry, *lines: tuple[str, int]) -> Entry:
    return replace(made, postings=tuple(Posting(account, "city", minor, "EUR") for account, minor in lines))


def told(key: str) -> Entry:
    return replace(gift(key), transition=Transition("bank", "7", "settled"), body_sha256="")


Attempt = Callable[[], object]
ADDED = (
    "INSERT INTO foundation_posting (entry_id, position, account_id, fund_id, minor, currency) "
    "SELECT entry_id, 9, account_id, fund_id, minor, currency FROM foundation_posting"
)
ATTEMPTS: dict[str, list[Attempt]] = {
    "balanced": [
        lambda: raw(entry("x", "pay-in", [("bank", "city", 5), ("income", "city", -4)])),
        lambda: raw(entry("x", "pay-in", [("bank", "city", 5), ("income", "open", -5)], document="x")),
        lambda: raw(entry("x", "pay-in", [])),
    ],
    "whole-amounts": [
        lambda: raw(entry("x", "pay-in", [("bank", "city", 5), ("income", "city", -5), ("income", "city", 0)])),
        lambda: raw(pair("pay-in", "bank", "income", 10**18 + 1)),
        lambda: posted_in_parts(5.5),
    ],
    "known-places": [
        lambda: raw(entry("x", "pay-in", [("bank", "city", 5), ("income", "city", -5)], "USD")),
        lambda: raw(entry("x", "pay-in", [("bank", "open", 5), ("own", "open", -5)])),
    ],
    "one-fund": [
        lambda: raw(release(kind="settlement", document="x")),
        lambda: raw(entry("x", "settlement", both_funds(), document="x")),
        lambda: raw(pair("release", "transfer", "bank", document="x")),
    ],
    "documented": [
        lambda: raw(release()),
        lambda: raw(release(document=" \t\u00a0")),
        lambda: raw(release(-5, document="x")),
    ],
    "open-period": [
        lambda: raw(pair("pay-in", "bank", "income", on=date(2025, 6, 1))),
        lambda: raw(pair("pay-in", "bank", "income", on=date(2031, 6, 1))),
        lambda: raw(pair("pay-in", "bank", "income", happened_on=DAY)),
        lambda: say("UPDATE foundation_period SET closed_at = NULL"),
        lambda: say("UPDATE foundation_period SET ends_on = '2026-02-01'"),
        lambda: say("INSERT INTO foundation_period (starts_on, ends_on) VALUES ('2024-06-01', '2025-01-01')"),
        lambda: say("DELETE FROM foundation_period WHERE closed_at IS NOT NULL"),
    ],
    "expired": [lambda: raw(pair("expiry", "unclaimed", "grants", on=date(2026, 6, 30)))],
    "one-key": [lambda: raw(gift("first")), lambda: raw(gift(""))],
    "one-transition": [lambda: raw(told("y"))],
    "mirrors": [
        lambda: raw(back(9_001)),
        lambda: in_parts(3_000, 3_001, 2_999, 1),
        lambda: raw(pair("reversal", "bank", "income", reverses=named("part"))),
        lambda: raw(posted(back(5), ("bank", 5), ("income", -5))),
        lambda: raw(posted(back(5), ("bank", -5), ("fees", 5))),
        lambda: raw(pair("reversal", "income", "donor", 9_001, reverses=named("first"))),
    ],
    "floor": [
        lambda: raw(pair("grant", "grants", "commons", 9_001)),
        lambda: raw(pair("payout", "commons", "bank", 1)),
        lambda: raw(pair("settlement", "clearing", "bank", 9_001)),
        lambda: raw(posted(pair("settlement", "bank", "bank"), ("clearing", 9_001), ("lent", -51), ("bank", -8_950))),
    ],
    "reserved": [
        lambda: raw(pair("grant", "grants", "commons", 4_001)),
        lambda: say(
            "INSERT INTO foundation_reservation (key, fund_id, currency, minor, made_at) "
            "SELECT 'r2', id, 'EUR', 4001, created_at FROM foundation_fund WHERE slug = 'city'"
        ),
        lambda: say("UPDATE foundation_reservation SET minor = 1"),
        lambda: say("DELETE FROM foundation_reservation"),
    ],
    "custody": [lambda: raw(entry("x", "pay-in", [("bank", "city", 5)]))],
    "unaltered": [
        lambda: say("UPDATE foundation_entry SET memo = 'other'"),
        lambda: say("UPDATE foundation_entry SET body_sha256 = ''"),
        lambda: say("UPDATE foundation_entry SET sealed = false, sequence = NULL"),
        lambda: say("DELETE FROM foundation_entry"),
        lambda: say("UPDATE foundation_posting SET minor = -minor"),
        lambda: say("DELETE FROM foundation_posting WHERE position = 1"),
        lambda: say(ADDED),
        lambda: say("UPDATE foundation_account SET kind = 'clearing' WHERE slug = 'bank'"),
        lambda: say("UPDATE foundation_fund SET floor_minor = -1000"),
    ],
    "kept-balances": [lambda: say("DELETE FROM foundation_balance"), lambda: say("DELETE FROM foundation_owned")],
    "public-totals": [lambda: say("UPDATE foundation_posting SET account_id = account_id + 1")],
    "in-kind": [
        lambda: raw(pair("reversal", "bank", "income")),
        lambda: raw(replace(back(5), kind=EntryKind.PAY_IN)),
        lambda: raw(pair("claim", "fees", "bank")),
        lambda: raw(pair("pay-in", "bank", "income"), kind="present"),
    ],
}  # fmt: skip


def posted_in_parts(minor: float) -> None:
    row = unsealed()
    for position, much in enumerate((minor, -minor)):
        say(
            "INSERT INTO foundation_posting (entry_id, position, account_id, fund_id, minor, currency) "
            "SELECT %s, %s, a.id, f.id, %s, 'EUR' FROM foundation_account a, foundation_fund f "
            "WHERE a.slug = 'bank' AND f.slug = 'city'",
            [row, position, much],
        )
    seal(row)
    if not is_sqlite():  # It has rounded them before anything could look: whole again.
        raise IntegrityError


def unsealed(key: str = "x") -> int:
    return rows.Entry.objects.create(
        key=key, kind="pay-in", effective_on=DAY, recorded_at=NOW, body_sha256="0" * 64
    ).pk  # fmt: skip


def in_parts(*minors: int) -> None:
    for minor in minors:
        raw(back(minor, key=f"x{minor}"))


def named(key: str) -> str:
    return str(queries.entries().get(key=key).public_id)


def both_funds() -> list[tuple[str, str, int]]:
    return [("bank", fund, minor) for fund in ("city", "open") for minor in (5, -5)]


def test_each_invariant_is_tried() -> None:
    assert set(ATTEMPTS) == {invariant.name for invariant in INVARIANTS}


@pytest.mark.parametrize(
    ("name", "attempt"), [(name, attempt) for name, attempts in ATTEMPTS.items() for attempt in attempts]
)
def test_bare_statements_break_no_invariant(name: str, attempt: Attempt) -> None:
    actions.record(gift("first"))
    actions.record(told("told"))
    actions.record(back(10_000, "told", key="whole"))
    actions.record(back(1_000, key="part"))
    actions.reserve("round:1", "city", 5_000, "EUR", NOW)
    if name == "expired":
        actions.record(pair("grant", "grants", "unclaimed"))
    before = queries.balances()
    with pytest.raises(DatabaseError), transaction.atomic(), until_the_end():
        attempt()
    assert queries.balances() == before
    sound()


@pytest.mark.parametrize("kind", EntryKind)
@pytest.mark.parametrize("account", AccountKind)
def test_an_entry_touches_what_its_kind_is_for_and_nothing_else(kind: EntryKind, account: AccountKind) -> None:
    first = gift("first")
    actions.record(first)
    more: dict[str, Any] = {"document": "x", "on": date(2026, 8, 1)}
    if kind is EntryKind.REVERSAL:
        more["reverses"] = first.id
    made = entry("x", kind, [(account.value, "city", 5), (account.value, "city", -5)], **more)
    names = {problem.invariant for problem in check(made, queries.books_for(made))}
    assert ("in-kind" in names) == (account not in TOUCHES[kind])
    try:
        with transaction.atomic():
            raw(made)
    except IntegrityError as error:
        said = {str(error).partition(":")[0]} - {"decided"}  # tried with its decisions elsewhere
    else:
        said = set()
    assert said <= names
    assert bool(said) == bool(names)


_BEGUN = (
    "INSERT INTO foundation_entry (public_id, key, kind, effective_on, recorded_at, memo, document, actor, provider, "
    "provider_object, provider_state, body_sha256, sealed, sequence) VALUES ('11111111111111111111111111111111', 'k9', "
    "'pay-in', '2026-03-01', '2026-03-01 12:00:00', '', '', '', '', '', '', '', {sealed}, {sequence})"
)
ORDERS = [
    _BEGUN.format(sealed="true", sequence="99"),
    _BEGUN.format(sealed="false", sequence="99"),
    "UPDATE foundation_entry SET sequence = 99 WHERE key = 'x'",
    "UPDATE foundation_entry SET id = id + 50, sealed = true, sequence = id + 50 WHERE key = 'x'",
]


@pytest.mark.parametrize("statement", ORDERS)
def test_nothing_begins_sealed_or_out_of_order(statement: str) -> None:
    unsealed()
    actions.record(gift("first"))
    with pytest.raises(IntegrityError), transaction.atomic():
        say(statement)
    sound()


def test_an_older_entry_is_not_sealed_before_a_newer_one() -> None:
    waiting = unsealed()
    actions.record(gift("first"))
    say(
        "INSERT INTO foundation_posting (entry_id, position, account_id, fund_id, minor, currency) "
        "SELECT %s, position, account_id, fund_id, minor, currency FROM foundation_posting",
        [waiting],
    )
    if is_sqlite():
        with pytest.raises(IntegrityError, match="sealing"), transaction.atomic():
            seal(waiting)
        return
    seal(waiting)
    assert [row.pk for row in queries.entries()][-1] == waiting


_COLUMNS = (
    "public_id, key, kind, effective_on, recorded_at, memo, document, actor, provider, provider_object, "
    "provider_state, body_sha256"
)
_FIRST = "FROM foundation_entry WHERE key = 'first'"
ONLY_SQLITE = [
    "UPDATE foundation_entry SET sealed = 2, sequence = 7 WHERE key = 'x'",
    "UPDATE foundation_entry SET sealed = -1, sequence = id WHERE key = 'x'",
    (
        "REPLACE INTO foundation_posting (id, entry_id, position, account_id, fund_id, minor, currency) SELECT p.id, "
        "(SELECT id FROM foundation_entry WHERE key = 'x'), p.position, p.account_id, p.fund_id, 1, p.currency "
        "FROM foundation_posting p"
    ),
    f"REPLACE INTO foundation_entry SELECT * FROM (SELECT * {_FIRST})",  # noqa: S608
    f"REPLACE INTO foundation_entry (id, {_COLUMNS}, sealed) SELECT id, {_COLUMNS}, 0 {_FIRST}",
    f"REPLACE INTO foundation_entry ({_COLUMNS}, sealed) SELECT {_COLUMNS}, 0 {_FIRST}",
    f"UPDATE OR REPLACE foundation_entry SET id = (SELECT id {_FIRST}) WHERE key = 'x'",  # noqa: S608
    "UPDATE OR REPLACE foundation_entry SET key = 'first' WHERE key = 'x'",
    *(
        f"REPLACE INTO foundation_{table} SELECT * FROM (SELECT * FROM foundation_{table} LIMIT 1)"  # noqa: S608
        for table in ("fund", "account", "period", "reservation")
    ),
]  # fmt: skip


@pytest.mark.parametrize("statement", ONLY_SQLITE)
def test_sqlite_is_not_outwitted_by_its_own_words(statement: str) -> None:
    if not is_sqlite():
        pytest.skip("words of SQLite")
    actions.record(gift("first"))
    actions.reserve("round:1", "city", 5_000, "EUR", NOW)
    unsealed()
    with pytest.raises(IntegrityError, match=r"once|sealing|append-only|period"), transaction.atomic():
        say(statement)  # Refused at once, and not only where foreign keys are looked at.
    assert queries.account_balance("bank", "city") == 10_000
    sound()


@pytest.mark.parametrize("table", sql.TABLES)
def test_postgresql_does_not_empty_a_table(table: str) -> None:
    if is_sqlite():
        pytest.skip("words of PostgreSQL")
    with pytest.raises(DatabaseError), transaction.atomic():
        say(f"TRUNCATE foundation_{table} CASCADE")


PLACES = "(account_id, fund_id, slot, minor{0}) SELECT account_id, fund_id, {1}, minor{2} FROM foundation_balance"
FUNDS = "(fund_id, currency, slot, minor{0}) SELECT fund_id, currency, {1}, minor{2} FROM foundation_owned"
NEWEST = "(SELECT max(id) FROM foundation_entry)"
WRITTEN = [
    *(
        f"UPDATE foundation_{table} SET {what}"  # noqa: S608 - ours
        for table in ("balance", "owned")
        for what in ("minor = minor + 1", f"minor = 2 * minor, last = {NEWEST}", "slot = slot + 1", "last = 0")
    ),
    f"INSERT INTO foundation_balance {PLACES.format('', 14, '')}",
    f"INSERT INTO foundation_balance {PLACES.format(', last', 14, f', {NEWEST}')}",
    f"INSERT INTO foundation_owned {FUNDS.format('', 14, '')}",
    f"INSERT INTO foundation_owned {FUNDS.format(', last', 14, f', {NEWEST}')}",
    f"REPLACE INTO foundation_balance {PLACES.format(', last', 0, ', last')}",
    f"REPLACE INTO foundation_owned {FUNDS.format(', last', 0, ', last')}",
]


@pytest.mark.parametrize("statement", WRITTEN)
@pytest.mark.parametrize("waits", [False, True])
def test_a_kept_balance_is_written_by_nobody(statement: str, waits: bool) -> None:
    if statement.startswith("REPLACE") and not is_sqlite():
        pytest.skip("words of SQLite")
    actions.record(gift("first"))
    if waits:  # An entry that is not sealed is not taken up either.
        waiting = unsealed()
        say(
            "INSERT INTO foundation_posting (entry_id, position, account_id, fund_id, minor, currency) "
            "SELECT %s, position, account_id, fund_id, minor, currency FROM foundation_posting",
            [waiting],
        )
    with pytest.raises(IntegrityError, match="kept-balances"), transaction.atomic():
        say(statement)
    sound()


def test_a_balance_takes_up_a_waiting_entry_when_it_is_sealed_and_only_then() -> None:
    waiting = unsealed()
    for position, (account, minor) in enumerate((("bank", 5), ("income", -5))):
        say(
            "INSERT INTO foundation_posting (entry_id, position, account_id, fund_id, minor, currency) "
            "SELECT %s, %s, a.id, f.id, %s, 'EUR' FROM foundation_account a, foundation_fund f "
            "WHERE a.slug = %s AND f.slug = 'city'",
            [waiting, position, minor, account],
        )
    assert queries.account_balance("bank", "city") == 0
    seal(waiting)
    assert queries.account_balance("bank", "city") == 5


def test_postgresql_takes_no_posting_for_an_entry_that_it_does_not_see() -> None:
    """It may be about to be recorded by somebody else, sealed."""
    if is_sqlite():
        pytest.skip("SQLite lets one write at a time")
    actions.record(gift("first"))
    with pytest.raises(IntegrityError, match="sealing"), transaction.atomic():
        say(ADDED.replace("entry_id, 9", "entry_id + 1, 9"))


RECORDING = (
    "INSERT INTO foundation_recording (head, accounts, funds, minors, currencies) VALUES (ARRAY["
    "'11111111111111111111111111111111', 'x', 'pay-in', '2026-03-01', NULL, '2026-03-01 12:00Z', '', '', '', '', '', "
    "'', '{0}', NULL], '{{bank,income}}', '{{city,city}}', '{{{1}}}', '{{EUR,EUR}}')"
)


@pytest.mark.parametrize(
    ("minors", "refused"), [("5,-4", "balanced"), ("5", "null value|violates"), ("5,-5,1", "null value|violates")]
)
def test_who_records_past_record_is_held_to_the_rules(minors: str, refused: str) -> None:
    if is_sqlite():
        pytest.skip("a view of PostgreSQL")
    with pytest.raises(IntegrityError, match=refused), transaction.atomic():
        say(RECORDING.format("f" * 64, minors))
    assert not rows.Entry.objects.exists()


def test_a_hash_that_does_not_fit_is_found() -> None:
    raw(gift("first"), body_sha256="f" * 64)
    assert {problem.invariant for problem in queries.verify_books()} == {"unaltered"}
