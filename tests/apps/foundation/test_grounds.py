"""Entries that keep every rule of the books, and that nothing outside the books stands behind: found by name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from communs.apps.foundation import naming, sql
from communs.apps.foundation.actions import books, bundles, closing
from communs.apps.foundation.models import Entry, PayoutBatch, RoundFile, RoundResult
from communs.apps.foundation.queries import books as book_queries
from communs.apps.foundation.queries.payout_check import money_out_problems
from communs.apps.foundation.queries.round_check import grant_problems
from communs.core.ledger import EntryKind
from communs.testing import money_out as house
from communs.testing import votes
from communs.testing.money_out import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> dict[str, Any]:
    people = house.people() | votes.voters()
    house.found(people, {"maps": 5_000})
    votes.commons("atlas", "wiki", "forge", "engine")
    return people


def closed(cast: dict[str, Any]) -> RoundResult:
    """A round of 1,000.00 EUR: atlas has accepted its half, that of wiki waits."""
    bundles.accept_rule(votes.steward("Sam", "atlas"), "atlas", NOW)
    made = votes.opened(cast)
    for who, said in (("Ana", {"atlas": 10}), ("Dan", {"wiki": 10})):
        votes_cast(made, cast[who], said)
    return closing.close(made.slug, votes.AFTER).result


def votes_cast(made: Any, person: Any, said: dict[str, int]) -> None:
    from communs.apps.foundation.actions import ballots

    ballots.cast(made, person, said, votes.DURING)


def post(key: str, kind: EntryKind, debit: str, credit: str, minor: int) -> Entry:
    lines = [(debit, "city", minor, "EUR"), (credit, "city", -minor, "EUR")]
    done = books.record(books.entry(key, kind, lines, on=house.DAY, now=NOW))
    return Entry.objects.get(public_id=done.id)


def found() -> list[tuple[str, str]]:
    assert list(book_queries.verify_books()) == [], "the books alone show nothing"
    return [(one.invariant, one.place) for one in (*money_out_problems(), *grant_problems())]


def test_what_rounds_and_payouts_put_into_the_books_stands_on_them(cast: dict[str, Any]) -> None:
    closed(cast)
    house.submitted(cast, "maps")
    assert found() == []


def test_a_grant_that_no_round_decided_is_found(cast: dict[str, Any]) -> None:
    closed(cast)
    made = post("round:nobody", EntryKind.GRANT, naming.grants("EUR").id, naming.commons("maps", "EUR").id, 700)
    assert found() == [("as-counted", str(made.public_id))]


@pytest.mark.parametrize("key", ["mine", "payout:", "payout:7", f"payout:{'0' * 8}-0000-0000-0000-{'0' * 12}"])
def test_money_that_leaves_without_a_payout_is_found(cast: dict[str, Any], key: str) -> None:
    made = post(key, EntryKind.PAYOUT, naming.commons("maps", "EUR").id, naming.bank("EUR").id, 700)
    assert found() == [("paid-once", str(made.public_id))]


def test_a_payout_booked_to_another_account_is_found(cast: dict[str, Any]) -> None:
    _batch, (payout,) = house.submitted(cast, "maps")
    other = house.owe("other", 1000)
    post(f"payout:{payout.public_id}", EntryKind.PAYOUT, other, naming.bank("EUR").id, 1000)
    from communs.apps.foundation.actions.payouts import add_step

    add_step(payout, "confirmed", NOW)
    assert found() == [("paid-once", str(payout.public_id))]


def twice(data: bytes) -> bytes:
    """The same order once more, with count and sum as they are then: a file that any bank would carry out."""
    (order,) = re.findall(rb"<CdtTrfTxInf>.*?</CdtTrfTxInf>", data, re.DOTALL)
    again = data.replace(order, order + order)
    return again.replace(b"<NbOfTxs>1<", b"<NbOfTxs>2<").replace(b"<CtrlSum>10.00<", b"<CtrlSum>20.00<")


FILES: dict[str, Callable[[bytes], bytes]] = {
    "an order twice": twice,
    "another amount": lambda data: data.replace(b">10.00<", b">11.00<"),
    "another account": lambda data: data.replace(house.IBANS[0].encode(), house.IBANS[2].encode()),
    "paid from elsewhere": lambda data: data.replace(house.OURS.encode(), house.IBANS[3].encode()),
    "no file at all": lambda _data: b"nothing",
}


@pytest.mark.parametrize("change", FILES.values(), ids=FILES)
def test_a_file_that_asks_for_something_else_is_found(cast: dict[str, Any], change: Callable[[bytes], bytes]) -> None:
    batch, _made = house.submitted(cast, "maps")
    data = change(bytes(batch.data))
    assert data != bytes(batch.data)
    with sql.without(connection):
        PayoutBatch.objects.filter(pk=batch.pk).update(data=data, sha256=hashlib.sha256(data).hexdigest())
    assert found() == [("file-as-sent", batch.ident)]


def outcome(change: Callable[[bytes], bytes]) -> None:
    file = RoundFile.objects.get(name="outcome.json")
    data = change(bytes(file.data))
    assert data != bytes(file.data)
    RoundFile.objects.filter(pk=file.pk).update(data=data, sha256=hashlib.sha256(data).hexdigest())


OUTCOMES: dict[str, Callable[[], object]] = {
    "more for one": lambda: outcome(lambda data: data.replace(b'"minor":50000', b'"minor":50001', 1)),
    "unreadable": lambda: outcome(lambda _data: b"[]"),
    "other bytes": lambda: RoundFile.objects.filter(name="round.json").update(data=b"{}"),
    "gone": lambda: RoundFile.objects.filter(name="outcome.json").delete(),
    "another entry": lambda: RoundResult.objects.update(entry=Entry.objects.filter(kind="opening").get()),
    "no entry": lambda: RoundResult.objects.update(entry=None, paid_minor=F("paid_minor")),
}


@pytest.mark.parametrize("change", OUTCOMES.values(), ids=OUTCOMES)
def test_a_round_whose_outcome_is_not_what_was_posted_is_found(
    cast: dict[str, Any], change: Callable[[], object]
) -> None:
    round_ = closed(cast).round
    with sql.without(connection):
        change()
    assert {name for name, _place in found()} == {"as-counted"}
    assert round_.slug in {place for _name, place in found()}


def test_a_pot_that_is_no_longer_reserved_while_people_vote_is_found(cast: dict[str, Any]) -> None:
    made = votes.opened(cast)
    assert found() == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_reservation SET ended_at = made_at")
    assert found() == [("reserved", made.slug)]
