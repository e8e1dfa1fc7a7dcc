"""Money out up to the bank: who may do what, what the database itself refuses, and the file that is made once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import xmlschema
from django.db import IntegrityError, connection, transaction

from communs.apps.foundation import naming
from communs.apps.foundation.actions import books, payees, payouts
from communs.apps.foundation.models import BankDetails, Payout, PayoutStep
from communs.apps.foundation.queries import payouts as queries
from communs.apps.foundation.queries.owed import owed
from communs.core.ledger import EntryKind, verify_payouts
from communs.core.standards.iban import InvalidIban
from communs.kit.gates import Refused
from communs.kit.records.actions import Impossible
from communs.testing import money_out as house
from communs.testing.money_out import NOW

pytestmark = pytest.mark.django_db
MAPS = naming.commons("maps", "EUR").id


@pytest.fixture
def cast() -> dict[str, Any]:
    people = house.people()
    house.found(people, {"maps": 5_000, "music": 3_000})
    return people


def state(payout: Payout) -> str:
    return queries.state_of(payout)


def test_a_payout_goes_from_proposal_to_the_file_with_two_approvals(cast: dict[str, Any]) -> None:
    (payout,) = house.proposed(cast, "maps")
    assert payouts.approve(cast["Bea"], payout.public_id, NOW) == "approved"
    assert payouts.approve(cast["Bea"], payout.public_id, NOW) == "approved"  # twice is once
    assert payouts.approve(cast["Ben"], payout.public_id, NOW) == "reserved"
    wanted = payouts.FileWanted(naming.bank("EUR").id, (payout.public_id,), date(2026, 3, 2))
    batch = payouts.submit(cast["Tom"], "f1", wanted, NOW)
    assert payouts.submit(cast["Tom"], "f1", wanted, NOW).sha256 == batch.sha256
    assert state(payout) == "submitted"
    assert f"<EndToEndId>{payout.public_id.hex}</EndToEndId>".encode() in bytes(batch.data)
    assert list(verify_payouts(queries.steps())) == []
    assert [row.open for row in owed() if row.account == MAPS] == [1000]


def test_the_file_holds_to_the_schema_of_the_standard(cast: dict[str, Any]) -> None:
    import sepaxml

    batch, _made = house.submitted(cast, "maps", "music")
    schema = xmlschema.XMLSchema(f"{sepaxml.__path__[0]}/schemas/pain.001.001.09.xsd")
    schema.validate(bytes(batch.data).decode())
    assert (batch.count, batch.total_minor) == (2, 2000)


def test_a_key_proposes_once_and_another_body_is_refused(cast: dict[str, Any]) -> None:
    first = house.proposed(cast, "maps", "music")
    assert house.proposed(cast, "maps", "music") == sorted(first, key=lambda one: one.key)
    with pytest.raises(books.KeyTaken):
        house.proposed(cast, "maps", "music", minor=999)
    with pytest.raises(books.KeyTaken):
        house.proposed(cast, "maps")
    assert Payout.objects.count() == 2


def test_a_key_makes_one_file_and_other_payouts_under_it_are_refused(cast: dict[str, Any]) -> None:
    house.submitted(cast, "maps")
    (other,) = house.reserved(cast, "music", key="k2")
    wanted = payouts.FileWanted(naming.bank("EUR").id, (other.public_id,), date(2026, 3, 2))
    with pytest.raises(books.KeyTaken):
        payouts.submit(cast["Tom"], "file-k1", wanted, NOW)


def test_nobody_proposes_more_than_is_owed(cast: dict[str, Any]) -> None:
    house.proposed(cast, "maps", minor=4_000)
    with pytest.raises(Impossible, match=r"€10\.01 is more than is left to be paid \(€10\)"):
        house.proposed(cast, "maps", minor=1_001, key="k2")
    house.proposed(cast, "maps", minor=1_000, key="k3")


@pytest.mark.parametrize("who", ["Bea", "Nobody", "Admin"])
def test_only_a_treasurer_proposes(cast: dict[str, Any], who: str) -> None:
    with pytest.raises(Refused):
        payouts.propose(cast[who], "k", [payouts.Wanted(MAPS, "city", 1)], NOW)


@pytest.mark.parametrize("who", ["Tom", "Tina", "Nobody", "Admin"])
def test_only_the_board_approves(cast: dict[str, Any], who: str) -> None:
    (payout,) = house.proposed(cast, "maps")
    with pytest.raises(Refused):
        payouts.approve(cast[who], payout.public_id, NOW)


def test_who_proposed_or_is_paid_does_not_approve(cast: dict[str, Any]) -> None:
    house.hold(cast["Tom"], "board")
    (payout,) = house.proposed(cast, "maps")
    with pytest.raises(Impossible, match="Somebody else has to approve it"):
        payouts.approve(cast["Tom"], payout.public_id, NOW)


def test_a_steward_of_the_commons_that_is_paid_does_not_approve(cast: dict[str, Any]) -> None:
    from communs.apps.register.actions import appoint_steward
    from communs.apps.register.models import Commons

    commons = Commons(public_id="maps", created_at=NOW, updated_at=NOW, version=0)
    commons.project()
    commons.save()
    appoint_steward(commons, cast["Bo"], by=None)
    (payout,) = house.proposed(cast, "maps")
    with pytest.raises(Impossible, match="nor who is paid"):
        payouts.approve(cast["Bo"], payout.public_id, NOW)


def test_bank_details_count_when_a_second_person_has_confirmed_them(cast: dict[str, Any]) -> None:
    said = payees.Given("New name", house.IBANS[2], "Lyon", "FR")
    new = payees.give(cast["Tom"], MAPS, said, NOW)
    assert payees.give(cast["Tom"], MAPS, said, NOW) == new  # twice is once
    with pytest.raises(Impossible):
        payees.confirm(cast["Tom"], new.pk, NOW)
    with pytest.raises(Refused):
        payees.confirm(cast["Admin"], new.pk, NOW)
    assert house.proposed(cast, "maps")[0].details.name == "Association maps"
    payees.confirm(cast["Tina"], new.pk, NOW)
    assert house.proposed(cast, "maps", key="k2")[0].details == new
    with pytest.raises(InvalidIban):
        payees.give(cast["Tom"], MAPS, payees.Given("N", "FR00", "Lyon", "FR"), NOW)


def test_a_payout_to_bank_details_that_changed_since_does_not_go_out(cast: dict[str, Any]) -> None:
    (payout,) = house.reserved(cast, "maps")
    new = payees.give(cast["Tom"], MAPS, payees.Given("New name", house.IBANS[2], "Lyon", "FR"), NOW)
    payees.confirm(cast["Bea"], new.pk, NOW + timedelta(hours=1))
    wanted = payouts.FileWanted(naming.bank("EUR").id, (payout.public_id,), date(2026, 3, 2))
    with pytest.raises(Impossible, match=r"bank details of .* have changed"):
        payouts.submit(cast["Tom"], "f", wanted, NOW)


def test_what_is_withdrawn_is_free_again_and_never_goes_out(cast: dict[str, Any]) -> None:
    (payout,) = house.reserved(cast, "maps", minor=5_000)
    payouts.withdraw(cast["Bo"], payout.public_id, "twice", NOW)
    assert state(payout) == "withdrawn"
    house.reserved(cast, "maps", minor=5_000, key="k2")
    wanted = payouts.FileWanted(naming.bank("EUR").id, (payout.public_id,), date(2026, 3, 2))
    with pytest.raises(Impossible, match="is withdrawn by now"):
        payouts.submit(cast["Tom"], "f", wanted, NOW)


def test_what_is_reserved_stays_owed_until_it_is_paid(cast: dict[str, Any]) -> None:
    house.reserved(cast, "maps", minor=4_500)
    grant = books.entry("grant-maps", EntryKind.GRANT, [], on=house.DAY, now=NOW).id
    lines = [(naming.capital("EUR").id, "city", -501, "EUR"), (MAPS, "city", 501, "EUR")]
    back = books.entry("back", EntryKind.REVERSAL, lines, on=house.DAY, now=NOW, reverses=grant)
    with pytest.raises(books.NotRecorded) as refused:
        books.record(back)
    assert {problem.invariant for problem in refused.value.problems} == {"owed"}


def test_a_file_asks_for_no_more_than_the_fund_has_at_the_bank(cast: dict[str, Any]) -> None:
    (payout,) = house.reserved(cast, "maps", minor=5_000)
    main, clearing = naming.bank("EUR"), naming.clearing("helloasso", "EUR")
    books.open_account(clearing, now=NOW)
    left = house.STARTS_WITH - 10_000 - 4_999
    lines = [(main.id, "city", -left, "EUR"), (clearing.id, "city", left, "EUR")]
    books.record(books.entry("away", EntryKind.SETTLEMENT, lines, on=house.DAY, now=NOW))
    wanted = payouts.FileWanted(main.id, (payout.public_id,), date(2026, 3, 2))
    with pytest.raises(Impossible, match="not enough money of the fund “city”"):
        payouts.submit(cast["Tom"], "f", wanted, NOW)


COLUMNS = "payout_id, number, state, person_id, at, reason"
STEP = f"INSERT INTO foundation_payoutstep ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, '')"  # noqa: S608


def step(payout: Payout, number: int, reached: str, by: Any) -> None:
    at = connection.ops.adapt_datetimefield_value(NOW)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STEP, [payout.pk, number, reached, by.pk if by else None, at])


@pytest.mark.parametrize(
    ("number", "reached", "who", "rule"),
    [
        (2, "reserved", None, "one-way"),
        (2, "submitted", None, "one-way"),
        (2, "confirmed", None, "one-way"),
        (2, "proposed", "Tom", "one-way"),
        (3, "approved", "Bea", "one-way"),
        (2, "approved", None, "office"),
        (2, "approved", "Tina", "office"),
        (2, "approved", "Admin", "office"),
        (2, "approved", "Nobody", "office"),
        (2, "withdrawn", None, "office"),
        (2, "withdrawn", "Admin", "office"),
        (2, "approved", "Tom", "two-people"),
    ],
)
def test_the_database_refuses_a_step_that_may_not_be(
    cast: dict[str, Any], number: int, reached: str, who: str | None, rule: str
) -> None:
    if who == "Tom" and rule == "two-people":
        house.hold(cast["Tom"], "board")
    (payout,) = house.proposed(cast, "maps")
    with pytest.raises(IntegrityError, match=f"^{rule}:"):
        step(payout, number, reached, cast[who] if who else None)


def test_the_database_counts_two_different_people_before_it_reserves(cast: dict[str, Any]) -> None:
    (payout,) = house.proposed(cast, "maps")
    step(payout, 2, "approved", cast["Bea"])
    with pytest.raises(IntegrityError, match=r"^two-people:"):
        step(payout, 3, "approved", cast["Bea"])
    with pytest.raises(IntegrityError, match=r"^two-people:"):
        step(payout, 3, "reserved", None)
    step(payout, 3, "approved", cast["Ben"])
    with pytest.raises(IntegrityError, match=r"^two-people:"):
        step(payout, 4, "approved", cast["Bo"])
    step(payout, 4, "reserved", None)
    with pytest.raises(IntegrityError, match=r"^one-name:"):
        step(payout, 5, "submitted", cast["Tom"])
    step(payout, 5, "withdrawn", cast["Tom"])
    with pytest.raises(IntegrityError, match=r"^one-way:"):
        step(payout, 6, "approved", cast["Bo"])


def test_the_database_reserves_no_more_than_is_owed(cast: dict[str, Any]) -> None:
    house.reserved(cast, "maps", minor=4_500)
    (first,) = Payout.objects.all()
    values = {field.attname: getattr(first, field.attname) for field in Payout._meta.concrete_fields}
    values |= {"id": None, "public_id": UUID(int=7), "key": "raw", "minor": 501}
    other = Payout.objects.create(**values)
    for number, (reached, who) in enumerate([("proposed", "Tom"), ("approved", "Bea"), ("approved", "Ben")], 1):
        step(other, number, reached, cast[who])
    with pytest.raises(IntegrityError, match=r"^owed:"):
        step(other, 4, "reserved", None)


RAW = [
    "UPDATE foundation_payout SET minor = minor + 1",
    "UPDATE foundation_payout SET payee_id = payee_id + 1",
    "UPDATE foundation_payout SET details_id = details_id + 1",
    "DELETE FROM foundation_payoutstep",
    "UPDATE foundation_payoutstep SET state = 'confirmed'",
    "DELETE FROM foundation_payout",
    "UPDATE foundation_payoutbatch SET sha256 = 'x'",
    "DELETE FROM foundation_payoutbatch",
    "UPDATE foundation_bankdetails SET iban = 'FR00'",
    "UPDATE foundation_bankdetails SET confirmed_by_id = NULL, confirmed_at = NULL",
    "DELETE FROM foundation_bankdetails",
    "UPDATE foundation_bankaccount SET iban = 'FR00'",
    "UPDATE foundation_payee SET account_id = account_id + 1",
]


@pytest.mark.parametrize("statement", RAW)
def test_the_database_itself_refuses_to_be_changed(cast: dict[str, Any], statement: str) -> None:
    house.submitted(cast, "maps")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_bank_details_without_a_second_person(cast: dict[str, Any]) -> None:
    values = {"payee_id": BankDetails.objects.all()[0].payee_id, "name": "N", "iban": house.OURS, "town": "L"}
    values |= {"country": "FR", "given_by": cast["Tina"], "given_at": NOW}
    with pytest.raises(IntegrityError, match=r"^bank-details:"), transaction.atomic():
        BankDetails.objects.create(**values, confirmed_by=cast["Bea"], confirmed_at=NOW)
    new = BankDetails.objects.create(**values)
    for who, rule in (("Admin", "office"), ("Tina", "bank-details")):
        with pytest.raises(IntegrityError, match=f"{rule}|another_confirms"), transaction.atomic():
            BankDetails.objects.filter(pk=new.pk).update(confirmed_by=cast[who], confirmed_at=NOW)


def test_the_steps_of_all_payouts_keep_the_rules(cast: dict[str, Any]) -> None:
    house.submitted(cast, "maps", "music")
    assert [one.state for one in queries.steps()] == ["proposed", "approved", "approved", "reserved", "submitted"] * 2
    assert list(verify_payouts(queries.steps())) == []


def test_silence_of_the_bank_is_unknown_and_never_sent_again(cast: dict[str, Any]) -> None:
    from communs.apps.foundation.actions import payout_news

    _batch, (payout,) = house.submitted(cast, "maps")
    assert payout_news.unheard(NOW + timedelta(days=4)) == 0
    assert payout_news.unheard(NOW + timedelta(days=6)) == 1
    assert payout_news.unheard(NOW + timedelta(days=7)) == 0
    assert state(payout) == "unknown"
    assert list(queries.due_to_ask(NOW + timedelta(days=6))) == [payout]
    wanted = payouts.FileWanted(naming.bank("EUR").id, (payout.public_id,), date(2026, 3, 9))
    with pytest.raises(Impossible, match="nothing heard"):
        payouts.submit(cast["Tom"], "again", wanted, datetime(2026, 3, 9, tzinfo=NOW.tzinfo))
    assert PayoutStep.objects.filter(state="submitted").count() == 1
