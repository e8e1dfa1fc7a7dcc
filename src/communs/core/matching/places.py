"""Places as codes, and whether one lies in another.

A code is `INT` (anywhere), a group (`EU27`, `EEA`), a country of ISO 3166-1 (`FR`), a subdivision of ISO 3166-2
(`FR-NAQ`) or a NUTS region (`FRI`, `FRI1`). Two subdivisions of one country may nest (`FR-33` lies in `FR-NAQ`) without
their codes telling so: the relation of such a pair is open, never "outside".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

from communs.core.matching.vocabulary import Tri

Relation = Literal["inside", "outside", "overlaps"]

ANYWHERE: Final = "INT"
_EU27: Final = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
GROUPS: Final = {"EU27": _EU27, "EEA": _EU27 | {"IS", "LI", "NO"}}
# "EU" is what people write; NUTS and the Commission call Greece EL and the United Kingdom UK.
_ALIASES: Final = {"EU": "EU27", "EL": "GR", "UK": "GB", "WORLD": ANYWHERE}
_COUNTRY = re.compile(r"[A-Z]{2}")
_SUBDIVISION = re.compile(r"(?:([A-Z]{2})-[A-Z0-9]{1,4}|([A-Z]{2})[A-Z0-9]{1,3})")


def is_place(code: str) -> bool:
    """Whether `code` has the shape of a place code.

    >>> [is_place(code) for code in ("FR", "FR-NAQ", "FRI1", "EU27", "INT", "France")]
    [True, True, True, True, True, False]
    """
    code = canonical(code)
    known = code == ANYWHERE or code in GROUPS or _COUNTRY.fullmatch(code)
    return bool(known or _SUBDIVISION.fullmatch(code))


def canonical(code: str) -> str:
    """The code as it is compared: upper case, `EU` as `EU27`, `UK` as `GB`, `EL` as `GR`."""
    code = code.strip().upper()
    return _ALIASES.get(code, code)


def country_of(code: str) -> str | None:
    """The country that a country or subdivision code names, else None.

    >>> country_of("FR-NAQ"), country_of("EL30"), country_of("EU27")
    ('FR', 'GR', None)
    """
    if code == ANYWHERE or code in GROUPS:
        return None
    return canonical(code[:2])


@lru_cache(maxsize=65_536)
def relation(fact: str, code: str) -> Relation:
    """How the place `fact` lies to the place `code` (both canonical).

    >>> relation("FR", "EU27"), relation("FR", "FR-NAQ"), relation("US", "EU27"), relation("INT", "FR")
    ('inside', 'overlaps', 'outside', 'overlaps')
    """
    if code in (ANYWHERE, fact):
        return "inside"
    if fact == ANYWHERE:
        return "overlaps"
    mine, theirs = _countries(fact), _countries(code)
    if not mine & theirs:
        return "outside"
    if code in GROUPS:
        return "inside" if mine <= theirs else "overlaps"
    if _COUNTRY.fullmatch(code):
        return "inside" if mine == theirs else "overlaps"
    nested = "-" not in code and "-" not in fact and fact.startswith(code)
    return "inside" if nested else "overlaps"


@lru_cache(maxsize=65_536)
def within(fact: str | None, include: tuple[str, ...], exclude: tuple[str, ...]) -> Tri:
    """Whether a place is among those included and not among those excluded; exclusion wins.

    >>> within("FR", ("EU27",), ()), within("FR", ("EU27",), ("FR",)), within(None, ("INT",), ())
    ('yes', 'no', 'yes')
    >>> within("FR", ("EU27",), ("FR-COR",)), within(None, ("FR",), ())
    ('unknown', 'unknown')
    """
    if fact is None:
        return "yes" if ANYWHERE in include and not exclude else "unknown"
    shut = {relation(fact, code) for code in exclude}
    if "inside" in shut:
        return "no"
    let_in = {relation(fact, code) for code in include}
    if "inside" in let_in:
        return "unknown" if "overlaps" in shut else "yes"
    return "unknown" if "overlaps" in let_in else "no"


def _countries(code: str) -> frozenset[str]:
    return GROUPS.get(code) or frozenset({canonical(code[:2])})
