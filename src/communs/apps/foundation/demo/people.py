"""The people of the story: those of the cast, and others who cannot sign in. And its calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from communs.apps.accounts.actions import create_person
from communs.apps.accounts.demo_cast import CAST
from communs.apps.accounts.queries import find_person
from communs.apps.foundation.actions import offices
from communs.apps.foundation.actions.books import NAMES
from communs.apps.foundation.queries.offices import has_board
from communs.apps.register.actions import appoint_steward
from communs.apps.register.queries import public_commons

NEIGHBOURS = (
    "Amina", "Bruno", "Chloe", "Diego", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Katia", "Luca", "Maya",
    "Noor", "Olga", "Paul",
)  # fmt: skip
"""Voters whom nobody can sign in as."""
STEWARDS = {"Lena": "leaflet", "Pia": "postgis"}
"""They look after what OpenStreetMap shares with."""
SECOND = "Sasha"
"""The administrator who confirms the first offices."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days of the story, counted back from the day it is told."""

    today: date

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def at(self, ago: int, hour: int = 9) -> datetime:
        return datetime.combine(self.day(ago), time(hour), UTC)


def key(name: str) -> UUID:
    """The name of a request of the story: the same each time."""
    return uuid5(NAMES, f"demonstration:{name}")


def someone(name: str) -> Any:
    """One of the people by name. They are there once `gather` has been called."""
    return find_person(f"{name.lower()}@example.org")


def gather() -> list[Any]:
    """Add those who are not in the cast; all who may vote, in one order."""
    extra = {**dict.fromkeys(NEIGHBOURS, "member"), **dict.fromkeys(STEWARDS, "member"), SECOND: "administrator"}
    made = [_without_password(name, role) for name, role in extra.items()]
    for name, public_id in STEWARDS.items():
        for commons in public_commons().filter(public_id=public_id):
            appoint_steward(commons, someone(name), by=None)
    return [someone(one.name) for one in CAST] + made


def _without_password(name: str, role: str) -> Any:
    email = f"{name.lower()}@example.org"
    return find_person(email) or create_person(email, None, name=name, role=role)


def give_offices(calendar: Calendar) -> None:
    """Two administrators give the offices of the cast until two sit on the board, which confirms the others."""
    for one in CAST:
        if one.office:
            made = offices.appoint(someone("Adam"), someone(one.name), one.office, one.college, calendar.at(80))
            offices.confirm(someone("Stella" if has_board() else SECOND), made.pk, calendar.at(79))
