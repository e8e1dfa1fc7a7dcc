"""What the lists of licences say, read once from the tables beside this module.

`spdx.tsv` holds the SPDX list with the marks of the Open Source Initiative, the Free Software Foundation and the Open
Definition; `others.tsv` names that the SPDX list does not have; `exceptions.txt` the SPDX exceptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

OSI, FSF, NOT_FREE, DEPRECATED, OPEN_CONTENT, HARDWARE, MODEL = "o", "f", "x", "d", "c", "h", "m"
NON_COMMERCIAL, NO_DERIVATIVES, USE_RESTRICTED, SERVICE_RESTRICTED = "N", "D", "U", "S"

_VERSIONED = re.compile(r"(?P<family>.+?)-(?P<version>\d+(?:\.\d+)*)")


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence: its id, its title, what the lists say (`marks`, one letter each), its replacement if deprecated."""

    id: str
    marks: str
    title: str
    replacement: str = ""
    in_spdx: bool = True

    def has(self, mark: str) -> bool:
        """Whether a list gives this licence `mark` (one of the constants of this module)."""
        return mark in self.marks

    @property
    def is_not_free(self) -> bool:
        """Whether it is known to take away a freedom: forbids or restricts something, or the FSF calls it non-free."""
        taken = (NON_COMMERCIAL, NO_DERIVATIVES, USE_RESTRICTED, SERVICE_RESTRICTED, NOT_FREE)
        return not self.has(OSI) and any(map(self.has, taken))


@cache
def licences() -> Mapping[str, Licence]:
    """Every licence the tables know, by its id in lower case."""
    found = {}
    for cells in _rows("others.tsv"):
        found[cells[0].lower()] = Licence(cells[0], cells[1], cells[2], in_spdx=False)
    for cells in _rows("spdx.tsv"):
        found[cells[0].lower()] = Licence(cells[0], cells[1].strip("-"), cells[2], cells[3] if len(cells) > 3 else "")
    return MappingProxyType(found)


@cache
def exceptions() -> Mapping[str, str]:
    """The ids of the SPDX exceptions, by their lower case."""
    return MappingProxyType({cells[0].lower(): cells[0] for cells in _rows("exceptions.txt")})


@cache
def family(licence_id: str) -> tuple[Licence, ...]:
    """The licence and its later versions in the tables, oldest first: what "or later" lets one choose from.

    >>> [licence.id for licence in family("MPL-1.1")]
    ['MPL-1.1', 'MPL-2.0']
    """
    own = licences()[licence_id.lower()]
    start = _versioned(licence_id)
    if start is None:
        return (own,)
    later = []
    for licence in licences().values():
        other = _versioned(licence.id)
        if other and other[0] == start[0] and other[1] >= start[1]:
            later.append((other[1], licence))
    return tuple(licence for _, licence in sorted(later, key=lambda pair: pair[0]))


def _versioned(licence_id: str) -> tuple[str, tuple[int, ...]] | None:
    parsed = _VERSIONED.fullmatch(licence_id)
    if parsed is None:
        return None
    return parsed["family"].lower(), tuple(int(number) for number in parsed["version"].split("."))


def _rows(name: str) -> Iterator[list[str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
