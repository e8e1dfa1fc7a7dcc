"""The open data of the Pays de la Loire region (records with `fields`, or the fields alone)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from communs.core.standards.feeds.french_words import put_audiences, put_kind
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Row


def is_row(fields: Mapping[str, Any]) -> bool:
    """Whether an object is an aid of this table."""
    return {"intervention_id", "aide_nom"} <= fields.keys()


def read_row(row: Row) -> Opportunity | None:
    """The opportunity of an aid, None where it has no key or no name."""
    if not has(row, "intervention_id", "aide_nom"):
        return None
    url, key = row.address("source_lien"), row.raw("intervention_id")
    made = Opportunity(row, "pays-de-la-loire", key, "fr", reference=url, what=f"Région Pays de la Loire {key}")
    made.text("title", row.word("aide_nom"))
    made.text("summary", row.prose("aid_objet_court", "aid_objet", "aid_operations_ei"))
    made.put(url=url, themes=[*row.words("thematique_libelle", ";"), *row.words("ss_thematique_libelle", ";")])
    put_kind(made, "type_de_subvention", row.words("type_de_subvention", ";"))
    put_audiences(made, "aid_benef", row.words("aid_benef", ";"))
    made.quote("eligibility", row.prose("aidconditions"))
    made.quote("amount", row.prose("conditions_de_versement"))
    opens, closes = row.day("date_de_debut"), row.day("date_de_fin")
    model = "permanent" if row.raw("temporalite") == "Permanent" and not closes else "one_off" if closes else "unknown"
    if opens or closes or model == "permanent":
        made.window(model, opens, closes)
    return made
