"""Are two records about the same commons? Only identifiers decide; likeness of names merely suggests.

1. Both have a Wikidata id: equal ids mean the same commons, different ids two commons, whatever else agrees.
2. The same repository means the same commons, unless the kinds are known and differ, or both the names and the
   homepages are known and differ: one repository may serve several commons (the software and an encyclopedia run on it,
   the software and a public instance, two databases kept with one program).
3. The same name, letter for letter but for case and spaces, and the same homepage mean the same commons.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz, process

from communs.core.identity.addresses import normalise_homepage, normalise_repository, normalise_wikidata

SameBecause = Literal["wikidata", "repository", "name_and_homepage"]
LikeBecause = Literal["repository", "homepage", "name"]

LIKENESS_THRESHOLD: Final = 85.0


@dataclass(frozen=True, slots=True)
class Identity:
    """What identifies a commons, normalised; an empty text is "not known"."""

    name: str = ""
    kind: str = ""
    homepage: str = ""
    repository: str = ""
    wikidata: str = ""

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> Identity:
        """Read the record shape of `seed/commons.jsonl`; what is not a text is not known.

        >>> Identity.from_record({"name": "Map", "identifiers": {"repo": "github.com/A/Map"}}).repository
        'github.com/a/map'
        """
        identifiers = record.get("identifiers")
        ids: Mapping[str, object] = identifiers if isinstance(identifiers, Mapping) else {}
        repository = normalise_repository(_text(record.get("repository")) or _text(ids.get("repo"))) or ""
        homepage = normalise_homepage(_text(record.get("homepage"))) or ""
        # A homepage that is but the repository tells nothing more.
        if homepage and normalise_repository(homepage) == repository:
            homepage = ""
        return cls(
            name=_plain(_text(record.get("name"))),
            kind=_text(record.get("kind")),
            homepage=homepage,
            repository=repository,
            wikidata=normalise_wikidata(_text(ids.get("wikidata"))) or "",
        )


@dataclass(frozen=True, slots=True)
class Likeness:
    """A suggestion that two records may be about one commons: score from 0 to 100, and what is alike."""

    score: float
    because: LikeBecause


def same_commons(a: Identity, b: Identity) -> SameBecause | None:
    """Why `a` and `b` are the same commons, or None when nothing shows that they are.

    >>> same_commons(Identity(wikidata="Q52"), Identity(wikidata="Q52"))
    'wikidata'
    """
    if a.wikidata and b.wikidata:
        return "wikidata" if a.wikidata == b.wikidata else None
    if a.repository and a.repository == b.repository and not _told_apart(a, b):
        return "repository"
    if a.name and a.name == b.name and a.homepage and a.homepage == b.homepage:
        return "name_and_homepage"
    return None


def suggest_likeness(a: Identity, b: Identity) -> Likeness | None:
    """How alike two records are that are not shown to be the same; None below the threshold or when ids differ.

    A person decides: nothing is ever merged by likeness (Angular and AngularJS are two things).
    """
    if (a.wikidata and b.wikidata and a.wikidata != b.wikidata) or same_commons(a, b):
        return None
    if a.repository and a.repository == b.repository:
        return Likeness(100.0, "repository")
    if a.homepage and a.homepage == b.homepage:
        return Likeness(100.0, "homepage")
    score = fuzz.token_sort_ratio(fold_name(a.name), fold_name(b.name)) if a.name and b.name else 0.0
    return Likeness(round(score, 1), "name") if score >= LIKENESS_THRESHOLD else None


def closest_names(name: str, folded: Sequence[str], limit: int = 10) -> list[int]:
    """Places of the names that are like this one, likeliest first. `folded`: names as `fold_name` writes them.

    >>> closest_names("OpenStreetMaps", ["wikipedia", "openstreetmap", "open food facts"])
    [1]
    """
    wanted = fold_name(name)
    if not wanted:
        return []
    found = process.extract(
        wanted, folded, scorer=fuzz.token_sort_ratio, score_cutoff=LIKENESS_THRESHOLD, limit=limit, processor=None
    )
    return [place for _name, _score, place in found]


def fold_name(name: str) -> str:
    """A name without accents, case and punctuation, for likeness only.

    >>> fold_name("Démarches-Simplifiées.fr")
    'demarches simplifiees fr'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", plain))


def _told_apart(a: Identity, b: Identity) -> bool:
    kinds_differ = bool(a.kind and b.kind and a.kind != b.kind)
    names_differ = bool(a.name and b.name and a.name != b.name)
    homepages_differ = bool(a.homepage and b.homepage and a.homepage != b.homepage)
    return kinds_differ or (names_differ and homepages_differ)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
