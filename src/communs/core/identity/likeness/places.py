"""Places of two records: the same, overlapping, apart; and the places that a title names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal

from communs.core.identity.likeness.words import fold

Nearness = Literal["same", "overlapping", "apart", "unknown"]

_WIDE: Final = frozenset({"INT", "WORLD", "EU", "EU27", "EEA", "EUROPE"})
_ALIASES: Final = {"EL": "GR", "UK": "GB", "EU": "EU27", "EUROPE": "EU27", "WORLD": "INT", "PAYS-99100": "FR"}
# Codes of the French official geography: regions have ISO codes of their own, departments are their number.
_COG: Final = re.compile(r"(?:FR-)?(REG|DEP|COM|EPCI|ARR|CAN|COMMUNE)-?([0-9AB]+)")
_REGIONS: Final = {
    "01": "971", "02": "972", "03": "973", "04": "974", "06": "976", "11": "IDF", "24": "CVL", "27": "BFC", "28": "NOR",
    "32": "HDF", "44": "GES", "52": "PDL", "53": "BRE", "75": "NAQ", "76": "OCC", "84": "ARA", "93": "PAC", "94": "20R",
}  # fmt: skip
OVERLAP_LEAST: Final = 0.2
"""Two lists of regions of which less than a fifth is shared are those of different records."""


def _read_names() -> dict[str, str]:
    """French regions and departments, regions and Länder of the neighbours, countries: `{folded name: code}`."""
    lines = files(__package__).joinpath("places.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {name: code for code, names in rows for name in names.split("|")}


NAMES: Final = _read_names()
_LONGEST_FIRST: Final = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, NAMES), key=lambda name: (-len(name), name))) + r")\b"
)


def named_in(text: str) -> frozenset[str]:
    """The codes of the places that a title names.

    >>> sorted(named_in('Étude "Méthanisation" en PACA'))
    ['FR-PAC']
    """
    return frozenset(NAMES[name] for name in _LONGEST_FIRST.findall(fold(text)))


def canonical(code: str) -> str:
    """The code in capitals, aliases resolved; codes of the French official geography as those of ISO 3166-2.

    >>> canonical("REG-53"), canonical("DEP-13"), canonical("eu")
    ('FR-BRE', 'FR-13', 'EU27')
    """
    code = code.strip().upper()
    if code in _ALIASES:
        return _ALIASES[code]
    cog = _COG.fullmatch(code)
    if cog is None:
        return code
    kind, number = cog[1], cog[2]
    if kind == "REG" and number in _REGIONS:
        return f"FR-{_REGIONS[number]}"
    return f"FR-{number}" if kind == "DEP" else f"FR-{kind}-{number}"


def near(one: Iterable[str], other: Iterable[str]) -> Nearness:
    """How the places of one record lie to those of another; codes as `canonical` gives them.

    >>> near({"FR-BRE"}, {"FR-NOR"}), near({"FR"}, {"FR-NOR"}), near({"FR-33"}, {"FR-NAQ"}), near(set(), {"FR"})
    ('apart', 'overlapping', 'unknown', 'unknown')
    """
    first, second = frozenset(one), frozenset(other)
    return _near(first, second)


@lru_cache(maxsize=65_536)
def _near(first: frozenset[str], second: frozenset[str]) -> Nearness:
    if not first or not second:
        return "unknown"
    if first == second:
        return "same"
    shared = first & second
    if shared and len(shared) >= OVERLAP_LEAST * min(len(first), len(second)):
        return "overlapping"
    found = {_lie(a, b) for a in first for b in second}
    if "overlapping" in found:
        return "overlapping"
    return "unknown" if "unknown" in found else "apart"


def _lie(one: str, other: str) -> Nearness:
    """Two single places, different or part of lists that share little."""
    if one == other:
        return "apart"
    if one in _WIDE or other in _WIDE:
        return "overlapping"
    if one[:2] != other[:2]:
        return "apart"
    if len(one) == 2 or len(other) == 2:
        return "overlapping"
    # Subdivisions of one country: of the same kind they are two places; of different kinds one may hold the other.
    return "apart" if _kind(one) == _kind(other) else "unknown"


def _kind(code: str) -> str:
    """The shape of a code: French regions have three letters, departments two digits, the COG says it in words."""
    tail = code[3:]
    if "-" in tail:
        return tail.partition("-")[0]
    if code[:3] == "FR-" and tail in {"20R", "971", "972", "973", "974", "976"}:
        return "AAA"
    return re.sub(r"[A-Z]", "A", re.sub(r"\d+[A-Z]?", "9", tail))
