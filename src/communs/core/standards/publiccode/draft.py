"""`publiccode.yml` read tolerantly into a draft record of the register.

The keys are those of the publiccode.yml standard, versions 0.1 to 0.7. Nothing is refused: what is usable is kept, and
each fault is told with line, column, path and remedy. Contacts are persons: they are not read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from communs.core import licences
from communs.core.standards.publiccode import problems as known
from communs.core.standards.publiccode.fields import Reader
from communs.core.standards.publiccode.nodes import MAX_BYTES, compose
from communs.core.standards.publiccode.problems import Problem, too_much

LicenceStatus = Literal["stated", "not_understood", "not_stated"]

MAX_SUMMARY: Final = 500
# Early versions of the standard wrote languages in three letters.
_LANGUAGES: Final = {
    "eng": "en", "fra": "fr", "fre": "fr", "ita": "it", "deu": "de", "ger": "de", "spa": "es", "por": "pt", "nld": "nl",
}  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file says, as far as it could be read. Empty texts mean "not stated".

    `names` and `summaries` go by language; `licence` is the current SPDX spelling where it was understood, else the
    text of the file.
    """

    name: str = ""
    repository: str = ""
    homepage: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    summaries: Mapping[str, str] = field(default_factory=dict)
    licence: str = ""
    licence_status: LicenceStatus = "not_stated"
    owner: str = ""
    copyright_owner: str = ""
    maintenance: str = ""
    development_status: str = ""
    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def record(self) -> dict[str, object]:
        """The draft in the record shape of `seed/commons.jsonl`; what is not stated is None or empty."""
        return {
            "id": slug(self.name),
            "name": self.name or None,
            "kind": "software",
            "summary": self.summaries.get("en"),
            "summary_fr": self.summaries.get("fr"),
            "names": dict(self.names),
            "summaries": dict(self.summaries),
            "homepage": self.homepage or None,
            "repository": self.repository or None,
            "licences": [{"part": "code", "spdx": self.licence}] if self.licence else [],
            "steward": {"name": self.owner or self.copyright_owner or None, "form": "unknown", "country": None},
            "countries": list(self.countries),
            "functions": [],
            "categories_publiccode": list(self.categories),
            "languages": list(self.languages),
            "identifiers": {"repo": self.repository} if self.repository else {},
        }


def read(text: str | bytes) -> Draft:
    """Read a `publiccode.yml`. Never raises: a file that cannot be read at all is a draft with nothing but problems.

    >>> draft = read("name: Map\\nurl: https://example.org/map.git\\nlegal:\\n  license: mit\\n")
    >>> draft.name, draft.licence, [problem.path for problem in draft.problems]
    ('Map', 'MIT', ['description', 'legal.license'])
    """
    problems: list[Problem] = []
    if len(text) > MAX_BYTES:
        return Draft(problems=(too_much("size"),))
    root = Reader(compose(_decoded(text, problems), problems), problems)
    names, summaries = _described(root)
    legal = root.inner("legal")
    licence, status = _licence(legal)
    repository, homepage = root.address("url"), root.address("landingURL")
    if repository is None and "url" not in root.keys:
        root.report("url", known.MISSING)
    return Draft(
        name=_name(root, names, repository or ""),
        repository=repository or "",
        homepage=homepage or "",
        names=names,
        summaries=summaries,
        licence=licence,
        licence_status=status,
        owner=legal.text("repoOwner") or root.inner("organisation").text("name") or "",
        copyright_owner=legal.text("mainCopyrightOwner") or "",
        maintenance=root.inner("maintenance").text("type") or "",
        development_status=root.text("developmentStatus") or "",
        categories=root.texts("categories"),
        languages=_languages(root),
        countries=_countries(root),
        problems=tuple(sorted(problems, key=lambda problem: (problem.line, problem.column, problem.path))),
    )


def slug(name: str) -> str:
    """An id from a name: plain letters, digits and hyphens; empty when there are none.

    >>> slug("Démarches simplifiées")
    'demarches-simplifiees'
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def _decoded(text: str | bytes, problems: list[Problem]) -> str:
    if isinstance(text, str):
        return text.encode("utf-8", errors="replace").decode().removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.append(Problem("", 1, 1, *known.NOT_UTF8))
        return text.decode("utf-8", errors="replace")


def _name(root: Reader, names: Mapping[str, str], repository: str) -> str:
    name = root.text("name")
    if name:
        return name
    localised = next(iter(names.values()), "")
    from_address = repository.rstrip("/").rpartition("/")[2].removesuffix(".git")
    root.report("name", known.NAME_GUESSED if localised or from_address else known.MISSING)
    return localised or from_address


def _described(root: Reader) -> tuple[dict[str, str], dict[str, str]]:
    """Names and summaries by language, from `description`."""
    names: dict[str, str] = {}
    summaries: dict[str, str] = {}
    description = root.inner("description")
    for key in description.keys:
        if not _LANGUAGE.fullmatch(key):
            continue
        lang = _LANGUAGES.get(key.lower(), key.lower())
        said = description.inner(key)
        name, summary = said.text("localisedName"), _summary(said)
        if name:
            names.setdefault(lang, name)
        if summary:
            summaries.setdefault(lang, summary)
    if not summaries:
        root.report("description", known.NO_SUMMARY)
    return names, summaries


def _summary(said: Reader) -> str | None:
    """The short description; without one the beginning of the long one, else the generic name."""
    text = said.text("shortDescription") or said.text("longDescription") or said.text("genericName")
    if text is None:
        return None
    text = " ".join(text.split())
    return text if len(text) <= MAX_SUMMARY else text[:MAX_SUMMARY].rsplit(" ", 1)[0] + " …"


def _licence(legal: Reader) -> tuple[str, LicenceStatus]:
    text = legal.text("license")
    expression = licences.parse(text or "")
    if text is None or expression.problem == licences.NOT_STATED:
        legal.report("license", known.MISSING)
        return "", "not_stated"
    if expression.tree is None or expression.unknown:
        legal.report("license", known.NOT_LICENCE, text)
        return text, "not_understood"
    if expression.is_normalised:
        legal.report("license", known.OTHER_SPELLING, text, expression.spdx)
    return expression.spdx, "stated"


def _languages(root: Reader) -> tuple[str, ...]:
    stated = root.inner("localisation").texts("availableLanguages")
    found = (_LANGUAGES.get(text.lower(), text.lower()) for text in stated if _LANGUAGE.fullmatch(text))
    return tuple(dict.fromkeys(found))


def _countries(root: Reader) -> tuple[str, ...]:
    stated = root.inner("intendedAudience").texts("countries")
    return tuple(dict.fromkeys(text.upper() for text in stated if re.fullmatch(r"[A-Za-z]{2}", text)))
