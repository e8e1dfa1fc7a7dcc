"""Calls of the Finnish structural funds as EURA 2021 publishes them. Its authorities are codes whose names it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from communs.core.standards import shapes
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Row
from communs.core.texts import N_

AUTHORITY_CODE: Final = (
    N_("The authority is only given as the code “{value}”; the funder stays open."),
    N_("Look the code up in the table that belongs to the file."),
)
REGION_UNKNOWN: Final = (
    N_("No code is known for the region “{value}”; it stays in words, for a person to decide."),
    N_("Nothing to do, unless the region is misspelt."),
)

# The regions by the number of Statistics Finland, as ISO 3166-2:FI counts them.
_REGIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "01": "FI-18", "02": "FI-19", "04": "FI-17", "05": "FI-06", "06": "FI-11", "07": "FI-16", "08": "FI-09",
        "09": "FI-02", "10": "FI-04", "11": "FI-15", "12": "FI-13", "13": "FI-08", "14": "FI-03", "15": "FI-12",
        "16": "FI-07", "17": "FI-14", "18": "FI-05", "19": "FI-10", "21": "FI-01",
    }
)  # fmt: skip
_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "uusimaa": "FI-18", "varsinais-suomi": "FI-19", "satakunta": "FI-17", "kanta-häme": "FI-06",
        "pirkanmaa": "FI-11", "päijät-häme": "FI-16", "kymenlaakso": "FI-09", "etelä-karjala": "FI-02",
        "etelä-savo": "FI-04", "pohjois-savo": "FI-15", "pohjois-karjala": "FI-13", "keski-suomi": "FI-08",
        "etelä-pohjanmaa": "FI-03", "pohjanmaa": "FI-12", "keski-pohjanmaa": "FI-07", "pohjois-pohjanmaa": "FI-14",
        "kainuu": "FI-05", "lappi": "FI-10", "ahvenanmaa": "FI-01",
    }
)  # fmt: skip
_FUNDS: Final = {
    "EAKR": "EAKR (European Regional Development Fund)",
    "ESR": "ESR (European Social Fund)",
    "ESR+": "ESR+ (European Social Fund Plus)",
    "JTF": "JTF (Just Transition Fund)",
}
_STATES: Final = {
    "paattynyt": "closed", "avoin": "open", "avoinna": "open", "kaynnissa": "open",
    "tuleva": "forthcoming", "tulossa": "forthcoming",
}  # fmt: skip


def is_row(fields: Mapping[str, Any]) -> bool:
    """Whether an object is a call of this system."""
    return {"hakutunnus", "hakuaika", "otsikko"} <= fields.keys()


def read_row(row: Row) -> Opportunity | None:
    """The opportunity of a call, None where it has no key or no title."""
    key = "id" if row.raw("id") else "hakutunnus"
    if not has(row, key, "otsikko"):
        return None
    made = Opportunity(row, "eura", row.raw(key), "fi", what=f"EURA {row.raw('hakutunnus') or row.raw(key)}")
    made.text("title", row.word("otsikko"))
    made.text("summary", row.prose("kuvaus"))
    fund = row.raw("rahasto").upper()
    made.put(programme=_FUNDS.get(fund, row.raw("rahasto")))
    authority = row.raw("viranomainen")
    if authority.isdecimal():
        row.tell("viranomainen", "authority-code", "note", AUTHORITY_CODE, value=authority)
    elif authority:
        made.put(funder={"name": authority, "country": "FI", "type": "public"})
    _places(made)
    _window(made)
    return made


def _places(made: Opportunity) -> None:
    """The regions named, else the whole country where the row says so. An unknown region stays in words."""
    row = made.row
    named = shapes.texts(row.fields.get("maakunnat"))
    codes = {name: _REGIONS.get(name.zfill(2), _NAMES.get(name.lower(), "")) for name in named}
    for name, code in codes.items():
        if not code:
            row.tell("maakunnat", "place-in-words", "note", REGION_UNKNOWN, value=name)
    if codes and all(codes.values()):
        made.put(countries=sorted(set(codes.values())))
    elif codes:
        made.put(countries=["FI"])
        made.quote("territory", ", ".join(named), decides=True)
    elif row.raw("alue").upper() == "VALTAKUNNALLINEN":
        made.put(countries=["FI"])


def _window(made: Opportunity) -> None:
    row = made.row
    period = shapes.table(row.fields.get("hakuaika"))
    start, end = shapes.plain(period.get("alku")), shapes.plain(period.get("loppu"))
    opens, closes = row.day_of("hakuaika", start), row.day_of("hakuaika", end)
    state = row.raw("tila")
    claim = f"tila: {_STATES.get(state.lower(), state)}" if state else ""
    note = "; ".join(filter(None, (claim, "" if opens else start, "" if closes else end)))
    if not (opens or closes) and _STATES.get(state.lower()) == "closed":
        made.window("closed", note=note)
    elif opens or closes or note:
        made.window("one_off" if closes else "unknown", opens, closes, note)
