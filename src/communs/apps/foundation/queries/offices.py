"""Who holds which office, since when: public, since they decide about other people's money."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, TruncDate

from communs.apps.foundation.models import Appointment, College, Office
from communs.apps.foundation.models.offices import IN_FORCE, TODAY
from communs.apps.foundation.queries.gate import Duty, duties_of
from communs.kit.gates import NotThere, Refused, Right

BOARD = Office.BOARD
ENOUGH: Final = 2
"""So many of the board decide together."""
WARN_BEFORE: Final = timedelta(days=30)
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
    """Whether two people sit on the board. Whom others took away, or shut out, counts: that gives nobody the board.

    So does whose last day is over, unless they were given the seat again: waiting gives nobody the board either.
    """
    seats = Appointment.objects.filter(office=Office.BOARD, confirmed_at__isnull=False)
    again = seats.filter(person=OuterRef("person"), pk__gt=OuterRef("pk"))
    seats = seats.exclude(ended_at__isnull=False, ended_by=F("person")).exclude(Q(last_day__lt=TODAY), Exists(again))
    return seats.values("person").distinct().count() >= ENOUGH


def able_to_approve(after: date | None = None) -> int:
    """How many people could approve something today: of the board, and not shut out of the site.

    `after`: how many of them still could after that day, as it stands now.
    """
    seats = Appointment.objects.filter(IN_FORCE, office=Office.BOARD, person__is_active=True)
    if after is not None:
        seats = seats.filter(Q(last_day=None) | Q(last_day__gt=after))
    return seats.values("person").distinct().count()


def is_in_use() -> bool:
    """Whether anybody was ever proposed for an office."""
    return Appointment.objects.exists()


def _appointments() -> QuerySet[Appointment]:
    found = Appointment.objects.select_related("person", "appointed_by", "confirmed_by", "ended_by")
    placed = found.annotate(place=Case(*_ORDER, output_field=IntegerField()))
    return placed.order_by("place", "college", "confirmed_at", "pk")


def in_force() -> QuerySet[Appointment]:
    """Offices that are held now: the board first, by colleges. One that was renewed counts once, till its later end."""
    return _appointments().filter(IN_FORCE).exclude(Exists(_longer()))


def _longer() -> QuerySet[Appointment]:
    """Of an appointment: the same office of the same person, held now as well, and for longer."""
    same = Appointment.objects.filter(IN_FORCE, person=OuterRef("person"), office=OuterRef("office"))
    later = Q(last_day__gt=OuterRef("last_day")) | Q(last_day=OuterRef("last_day"), pk__gt=OuterRef("pk"))
    return same.exclude(pk=OuterRef("pk")).filter(later | Q(last_day=None))


def proposed() -> QuerySet[Appointment]:
    """Offices that wait for somebody's confirmation."""
    return _appointments().filter(confirmed_at=None, ended_at=None)


def former() -> QuerySet[Appointment]:
    """Offices that were held and are over (`over_on`), the latest first."""
    over = Q(ended_at__isnull=False) | Q(last_day__lt=TODAY)
    found = _appointments().filter(over, confirmed_at__isnull=False)
    return found.annotate(over_on=Coalesce(TruncDate("ended_at"), "last_day")).order_by("-over_on", "-pk")


def ending(now: datetime) -> QuerySet[Appointment]:
    """Offices that are over within thirty days and have not been given again, the first first."""
    return in_force().filter(last_day__lte=now.date() + WARN_BEFORE).order_by("last_day", "pk")


def seats_to_fill(now: datetime) -> int:
    """How many of the two who decide together will be missing in thirty days, because last days come until then."""
    left = able_to_approve(now.date() + WARN_BEFORE)
    return max(0, ENOUGH - left) if left < able_to_approve() else 0


def get_appointment(number: int) -> Appointment:
    """An appointment that is not over. Raises `NotThere`."""
    found = _appointments().filter(IN_FORCE | Q(confirmed_at=None, ended_at=None), pk=number).first()
    if found is None:
        raise NotThere
    return found


def held_by(person: Any) -> list[Appointment]:
    """The offices that a person holds now."""
    return list(in_force().filter(person=person)) if getattr(person, "is_authenticated", False) else []
