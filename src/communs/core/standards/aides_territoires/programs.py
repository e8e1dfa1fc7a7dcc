"""The programmes of *Transition écologique des entreprises*: typed eligibility (`eligibilityData`) beside words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from communs.core.standards import shapes
from communs.core.standards.feeds.french_places import place_of_name, put_places
from communs.core.standards.feeds.french_words import put_audiences, put_kind
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Row
from communs.core.standards.reading.html_text import to_plain

CONDITIONS: Final = "conditions d'éligibilité"

_ALL_SECTIONS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTU")
_NO_LIMIT: Final = frozenset({"Toutes tailles"})
_DIMENSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "taille de l'entreprise": "employees",
        "secteur géographique": "territory",
        "secteur d'activité": "activity_sector",
        "nombre d'années d'activité": "age",
        "autres critères d'éligibilité": "eligibility",
    }
)
_AMOUNTS: Final = (
    "montant du financement", "montant du prêt", "durée du prêt", "montant de l'avantage fiscal",
    "coût de l'accompagnement", "durée de l'accompagnement",
)  # fmt: skip


def is_row(fields: Mapping[str, Any]) -> bool:
    """Whether an object is a programme."""
    return {"id", "titre"} <= fields.keys() and bool({"eligibilityData", CONDITIONS} & fields.keys())


def read_row(row: Row) -> Opportunity | None:
    """The opportunity of a programme, None where it has no key or no title."""
    if not has(row, "id", "titre"):
        return None
    url, key = row.address("url"), row.raw("id")
    made = Opportunity(row, "transition-ecologique", key, "fr", reference=url, what=f"programme {key}")
    made.text("title", row.word("titre"))
    made.text("summary", row.prose("promesse", "description", "description longue"))
    payers = [*row.words("opérateur de contact"), *row.words("autres opérateurs")]
    made.put(url=url, funder={"name": payers[0]} if payers else None)
    if len(payers) > 1:
        made.line(f"Autres opérateurs : {', '.join(payers[1:])}")
    put_kind(made, "nature de l'aide", row.words("nature de l'aide"))
    for name in _AMOUNTS:
        text = row.prose(name)
        if text:
            made.quote("amount", f"{name.capitalize()} : {text}")
    typed = shapes.table(row.fields.get("eligibilityData"))
    company = shapes.table(typed.get("company"))
    made.put(themes=shapes.texts(typed.get("priorityObjectives")) and list(shapes.texts(typed["priorityObjectives"])))
    _company(made, company)
    _words(made, company)
    _conditional(made)
    _window(made, shapes.table(typed.get("validity")))
    return made


def _said(row: Row, name: str) -> list[str]:
    """The words of one of the conditions, one a line."""
    conditions = shapes.table(row.fields.get(CONDITIONS))
    return [shapes.without_contacts(to_plain(text)) for text in shapes.texts(conditions.get(name))]


def _company(made: Opportunity, company: Mapping[str, Any]) -> None:
    """What is typed: who, where, how many employees, which sections of the French activity classification."""
    if not company:
        return
    row, at = made.row, "eligibilityData"
    open_to_public = company.get("openToPublicAdministration") is True
    put_audiences(made, at, ["Entreprises", *(["Secteur public"] if open_to_public else [])])
    put_places(made, at, {name: place_of_name(name) for name in shapes.texts(company.get("allowedRegion"))})
    bounds = {
        name: found
        for name, key in (("min", "minEmployees"), ("max", "maxEmployees"))
        if (found := row.number_of(at, company.get(key))) is not None
    }
    size = "\n".join(_said(row, "taille de l'entreprise"))
    if bounds and bounds.get("min", 0) <= bounds.get("max", float("inf")):
        made.typed(
            "employees", bounds, size or ", ".join(f"{name} {value}" for name, value in bounds.items()), "between"
        )
    if company.get("excludeMicroentrepreneur") is True:
        made.typed("legal_status", ["microentrepreneur"], size or "Non éligible aux micro-entreprises", "none_of")
    sections = sorted(_ALL_SECTIONS & set(shapes.texts(company.get("allowedNafSections"))))
    if sections and len(sections) < len(_ALL_SECTIONS):
        sector = "\n".join(_said(row, "secteur d'activité"))
        made.typed("activity_sector", sections, sector or f"Sections NAF : {', '.join(sections)}")


def _words(made: Opportunity, company: Mapping[str, Any]) -> None:
    """The conditions in words, but for those that a typed one quotes already."""
    quoted = {one["statement"] for one in made.criteria if "accepts" in one}
    for name, dimension in _DIMENSIONS.items():
        lines = [line for line in _said(made.row, name) if line not in _NO_LIMIT]
        if not lines or "\n".join(_said(made.row, name)) in quoted:
            continue
        if dimension == "territory" and company.get("allowedRegion"):
            # The words may name departments inside of the regions that are typed.
            made.quote(dimension, ", ".join(lines))
            continue
        for line in lines:
            made.quote(dimension, line)


def _conditional(made: Opportunity) -> None:
    """Fields that hold under a condition only: both, as they are written."""
    for entry in shapes.objects(made.row.fields.get("champs conditionnels")):
        conditions = [
            *shapes.texts(entry.get("toutes ces conditions")),
            *shapes.texts(entry.get("une de ces conditions")),
        ]
        for key, value in entry.items():
            if key not in {"toutes ces conditions", "une de ces conditions", "url"} and not key.endswith("opérateurs"):
                said = to_plain("; ".join(shapes.texts(value)))
                made.quote("amount" if "ontant" in key else "eligibility", f"{key} : {said} ({'; '.join(conditions)})")


def _window(made: Opportunity, validity: Mapping[str, Any]) -> None:
    row = made.row
    start = shapes.plain(validity.get("start")) or row.raw("début de validité")
    end = shapes.plain(validity.get("end")) or row.raw("fin de validité")
    opens, closes = row.day_of("eligibilityData", start), row.day_of("eligibilityData", end)
    paused = row.raw("aide temporairement indisponible") == "oui"
    note = "; ".join(
        filter(
            None, ("Aide temporairement indisponible" if paused else "", "" if opens else start, "" if closes else end)
        )
    )
    if paused:
        # Nobody knows when it takes applications again: the days would promise what does not hold.
        made.window("unknown", "", "", "; ".join(filter(None, (note, opens, closes))))
    elif opens or closes or note:
        made.window("one_off" if closes else "unknown", opens, closes, note)
