"""The tables of aides-territoires: its export of search results and its import template."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from communs.core.standards.aides_territoires.api import OWN_NUMBERING, funder, put_window
from communs.core.standards.feeds.french_places import place_of_code, place_of_name, put_places
from communs.core.standards.feeds.french_words import parts, put_audiences, put_kind
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Row
from communs.core.texts import N_

NUMBERS_FOR_NAMES: Final = (
    N_("“{value}” are numbers of another table, not names; they were left out."),
    N_("Write the names."),
)

_MARKS: Final = frozenset(
    {
        "Nom", "Lien", "Financeurs", "Bénéficiaire", "Types d'aides", "Récurrence", "Descriptif", "Date Clôture",
        "Porteurs d'aides", "Bénéficiaires de l'aide", "Types d'aide", "Date de clôture", "Éligibilité", "Périmètre",
        "URL d'origine",
    }
)  # fmt: skip
_SLUG: Final = re.compile(r"/aides/([\w-]+)/?$")


def is_header(columns: Iterable[str]) -> bool:
    """Whether a table has the columns of the export or of the template."""
    return "Nom" in columns and len(_MARKS & {column.replace("’", "'") for column in columns}) >= 5


def read_row(row: Row) -> Opportunity | None:
    """The opportunity of a line, None where it has no name, or nothing that tells it from others."""
    link = "Lien" if "Lien" in row.fields else "URL d'origine"
    if not has(row, "Nom", link):
        return None
    url = row.address(link)
    found = _SLUG.search(url)
    key = found[1] if found else f"{url or row.raw(link)} {row.raw('Nom')}"
    made = Opportunity(row, OWN_NUMBERING, key, "fr", reference=url)
    made.text("title", row.word("Nom"))
    made.text("summary", row.prose("Descriptif", "Description complète de l'aide et de ses objectifs"))
    made.put(
        url=url,
        application_url=row.address("Lien vers une démarche en ligne"),
        programme=row.word("Programmes"),
        themes=parts(row.word("Sous-thématiques")),
        funder=funder(_names(row, _either(row, "Financeurs", "Porteurs d'aides"))),
    )
    kinds, audiences = (
        _either(row, "Types d'aides", "Types d'aide"),
        _either(row, "Bénéficiaire", "Bénéficiaires de l'aide"),
    )
    put_kind(made, kinds, _listed(row, kinds))
    put_audiences(made, audiences, _listed(row, audiences))
    _rest(made)
    return made


def _rest(made: Opportunity) -> None:
    row = made.row
    place = row.word("Périmètre")
    if place:
        put_places(made, "Périmètre", {place: place_of_name(place) or place_of_code(place)})
    rates = [
        int(word) for word in re.findall(r"\d+", row.raw("Taux de subvention, min. et max. (en %, nombre entier)"))
    ]
    if rates and 0 < rates[-1] <= 100:
        made.put(cofunding_rate_max=rates[-1] / 100)
    made.quote("amount", row.prose("Taux de subvention (commentaire optionnel)"))
    made.quote("eligibility", row.prose("Éligibilité"))
    made.quote("stage", row.prose("État d'avancement du projet pour bénéficier du dispositif"))
    made.quote("spending", row.prose("Types de dépenses / actions couvertes"))
    opens, closes = row.day("Date d'ouverture"), row.day(_either(row, "Date Clôture", "Date de clôture"))
    put_window(made, opens, closes, row.raw("Récurrence"))


def _either(row: Row, first: str, second: str) -> str:
    return first if first in row.fields else second


def _listed(row: Row, key: str) -> list[str]:
    """The export parts its lists by semicolons and has commas inside of words; the template parts them by commas."""
    text = row.word(key)
    return row.words(key, ";") if ";" in text or "Lien" in row.fields else parts(text)


def _names(row: Row, key: str) -> list[str]:
    names = _listed(row, key)
    if names and all(name.isdecimal() for name in names):
        row.tell(key, "numbers-for-names", "note", NUMBERS_FOR_NAMES, value=", ".join(names))
        return []
    return names
