"""Deciding by two: proposed by who keeps the books, approved by two of the board, carried out with the second word.

What is decided is frozen when it is proposed; the databases refuse anything else (`sql/decisions.py`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from communs.apps.foundation.actions.acts import ACTS, Kind
from communs.apps.foundation.actions.agreements import AgreementWanted
from communs.apps.foundation.actions.books import KeyTaken
from communs.apps.foundation.actions.funds import FundWanted, OverdraftWanted
from communs.apps.foundation.actions.moving import BackWanted, MoveWanted
from communs.apps.foundation.actions.payees import refusals_told
from communs.apps.foundation.actions.periods import PeriodWanted
from communs.apps.foundation.models import Decision, DecisionStep
from communs.apps.foundation.queries.decisions import State, state_of
from communs.apps.foundation.queries.gate import Duty, require
from communs.kit.gates import NotThere, Refused, Right
from communs.kit.records.actions import Impossible

What = DecisionStep.What
Wanted = FundWanted | OverdraftWanted | MoveWanted | BackWanted | PeriodWanted | AgreementWanted


def propose(by: Any, key: UUID, kind: str, wanted: Wanted, reason: str, now: datetime) -> Decision:
    """Propose something that two of the board have to approve. The same key and content again: the same decision.

    Raises `Refused`, `NotThere`, `Impossible`, `NotRecorded`, and `KeyTaken` for other content under this key.
    """
    require(by, Duty.KEEP)
    content = asdict(wanted)
    digest = _digest(kind, content, reason)
    with refusals_told(), transaction.atomic():
        there = Decision.objects.filter(public_id=key).first()
        if there is not None:
            if there.content_sha256 != digest:
                raise KeyTaken(str(key))
            return there
        ACTS[kind].check(content, kind)
        return Decision.objects.create(
            public_id=key,
            kind=Kind(kind),
            content=content,
            content_sha256=digest,
            reason=reason,
            proposed_by=by,
            proposed_at=now,
        )


def approve(by: Any, public_id: UUID, now: datetime) -> str:
    """Approve what another proposed; the second approval carries it out, or is not given. The state then.

    Twice is once. Raises `Refused`, `NotThere`, `Impossible`, `NotRecorded` where the books refuse it.
    """
    require(by, Duty.APPROVE)
    _prepare(public_id, now)
    with refusals_told(), transaction.atomic():
        decision = _lock(public_id)
        steps = list(decision.steps.order_by("number"))
        if any(step.person_id == by.pk and step.what == What.APPROVED for step in steps):
            return state_of(steps)
        _expect_open(steps)
        if by.pk == decision.proposed_by_id:
            raise Impossible(_("Somebody else has to approve it: not who proposed it."))
        if not steps:
            _say(decision, steps, What.APPROVED, by, now)
            return State.APPROVED
        # Said first: the databases let nothing be done that two have not approved. What fails takes the word back.
        act = ACTS[decision.kind]
        _say(decision, steps, What.APPROVED, by, now, outcome=act.made(decision))
        act.carry_out(decision, by, now)
        return State.DONE


def refuse(by: Any, public_id: UUID, reason: str, now: datetime) -> None:
    """Refuse it for good, as a member of the board. Raises `Refused`, `NotThere`, `Impossible`."""
    require(by, Duty.APPROVE)
    with refusals_told(), transaction.atomic():
        decision = _lock(public_id)
        steps = list(decision.steps.order_by("number"))
        _expect_open(steps)
        if by.pk in {decision.proposed_by_id, *(step.person_id for step in steps)}:
            raise Impossible(_("You have had your say on it. Another member of the board can refuse it."))
        _say(decision, steps, What.REFUSED, by, now, reason=reason)


def withdraw(by: Any, public_id: UUID, reason: str, now: datetime) -> None:
    """Take one's own proposal back before it is carried out. Raises `Refused`, `NotThere`, `Impossible`."""
    with refusals_told(), transaction.atomic():
        decision = _lock(public_id)
        if by.pk != decision.proposed_by_id:
            raise Refused(Right.ADMINISTER, signed_in=bool(getattr(by, "is_authenticated", False)))
        steps = list(decision.steps.order_by("number"))
        _expect_open(steps)
        _say(decision, steps, What.WITHDRAWN, by, now, reason=reason)


def _prepare(public_id: UUID, now: datetime) -> None:
    """What may take long is done before anything is locked."""
    found = Decision.objects.filter(public_id=public_id).first()
    if found is not None and found.steps.count() == 1:
        ACTS[found.kind].before(now)


def _expect_open(steps: list[DecisionStep]) -> None:
    state = state_of(steps)
    if state not in {State.PROPOSED, State.APPROVED}:
        raise Impossible(_("This decision is {state} by now.").format(state=State(state).label))


def _say(decision: Decision, steps: list[DecisionStep], what: str, by: Any, now: datetime, **said: str) -> None:
    DecisionStep.objects.create(decision=decision, number=1 + len(steps), what=what, person=by, at=now, **said)


def _lock(public_id: UUID) -> Decision:
    found = Decision.objects.select_for_update(of=("self",), no_key=True).filter(public_id=public_id).first()
    if found is None:
        raise NotThere
    return found


def _digest(kind: str, content: dict[str, Any], reason: str) -> str:
    text = json.dumps([kind, content, reason], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
