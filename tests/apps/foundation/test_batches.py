"""Batches: nothing is paid and no round is closed while the books break a rule, and both are checked afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from communs.apps.foundation import naming, sql
from communs.apps.foundation.actions import batches, books
from communs.apps.foundation.models import Balance, Verification
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


def test_large_books_need_a_fresh_check_that_found_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "CHECKED_AT_ONCE_MAX", 0)
    with pytest.raises(batches.NotSound, match="two days"):
        batches.in_sound_books(lambda: None, NOW)
    batches.proof.verify_now(NOW)
    batches.in_sound_books(lambda: None, NOW)
