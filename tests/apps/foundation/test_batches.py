"""Batches: nothing is paid and no round is closed while the books break a rule, and both are checked afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from communs.apps.foundation import naming, sql
from communs.apps.foundation.actions import batches, books, proof
from communs.apps.foundation.models import Account, Balance, Checked, Entry, Leaf, Posting, Verification
from communs.apps.foundation.queries import books as book_queries
from communs.apps.foundation.queries import checking
from communs.apps.foundation.queries.books import get_fund, verify_books
from communs.core.ledger import EntryKind, Fund, Nature

NOW = datetime(2026, 3, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def gift(key: str) -> None:
    lines = [(naming.bank("EUR").id, "open", 500, "EUR"), (naming.income("EUR").id, "open", -500, "EUR")]
    books.record(books.entry(key, EntryKind.PAY_IN, lines, on=NOW.date(), now=NOW))


@pytest.fixture(autouse=True)
def _places() -> None:
    books.open_period(date(2026, 1, 1), date(2026, 12, 31))
    books.open_fund(Fund("open", Nature.UNRESTRICTED, "Open"), now=NOW)
    for account in (naming.bank("EUR"), naming.income("EUR")):
        books.open_account(account, now=NOW)
    gift("g1")


def test_the_books_are_checked_before_and_after_a_batch() -> None:
    assert batches.in_sound_books(lambda: gift("g2"), NOW) is None
    assert list(Verification.objects.order_by("pk").values_list("entries", "number")) == [(1, 0), (2, 0)]


def test_nothing_is_done_in_books_that_break_a_rule() -> None:
    with sql.without(connection):
        Balance.objects.update(minor=7)
    done: list[str] = []
    with pytest.raises(batches.NotSound, match="kept-balances"):
        batches.in_sound_books(lambda: done.append("done"), NOW)
    assert done == []


def test_no_round_to_close_costs_no_check() -> None:
    assert batches.close_due(NOW) == {}
    assert not Verification.objects.exists()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Books too large to be checked whole while somebody waits."""
    monkeypatch.setattr(batches, "CHECKED_AT_ONCE_MAX", 0)


def into_log() -> None:
    """Give entries their places in the log, as the worker does: on PostgreSQL a check ends where the log does."""
    there = Leaf.objects.count()
    for number, row in enumerate(Entry.objects.filter(leaf=None, sealed=True).order_by("sequence"), there):
        Leaf.objects.create(number=number, entry=row)


@pytest.mark.usefixtures("large")
def test_large_books_are_checked_from_where_the_last_check_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    into_log()
    batches.in_sound_books(lambda: gift("g2"), NOW)
    assert Verification.objects.count() == 1  # the first time everything
    into_log()
    batches.in_sound_books(lambda: gift("g3"), NOW)
    into_log()
    batches.in_sound_books(lambda: None, NOW)
    assert Verification.objects.count() == 1
    row = Checked.objects.get()
    assert row.sequence == Entry.objects.latest("sequence").sequence
    assert sorted(row.balances) == [["bank-main-eur", "open", 1_500], ["income-eur", "open", -1_500]]
    read: list[str] = []
    whole = book_queries.read

    def noted(*asked: Any) -> Iterator[Any]:
        for one in whole(*asked):
            read.append(one.key)
            yield one

    monkeypatch.setattr(book_queries, "read", noted)
    gift("g4")
    batches.in_sound_books(lambda: None, NOW)
    assert set(read) == {"g4"}, "old entries were read again"


@pytest.mark.usefixtures("large")
def test_what_is_wrong_with_new_entries_stops_the_batch_and_is_public() -> None:
    into_log()
    batches.in_sound_books(lambda: gift("g2"), NOW)
    gift("g3")
    with sql.without(connection):
        Balance.objects.update(minor=7)
    done: list[str] = []
    with pytest.raises(batches.NotSound, match="kept-balances"):
        batches.in_sound_books(lambda: done.append("done"), NOW)
    assert done == []
    assert Verification.objects.latest("pk").number > 0
    with pytest.raises(batches.NotSound):
        batches.in_sound_books(lambda: done.append("done"), NOW)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("wrong", ["balanced", "floor", "mirrors", "unaltered", "open-period", "kept-balances"])
def test_the_check_of_what_is_new_finds_what_the_check_of_everything_finds(wrong: str) -> None:
    into_log()
    assert proof.verify_new(NOW) == []
    lines = [(naming.bank("EUR").id, "open", 300, "EUR"), (naming.income("EUR").id, "open", -300, "EUR")]
    with sql.without(connection):
        _break(wrong, lines)
    since = {problem.render() for problem in checking.verified_since(checking.last_point())}  # type: ignore[arg-type]
    whole = {problem.render() for problem in verify_books()}
    assert any(one.startswith(f"{wrong}:") for one in since)
    assert {one for one in since if one.startswith(f"{wrong}:")} == {
        one for one in whole if one.startswith(f"{wrong}:")
    }


def _break(wrong: str, lines: list[tuple[str, str, int, str]]) -> None:
    """Put a wrong entry into the books, or make an entry of them wrong, as raw SQL could without triggers."""
    said: dict[str, object] = {"on": NOW.date(), "now": NOW}
    if wrong == "balanced":
        lines = [lines[0], (*lines[1][:2], -299, "EUR")]
    if wrong == "floor":
        lines = [(one[0], one[1], -one[2] * 10, one[3]) for one in lines]
    if wrong == "mirrors":
        first = Entry.objects.get(key="g1")
        lines = [(one[0], one[1], -one[2] * 3, one[3]) for one in lines]
        said["reverses"] = str(first.public_id)
    if wrong == "open-period":
        said["on"] = date(2031, 1, 1)
    kind = EntryKind.REVERSAL if wrong == "mirrors" else EntryKind.PAY_IN
    made = books.entry("wrong", kind, lines, **said)  # type: ignore[arg-type]
    row = Entry.objects.create(
        public_id=made.id, key=made.key, kind=made.kind, effective_on=made.effective_on, recorded_at=made.recorded_at,
        body_sha256="0" * 64 if wrong == "unaltered" else made.body_sha256, sealed=True,
        sequence=1 + Entry.objects.latest("sequence").sequence,  # type: ignore[operator]
        reverses=Entry.objects.get(key="g1") if wrong == "mirrors" else None,
    )  # fmt: skip
    for position, (account, fund, minor, currency) in enumerate(lines):
        Posting.objects.create(
            entry=row, position=position, account=Account.objects.get(slug=account), fund=get_fund(fund), minor=minor,
            currency=currency,
        )  # fmt: skip
