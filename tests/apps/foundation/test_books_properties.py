"""Whatever is tried, the databases decide as the rule does; histories that keep the rule leave sound books."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.apps.foundation.actions import books as actions
from communs.apps.foundation.queries import books as queries
from communs.core.ledger import Entry, EntryKind, Order, Transition, check
from communs.core.ledger.kinds import MOVES
from communs.testing.books import DAY, FUNDS, KINDS, NOW, Lines, entry, gift, open_places

pytestmark = pytest.mark.django_db
Decide = Callable[[Entry], Entry]
SHARED = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def places() -> None:
    open_places()


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
def test_random_histories_are_recorded_and_the_books_are_sound(as_decided: Decide, data: st.DataObject) -> None:
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
            made = entry(f"k{number}", kind, written(said, fund, other, minor), document="Minutes 4", on=day, now=at)
            done.append(as_decided(made))
            actions.record(done[-1])
        before = queries.balances()
        back = reversed(list(enumerate(done)))
        for number, one in back:
            lines = [(line.account, line.fund, -line.minor) for line in one.postings]
            at = NOW + timedelta(days=1, seconds=-number)
            took = entry(
                f"back{number}", "reversal", lines, reverses=one.id, document="Minutes 5", on=one.effective_on, now=at
            )
            took = as_decided(took)
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
    made = entry(
        f"k{number}", kind, lines, chance.choice(("EUR",) * 30 + ("USD",)), now=NOW + timedelta(seconds=number), **more
    )
    return made if chance.random() > 0.02 else replace(made, key="", body_sha256="")


def taken_back(chance: random.Random, past: list[Entry]) -> tuple[str, Lines, str]:
    one = chance.choice(past)
    part = chance.choice((1, 1, 2, 3))
    lines = [(line.account, line.fund, -line.minor // part or -line.minor) for line in one.postings]
    if chance.random() < 0.2:
        lines = [
            ("donor" if account in {"bank", "clearing"} else account, fund, minor) for account, fund, minor in lines
        ]
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


@pytest.mark.parametrize("seed", range(2))
def test_what_the_rule_refuses_the_database_refuses_and_nothing_else(seed: int, as_decided: Decide) -> None:
    chance, past, refused = random.Random(seed), list[Entry](), 0  # noqa: S311 - repeatable on purpose
    actions.record(gift("start", 20_000))
    actions.reserve("round:1", "city", 7_000, "EUR", NOW)
    for number in range(500):
        made = as_decided(anything(chance, number, past))
        problems = check(made, queries.books_for(made))
        try:
            with transaction.atomic():
                actions.record(made)
        except (actions.NotRecorded, DatabaseError, OverflowError):
            is_refused = True
        else:
            is_refused = False
            past.append(made)
        # What no decision could tell moves nothing between funds under a name that says so.
        is_undecided = made.kind in MOVES and not made.key.startswith("decision:")
        assert is_refused == (bool(problems) or is_undecided), (made, problems)
        refused += is_refused
    assert 60 < refused < 440
    sound()
