"""Who holds which office, since when: public, since they decide about other people's money."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from communs.apps.foundation.models import Appointment, College, Office
from communs.apps.foundation.queries.gate import Duty, duties_of
from communs.kit.gates import NotThere, Refused, Right

BOARD = Office.BOARD
COLLEGES = College.choices
_ORDER = [When(office=office, then=Value(place)) for place, office in enumerate((Office.BOARD, *Office))]


def may_appoint(person: Any) -> bool:
    """Whether somebody proposes offices: administrators of the site, and the board."""
    return bool(getattr(person, "is_administrator", False)) or Duty.APPROVE in duties_of(person)


def require_appointing(person: Any) -> None:
    """Raise `Refused` unless the person may propose offices."""
    if not may_appoint(person):
        raise Refused(Right.ADMINISTER, signed_in=bool(getattr(person, "is_authenticated", False)))


def may_decide(person: Any) -> bool:
    """Whether somebody confirms offices and ends those of others: the board; administrators until two sit on it.

    An administrator makes others administrators: two of those could be one person. So they found the board only.
    """
    if Duty.APPROVE in duties_of(person):
        return True
    return bool(getattr(person, "is_administrator", False)) and not has_board()


def require_deciding(person: Any) -> None:
    """Raise `Refused` unless the person confirms offices and ends those of others."""
    if not may_decide(person):
        raise Refused(Right.ADMINISTER, signed_in=bool(getattr(person, "is_authenticated", False)))


def has_board() -> bool:
    """Whether two people sit on the board. Whom others took away, or shut out, counts: that gives nobody the board."""
    seats = Appointment.objects.filter(office=Office.BOARD, confirmed_at__isnull=False)
    return seats.exclude(ended_at__isnull=False, ended_by=F("person")).values("person").distinct().count() >= 2


def able_to_approve() -> int:
    """How many people could approve something today: of the board, and not shut out of the site."""
    seats = Appointment.objects.filter(office=Office.BOARD, confirmed_at__isnull=False, ended_at=None)
    return seats.filter(person__is_active=True).values("person").distinct().count()


def is_in_use() -> bool:
    """Whether anybody was ever proposed for an office."""
    return Appointment.objects.exists()


def _appointments() -> QuerySet[Appointment]:
    found = Appointment.objects.select_related("person", "appointed_by", "confirmed_by", "ended_by")
    placed = found.annotate(place=Case(*_ORDER, output_field=IntegerField()))
    return placed.order_by("place", "college", "confirmed_at", "pk")


def in_force() -> QuerySet[Appointment]:
    """Offices that are held now: the board first, by colleges."""
    return _appointments().filter(confirmed_at__isnull=False, ended_at=None)


def proposed() -> QuerySet[Appointment]:
    """Offices that wait for somebody's confirmation."""
    return _appointments().filter(confirmed_at=None, ended_at=None)


def former() -> QuerySet[Appointment]:
    """Offices that were held and have ended, the latest first."""
    return _appointments().filter(confirmed_at__isnull=False, ended_at__isnull=False).order_by(F("ended_at").desc())


def get_appointment(number: int) -> Appointment:
    """An appointment that has not ended. Raises `NotThere`."""
    found = _appointments().filter(pk=number, ended_at=None).first()
    if found is None:
        raise NotThere
    return found


def held_by(person: Any) -> list[Appointment]:
    """The offices that a person holds now."""
    return list(in_force().filter(person=person)) if getattr(person, "is_authenticated", False) else []
