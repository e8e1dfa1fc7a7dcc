"""The feed of ADEME (Agir pour la transition): schemes and calls, with codes for audiences and themes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from communs.core.standards import shapes
from communs.core.standards.feeds.french_places import place_of_code, place_of_name, put_places
from communs.core.standards.feeds.french_words import put_audiences
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Row

_AUDIENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "SCA1": "Associations",
        "SCA2": "Collectivités et secteur public",
        "SCA3": "Entreprises",
        "SCA4": "Organismes de recherche",
    }
)
_THEMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ALIBIO": "agriculture, alimentation",
        "BOIBIO": "bois, biomasse",
        "ECD": "économie circulaire, déchets",
        "ECO": "écoconception",
        "ENR": "énergies renouvelables",
        "ENRAUT": "autres énergies renouvelables",
        "GEOTER": "géothermie",
        "MTR": "mobilité, transports",
        "PRODUR": "production durable",
    }
)


def is_row(fields: Mapping[str, Any]) -> bool:
    """Whether an object is a scheme of this feed."""
    return {"titre", "cible_projet", "couverture_geo", "url_agir"} <= fields.keys()


def read_row(row: Row) -> Opportunity | None:
    """The opportunity of a scheme, None where it has no key or no title."""
    if not has(row, "id", "titre"):
        return None
    url, key, seen = row.address("url_agir"), row.raw("id"), row.day("date_derniere_modification")
    what = f"ADEME Agir {key}" + (f", modifié le {seen}" if seen else "")
    made = Opportunity(row, "ademe-agir", key, "fr", reference=url, seen=seen, what=what)
    made.text("title", row.word("titre"))
    made.text("summary", row.prose("description_longue"))
    made.put(
        url=url,
        funder={"name": "ADEME", "country": "FR", "type": "public"},
        themes=[_THEMES.get(code, code) for code in row.words("thematiques")],
    )
    put_audiences(made, "cible_projet", [_AUDIENCES.get(code, code) for code in row.words("cible_projet")])
    _places(made)
    opens, closes = row.day("date_debut"), row.day("date_fin")
    if opens or closes:
        made.window("one_off" if closes else "unknown", opens, closes)
    return made


def _places(made: Opportunity) -> None:
    """Regions where some are named, else the area of the scheme."""
    row = made.row
    named: dict[str, str] = {}
    for region in row.fields.get("regions") or []:
        entry = shapes.table(region)
        word = shapes.plain(entry.get("libelle") or entry.get("code") if entry else region)
        code = shapes.plain(entry.get("code")) if entry else word
        if word:
            named[word] = place_of_name(word) or place_of_code(f"REG-{code}")
    area = shapes.plain(shapes.table(row.fields.get("couverture_geo")).get("libelle"))
    if named:
        put_places(made, "regions", named)
    elif area:
        put_places(made, "couverture_geo", {area: place_of_name(area)})
