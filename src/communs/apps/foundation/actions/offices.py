"""Giving, confirming and ending offices: administrators found the board, which decides from then on."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from communs.apps.foundation import letters
from communs.apps.foundation.models import Appointment, Office
from communs.apps.foundation.models.offices import HAS_TIME, IN_FORCE
from communs.apps.foundation.queries import offices as queries
from communs.apps.foundation.queries.offices import (
    ENOUGH,
    able_to_approve,
    has_board,
    require_appointing,
    require_deciding,
)
from communs.kit import formats
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible

log = logging.getLogger("communs.foundation")
WARNED_AT_ONCE_MAX: Final = 100


def appoint(
    by: Any, person: Any, office: str, college: str, now: datetime, last_day: date | None = None
) -> Appointment:
    """Propose somebody for an office, till the end of a day, or till somebody ends it. Another has to confirm it.

    An office that has a last day may be given again before. Raises `Refused`, `Impossible`.
    """
    require_appointing(by)
    if last_day is not None and last_day < now.date():
        raise Impossible(_("This last day is over already."))
    with transaction.atomic():
        _expect_no_other(person, office, last_day)
        return Appointment.objects.create(
            person=person, office=office, college=college, appointed_by=by, appointed_at=now, last_day=last_day
        )


def _expect_no_other(person: Any, office: str, last_day: date | None) -> None:
    of_theirs = Appointment.objects.filter(person=person, office=office)
    if of_theirs.filter(Q(confirmed_at=None, ended_at=None) | (IN_FORCE & Q(last_day=None))).exists():
        raise Impossible(_("This person holds this office, or is proposed for it."))
    until = of_theirs.filter(IN_FORCE).aggregate(until=Max("last_day"))["until"]
    if until is not None and last_day is not None and last_day <= until:
        raise Impossible(
            _("They hold it until {day} as it is: choose a later last day.").format(day=formats.day(until))
        )


def confirm(by: Any, number: int, now: datetime) -> Appointment:
    """Confirm what another proposed. Twice is once. Raises `Refused`, `Impossible`, `NotThere`."""
    require_deciding(by)
    with transaction.atomic():
        found = _locked(number)
        if found.confirmed_at is None:
            if not Appointment.objects.filter(HAS_TIME, pk=number).exists():
                raise Impossible(_("Its last day is over already: propose it anew."))
            if by.pk in {found.appointed_by_id, found.person_id}:
                raise Impossible(_("Somebody else has to confirm it: neither who proposed it nor who is proposed."))
            found.confirmed_by, found.confirmed_at = by, now
            found.save(update_fields=["confirmed_by", "confirmed_at"])
        return found


def end(by: Any, number: int, now: datetime) -> None:
    """End an office, one's own or another's, with its renewal, or withdraw a proposal. Raises `Refused`, `NotThere`."""
    with transaction.atomic():
        found = _locked(number)
        if found.confirmed_at is None:
            require_appointing(by)
        elif by.pk != found.person_id:
            require_deciding(by)
        alike = [found]
        if found.confirmed_at is not None:  # An office that was renewed is held twice for a while.
            held = Appointment.objects.select_for_update().filter(IN_FORCE, person=found.person, office=found.office)
            alike = list(held.order_by("pk"))
        for one in alike:
            one.ended_by, one.ended_at = by, now
            one.save(update_fields=["ended_by", "ended_at"])


def seat(person: Any, college: str, because: str, now: datetime) -> Appointment:
    """Give a seat on the board as the operator of the site, where fewer than two are left who could approve anything.

    Everybody sees that, and why. Raises `Impossible` where the board or administrators can do it themselves.
    """
    if not because.strip():
        raise Impossible(_("Say why: it is shown to everybody."))
    if not has_board():
        raise Impossible(_("Two do not sit on the board yet: administrators propose and confirm those who will."))
    with transaction.atomic():
        if able_to_approve() >= ENOUGH:
            raise Impossible(_("Two members of the board are there: they give offices, and nobody else."))
        _expect_no_other(person, Office.BOARD, None)
        given = {"given_because": because.strip(), "appointed_at": now, "confirmed_at": now}
        made = Appointment.objects.create(person=person, office=Office.BOARD, college=college, **given)
    log.warning("the operator gave person %s a seat on the board: %s", person.pk, because.strip())
    return made


def warn_of_ends(now: datetime) -> int:
    """Write once that an office ends soon, to who holds it and to the board; of how many that was written."""
    count, board = 0, [one.person for one in queries.in_force() if one.office == Office.BOARD]
    missing = queries.seats_to_fill(now)
    for one in queries.ending(now).filter(warned_at=None)[:WARNED_AT_ONCE_MAX]:
        with transaction.atomic():
            if Appointment.objects.filter(pk=one.pk, warned_at=None).update(warned_at=now):
                letters.write_office_ends(one, missing)
                for member in board:
                    if member.pk != one.person_id:
                        letters.write_office_ends_to(member, one, missing)
                count += 1
    return count


def _locked(number: int) -> Appointment:
    may_end = Q(confirmed_at=None, ended_at=None) | IN_FORCE
    found = Appointment.objects.select_for_update().filter(may_end, pk=number).first()
    if found is None:
        raise NotThere
    return found
