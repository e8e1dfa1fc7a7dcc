"""Killed at any statement while notifications are taken in and followed: what was answered is in the books, once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from communs.apps.foundation import naming
from communs.apps.foundation.actions import asking, inbox, settling
from communs.apps.foundation.models import Notification, Settlement
from communs.apps.foundation.payment_clients import forget_clients
from communs.testing import money_in as house
from communs.testing.kills import run_and_kill
from communs.testing.payments import CONTRACT, KEY, Simulation, simulating

pytestmark = pytest.mark.django_db(transaction=True)
HERE = asking.Addresses("https://communs.example.org/", "https://communs.example.org/", "https://communs.example.org/")
STATEMENTS_MAX = 80
GIFTS = 4


@pytest.fixture
def theirs(tmp_path: Path, settings: Any) -> Iterator[Simulation]:
    if not CONTRACT.is_file():
        pytest.skip(f"no contract of HelloAsso in {CONTRACT.parent}: name the corpora's folder in COMMUNS_CORPORA")
    with simulating("helloasso", tmp_path / "helloasso.sqlite3", CONTRACT, KEY) as simulation:
        settings.PAYMENT_PROVIDERS = house.helloasso_settings(simulation)
        settings.ALLOW_PRIVATE_ADDRESSES = True
        yield simulation
        forget_clients()


@pytest.mark.parametrize("seed", range(1))
def test_what_was_answered_is_booked_once(theirs: Simulation, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - moments to kill at
    house.funds()
    for number in range(GIFTS):
        made = house.gift(1_000 * (number + 1), way="helloasso", tip_minor=100, giver=house.ADA)
        made = asking.begin(made, HERE, theirs.now())
        theirs.admin("pay", url=made.begun_url)
    theirs.admin("cash-out")
    sent, now, killed = theirs.notifications(), theirs.now(), 0
    forget_clients()
    for headers, body in sent:
        # A provider sends again what nobody answered.
        while not _killed(chance, 12, partial(inbox.receive, "helloasso", headers, body, now)):
            killed += 1
    kept = Notification.objects.count()
    while Notification.objects.filter(state="waiting").exists() or not _is_settled():
        killed += not _killed(chance, STATEMENTS_MAX, partial(_work, now))
    assert killed > 0
    assert kept == len({body for _headers, body in sent})
    income, way = naming.income("EUR").id, "clearing-on-its-way-eur"
    assert (house.balance(income), house.balance(income, "platform")) == (-10_000, -400)
    assert (house.balance(way), house.balance(way, "platform")) == (10_000, 400)
    house.sound()


def _killed(chance: random.Random, most: int, work: Callable[[], object]) -> bool:
    """Whether the work came to its end before it was killed."""
    return run_and_kill(work, chance.randint(1, most), is_done=chance.random() < 0.5)


def _work(now: datetime) -> None:
    inbox.follow(now)
    settling.settle(now)


def _is_settled() -> bool:
    return Settlement.objects.exists() and not Settlement.objects.filter(posted_at=None).exists()
