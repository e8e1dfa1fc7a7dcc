"""Giving, confirming and ending offices: administrators found the board, which decides from then on."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from communs.apps.foundation.models import Appointment, Office
from communs.apps.foundation.queries.offices import able_to_approve, has_board, require_appointing, require_deciding
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible

log = logging.getLogger("communs.foundation")
ENOUGH: Final = 2
"""So many of the board decide together."""


def appoint(by: Any, person: Any, office: str, college: str, now: datetime) -> Appointment:
    """Propose somebody for an office. Nothing changes until somebody else confirms. Raises `Refused`, `Impossible`."""
    require_appointing(by)
    with transaction.atomic():
        if Appointment.objects.filter(person=person, office=office, ended_at=None).exists():
            raise Impossible(_("This person holds this office, or is proposed for it."))
        return Appointment.objects.create(
            person=person, office=office, college=college, appointed_by=by, appointed_at=now
        )


def confirm(by: Any, number: int, now: datetime) -> Appointment:
    """Confirm what another proposed. Twice is once. Raises `Refused`, `Impossible`, `NotThere`."""
    require_deciding(by)
    with transaction.atomic():
        found = _locked(number)
        if found.confirmed_at is None:
            if by.pk in {found.appointed_by_id, found.person_id}:
                raise Impossible(_("Somebody else has to confirm it: neither who proposed it nor who is proposed."))
            found.confirmed_by, found.confirmed_at = by, now
            found.save(update_fields=["confirmed_by", "confirmed_at"])
        return found


def end(by: Any, number: int, now: datetime) -> None:
    """End an office, one's own or another's, or take a proposal back. Raises `Refused`, `NotThere`."""
    with transaction.atomic():
        found = _locked(number)
        if found.confirmed_at is None:
            require_appointing(by)
        elif by.pk != found.person_id:
            require_deciding(by)
        found.ended_by, found.ended_at = by, now
        found.save(update_fields=["ended_by", "ended_at"])


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
        if Appointment.objects.filter(person=person, office=Office.BOARD, ended_at=None).exists():
            raise Impossible(_("This person holds this office, or is proposed for it."))
        given = {"given_because": because.strip(), "appointed_at": now, "confirmed_at": now}
        made = Appointment.objects.create(person=person, office=Office.BOARD, college=college, **given)
    log.warning("the operator gave person %s a seat on the board: %s", person.pk, because.strip())
    return made


def _locked(number: int) -> Appointment:
    found = Appointment.objects.select_for_update().filter(pk=number, ended_at=None).first()
    if found is None:
        raise NotThere
    return found
