"""The databases and the rule decide alike, whatever is tried; and what is tried past `record` is refused by its name."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.apps.foundation import models as rows
from communs.apps.foundation.actions import books as actions
from communs.apps.foundation.queries import books as queries
from communs.core.ledger import (
    INVARIANTS,
    Account,
    AccountKind,
    Entry,
    EntryKind,
    Fund,
    Nature,
    Order,
    Posting,
    Transition,
    check,
)
from communs.core.ledger.kinds import TOUCHES

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
pytestmark = pytest.mark.django_db
KINDS = tuple(AccountKind)
FUNDS = ("city", "region", "open", "board")
Lines = list[tuple[str, str, int]]
SHARED = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


@pytest.fixture(autouse=True)
def places() -> None:
    """An account of each kind, one in dollars, one of a single fund; four funds; a closed year and two open ones."""
    closed = actions.open_period(date(2025, 1, 1), date(2025, 12, 31))
    actions.close_period(closed, datetime(2026, 1, 15, tzinfo=UTC))
    actions.open_period(date(2026, 1, 1), date(2026, 12, 31))
    actions.open_period(date(2027, 1, 1), date(2027, 12, 31))
    bound = {"nature": Nature.RESTRICTED, "convention": "2026-17"}
    for fund in (
        Fund("city", **bound),
        Fund("region", **bound, floor_minor=100),
        Fund("open", Nature.UNRESTRICTED),
        Fund("board", Nature.DESIGNATED, floor_minor=None),
    ):
        actions.open_fund(fund, now=NOW)
    expires = {"expires_on": date(2026, 7, 1), "destination": "open"}
    for kind in KINDS:
        more: dict[str, Any] = expires if kind is AccountKind.UNCLAIMED else {}
        actions.open_account(Account(kind.value, kind, "EUR", **more), now=NOW)
    actions.open_account(Account("dollars", AccountKind.BANK, "USD"), now=NOW)
    actions.open_account(Account("lent", AccountKind.BANK, "EUR", overdraft_minor=50), now=NOW)
    actions.open_account(Account("own", AccountKind.INCOME, "EUR", fund="city"), now=NOW)


def entry(key: str, kind: EntryKind | str, lines: Lines, currency: str = "EUR", **more: Any) -> Entry:
    postings = [(*line, currency) for line in lines]
    return actions.entry(key, EntryKind(kind), postings, **{"on": DAY, "now": NOW, **more})


def gift(key: str = "gift", minor: int = 10_000, fund: str = "city") -> Entry:
    return entry(key, "pay-in", [("bank", fund, minor), ("income", fund, -minor)])


@contextmanager
def for_a_while() -> Iterator[None]:
    """Nothing stays of what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sound() -> None:
    assert list(queries.verify_books()) == []


# 1. Histories that keep the rule.


def moves(now: dict[tuple[str, str], int], owned: int, fund: str, other: str) -> dict[tuple[str, str], int]:
    """What may happen next: kind and lines, and up to which amount. f: the fund, o: another, n: the amount."""
    have = {kind.value: now.get((kind.value, fund), 0) for kind in KINDS}
    between = "bank f -n, transfer f n, bank o n, transfer o -n"
    return {
        ("pay-in", "clearing f n, income f -n"): 10**12,
        ("pay-in", "bank f n, unidentified f -n"): 10**6,
        ("opening", "bank f n, capital f -n"): 10**6,
        ("identification", "unidentified f n, income f -n"): -have["unidentified"],
        ("settlement", "bank f n, clearing f -n"): have["clearing"],
        ("fee", "fees f n, bank f -n"): min(owned, have["bank"]),
        ("grant", "grants f n, commons f -n"): owned,
        ("grant", "grants f n, unclaimed f -n"): owned,
        ("claim", "unclaimed f n, commons f -n"): -have["unclaimed"],
        ("expiry", "unclaimed f n, grants f -n"): -have["unclaimed"],
        ("payout", "commons f n, bank f -n"): min(-have["commons"], have["bank"]),
        ("reclassify", between): min(owned, have["bank"]),
        ("release", between): min(owned, have["bank"]) if fund == "city" else 0,
    }


def written(said: str, fund: str, other: str, minor: int) -> Lines:
    lines = []
    for part in said.split(", "):
        account, where, much = part.split()
        lines.append((account, fund if where == "f" else other, -minor if much.startswith("-") else minor))
    return lines


@SHARED
@given(data=st.data())
def test_random_histories_are_recorded_and_the_books_are_sound(data: st.DataObject) -> None:
    with for_a_while():
        done: list[Entry] = []
        for number in range(data.draw(st.integers(1, 15))):
            # Of a fund that must keep something, the first gift could not be taken back.
            fund, other = data.draw(st.permutations(("city", "open", "board")))[:2]
            owned = queries.owned().get((fund, "EUR"), 0)
            options = moves(queries.balances(), owned, fund, other)
            kind, said = data.draw(st.sampled_from([option for option, most in options.items() if most > 0]))
            minor = data.draw(st.integers(1, options[kind, said]))
            day = date(2026, 8, 1) if kind == "expiry" else DAY
            at = NOW + timedelta(seconds=number)
            done.append(entry(f"k{number}", kind, written(said, fund, other, minor), document="Minutes 4", on=day, now=at))
            actions.record(done[-1])
        before = queries.balances()
        back = reversed(list(enumerate(done)))
        for number, one in back:
            lines = [(line.account, line.fund, -line.minor) for line in one.postings]
            at = NOW + timedelta(days=1, seconds=-number)
            took = entry(f"back{number}", "reversal", lines, reverses=one.id, document="Minutes 5", on=one.effective_on, now=at)
            actions.record(took)
            assert actions.record(took).again
        sound()
        assert any(before.values())
        assert set(queries.balances().values()) <= {0}
        assert [one.key for one in queries.read(Order.RECORDED)][: len(done)] == [one.key for one in done]


# 2. The verdict of the database is that of the rule.


def anything(chance: random.Random, number: int, past: list[Entry]) -> Entry:
    """Mostly what might have been right, with a thing or two changed; sometimes nonsense."""
    fund, other = chance.sample(FUNDS, 2)
    minor = chance.choice((1, 5, 99, 100, 101, 500, 10_000))
    options = list(moves({}, 0, fund, other))
    kind, said = chance.choice([*options, *[options[0], options[1], options[6], options[10]] * 2])
    lines = written(said, fund, other, minor)
    more: dict[str, Any] = {"document": chance.choice(("Minutes", "Minutes", "", " \t", "\u00a0"))}
    more["on"] = date(2026, 8, 1) if kind == "expiry" and chance.random() < 0.7 else DAY
    if past and chance.random() < 0.25:
        kind, lines, more["reverses"] = taken_back(chance, past)
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2))):
        kind, lines = changed(chance, kind, lines)
    if chance.random() < 0.05:
        more["on"] = chance.choice((date(2025, 6, 1), date(2030, 1, 1), date(2027, 5, 5)))
    if chance.random() < 0.05:
        more["happened_on"] = chance.choice((date(2025, 6, 1), more["on"]))
    if chance.random() < 0.1:
        more["transition"] = Transition("helloasso", f"payment {chance.randrange(6)}", "Authorized")
    made = entry(f"k{number}", kind, lines, chance.choice(("EUR",) * 30 + ("USD",)), now=NOW + timedelta(seconds=number), **more)
    return made if chance.random() > 0.02 else replace(made, key="", body_sha256="")


def taken_back(chance: random.Random, past: list[Entry]) -> tuple[str, Lines, str]:
    one = chance.choice(past)
    part = chance.choice((1, 1, 2, 3))
    lines = [(line.account, line.fund, -line.minor // part or -line.minor) for line in one.postings]
    if chance.random() < 0.2:
        lines = [("donor" if account in {"bank", "clearing"} else account, fund, minor) for account, fund, minor in lines]
    return "reversal", lines, one.id if chance.random() < 0.95 else str(uuid4())


def changed(chance: random.Random, kind: str, lines: Lines) -> tuple[str, Lines]:
    at = chance.randrange(len(lines))
    account, fund, minor = lines[at]
    what = chance.randrange(8)
    if what == 0:
        return chance.choice(tuple(EntryKind)).value, lines
    if what == 1:
        return kind, [*lines, ("fees", fund, 3), ("bank", fund, -3)]
    another = {
        2: (chance.choice((*KINDS, "dollars", "lent", "own", "nowhere")), fund, minor),
        3: (account, chance.choice((*FUNDS, "nobody")), minor),
        4: (account, fund, minor + chance.choice((-1, 1))),
        5: (account, fund, -minor),
        6: (account, fund, chance.choice((0, 10**18, 10**18 + 1, 10**19))),
    }.get(what, ("own", fund, minor))
    return kind, [*lines[:at], another, *lines[at + 1 :]]


@pytest.mark.parametrize("seed", range(4))
def test_what_the_rule_refuses_the_database_refuses_and_nothing_else(seed: int) -> None:
    chance, past, refused = random.Random(seed), list[Entry](), 0  # noqa: S311 - repeatable on purpose
    actions.record(gift("start", 20_000))
    actions.reserve("round:1", "city", 7_000, "EUR", NOW)
    for number in range(500):
        made = anything(chance, number, past)
        problems = check(made, queries.books_for(made))
        try:
            with transaction.atomic():
                actions.record(made)
        except (actions.NotRecorded, DatabaseError, OverflowError) as error:
            refused += 1
            assert problems, (made, error)
        else:
            assert problems == (), made
            past.append(made)
    assert 60 < refused < 440
    sound()


# 3. Past `record`: statements that anybody with the database's password may send.


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
                "SELECT %s, %s, a.id, f.id, %s, %s FROM foundation_account a, foundation_fund f WHERE a.slug = %s AND f.slug = %s",
                [row.pk, position, line.minor, line.currency, line.account, line.fund],
            )
        seal(row.pk)


def say(statement: str, values: Any = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def seal(number: int) -> None:
    order = ", sequence = id" if is_sqlite() else ""
    say(f"UPDATE foundation_entry SET sealed = true{order} WHERE id = %s", [number])


def pair(kind: str, debit: str, credit: str, minor: int = 5, **more: Any) -> Entry:
    return entry("x", kind, [(debit, "city", minor), (credit, "city", -minor)], **more)


def release(minor: int = 5, **more: Any) -> Entry:
    lines = [("bank", "city", -minor), ("transfer", "city", minor), ("bank", "open", minor), ("transfer", "open", -minor)]
    return entry("x", more.pop("kind", "release"), lines, **more)


def back(minor: int, name: str = "first", **more: Any) -> Entry:
    of = queries.entries().get(key=name)
    lines = [("bank", "city", -minor), ("income", "city", minor)]
    return entry(more.pop("key", "x"), "reversal", lines, reverses=str(of.public_id), **more)


def told(key: str) -> Entry:
    return replace(gift(key), transition=Transition("bank", "7", "settled"), body_sha256="")


Attempt = Callable[[], object]
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
        lambda: raw(entry("x", "settlement", [("bank", f, m) for f in ("city", "open") for m in (5, -5)], document="x")),
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
        lambda: [raw(back(minor, key=f"x{minor}")) for minor in (3_000, 3_001, 2_999, 1)],
        lambda: raw(pair("reversal", "bank", "income", reverses=str(queries.entries().get(key="part").public_id))),
        lambda: raw(replace(back(5), postings=(Posting("bank", "city", 5, "EUR"), Posting("income", "city", -5, "EUR")))),
        lambda: raw(replace(back(5), postings=(Posting("bank", "city", -5, "EUR"), Posting("fees", "city", 5, "EUR")))),
        lambda: raw(pair("reversal", "income", "donor", 9_001, reverses=str(queries.entries().get(key="first").public_id))),
    ],
    "floor": [
        lambda: raw(pair("grant", "grants", "commons", 9_001)),
        lambda: raw(pair("payout", "commons", "bank", 1)),
        lambda: raw(pair("settlement", "clearing", "bank", 9_001)),
        lambda: raw(entry("x", "settlement", [("clearing", "city", 9_001), ("lent", "city", -51), ("bank", "city", -8_950)])),
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
        lambda: add_to_sealed(),
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


def add_to_sealed() -> None:
    say(
        "INSERT INTO foundation_posting (entry_id, position, account_id, fund_id, minor, currency) "
        "SELECT entry_id, 9, account_id, fund_id, minor, currency FROM foundation_posting"
    )


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
    with pytest.raises(DatabaseError), transaction.atomic():
        attempt()
        connection.check_constraints()
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
        assert str(error).partition(":")[0] in names
    else:
        assert names == set()


ORDERS = [
    "INSERT INTO foundation_entry (public_id, key, kind, effective_on, recorded_at, memo, document, actor, provider, "
    "provider_object, provider_state, body_sha256, sealed, sequence) VALUES ('11111111111111111111111111111111', 'k9', "
    "'pay-in', '2026-03-01', '2026-03-01 12:00:00', '', '', '', '', '', '', '', {sealed}, {sequence})",
    "UPDATE foundation_entry SET sequence = 99 WHERE key = 'x'",
    "UPDATE foundation_entry SET id = id + 50, sealed = true, sequence = id + 50 WHERE key = 'x'",
]


@pytest.mark.parametrize("statement", [
    ORDERS[0].format(sealed="true", sequence="99"), ORDERS[0].format(sealed="false", sequence="99"), *ORDERS[1:],
])  # fmt: skip
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


ONLY_SQLITE = [
    "UPDATE foundation_entry SET sealed = 2, sequence = 7 WHERE key = 'x'",
    "UPDATE foundation_entry SET sealed = -1, sequence = id WHERE key = 'x'",
    "REPLACE INTO foundation_posting (id, entry_id, position, account_id, fund_id, minor, currency) "
    "SELECT p.id, (SELECT id FROM foundation_entry WHERE key = 'x'), p.position, p.account_id, p.fund_id, 1, p.currency "
    "FROM foundation_posting p",
    "REPLACE INTO foundation_entry SELECT * FROM (SELECT * FROM foundation_entry WHERE key = 'first')",
    "REPLACE INTO foundation_entry (id, public_id, key, kind, effective_on, recorded_at, memo, document, actor, provider, "
    "provider_object, provider_state, body_sha256, sealed) SELECT id, public_id, key, kind, effective_on, recorded_at, memo, "
    "document, actor, '', '', '', '', 0 FROM foundation_entry WHERE key = 'first'",
    "REPLACE INTO foundation_entry (public_id, key, kind, effective_on, recorded_at, memo, document, actor, provider, "
    "provider_object, provider_state, body_sha256, sealed) SELECT public_id, key, kind, effective_on, recorded_at, memo, "
    "document, actor, '', '', '', '', 0 FROM foundation_entry WHERE key = 'first'",
    "UPDATE OR REPLACE foundation_entry SET id = (SELECT id FROM foundation_entry WHERE key = 'first') WHERE key = 'x'",
    "UPDATE OR REPLACE foundation_entry SET key = 'first' WHERE key = 'x'",
    "REPLACE INTO foundation_fund SELECT * FROM (SELECT * FROM foundation_fund WHERE slug = 'city')",
    "REPLACE INTO foundation_account SELECT * FROM (SELECT * FROM foundation_account WHERE slug = 'bank')",
    "REPLACE INTO foundation_period SELECT * FROM (SELECT * FROM foundation_period WHERE closed_at IS NOT NULL)",
    "REPLACE INTO foundation_reservation SELECT * FROM (SELECT * FROM foundation_reservation)",
]  # fmt: skip


@pytest.mark.parametrize("statement", ONLY_SQLITE)
def test_sqlite_is_not_outwitted_by_its_own_words(statement: str) -> None:
    if not is_sqlite():
        pytest.skip("words of SQLite")
    actions.record(gift("first"))
    actions.reserve("round:1", "city", 5_000, "EUR", NOW)
    unsealed()
    with pytest.raises(IntegrityError), transaction.atomic():
        say(statement)
        connection.check_constraints()
    assert queries.account_balance("bank", "city") == 10_000
    sound()


@pytest.mark.parametrize("table", ("fund", "account", "period", "entry", "posting", "balance", "owned", "reservation"))
def test_postgresql_does_not_empty_a_table(table: str) -> None:
    if is_sqlite():
        pytest.skip("words of PostgreSQL")
    with pytest.raises(DatabaseError), transaction.atomic():
        say(f"TRUNCATE foundation_{table} CASCADE")


@pytest.mark.parametrize("table", ("balance", "owned"))
def test_a_kept_balance_that_is_changed_is_refused_or_found(table: str) -> None:
    actions.record(gift("first"))
    statement = f"UPDATE foundation_{table} SET minor = minor + 1"
    if is_sqlite():
        say(statement)
        assert {problem.invariant for problem in queries.verify_books()} == {"kept-balances"}
        return
    with pytest.raises(IntegrityError, match="kept-balances"), transaction.atomic():
        say(statement)
    sound()


def test_a_hash_that_does_not_fit_is_found() -> None:
    raw(gift("first"), body_sha256="f" * 64)
    assert {problem.invariant for problem in queries.verify_books()} == {"unaltered"}
