"""Places of France by code and by name, as place codes.

Facts from the Code officiel géographique (INSEE) and ISO 3166-2:FR.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from communs.core.standards.feeds.records import Opportunity
from communs.core.texts import N_

FRANCE: Final = "FR"

PLACE_UNKNOWN: Final = (
    N_("No code is known for the place “{value}”; it stays in words, for a person to decide."),
    N_("Nothing to do, unless the place is misspelt."),
)

# Region code → (ISO 3166-2, name).
_REGIONS: Final = {
    "01": ("FR-971", "Guadeloupe"), "02": ("FR-972", "Martinique"), "03": ("FR-973", "Guyane"),
    "04": ("FR-974", "La Réunion"), "06": ("FR-976", "Mayotte"), "11": ("FR-IDF", "Île-de-France"),
    "24": ("FR-CVL", "Centre-Val de Loire"), "27": ("FR-BFC", "Bourgogne-Franche-Comté"),
    "28": ("FR-NOR", "Normandie"), "32": ("FR-HDF", "Hauts-de-France"), "44": ("FR-GES", "Grand Est"),
    "52": ("FR-PDL", "Pays de la Loire"), "53": ("FR-BRE", "Bretagne"), "75": ("FR-NAQ", "Nouvelle-Aquitaine"),
    "76": ("FR-OCC", "Occitanie"), "84": ("FR-ARA", "Auvergne-Rhône-Alpes"),
    "93": ("FR-PAC", "Provence-Alpes-Côte d'Azur"), "94": ("FR-20R", "Corse"),
}  # fmt: skip
_DEPARTMENT_LIST: Final = (
    "01 Ain|02 Aisne|03 Allier|04 Alpes-de-Haute-Provence|05 Hautes-Alpes|06 Alpes-Maritimes|07 Ardèche|"
    "08 Ardennes|09 Ariège|10 Aube|11 Aude|12 Aveyron|13 Bouches-du-Rhône|14 Calvados|15 Cantal|16 Charente|"
    "17 Charente-Maritime|18 Cher|19 Corrèze|2A Corse-du-Sud|2B Haute-Corse|21 Côte-d'Or|22 Côtes-d'Armor|"
    "23 Creuse|24 Dordogne|25 Doubs|26 Drôme|27 Eure|28 Eure-et-Loir|29 Finistère|30 Gard|31 Haute-Garonne|"
    "32 Gers|33 Gironde|34 Hérault|35 Ille-et-Vilaine|36 Indre|37 Indre-et-Loire|38 Isère|39 Jura|40 Landes|"
    "41 Loir-et-Cher|42 Loire|43 Haute-Loire|44 Loire-Atlantique|45 Loiret|46 Lot|47 Lot-et-Garonne|48 Lozère|"
    "49 Maine-et-Loire|50 Manche|51 Marne|52 Haute-Marne|53 Mayenne|54 Meurthe-et-Moselle|55 Meuse|56 Morbihan|"
    "57 Moselle|58 Nièvre|59 Nord|60 Oise|61 Orne|62 Pas-de-Calais|63 Puy-de-Dôme|64 Pyrénées-Atlantiques|"
    "65 Hautes-Pyrénées|66 Pyrénées-Orientales|67 Bas-Rhin|68 Haut-Rhin|69 Rhône|70 Haute-Saône|"
    "71 Saône-et-Loire|72 Sarthe|73 Savoie|74 Haute-Savoie|75 Paris|76 Seine-Maritime|77 Seine-et-Marne|"
    "78 Yvelines|79 Deux-Sèvres|80 Somme|81 Tarn|82 Tarn-et-Garonne|83 Var|84 Vaucluse|85 Vendée|86 Vienne|"
    "87 Haute-Vienne|88 Vosges|89 Yonne|90 Territoire de Belfort|91 Essonne|92 Hauts-de-Seine|"
    "93 Seine-Saint-Denis|94 Val-de-Marne|95 Val-d'Oise|971 Guadeloupe|972 Martinique|973 Guyane|974 La Réunion|"
    "976 Mayotte"
)
_DEPARTMENTS: Final = dict(entry.split(" ", 1) for entry in _DEPARTMENT_LIST.split("|"))
# Overseas collectivities have country codes of their own.
_OVERSEAS: Final = {
    "975": ("PM", "Saint-Pierre-et-Miquelon"), "977": ("BL", "Saint-Barthélemy"), "978": ("MF", "Saint-Martin"),
    "984": ("TF", "Terres australes et antarctiques françaises"), "986": ("WF", "Wallis-et-Futuna"),
    "987": ("PF", "Polynésie française"), "988": ("NC", "Nouvelle-Calédonie"),
}  # fmt: skip
_COUNTRIES: Final = {
    "99100": "FR", "99109": "DE", "99110": "AT", "99127": "IT", "99131": "BE", "99134": "ES", "99135": "NL",
    "99137": "LU", "99139": "PT", "99140": "CH",
}  # fmt: skip


def fold(text: str) -> str:
    """A name as it is compared: lower case, no accents, single spaces, one kind of apostrophe and dash.

    >>> fold("Provence-Alpes-Côte d’Azur") == fold("provence alpes cote d'azur")
    True
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c))))


def _department(code: str) -> str:
    return {"75": "FR-75C"}.get(code, f"FR-{code}")


_NAMED: Final[Mapping[str, str]] = MappingProxyType(
    {fold(name): _department(code) for code, name in _DEPARTMENTS.items()}
    | {fold(name): code for code, name in _REGIONS.values()}
    | {fold(name): code for code, name in _OVERSEAS.values()}
    | {
        "reunion": "FR-974",
        "paca": "FR-PAC",
        "france": "FR",
        "france entiere": "FR",
        "national": "FR",
        "europe": "EU27",
    }
    | {"la guadeloupe": "FR-971", "la martinique": "FR-972", "union europeenne": "EU27"}
)


def place_of_code(code: str) -> str:
    """The place code of `REG-93`, `DEP-26`, `PAYS-99100`, `COM-987`; empty where there is none, as for a commune.

    >>> [place_of_code(code) for code in ("REG-93", "DEP-2a", "PAYS-99100", "COM-987", "COM-83141")]
    ['FR-PAC', 'FR-2A', 'FR', 'PF', '']
    """
    level, _, number = code.strip().upper().partition("-")
    if number in _OVERSEAS:
        return _OVERSEAS[number][0]
    if level == "REG" and number in _REGIONS:
        return _REGIONS[number][0]
    if level == "DEP" and number in _DEPARTMENTS:
        return _department(number)
    return _COUNTRIES.get(number, "") if level == "PAYS" else ""


def place_of_name(name: str) -> str:
    """The place code of a country, region or department by its French name; empty where there is none.

    >>> [place_of_name(name) for name in ("Drôme", "- France entière -", "Région Occitanie", "Vallée de l'Eau")]
    ['FR-26', 'FR', 'FR-OCC', '']
    """
    folded = re.sub(r"^(?:region|departement(?: de la| de l| des| du| de)?) ", "", fold(name))
    return _NAMED.get(folded, "")


def put_places(
    made: Opportunity, key: str, named: Mapping[str, str], excluded: Mapping[str, str] | None = None
) -> None:
    """Where an opportunity holds, from names or codes of the source to place codes (empty where there is none).

    A place without a code lies in France: then the country is asked for, and the words of the source beside it, which a
    person has to decide. So nobody is sent away or promised anything for want of a code.
    """
    for name, code in (*named.items(), *(excluded or {}).items()):
        if not code:
            made.row.tell(key, "place-in-words", "note", PLACE_UNKNOWN, value=name)
    if named and all(named.values()):
        made.put(countries=sorted(set(named.values())))
    elif named:
        made.put(countries=sorted({FRANCE, *(code for code in named.values() if code and not code.startswith("FR"))}))
        made.quote("territory", ", ".join(named), decides=True)
    if excluded:
        made.put(countries_excluded=sorted(filter(None, set(excluded.values()))))
        without = [name for name, code in excluded.items() if not code]
        if without:
            made.quote("territory", "sauf " + ", ".join(without), decides=True)
