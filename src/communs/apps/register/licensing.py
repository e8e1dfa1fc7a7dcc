"""Families of licences for the filter of the list: coarse on purpose; the commons test judges each licence exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

# First match decides; identifiers are SPDX, compared from their beginning unless said otherwise.
_ANYWHERE_RESTRICTED = r".*(?:-N[CD]\b|proprietary|RAIL|verbatim-only)|SSPL|BUSL|Elastic"
_PERMISSIVE = (
    *("MIT", "Apache", "BSD", "ISC", r"CC-BY-\d", "ODC-By", "etalab", "OGL", "Zlib", "PSF", "PostgreSQL", "Python"),
    *("CERN-OHL-P", "CECILL-B", "curl", "Unicode", "W3C", "AFL", "OLDAP", "BSL-1", "Artistic", "X11", "NCSA", "OFL"),
)
_PATTERNS = (
    ("restricted", _ANYWHERE_RESTRICTED),
    ("public_domain", r"CC0|PDDL|Unlicense|CC-PDDC|0BSD|WTFPL"),
    ("weak_copyleft", r"LGPL|MPL|EPL|CDDL|CERN-OHL-W|CECILL-C|MS-RL"),
    ("copyleft", r"A?GPL|EUPL|CECILL-[12]|OSL|CC-BY-SA|ODbL|GFDL|CERN-OHL-(?:S|1)|TAPR|RPL|LAL|.*Coopyleft"),
    ("permissive", "|".join(_PERMISSIVE)),
)
_FAMILIES = tuple((family, re.compile(pattern, re.IGNORECASE)) for family, pattern in _PATTERNS)


def families(licences: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The families of all parts of a commons; "unknown" when no licence is known."""
    found = {family for item in licences for family in _families_of(str(item.get("spdx") or ""))}
    return frozenset(found) or frozenset({"unknown"})


@lru_cache(maxsize=4096)
def _families_of(expression: str) -> frozenset[str]:
    names = re.split(r"\s+(?:AND|OR)\s+", expression.replace("(", " ").replace(")", " ").strip())
    return frozenset(_family(name.strip()) for name in names if name.strip())


def _family(name: str) -> str:
    for family, pattern in _FAMILIES:
        if pattern.match(name):
            return family
    return "other"
