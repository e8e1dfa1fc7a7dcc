"""Who may do what with the foundation's money: offices decide, and no role on the site replaces one."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from communs.apps.foundation.models import Appointment, Office
from communs.apps.foundation.models.offices import IN_FORCE
from communs.kit.gates import Refused, Right


class Duty(StrEnum):
    """What is done in the foundation."""

    LOOK = "look"  # at what is not public: statements, names of payees
    KEEP = "keep"  # import statements, propose payouts, prepare rounds and funds
    APPROVE = "approve"  # payouts, rounds, releases: always two people who did not propose


_DUTIES = {
    Office.TREASURER: {Duty.LOOK, Duty.KEEP},
    Office.BOARD: {Duty.LOOK, Duty.APPROVE},
    Office.AUDITOR: {Duty.LOOK},
}


def duties_of(person: Any) -> frozenset[Duty]:
    """What a person may do, from the offices they hold now. Nobody else may do anything."""
    if person is None or not getattr(person, "is_authenticated", False) or not person.is_active:
        return frozenset()
    held = Appointment.objects.filter(IN_FORCE, person=person)
    return frozenset().union(*(_DUTIES[Office(office)] for office in held.values_list("office", flat=True)))


def require(person: Any, duty: Duty) -> None:
    """Raise `Refused` unless the person holds an office with this duty."""
    if duty not in duties_of(person):
        raise Refused(Right.ADMINISTER, signed_in=bool(getattr(person, "is_authenticated", False)))
