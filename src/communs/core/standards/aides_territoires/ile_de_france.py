"""The guide of the Île-de-France region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from communs.core.standards import shapes
from communs.core.standards.feeds.french_words import put_audiences
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Row
from communs.core.texts import N_

NOT_PUBLISHED: Final = (
    N_("The record has the state “{value}”, not “PUBLIEE”; it was left out."),
    N_("Publish it first, or take it out of the file."),
)

_TENANTS: Final = {"cridfprd": "Région Île-de-France"}


def is_row(fields: Mapping[str, Any]) -> bool:
    """Whether an object is an entry of this guide."""
    return {"title", "reference", "publicsBeneficiaire"} <= fields.keys() and bool({"tenant", "statut"} & fields.keys())


def read_row(row: Row) -> Opportunity | None:
    """The opportunity of an entry; None where it has no key or no title, or is not published.

    Of what the guide marks as not published (`informationNonPubliee`) nothing is read.
    """
    if not has(row, "reference", "title"):
        return None
    state = row.raw("statut")
    if state not in {"", "PUBLIEE"}:
        row.tell("statut", "not-published", "warning", NOT_PUBLISHED, value=state)
        return None
    key, seen = row.raw("reference"), row.day("date")
    what = f"Guide des aides {key}" + (f", daté du {seen}" if seen else "")
    made = Opportunity(row, "ile-de-france", key, "fr", reference=row.raw("id"), seen=seen, what=what)
    made.text("title", row.word("title"))
    made.text("summary", row.prose("entete", "objectif", "demarches"))
    tenant = _TENANTS.get(row.raw("tenant"))
    if tenant:
        made.put(funder={"name": tenant, "country": "FR", "type": "public"})
    made.put(themes=[*_titles(row, "competences"), *_titles(row, "tags")])
    put_audiences(made, "publicsBeneficiaire", _titles(row, "publicsBeneficiaire"))
    made.quote("applicant_form", row.prose("publicsBeneficiairePrecision"))
    made.quote("amount", row.prose("modalite"))
    made.quote("eligibility", row.prose("notes"))
    opens, closes = row.day("dateOuvertureCampagne"), row.day("dateFinCampagne")
    if opens or closes:
        made.window("one_off" if closes else "unknown", opens, closes)
    return made


def _titles(row: Row, key: str) -> list[str]:
    return [title for entry in shapes.objects(row.fields.get(key)) if (title := shapes.plain(entry.get("title")))]
