"""Agreements with public funders: what is decided by two, and what is done then. Each opens a fund of its own.

The money comes as a gift of the funder, tranche by tranche, under one reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import uuid5

from django.utils.translation import gettext as _

from communs.apps.foundation.actions.books import NAMES
from communs.apps.foundation.actions.funds import FundWanted, check_opening, open_wanted
from communs.apps.foundation.actions.gifts import MINOR_MAX, GiverSaid, Wanted, give
from communs.apps.foundation.models import Agreement, Decision, Gift, Tranche
from communs.core.ledger import Nature
from communs.kit.records.actions import Impossible

TRANCHES_MAX: Final = 40


@dataclass(frozen=True, slots=True)
class AgreementWanted:
    """What is agreed. `titles` and `purposes` by language; `tranches`: days and minor units; days as "2026-12-05".

    `eligible` is for people; `eligible_query` says the same as a query of the register's list, where it can be said so:
    rounds out of the fund offer no other commons.
    """

    slug: str
    titles: dict[str, str]
    purposes: dict[str, str]
    eligible: str
    funder: str
    convention: str
    return_clause: str
    tranches: Sequence[tuple[str, int]]
    currency: str = "EUR"
    opens_on: str = ""
    closes_on: str = ""
    eligible_query: str = ""


def check_agreement(content: dict[str, Any], kind: str) -> None:
    """Raises `Impossible` where nothing is due, or its fund cannot be opened."""
    wanted = AgreementWanted(**content)
    amounts = [minor for _day, minor in wanted.tranches]
    if not 1 <= len(amounts) <= TRANCHES_MAX or min(amounts) <= 0:
        raise Impossible(_("Say at least one day and the amount that is due on it."))
    if sum(amounts) > MINOR_MAX:
        raise Impossible(_("This is more than one agreement can be about here. Write down an agreement for each part."))
    check_opening(_fund_of(wanted))


def carry_out_agreement(decision: Decision, by: Any, now: datetime) -> None:
    """Open its fund, and write down the gift as which its money comes."""
    check_agreement(decision.content, decision.kind)
    wanted = AgreementWanted(**decision.content)
    open_wanted(_fund_of(wanted), now)
    total = sum(minor for _day, minor in wanted.tranches)
    giver = GiverSaid(name=wanted.funder)
    meant = Wanted(wanted.slug, total, Gift.Kind.GRANT, currency=wanted.currency, giver=giver)
    gift = give(uuid5(NAMES, f"agreement:{decision.public_id}"), meant, now)
    made = Agreement.objects.create(
        decision=decision, gift=gift, eligible=wanted.eligible, eligible_query=wanted.eligible_query
    )
    Tranche.objects.bulk_create(
        Tranche(agreement=made, number=number, due_on=date.fromisoformat(day), minor=minor)
        for number, (day, minor) in enumerate(wanted.tranches, 1)
    )


def _fund_of(wanted: AgreementWanted) -> FundWanted:
    return FundWanted(
        wanted.slug, Nature.RESTRICTED, wanted.titles, wanted.purposes, wanted.funder, wanted.convention,
        wanted.return_clause, wanted.opens_on, wanted.closes_on,
    )  # fmt: skip
