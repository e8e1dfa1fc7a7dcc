"""One row of the national schema as an opportunity."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from communs.core.standards import shapes
from communs.core.standards.feeds.french_places import place_of_code, put_places
from communs.core.standards.feeds.french_words import put_audiences, put_kind
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Row
from communs.core.texts import N_

BROKEN_CARRIERS: Final = (
    N_("The bodies in “{path}” cannot be read; they were left out."),
    N_("Write a list like [{example}]."),
)
NO_PAYER: Final = (
    N_("No body in “{path}” has the role “financeur”; the first, {meant}, was noted as the funder."),
    N_("Give the body that pays the role “financeur”."),
)
_EXAMPLE: Final = '{"nom": "ADEME", "siren": "385290309", "roles": ["financeur"]}'
# A key without quotes, a text in single quotes (an apostrophe inside ends it only before a comma or a bracket), a text.
_QUOTED: Final = re.compile(
    r"(?P<key>[A-Za-zôé]++)\s*:|'(?P<text>(?:[^'\\]++|\\.|'(?!\s*[,}\]]))*+)'?|\"(?:[^\"\\]++|\\.)*+\"?"
)

# Columns of the annexes whose values are conditions, and what each is about.
_CONDITIONS: Final = {
    "eligibilite_categorie_taille_entreprise": "company_size",
    "eligibilite_minimum_annees_existence": "age",
    "eligibilite_annees_existence_minimal": "age",
    "eligibilite_statut_juridique": "legal_status",
    "eligibilite_statut_juridique_exclusions": "legal_status",
    "eligibilite_forme_juridique": "legal_status",
    "eligibilite_forme_juridique_exclusions": "legal_status",
    "ciblage_naf": "activity_sector",
    "ciblage_naf_exclusions": "activity_sector",
    "ciblage_secteurs_activite": "activity_sector",
    "ciblage_secteur_activite": "activity_sector",
    "forme_juridique_association": "legal_status",
    "domaine_activite": "activity_sector",
    "nombre_membres_minimum": "members",
    "anciennete_minimum_mois": "age",
    "statut_employes": "employees",
    "budget_minimum": "budget",
    "age_minimum": "age",
    "age_maximum": "age",
    "situation_professionnelle": "situation",
    "revenus_maximum": "income",
    "residence_requirement": "residence",
    "type_structure_publique": "applicant_form",
    "niveau_collectivite": "applicant_form",
    "taille_population_minimum": "population",
    "taille_population_maximum": "population",
    "classement_zzus": "area",
    "endettement_maximum": "debt",
    "criteres_sociaux": "social",
    "conditions_activation": "activation",
}


def read_row(row: Row) -> Opportunity | None:
    """The opportunity of a row, None where it has no key or no title."""
    if not has(row, "id", "titre"):
        return None
    seen = row.day("date_mise_a_jour")
    url = row.address("url_source")
    key = row.raw("id")
    what = f"dispositif d’aide {key}" + (f", mis à jour le {seen}" if seen else "")
    made = Opportunity(row, "dispositif-aide", key, "fr", reference=url, seen=seen, what=what)
    made.text("title", row.word("titre"))
    made.text("summary", row.prose("promesse", "description"))
    made.put(
        url=url,
        application_url=row.address("url_candidature"),
        programme=", ".join(row.words("programmes_parents", "|")),
        funder=_funder(row),
    )
    put_kind(made, "types_aides", row.words("types_aides", "|"))
    put_audiences(made, "cibles", row.words("cibles", "|"))
    _places(made)
    _window(made)
    made.money(pot=row.number("budget_total_alloue"))
    _conditions(made)
    return made


def _places(made: Opportunity) -> None:
    included, excluded = (
        {code: place_of_code(code) for code in made.row.words(column, "|")}
        for column in ("eligibilite_geographique", "eligibilite_geographique_exclusions")
    )
    put_places(made, "eligibilite_geographique", included, excluded)


def _window(made: Opportunity) -> None:
    opens, closes = made.row.day("date_ouverture"), made.row.day("date_cloture")
    unread = [made.row.raw(key) for key, day in (("date_ouverture", opens), ("date_cloture", closes)) if not day]
    note = "; ".join(filter(None, unread))
    if opens or closes or note:
        made.window("one_off" if closes else "unknown", opens, closes, note)


def _conditions(made: Opportunity) -> None:
    row = made.row
    made.quote("eligibility", row.prose("eligibilite"))
    low = _first(row, "eligibilite_effectifs_minimum", "eligibilite_effectif_minimal")
    high = _first(row, "eligibilite_effectifs_maximum", "eligibilite_effectif_maximal")
    if (low is not None or high is not None) and (low is None or high is None or low <= high):
        bounds = {name: value for name, value in (("min", low), ("max", high)) if value is not None}
        said = ", ".join(f"{'au moins' if name == 'min' else 'au plus'} {value}" for name, value in bounds.items())
        made.typed("employees", bounds, f"Effectif : {said} salariés", "between")
    share = row.number("taux_cofinancement")
    if share:
        made.quote("own_share", f"Taux de cofinancement requis : {share} %")
    for column, dimension in _CONDITIONS.items():
        value = row.prose(column)
        if value:
            made.quote(dimension, f"{column} : {value}")


def _first(row: Row, *columns: str) -> int | float | None:
    return next((found for column in columns if (found := row.number(column)) is not None), None)


def _funder(row: Row) -> dict[str, str] | None:
    """The body that finances, else the first that is named: the schema gives each its roles."""
    text = row.raw("porteurs")
    if not text:
        return None
    bodies = _bodies(text)
    if not bodies:
        row.tell("porteurs", "json-in-text", "warning", BROKEN_CARRIERS, example=_EXAMPLE)
        return None
    paying = [body for body in bodies if "financeur" in body["roles"]]
    if not paying:
        paying = bodies[:1]
        row.tell("porteurs", "funder-by-place", "note", NO_PAYER, meant=paying[0]["nom"])
    return {"name": ", ".join(body["nom"] for body in paying)}


def _bodies(text: str) -> list[dict[str, Any]]:
    """`porteurs` as JSON, or as the schema's own example has it: keys without quotes, texts in single ones.

    >>> _bodies("[{ nom: 'CCI DE L'AIN', siren: '1', roles: [ 'financeur' ]}]")
    [{'nom': "CCI DE L'AIN", 'roles': ('financeur',)}]
    """
    for tried in (text, _QUOTED.sub(_in_json, text)):
        try:
            listed = shapes.objects(json.loads(tried))
        except (ValueError, RecursionError):
            continue
        named = ((shapes.plain(body.get("nom")), shapes.texts(body.get("roles"))) for body in listed)
        return [{"nom": " ".join(name.split()), "roles": roles} for name, roles in named if name]
    return []


def _in_json(found: re.Match[str]) -> str:
    if found["key"]:
        return f'"{found["key"]}":'
    return json.dumps(found["text"].replace("\\'", "'")) if found["text"] is not None else found[0]
