"""Agreements with public funders: proposed by the treasurer, approved by two of the board. Then their fund opens.

The money comes as a gift of the funder, tranche by tranche, under one reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from communs.apps.foundation.actions.books import NAMES, KeyTaken, open_fund
from communs.apps.foundation.actions.gifts import GiverSaid, Wanted, give
from communs.apps.foundation.actions.payees import refusals_told
from communs.apps.foundation.models import Agreement, AgreementStep, Fund, Gift, Tranche
from communs.apps.foundation.queries.gate import Duty, require
from communs.core.ledger import Fund as FundSaid
from communs.core.ledger import Nature
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible
from communs.kit.texts import plain, texts

TRANCHES_MAX = 40
What = AgreementStep.What


@dataclass(frozen=True, slots=True)
class AgreementSaid:
    """What is agreed. `titles` and `purposes` by language; `tranches`: days and minor units, in order."""

    slug: str
    titles: Mapping[str, str]
    purposes: Mapping[str, str]
    eligible: str
    funder: str
    convention: str
    return_clause: str
    tranches: Sequence[tuple[date, int]]
    currency: str = "EUR"
    opens_on: date | None = None
    closes_on: date | None = None


def propose(by: Any, key: UUID, said: AgreementSaid, now: datetime) -> Agreement:
    """Propose an agreement. The same key is the same agreement. Raises `Refused`, `Impossible`, `KeyTaken`."""
    require(by, Duty.KEEP)
    if not 1 <= len(said.tranches) <= TRANCHES_MAX or any(minor <= 0 for _day, minor in said.tranches):
        raise Impossible(_("Say at least one day and the amount that is due on it."))
    with refusals_told(), transaction.atomic():
        there = Agreement.objects.filter(public_id=key).first()
        if there is not None:
            if there.slug != said.slug:
                raise KeyTaken(str(key))
            return there
        if Fund.objects.filter(slug=said.slug).exists() or Agreement.objects.filter(slug=said.slug).exists():
            raise Impossible(_("A fund or an agreement has this name already. Choose another one."))
        row = Agreement.objects.create(
            public_id=key, slug=said.slug, title=texts(**said.titles), purpose=texts(**said.purposes),
            eligible=said.eligible, funder=said.funder, convention=said.convention, return_clause=said.return_clause,
            currency=said.currency, opens_on=said.opens_on, closes_on=said.closes_on, proposed_by=by, proposed_at=now,
        )  # fmt: skip
        for number, (day, minor) in enumerate(said.tranches, 1):
            Tranche.objects.create(agreement=row, number=number, due_on=day, minor=minor)
        return row


def approve(by: Any, public_id: UUID, now: datetime) -> AgreementStep:
    """Approve an agreement; the second approval opens its fund. Twice by the same person is once.

    Raises `Refused`, `NotThere`, `Impossible`.
    """
    return _say(by, public_id, What.APPROVED, now)


def refuse(by: Any, public_id: UUID, now: datetime) -> AgreementStep:
    """Refuse an agreement for good. Raises `Refused`, `NotThere`, `Impossible`."""
    return _say(by, public_id, What.REFUSED, now)


def _say(by: Any, public_id: UUID, what: str, now: datetime) -> AgreementStep:
    require(by, Duty.APPROVE)
    with refusals_told(), transaction.atomic():
        row = Agreement.objects.select_for_update(of=("self",), no_key=True).filter(public_id=public_id).first()
        if row is None:
            raise NotThere
        steps = list(row.steps.all())
        mine = next((step for step in steps if step.person_id == by.pk), None)
        if mine is not None and mine.what == what:
            return mine
        approved = sum(step.what == What.APPROVED for step in steps)
        if mine is not None or approved >= 2 or len(steps) > approved:
            raise Impossible(_("This agreement is decided, or you have had your say."))
        if by.pk == row.proposed_by_id:
            raise Impossible(_("Somebody else has to approve it: not who proposed it."))
        gift = _open(row, now) if what == What.APPROVED and approved == 1 else None
        return AgreementStep.objects.create(agreement=row, person=by, what=what, at=now, gift=gift)


def _open(row: Agreement, now: datetime) -> Gift:
    titles, purposes = plain(row.title), plain(row.purpose)
    fund = FundSaid(
        row.slug, Nature.RESTRICTED, next(iter(titles.values()), row.slug), row.funder, row.convention,
        next(iter(purposes.values()), ""), row.return_clause, row.opens_on, row.closes_on,
    )  # fmt: skip
    open_fund(fund, now=now, titles=titles, purposes=purposes)
    total = sum(tranche.minor for tranche in row.tranches.all())
    key = uuid5(NAMES, f"agreement:{row.public_id}")
    wanted = Wanted(row.slug, total, Gift.Kind.GRANT, currency=row.currency, giver=GiverSaid(name=row.funder))
    return give(key, wanted, now)
