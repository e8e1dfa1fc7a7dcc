"""Offices with a last day: held to its end and no longer, given again before, warned of once. Both clocks are real."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communs.apps.accounts.models import Letter
from communs.apps.foundation import sql, tasks
from communs.apps.foundation.actions import deciding, offices, payouts
from communs.apps.foundation.actions.funds import FundWanted
from communs.apps.foundation.models import Appointment, DecisionStep, PayoutStep, Round, RoundApproval
from communs.apps.foundation.queries import offices as queries
from communs.apps.foundation.queries.gate import Duty, duties_of
from communs.apps.foundation.queries.keeping import Waiting, waiting_for
from communs.cli import doctor_checks
from communs.kit import formats
from communs.kit.gates import NotThere, Refused
from communs.kit.records.actions import Impossible
from communs.testing import money_out as house

pytestmark = pytest.mark.django_db


def in_days(number: int) -> date:
    """Today is the day of the database's own clock, in UTC; two days away it is another one on any clock."""
    return timezone.now().date() + timedelta(days=number)


@pytest.fixture
def cast() -> dict[str, Any]:
    return house.people()


def held_until(by: dict[str, Any], person: Any, office: str, last_day: date | None) -> Appointment:
    """Proposed and confirmed today, by two of the board."""
    now = timezone.now()
    one = offices.appoint(by["Bea"], person, office, "communities" if office == "board" else "", now, last_day)
    return offices.confirm(by["Ben"], one.pk, now)


def let_end(person: Any, last_day: date | None = None) -> None:
    """What time does, done by who can take the triggers away."""
    with sql.without(connection):
        Appointment.objects.filter(person=person).update(last_day=last_day or in_days(-2))


def page(name: str, person: Any = None, *values: Any) -> str:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client.get(reverse(f"foundation:{name}", args=values)).content.decode()


def refused(rule: str, statement: str, *values: Any) -> None:
    with pytest.raises(DatabaseError, match=f"^{rule}: "), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_an_office_is_held_to_the_end_of_its_last_day_and_no_longer(cast: dict[str, Any]) -> None:
    ada = house.person("Ada")
    one = held_until(cast, ada, "auditor", in_days(40))
    assert duties_of(ada) == {Duty.LOOK}
    said = page("offices")
    assert f"until {formats.day(in_days(40))}" in said
    assert "ends soon" not in said
    let_end(ada, in_days(0))
    assert duties_of(ada) == {Duty.LOOK}
    let_end(ada)
    assert duties_of(ada) == frozenset()
    assert queries.held_by(ada) == []
    assert formats.day(in_days(-2)) in page("offices").partition("Before")[2]
    for deed in (offices.end, offices.confirm):
        with pytest.raises(NotThere):
            deed(cast["Bea"], one.pk, timezone.now())


def test_who_proposes_names_a_day_that_is_to_come(cast: dict[str, Any]) -> None:
    now, ada = timezone.now(), house.person("Ada")
    with pytest.raises(Impossible, match="over already"):
        offices.appoint(cast["Bea"], ada, "auditor", "", now, in_days(-2))
    one = offices.appoint(cast["Bea"], ada, "auditor", "", house.NOW, in_days(-2))  # as it was in March
    with pytest.raises(Impossible, match="propose it anew"):
        offices.confirm(cast["Ben"], one.pk, now)
    refused(
        "appointed",
        "UPDATE foundation_appointment SET confirmed_at = appointed_at, confirmed_by_id = %s WHERE id = %s",
        cast["Ben"].pk,
        one.pk,
    )


def test_an_office_is_given_again_before_it_ends_by_two(cast: dict[str, Any]) -> None:
    ada, now = house.person("Ada"), timezone.now()
    first = held_until(cast, ada, "treasurer", in_days(20))
    with pytest.raises(Impossible, match="choose a later last day"):
        offices.appoint(cast["Bea"], ada, "treasurer", "", now, in_days(20))
    again = offices.appoint(cast["Bea"], ada, "treasurer", "", now, in_days(400))
    with pytest.raises(Impossible, match="or is proposed for it"):
        offices.appoint(cast["Ben"], ada, "treasurer", "", now, in_days(500))
    assert [one.pk for one in queries.held_by(ada)] == [first.pk]
    with pytest.raises(Impossible, match="Somebody else"):
        offices.confirm(cast["Bea"], again.pk, now)
    offices.confirm(cast["Ben"], again.pk, now)
    assert [one.pk for one in queries.held_by(ada)] == [again.pk]
    assert page("offices").count("Ada, Treasurer") == 1
    with sql.without(connection):
        Appointment.objects.filter(pk=first.pk).update(last_day=in_days(-2))
    assert duties_of(ada) == {Duty.LOOK, Duty.KEEP}
    assert [one.pk for one in queries.former()] == [first.pk]


def test_who_ends_an_office_ends_its_renewal_too(cast: dict[str, Any]) -> None:
    ada = house.person("Ada")
    held_until(cast, ada, "board", in_days(20))
    held_until(cast, ada, "board", in_days(400))
    offices.end(ada, queries.held_by(ada)[0].pk, timezone.now())
    assert duties_of(ada) == frozenset()
    assert Appointment.objects.filter(person=ada, ended_at=None).count() == 0


def test_nobody_whose_office_is_over_acts_by_the_pages_or_by_raw_sql(cast: dict[str, Any]) -> None:
    house.found(cast, {"maps": 5_000})
    now = timezone.now()
    decision = deciding.propose(
        cast["Tom"], uuid4(), "open-fund", FundWanted("x", "unrestricted", {"en": "X"}), "", now
    )
    (payout,) = house.proposed(cast, "maps")
    round_ = {"public_id": uuid4(), "token": uuid4(), "slug": "r", "title": {}, "description": {}, "created_at": now}
    let_end(cast["Bea"])
    let_end(cast["Tom"])
    with pytest.raises(Refused):
        deciding.approve(cast["Bea"], decision.public_id, now)
    with pytest.raises(Refused):
        payouts.approve(cast["Bea"], payout.public_id, now)
    with pytest.raises(Refused):
        deciding.propose(cast["Tom"], uuid4(), "open-fund", FundWanted("y", "unrestricted", {"en": "Y"}), "", now)
    attempts: tuple[Any, ...] = (
        lambda: DecisionStep.objects.create(decision=decision, number=1, what="approved", person=cast["Bea"], at=now),
        lambda: PayoutStep.objects.create(payout=payout, number=2, state="approved", person=cast["Bea"], at=now),
        lambda: Round.objects.create(**round_, fund=payout.fund, currency="EUR", proposed_by=cast["Tom"]),
    )
    for attempt in attempts:
        with pytest.raises(DatabaseError, match=r"^office: "), transaction.atomic():
            attempt()
    waiting = offices.appoint(cast["Ben"], house.person("Ada"), "auditor", "", now)
    confirm = "UPDATE foundation_appointment SET confirmed_at = appointed_at, confirmed_by_id = %s WHERE id = %s"
    refused("office", confirm, cast["Bea"].pk, waiting.pk)


def test_every_trigger_that_asks_for_an_office_asks_for_its_last_day() -> None:
    asked = 0
    for statement in sql._statements(connection):
        for found in re.finditer(r"h\.confirmed_at IS NOT NULL AND h\.ended_at IS NULL(.{0,90})", statement):
            assert "h.last_day >= CURRENT_DATE" in found.group(1)
            asked += 1
    assert asked > 10
    assert RoundApproval._meta.db_table in "".join(sql._statements(connection))


def test_waiting_for_the_end_gives_administrators_nothing(cast: dict[str, Any]) -> None:
    founders = house.person("Founder"), house.person("Cofounder")
    for name in ("Bea", "Ben", "Bo"):
        let_end(cast[name])
    ada, now = house.person("Ada"), timezone.now()
    assert (queries.able_to_approve(), queries.has_board()) == (0, True)
    waiting = offices.appoint(founders[0], ada, "board", "states", now)
    with pytest.raises(Refused):
        offices.confirm(founders[1], waiting.pk, now)
    refused(
        "office",
        "UPDATE foundation_appointment SET confirmed_at = appointed_at, confirmed_by_id = %s WHERE id = %s",
        founders[1].pk,
        waiting.pk,
    )
    offices.end(founders[0], waiting.pk, now)
    assert doctor_checks._board().remedy.startswith("`communs person board")
    assert Duty.APPROVE in duties_of(offices.seat(ada, "states", "all terms were over", now).person)


def test_who_was_seated_again_and_gave_it_up_leaves_no_seat_behind(cast: dict[str, Any]) -> None:
    now = timezone.now()
    for name in ("Bea", "Ben", "Bo"):
        let_end(cast[name])
    for name in ("Bea", "Ben"):
        offices.seat(cast[name], "states", "the terms were over", now)
    assert queries.has_board()
    for name in ("Bea", "Ben"):
        offices.end(cast[name], queries.held_by(cast[name])[0].pk, now)
    assert not queries.has_board()  # only Bo's seat, whose last day is over, counts on
    founders = house.person("Founder"), house.person("Cofounder")
    offices.confirm(founders[1], offices.appoint(founders[0], house.person("Ada"), "board", "states", now).pk, now)


def test_thirty_days_before_the_end_everybody_concerned_is_warned_once(cast: dict[str, Any]) -> None:
    now = timezone.now()
    type(cast["Ben"]).objects.filter(pk=cast["Ben"].pk).update(language="fr")
    ada = held_until(cast, house.person("Ada"), "auditor", in_days(30)).person
    held_until(cast, house.person("Cleo"), "auditor", in_days(32))
    assert offices.warn_of_ends(now) == 1
    assert offices.warn_of_ends(now) == 0
    assert sorted(Letter.objects.values_list("to", flat=True)) == [
        "ada@example.org", "bea@example.org", "ben@example.org", "bo@example.org",
    ]  # fmt: skip
    assert "Your office ends on" in Letter.objects.get(to="ada@example.org").subject
    assert "Ada" in Letter.objects.get(to="ben@example.org").subject
    assert "prend fin" in Letter.objects.get(to="ben@example.org").subject
    assert Waiting("ending", 1) in waiting_for(ada, now)
    assert Waiting("ending", 1) in waiting_for(cast["Bo"], now)
    assert waiting_for(house.person("Cleo"), now) == []
    assert "1 office ends within 30 days" in page("keep", ada)
    assert "ends soon" in page("offices")
    assert doctor_checks._board().state == "warning"
    assert tasks.warn_of_ends() == 0
    assert offices.warn_of_ends(now + timedelta(days=2)) == 1
    held_until(cast, ada, "auditor", in_days(400))
    assert list(queries.ending(now)) == []
    assert doctor_checks._board().state == "ok"


def test_ends_that_leave_too_few_who_approve_are_told_as_such(cast: dict[str, Any]) -> None:
    now = timezone.now()
    assert queries.seats_to_fill(now) == 0
    for name in ("Ben", "Bo"):
        let_end(cast[name], in_days(10))
    assert queries.seats_to_fill(now) == 1
    assert Waiting("seats", 1) in waiting_for(cast["Bea"], now)
    assert "1 seat on the board is to be given within 30 days" in page("keep", cast["Bea"])
    assert "fewer than two of the board will be left" in page("offices")
    found = doctor_checks._board()
    assert (found.state, "too few are left" in found.found) == ("warning", True)
    assert offices.warn_of_ends(now) == 2
    assert "nothing can be approved any more" in Letter.objects.filter(to="bea@example.org").first().text  # type: ignore[union-attr]
    again = offices.appoint(cast["Bea"], cast["Bo"], "board", "states", now, in_days(400))
    offices.confirm(cast["Ben"], again.pk, now)
    assert queries.seats_to_fill(now) == 0


def test_the_form_takes_a_last_day_and_begins_with_who_holds_the_office(cast: dict[str, Any]) -> None:
    client, ada = Client(), house.person("Ada")
    client.force_login(cast["Bea"])
    at = reverse("foundation:office-new")
    data = {"email": "ada@example.org", "office": "auditor", "college": "", "last_day": in_days(-2).isoformat()}
    assert "over already" in client.post(at, data).content.decode()
    assert client.post(at, {**data, "last_day": in_days(90).isoformat()}).status_code == 302
    one = Appointment.objects.get(person=ada)
    assert f"until {formats.day(in_days(90))}" in client.get(reverse("foundation:offices")).content.decode()
    offices.confirm(cast["Ben"], one.pk, timezone.now())
    assert f"{at}?again={one.pk}" in client.get(reverse("foundation:offices")).content.decode()
    assert 'value="ada@example.org"' in client.get(f"{at}?again={one.pk}").content.decode()
    assert client.get(f"{at}?again=999999").status_code == 404
    assert client.get(f"{at}?again=x").status_code == 200
    early = client.post(at, {**data, "last_day": in_days(60).isoformat()}).content.decode()
    assert "choose a later last day" in early
    assert "again=" not in page("offices")


def test_raw_sql_moves_no_last_day(cast: dict[str, Any]) -> None:
    one = held_until(cast, house.person("Ada"), "auditor", in_days(20))
    for change in ("last_day = '2099-01-01'", "last_day = NULL", "last_day = '2026-01-01'"):
        refused("append-only", f"UPDATE foundation_appointment SET {change} WHERE id = %s", one.pk)  # noqa: S608 - ours
    assert offices.warn_of_ends(timezone.now()) == 1
    for change in ("warned_at = NULL", "warned_at = '2026-01-01'"):
        refused("appointed", f"UPDATE foundation_appointment SET {change} WHERE id = %s", one.pk)  # noqa: S608 - ours
    new = (
        "INSERT INTO foundation_appointment (given_because, person_id, office, college, appointed_by_id, appointed_at, "
        "last_day{more}) VALUES ('', %s, 'board', '', %s, '2026-03-01', {values})"
    )
    who = (cast["Nobody"].pk, cast["Bea"].pk)
    refused("appointed", new.format(more="", values="'2026-02-28'"), *who)
    refused("appointed", new.format(more=", warned_at", values="'2026-03-02', '2026-03-01'"), *who)
    if connection.vendor == "sqlite":
        for text in ("'zzzz'", "'2026-3-2'", "20990101"):
            refused("appointed", new.format(more="", values=text), *who)
    let_end(one.person)
    refused(
        "appointed",
        "UPDATE foundation_appointment SET ended_at = %s, ended_by_id = %s WHERE id = %s",
        connection.ops.adapt_datetimefield_value(timezone.now()),
        one.person_id,
        one.pk,
    )
