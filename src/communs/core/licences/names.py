"""From the name that somebody typed to the one the lists use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from communs.core.licences.tables import DEPRECATED, Licence, licences

# Names in use that no folding of ids and titles yields. Keys are folded (see `fold`).
_ALIASES: Final = {
    "asl2.0": "Apache-2.0", "al2.0": "Apache-2.0", "apachesoftware2.0": "Apache-2.0",
    "bsd2": "BSD-2-Clause", "simplifiedbsd": "BSD-2-Clause", "freebsd": "BSD-2-Clause",
    "bsd3": "BSD-3-Clause", "newbsd": "BSD-3-Clause", "modifiedbsd": "BSD-3-Clause",
    "expat": "MIT", "mitexpat": "MIT", "mitx11": "MIT",
    "cc0": "CC0-1.0", "ccby4": "CC-BY-4.0", "ccbysa4": "CC-BY-SA-4.0", "publicdomain": "CC-PDM-1.0",
    "etalab2": "etalab-2.0", "ouverte2.0": "etalab-2.0", "ouvertev2.0": "etalab-2.0", "lo2.0": "etalab-2.0",
    "ouverteetalab2.0": "etalab-2.0", "ouverteopen2.0": "etalab-2.0",
    "etalab": "etalab-1.0", "ouverte": "etalab-1.0",
    "odbl": "ODbL-1.0", "opendatabase": "ODbL-1.0", "pddl": "PDDL-1.0", "odcby": "ODC-By-1.0",
    "odcodbl": "ODbL-1.0", "odcpddl": "PDDL-1.0", "dbcl": "DbCL-1.0", "odcdbcl": "DbCL-1.0",
    "opengovernment": "OGL", "ogl3.0": "OGL-UK-3.0", "opengovernment3.0": "OGL-UK-3.0",
    "mozillapublic": "MPL", "sspl": "SSPL-1.0", "busl": "BUSL-1.1",
    "bsl1.1": "BUSL-1.1", "elasticv2": "Elastic-2.0", "taprohl": "TAPR-OHL-1.0", "artlibre": "LAL-1.3",
    "gnugeneralpublic": "GPL", "gnugpl": "GPL", "gnulgpl": "LGPL", "gnuagpl": "AGPL", "gnufdl": "GFDL",
    "gnulessergeneralpublic": "LGPL", "gnuafferogeneralpublic": "AGPL", "gnufreedocumentation": "GFDL",
    "creativecommonsattribution": "CC-BY", "creativecommonsattributionsharealike": "CC-BY-SA",
    "openrailm": "BigScience-OpenRAIL-M", "openrail": "BigScience-OpenRAIL-M", "openrail++": "CreativeML-OpenRAIL-M",
    "bigsciencebloomrail1.0": "BigScience-RAIL-1.0", "llama2": "Llama-2", "llama3": "Llama-3",
    "llama3.1": "Llama-3", "llama3.2": "Llama-3", "llama3.3": "Llama-3",
    "allrightsreserved": "Proprietary", "tousdroitsreserves": "Proprietary", "tousdroitsréservés": "Proprietary",
    "unlicensed": "Proprietary", "closedsource": "Proprietary", "propriétaire": "Proprietary",
}  # fmt: skip
_NOTHING_SAID: Final = frozenset({"", "other", "unknown", "none", "noassertion", "null", "na", "n/a", "tbd"})
_PREFIX = re.compile(r"^(?:spdx:|https?://(?:www\.)?spdx\.org/licenses/)", re.IGNORECASE)
_CC_URL = re.compile(
    r"^https?://(?:www\.)?creativecommons\.org/(?P<what>licenses|publicdomain)/(?P<kind>[a-z-]+)/(?P<v>\d\.\d)",
    re.IGNORECASE,
)
_GNU_URL = re.compile(r"^https?://(?:www\.)?gnu\.org/licenses/(?:old-licenses/)?(?P<kind>[al]?gpl|fdl)-(?P<v>\d\.\d)")
_ENDING = re.compile(r"\.(?:html|json|txt|en\.html)$|/+$")
_LATER = re.compile(
    r"(?:\s*\+|,?[\s-]*\(?or[\s-]+(?:any[\s-]+)?(?:later|newer|above)(?:[\s-]+versions?)?\)?)$", re.IGNORECASE
)
_ONLY = re.compile(r"[\s-]+only$", re.IGNORECASE)
_UNVERSIONED = re.compile(r"-(?:version-not-stated|unversioned)$", re.IGNORECASE)
_LOCAL = re.compile(r"^(?:DocumentRef-[\w.+-]+:)?LicenseRef-[\w.+-]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """What a typed name stands for: an id of the tables, whether later versions are included, a bundled exception."""

    id: str
    later: bool = False
    exception: str = ""


def outside_spdx(text: str) -> Licence | None:
    """The licence a `LicenseRef-…` stands for by its name, when the tables have that name outside the SPDX list."""
    name = _UNVERSIONED.sub("", re.sub(r"^LicenseRef-", "", text, flags=re.IGNORECASE))
    found = licences().get(name.lower())
    return found if found is not None and not found.in_spdx else None


def is_local(text: str) -> bool:
    """Whether the name is a `LicenseRef-…`: a text that only the record's own files know."""
    return _LOCAL.match(text) is not None


def says_nothing(text: str) -> bool:
    """Whether the words stand for "not stated" (`NOASSERTION`, `other`, `n/a` …)."""
    return text.strip().lower() in _NOTHING_SAID


def find(text: str) -> Name | None:
    """The licence meant by `text`, an id, title, alias or address of one licence; None when it is not known."""
    text = _from_address(text.strip())
    if is_local(text):
        # A local text under a name that is published as open counts as that; one that restricts remains to be read.
        published = outside_spdx(text)
        return Name(published.id) if published and not published.is_not_free else None
    exact = licences().get(text.lower())
    if exact is not None:
        return _current(exact.id)
    stem, later = _split(_LATER, text)
    stem, _ = (stem, False) if later else _split(_ONLY, stem)
    known = licences().get(stem.lower())
    found = known.id if known else _by_folding().get(fold(stem))
    if found is None:
        return None
    name = _current(found)
    return Name(name.id, later or name.later, name.exception)


def fold(text: str) -> str:
    """Letters and digits of a name without the words that licences share, for comparing.

    >>> fold("The Apache License, Version 2.0"), fold("Apache 2.0"), fold("GNU GPL v3")
    ('apache2.0', 'apache2.0', 'gnugpl3')
    """
    text = re.sub(r"\b(?:the|licen[cs]es?|version|international|unported|public licen[cs]e)\b", " ", text.lower())
    text = re.sub(r"(?<=[a-z\s])v\.?\s*(?=\d)", " ", text)
    return re.sub(r"[^\w.+()]|_", "", text).strip(".")


def _from_address(text: str) -> str:
    if creative := _CC_URL.match(text):
        if creative["what"].lower() == "publicdomain":
            return "CC0-1.0" if creative["kind"].lower() == "zero" else "CC-PDM-1.0"
        return f"CC-{creative['kind']}-{creative['v']}"
    if gnu := _GNU_URL.match(text.lower()):
        return f"{gnu['kind'].replace('fdl', 'gfdl')}-{gnu['v']}"
    without = _PREFIX.sub("", text)
    return _ENDING.sub("", without) if without != text or "://" in text else text


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, bool]:
    found = pattern.search(text)
    return (text[: found.start()], True) if found else (text, False)


def _current(licence_id: str) -> Name:
    """The licence without "only" and "or later", which become `later`, and with its exception apart."""
    licence = licences()[licence_id.lower()]
    if licence.has(DEPRECATED) and " WITH " in licence.replacement:
        base, _, exception = licence.replacement.partition(" WITH ")
        inner = _current(base)
        return Name(inner.id, inner.later, exception)
    if licence.has(DEPRECATED) and licence.replacement and not licence.replacement.startswith(licence_id.rstrip("+")):
        return _current(licence.replacement)
    for ending, later in (("-or-later", True), ("-only", False), ("+", True)):
        base = licence.id.removesuffix(ending)
        if base != licence.id and base.lower() in licences():
            return Name(base, later)
    return Name(licence.id)


@cache
def _by_folding() -> dict[str, str]:
    found: dict[str, str] = {}
    for licence in licences().values():
        for spelling in (licence.id, licence.title):
            found.setdefault(fold(spelling), licence.id)
    for stem in ("GPL", "LGPL", "AGPL", "GFDL"):
        for licence in licences().values():
            if re.fullmatch(rf"{stem}-\d\.\d", licence.id):
                short = licence.id.removesuffix(".0").replace("-", "")
                title = licence.title.removesuffix(" only").removesuffix(" or later")
                for spelling in (short, f"gnu {short}", f"gnu {licence.id}", title, title.removesuffix(".0")):
                    found.setdefault(fold(spelling), licence.id)
    for licence in licences().values():
        if licence.id.endswith(".0"):
            found.setdefault(fold(licence.id.removesuffix(".0")), licence.id)
    return found | _ALIASES
