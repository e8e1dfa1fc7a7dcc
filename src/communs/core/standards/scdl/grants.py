"""A grant as a public funder publishes it under SCDL, with types instead of texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Conditions(StrEnum):
    """How the grant is paid."""

    AT_ONCE = "unique"
    IN_PARTS = "échelonné"
    OTHER = "autre"


@dataclass(frozen=True, slots=True)
class Grant:
    """One line. Amounts are cents of euros; `minor` is the whole grant, of which this recipient has `share` (1 is all).

    `agreed_on`: the agreement was signed. `service_siret`: who handled the request, the funder unless stated.
    `paid_from`, `paid_until`: one day, or a period. `conditions_text`: how it is paid, in words, which the schema asks
    for in any case. `is_notified`: notified to the European Commission as *de minimis* aid. `more`: further columns of
    the schema by their names, as texts.
    """

    funder_name: str
    funder_siret: str
    recipient_name: str
    purpose: str
    minor: int
    agreed_on: date
    conditions: Conditions
    conditions_text: str
    paid_from: date
    paid_until: date | None = None
    recipient_siret: str = ""
    recipient_rna: str = ""
    id: str = ""
    service_name: str = ""
    service_siret: str = ""
    budget_year: int | None = None
    decided_on: date | None = None
    reference: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    scheme: str = ""
    asked_minor: int | None = None
    in_money: bool = True
    in_kind: bool = False
    is_cofunded: bool | None = None
    cofunders: tuple[str, ...] = ()
    is_notified: bool = False
    share: Decimal = Decimal(1)
    updated_on: date | None = None
    more: Mapping[str, str] = field(default_factory=dict)


def cells_of(grant: Grant) -> dict[str, str]:
    """The cells by the schema's names, as they are written; nothing is checked."""
    kinds = [
        word for word, given in (("aide en numéraire", grant.in_money), ("aide en nature", grant.in_kind)) if given
    ]
    period = grant.paid_from.isoformat()
    if grant.paid_until is not None and grant.paid_until != grant.paid_from:
        period += f"/{grant.paid_until.isoformat()}"
    return {
        **grant.more,
        "idSubvention": grant.id,
        "nomAttribuant": grant.funder_name,
        "idAttribuant": grant.funder_siret,
        "nomServiceInstructeur": grant.service_name,
        "idServiceInstructeur": grant.service_siret or grant.funder_siret,
        "nomBeneficiaire": grant.recipient_name,
        "idBeneficiaire": grant.recipient_siret,
        "rnaBeneficiaire": grant.recipient_rna,
        "exerciceBudgetaire": "" if grant.budget_year is None else str(grant.budget_year),
        "dateDecision": _day(grant.decided_on),
        "dateConvention": grant.agreed_on.isoformat(),
        "referenceDecision": grant.reference,
        "dateDebut": _day(grant.starts_on),
        "dateFin": _day(grant.ends_on),
        "dispositif": grant.scheme,
        "statutLabel": grant.more.get("statutLabel", "attribuée"),
        "objet": grant.purpose,
        "nature": ";".join(kinds),
        "montantDemande": "" if grant.asked_minor is None else _euros(grant.asked_minor),
        "montant": _euros(grant.minor),
        "conditionsVersement": grant.conditions,
        "descriptionConditionsVersement": grant.conditions_text,
        "datesPeriodeVersement": period,
        "cofinancement": _YES_NO[grant.is_cofunded],
        "attribuantsCofinanceurs": ",".join(grant.cofunders),
        "notificationUE": _YES_NO[grant.is_notified],
        "pourcentageSubvention": f"{grant.share:f}",
        "dateMiseAJour": _day(grant.updated_on),
    }


_YES_NO: Final[Mapping[bool | None, str]] = {True: "oui", False: "non", None: ""}


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _euros(minor: int) -> str:
    """Euros with a point and two decimals.

    >>> _euros(4_780_020), _euros(-5)
    ('47800.20', '-0.05')
    """
    return f"{Decimal(minor).scaleb(-2):.2f}"
