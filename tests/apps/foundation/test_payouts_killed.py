"""Killed at any statement while files are made or taken in: what was answered is kept, and nothing is paid twice."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from communs.apps.foundation import naming
from communs.apps.foundation.actions import bank, payouts, reconciling
from communs.apps.foundation.models import Entry, PayoutBatch
from communs.apps.foundation.queries import payouts as queries
from communs.apps.foundation.queries.books import account_balance, verify_books
from communs.core.ledger import EntryKind, verify_payouts
from communs.testing import money_out as house
from communs.testing.kills import run_and_kill
from communs.testing.money_out import NOW

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("maps", "music", "words")
STATEMENTS_MAX = 60


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_paid_twice_and_nothing_answered_is_lost(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - moments to kill at
    cast = house.people()
    house.found(cast, dict.fromkeys(NAMES, 5_000))
    theirs = house.Bank(tmp_path)
    made = house.reserved(cast, *NAMES)
    wanted = payouts.FileWanted(naming.bank("EUR").id, tuple(one.public_id for one in made), date(2026, 3, 2))
    killed = _until_done(chance, lambda: payouts.submit(cast["Tom"], "file", wanted, NOW), lambda: _hand_over(theirs))
    _hand_over(theirs)
    assert PayoutBatch.objects.count() == 1
    theirs.ask("return", made[0].public_id.hex, day="2026-03-05")
    data = theirs.statement()
    killed += _until_done(chance, lambda: _take_in(cast, data))
    assert killed > 0
    assert theirs.ask("paid") == {one.public_id.hex: 1 for one in made}
    assert [queries.state_of(one) for one in made] == ["returned", "confirmed", "confirmed"]
    assert Entry.objects.filter(kind=EntryKind.PAYOUT).count() == 3
    assert account_balance(naming.bank("EUR").id, "city") == house.STARTS_WITH - 10_000 - 2_000
    assert list(verify_books()) == []
    assert list(verify_payouts(queries.steps())) == []


def _until_done(chance: random.Random, work: Any, between: Any = lambda: None) -> int:
    """Try again and again, as people do whose page never answered; how often it was killed."""
    killed = 0
    while not run_and_kill(work, chance.randint(1, STATEMENTS_MAX), is_done=chance.random() < 0.5):
        between()
        killed += 1
    return killed


def _hand_over(theirs: house.Bank) -> None:
    """Whoever sees a file hands it to the bank, perhaps not for the first time."""
    for batch in PayoutBatch.objects.all():
        theirs.take(bytes(batch.data))


def _take_in(cast: dict[str, Any], data: bytes) -> None:
    bank.receive(cast["Tom"], "day.xml", data, NOW)
    for account in queries.bank_accounts():
        reconciling.reconcile(account, NOW)
