"""Grants to commons as others publish theirs: 360Giving JSON, and the French SCDL schema *subventions*.

One line for each commons of each grant: what a later claim or expiry moves stands in the journal. SCDL knows amounts in
euros and asks for the SIRET or RNA number of each recipient, of whatever country: other grants are left out of it,
and stand in a file of their own, with why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from communs.apps.foundation.queries import public
from communs.apps.register.queries import public_commons
from communs.core.ledger import AccountKind, Entry, EntryKind
from communs.core.standards import scdl
from communs.kit.tables import harmless

SIRET, RNA = "FR-SIRET-", "FR-RNA-"
CONDITIONS: Final = "En une fois, après acceptation par les responsables du commun et accord de deux personnes"


@dataclass(frozen=True, slots=True)
class Funder:
    """Who grants, as it is registered. `siret`: empty where it has none, and SCDL is not offered then."""

    name: str
    siret: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A commons that is granted something. `org_id`: of org-id.guide, of those who receive money for it."""

    id: str
    name: str
    org_id: str = ""

    def number(self, register: str) -> str:
        """Its number in a register; empty where it stands in another, or in none."""
        return self.org_id.removeprefix(register) if self.org_id.startswith(register) else ""


def grant_awards(asked: public.Asked, funder: Funder) -> Iterator[dict[str, Any]]:
    """Grants in the shape that `threesixtygiving.writing.write` takes."""
    for entry, owner, minor, currency in _granted(asked):
        yield {
            "id": f"{entry.id}-{owner.id}",
            "title": entry.memo or entry.document or "Grant",
            "description": entry.document or entry.memo,
            "currency": currency,
            "amount_minor": minor,
            "awarded_on": entry.effective_on.isoformat(),
            "funder": {"name": funder.name, "org_id": f"FR-SIRET-{funder.siret}" if funder.siret else ""},
            "recipient": {"kind": "organisation", "name": owner.name, "org_id": owner.org_id},
        }


def grant_lines(asked: public.Asked, funder: Funder) -> Iterator[str]:
    """Grants in euros as SCDL *subventions* 2.1, line by line. Raises `scdl.CannotPublish` where the first is wrong."""
    if faults := tuple(scdl.faults_of(_first(asked, funder))):
        raise scdl.CannotPublish(faults)
    return scdl.lines(_scdl(asked, funder))


LEFT_OUT_COLUMNS: Final = ("entry", "awarded_on", "recipient", "commons", "amount_minor", "currency", "because")


def left_out(asked: public.Asked) -> Iterator[tuple[Any, ...]]:
    """Grants that SCDL has no place for, as rows of `LEFT_OUT_COLUMNS`. `because`: "no-number" or "currency"."""
    for entry, owner, minor, currency in _granted(asked):
        if because := _why_not(owner, currency):
            yield entry.id, entry.effective_on.isoformat(), owner.name, owner.id, minor, currency, because


def _why_not(owner: Recipient, currency: str) -> str:
    if currency != "EUR":
        return "currency"
    return "" if owner.number(SIRET) or owner.number(RNA) else "no-number"


def number_left_out(asked: public.Asked) -> int:
    """How many grants SCDL has no place for, counted by the database."""
    accounts, known = _recipients()
    without = [slug for slug, owner in accounts.items() if _why_not(known.get(owner, Recipient(owner, owner)), "EUR")]
    return public.number_granted(asked, without)


def _first(asked: public.Asked, funder: Funder) -> list[scdl.Grant]:
    """What is wrong with one grant is wrong with all: names and numbers of the funder."""
    return [grant for grant, _again in zip(_scdl(asked, funder), range(1), strict=False)]


def _scdl(asked: public.Asked, funder: Funder) -> Iterator[scdl.Grant]:
    for entry, owner, minor, currency in _granted(asked):
        siret, rna = owner.number(SIRET), owner.number(RNA)
        if _why_not(owner, currency):
            continue  # the schema asks for one of the two, and nothing is invented
        day = entry.effective_on
        yield scdl.Grant(
            funder_name=funder.name, funder_siret=funder.siret, recipient_name=harmless(owner.name),
            recipient_siret=siret, recipient_rna=rna,
            purpose=harmless(entry.memo or entry.document or "Commun numérique")[:256], minor=minor, agreed_on=day,
            conditions=scdl.Conditions.AT_ONCE, conditions_text=CONDITIONS, paid_from=day,
            reference=entry.document[:64], budget_year=day.year,
        )  # fmt: skip


def _granted(asked: public.Asked) -> Iterator[tuple[Entry, Recipient, int, str]]:
    """Entry, the commons, minor units above zero, currency."""
    accounts, known = _recipients()
    for entry in public.read(public.only(asked, EntryKind.GRANT)):
        for one in entry.postings:
            owner = accounts.get(one.account)
            if owner and one.minor < 0:
                yield entry, known.get(owner, Recipient(owner, owner)), -one.minor, one.currency


def _recipients() -> tuple[dict[str, str], dict[str, Recipient]]:
    """The commons that each account is for, and what is known of each."""
    accounts = public.owners((AccountKind.COMMONS, AccountKind.UNCLAIMED))
    found = public_commons().filter(public_id__in=list(set(accounts.values()))).only("public_id", "name", "values")
    return accounts, {one.public_id: Recipient(one.public_id, one.name, _org_id(one.values)) for one in found}


def _org_id(values: dict[str, Any]) -> str:
    """Of those who receive money for a commons: what it states of itself, else of its steward."""
    return str(values.get("identifiers.org_id") or values.get("steward.org_id") or "")
