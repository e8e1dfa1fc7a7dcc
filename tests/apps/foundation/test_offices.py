"""Offices: who proposes, confirms and ends them, and the page that says in public who holds which."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from communs.apps.foundation.actions import offices
from communs.apps.foundation.models import Appointment
from communs.apps.foundation.queries.gate import Duty, duties_of
from communs.kit.gates import NotThere, Refused
from communs.kit.records.actions import Impossible
from communs.testing import money_out as house

pytestmark = pytest.mark.django_db
NOW = house.NOW


def at(name: str, *values: Any) -> str:
    return reverse(f"foundation:{name}", args=values)


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def founders(db: None) -> tuple[Any, Any]:
    return house.person("Founder", role="administrator"), house.person("Cofounder", role="administrator")


def test_two_administrators_give_the_first_office(founders: tuple[Any, Any]) -> None:
    ada = house.person("Ada")
    one = offices.appoint(founders[0], ada, "treasurer", "", NOW)
    assert duties_of(ada) == frozenset()
    for same in (founders[0], ada):
        with pytest.raises((Impossible, Refused)):
            offices.confirm(same, one.pk, NOW)
    offices.confirm(founders[1], one.pk, NOW)
    assert offices.confirm(founders[1], one.pk, NOW).confirmed_by == founders[1]
    assert duties_of(ada) == {Duty.LOOK, Duty.KEEP}


def test_one_administrator_and_the_board_give_offices_too(founders: tuple[Any, Any]) -> None:
    bea, ada = house.hold(house.person("Bea"), "board"), house.person("Ada")
    offices.confirm(bea, offices.appoint(founders[0], ada, "board", "communities", NOW).pk, NOW)
    assert Duty.APPROVE in duties_of(ada)
    with pytest.raises(Impossible, match="holds this office"):
        offices.appoint(bea, ada, "board", "states", NOW)


def test_administrators_found_a_board_and_decide_nothing_afterwards(founders: tuple[Any, Any]) -> None:
    bea, ben = (house.hold(house.person(name), "board") for name in ("Bea", "Ben"))
    waiting = offices.appoint(founders[0], house.person("Ada"), "treasurer", "", NOW)
    with pytest.raises(Refused):
        offices.confirm(founders[1], waiting.pk, NOW)
    for one in Appointment.objects.filter(confirmed_at__isnull=False):
        with pytest.raises(Refused):
            offices.end(founders[0], one.pk, NOW)
    offices.end(
        bea, Appointment.objects.get(person=ben).pk, NOW
    )  # one of the board alone does not give it back to them
    with pytest.raises(Refused):
        offices.confirm(founders[1], waiting.pk, NOW)
    assert Client().get(at("offices")).status_code == 200
    assert "Confirm Ada" not in client_of(founders[1]).get(at("offices")).content.decode()
    assert client_of(founders[1]).get(at("office-end", Appointment.objects.get(person=bea).pk)).status_code == 403
    assert offices.confirm(bea, waiting.pk, NOW).confirmed_by == bea


@pytest.mark.parametrize("what", ["confirmed", "ended"])
def test_the_database_refuses_what_administrators_decide_beside_a_board(founders: tuple[Any, Any], what: str) -> None:
    for name in ("Bea", "Ben"):
        house.hold(house.person(name), "board")
    waiting = offices.appoint(founders[0], house.person("Ada"), "treasurer", "", NOW)
    rows = (
        Appointment.objects.filter(pk=waiting.pk) if what == "confirmed" else Appointment.objects.exclude(pk=waiting.pk)
    )
    with pytest.raises(DatabaseError, match="office"), transaction.atomic():
        rows.update(**{f"{what}_at": NOW, f"{what}_by": founders[1]})


def test_who_may_not_appoint_is_refused(founders: tuple[Any, Any]) -> None:
    tom, ada = house.hold(house.person("Tom"), "treasurer"), house.person("Ada")
    for person in (tom, ada):
        with pytest.raises(Refused):
            offices.appoint(person, ada, "board", "states", NOW)
    one = offices.appoint(founders[0], ada, "board", "states", NOW)
    with pytest.raises(Refused):
        offices.end(tom, one.pk, NOW)


def test_an_office_ends_by_who_holds_it_and_says_who_ended_it(founders: tuple[Any, Any]) -> None:
    tom = house.hold(house.person("Tom"), "treasurer")
    number = Appointment.objects.get(person=tom).pk
    offices.end(tom, number, NOW)
    assert duties_of(tom) == frozenset()
    assert Appointment.objects.get(pk=number).ended_by == tom
    with pytest.raises(NotThere):
        offices.end(tom, number, NOW)


def test_everyone_sees_who_holds_what_and_only_those_who_appoint_see_proposals(founders: tuple[Any, Any]) -> None:
    house.hold(house.person("Tom"), "treasurer")
    offices.appoint(founders[0], house.person("Ada"), "board", "states", NOW)
    said = Client().get(at("offices")).content.decode()
    assert "Tom, Treasurer" in said
    assert "since 1\u00a0March 2026" in said
    assert "Ada" not in said
    assert "Nobody sits for this college yet." in said
    assert "Confirm Ada" in client_of(founders[1]).get(at("offices")).content.decode()
    assert "Confirm Ada" not in client_of(founders[0]).get(at("offices")).content.decode()
    assert "example.org" not in said


def test_the_whole_way_over_the_pages(founders: tuple[Any, Any]) -> None:
    house.person("Ada")
    first, second = (client_of(one) for one in founders)
    data = {"email": "ADA@example.org", "office": "board", "college": ""}
    assert "Say for which college" in first.post(at("office-new"), data).content.decode()
    missing = first.post(at("office-new"), {**data, "college": "states", "email": "no@example.org"})
    assert "Nobody has an account" in missing.content.decode()
    assert first.post(at("office-new"), {**data, "college": "states"}).status_code == 302
    one = Appointment.objects.get()
    assert first.post(at("office-confirm", one.pk)).status_code == 409
    assert second.post(at("office-confirm", one.pk)).status_code == 302
    assert "Ada" in Client().get(at("offices")).content.decode()
    assert client_of(one.person).get(at("office-end", one.pk)).status_code == 200
    assert client_of(house.person("Nobody")).get(at("office-end", one.pk)).status_code == 403
    client_of(one.person).post(at("office-end", one.pk))
    assert "Ada, Member of the board (States)" in Client().get(at("offices")).content.decode()
    assert Client().get(at("office-new")).status_code == 302


def board_without_decisions(founders: tuple[Any, Any]) -> tuple[Any, Any]:
    """Two sat on the board; one was shut out of the site, so that nobody can decide any more."""
    bea, ben = (house.hold(house.person(name), "board") for name in ("Bea", "Ben"))
    ben.is_active = False
    ben.save(update_fields=["is_active"])
    return bea, ben


def test_the_operator_seats_somebody_only_where_nobody_could_decide(founders: tuple[Any, Any]) -> None:
    ada, cleo = house.person("Ada"), house.person("Cleo")
    with pytest.raises(Impossible, match="administrators"):
        offices.seat(ada, "states", "the board is gone", NOW)
    board_without_decisions(founders)
    with pytest.raises(Impossible, match="Say why"):
        offices.seat(ada, "states", " ", NOW)
    made = offices.seat(ada, "states", "Ben has left us", NOW)
    assert (made.appointed_by, made.confirmed_by) == (None, None)
    assert Duty.APPROVE in duties_of(ada)
    with pytest.raises(Impossible, match="they give offices"):
        offices.seat(cleo, "states", "one more", NOW)
    said = Client().get(at("offices")).content.decode()
    assert "given by who runs this site: Ben has left us" in said
    offices.end(ada, made.pk, NOW)
    assert duties_of(ada) == frozenset()


def test_raw_sql_gives_no_seat_that_the_operator_may_not_give(founders: tuple[Any, Any]) -> None:
    ada = house.person("Ada")
    wanted = {"person": ada, "office": "board", "appointed_at": NOW, "confirmed_at": NOW, "given_because": "so I said"}
    refused("office", **wanted)  # there is no board yet: administrators found it
    for name in ("Bea", "Ben"):
        house.hold(house.person(name), "board")
    refused("office", **wanted)
    type(ada).objects.filter(name="Ben").update(is_active=False)
    refused("office", **{**wanted, "office": "treasurer"})
    refused("appointed", **{**wanted, "confirmed_by": founders[0]})
    refused("appointed", **{**wanted, "appointed_by": founders[0]})
    refused("appointed", **{**wanted, "given_because": ""})
    row = Appointment.objects.create(**wanted)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Appointment.objects.filter(pk=row.pk).update(given_because="for another reason")


def refused(rule: str, **wanted: Any) -> None:
    with pytest.raises(DatabaseError, match=f"^{rule}: "), transaction.atomic():
        Appointment.objects.create(**wanted)
