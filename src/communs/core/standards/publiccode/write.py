"""A record of the register as publiccode.yml 0.7: public facts only, and valid by the strict checker or not at all.

Persons are named only where the record itself names public contacts for the maintenance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from communs.core.standards import documents
from communs.core.standards.problems import fill
from communs.core.standards.publiccode import strict
from communs.core.standards.publiccode.code_licence import licence_of
from communs.core.standards.publiccode.edits import lines_of
from communs.core.standards.publiccode.repairing import values
from communs.core.standards.publiccode.repairing.filling import NOT_STATED, software_type_of, status_of
from communs.core.standards.publiccode.repairing.keys import UNDETERMINED, Kind
from communs.core.standards.publiccode.repairing.sentences import described
from communs.core.standards.publiccode.strict import schema
from communs.core.standards.publiccode.strict.lexical import graphemes
from communs.core.texts import N_, Translate, identity

REMARK: Final = "# Written from an entry of a register. Lines marked “to confirm” are not known there: correct them."
_HOW: Final[Mapping[str, tuple[str, str]]] = {
    "name": (N_("The name is not known."), N_("Add a name to the entry.")),
    "url": (N_("The address of the source repository is not known."), N_("Add the source repository to the entry.")),
    "description": (N_("There is no summary in any language."), N_("Add a summary to the entry.")),
    "legal.license": (
        N_("No licence of the code is known that has an SPDX identifier."),
        N_("Add the licence of the part “code” to the entry, such as AGPL-3.0-or-later."),
    ),
    "platforms": (N_("The platforms are not known."), N_("Name what it runs on, such as web, linux or android.")),
    "developmentStatus": (
        N_("The state of development is not known."),
        N_("Name one of: concept, development, beta, stable, obsolete."),
    ),
    "softwareType": (N_("The type of software is not known."), N_("Name one, such as standalone/web or library.")),
    "maintenance.type": (
        N_("How it is maintained is not known."),
        N_("Name one of: internal, contract, community, none."),
    ),
    "maintenance.contacts": (
        N_("No public contact for the maintenance is known."),
        N_("Name somebody who agrees to stand there."),
    ),
    "maintenance.contractors": (
        N_("Who is under contract for the maintenance is not known."),
        N_("Name the company, and the day until which it is under contract."),
    ),
    "localisation.localisationReady": (
        N_("Whether it can be translated is not known."),
        N_("Say whether it is ready for several languages."),
    ),
    "localisation.availableLanguages": (
        N_("The languages in which it is available are not known."),
        N_("Add the languages to the entry."),
    ),
}
NEVER_ASSUMED: Final = frozenset({"name", "url", "description", "legal.license", "maintenance.contractors"})


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that the standard demands and nobody has said; `message` and `fix` are message ids."""

    path: str
    message: str
    fix: str
    values: Mapping[str, str]

    def say(self, translate: Translate = identity) -> str:
        """What is missing and how to add it."""
        return " ".join(fill(translate(one), self.path, self.values) for one in (self.message, self.fix))


class CannotWrite(documents.CannotWrite):
    """A record that does not say everything that the standard demands: `gaps` lists what, `missing` in words."""

    def __init__(self, gaps: tuple[Missing, ...]) -> None:
        self.gaps = gaps
        super().__init__([one.say() for one in gaps])

    def say_each(self, translate: Translate = identity) -> tuple[str, ...]:
        """Each thing that is missing, in words."""
        return tuple(one.say(translate) for one in self.gaps)

    def say(self, translate: Translate = identity) -> str:
        """All that is missing, in words."""
        return " ".join(one.say(translate) for one in self.gaps)


def write(record: Mapping[str, Any], *, assume: bool = False, names: Mapping[str, str] | None = None) -> str:
    """The record as publiccode.yml, in the shape that `read` gives and `seed/commons.jsonl` has.

    `assume`: where the record leaves something open for which there is a neutral value, write that with the comment "to
    confirm". Name, repository, summary and licence are never assumed. `names`: those of the commons in `depends_on`.

    Raises:
        CannotWrite: when the standard demands what the record does not say.
    """
    writing = _Writing(record, names or {}, assume=assume)
    writing.fill()
    if writing.missing:
        raise CannotWrite(tuple(Missing(path, *_HOW[path], {}) for path in writing.missing))
    text = writing.text()
    wrong = [found for found in strict.check(text) if found.severity == "error"]
    if wrong:
        raise CannotWrite(tuple(Missing(one.path, one.message, one.fix, one.values) for one in wrong))
    return text


class _Writing:
    def __init__(self, record: Mapping[str, Any], names: Mapping[str, str], *, assume: bool) -> None:
        self.record, self.names, self.assume = record, names, assume
        self.missing: list[str] = []
        self.assumed: set[str] = set()
        self.document: dict[str, Any] = {}

    def fill(self) -> None:
        """Every key that the record says something about, in the order of the standard."""
        record = self.record
        name, url = self._need("name", _text(record.get("name"))), self._need("url", self._right("url", "repository"))
        version, release = _text(record.get("software_version")), self._right("date", "release_date")
        used_by = _texts(record.get("used_by"))
        self._put("publiccodeYmlVersion", schema.LATEST)
        self._put("name", name)
        self._put("applicationSuite", _text(record.get("suite")))
        self._put("url", url)
        self._put("landingURL", self._right("web", "homepage"))
        self._put("isBasedOn", self._listed("url", "based_on"))
        self._put("softwareVersion", version)
        self._put("releaseDate", release)
        self._put("logo", self._link("logo"))
        platforms = self._need("platforms", self._listed("platform", "platforms"), [NOT_STATED])
        self._put("platforms", platforms)
        self._put("categories", self._listed("category", "categories_publiccode"))
        self._put("usedBy", used_by)
        self._put("fundedBy", list(self._funders()))
        self._put("roadmap", self._link("roadmap"))
        status = status_of(version, is_released=bool(release or used_by))
        self._put(
            "developmentStatus", self._need("developmentStatus", self._right("status", "development_status"), status)
        )
        kind = software_type_of([one for one in platforms or [] if one != NOT_STATED])
        self._put("softwareType", self._need("softwareType", self._right("software_type", "software_type"), kind))
        self._put("supports", [{"id": one} for one in self._listed("thing", "supports")])
        self._put("organisation", self._organisation())
        self._put("intendedAudience", self._audience())
        self._put("description", self._need("description", self._descriptions()))
        self._put("legal", self._legal())
        self._put("maintenance", self._maintenance())
        self._put("localisation", self._localisation())
        self._put("dependsOn", self._dependencies())

    def text(self) -> str:
        """The document as YAML."""
        lines = [line for key, value in self.document.items() for line in self._lines(key, value)]
        return "\n".join([*([REMARK] if self.assumed else []), *lines]) + "\n"

    def _lines(self, key: str, value: Any) -> list[str]:
        if isinstance(value, dict) and any(path.startswith(f"{key}.") for path in self.assumed):
            inner = [
                "  " + line if line else line
                for name, one in value.items()
                for line in lines_of(name, one, 2, assumed=f"{key}.{name}" in self.assumed)
            ]
            return [f"{key}:", *inner]
        return lines_of(key, value, 0, assumed=key in self.assumed)

    def _put(self, key: str, value: Any) -> None:
        if value not in (None, "", [], {}):
            self.document[key] = value

    def _need(self, path: str, value: Any, neutral: Any = None) -> Any:
        """The value; where nothing is known the neutral one, marked, or a gap in the list of what is missing."""
        if value not in (None, "", [], {}):
            return value
        if self.assume and neutral is not None and path not in NEVER_ASSUMED:
            self.assumed.add(path)
            return neutral
        self.missing.append(path)
        return None

    def _right(self, kind: Kind, field: str) -> str:
        return _meant(kind, _text(self.record.get(field)))

    def _listed(self, kind: Kind, field: str) -> list[str]:
        return list(dict.fromkeys(filter(None, (_meant(kind, one) for one in _texts(self.record.get(field))))))

    def _link(self, called: str) -> str:
        return _meant("web", _text(_table(self.record.get("resources")).get(called)))

    def _funders(self) -> Iterator[dict[str, str]]:
        """Organisations with an address of their own; that of one project they paid for is none."""
        for one in self.record.get("funded_by") or []:
            uri = _meant("web", _text(one.get("ref")))
            if uri and _text(one.get("name")) and not one.get("project") and not one.get("programme"):
                yield {"name": _text(one.get("name")), "uri": uri}

    def _organisation(self) -> dict[str, str]:
        steward = _table(self.record.get("steward"))
        uri = _meant("organisation", _text(steward.get("uri")))
        name = _text(steward.get("name"))
        return {**({"name": name} if name else {}), "uri": uri} if uri else {}

    def _audience(self) -> dict[str, list[str]]:
        audience = _table(self.record.get("audience"))
        said = {
            "countries": self._listed("country", "countries"),
            "unsupportedCountries": _texts(audience.get("unsupported_countries")),
            "scope": [one for one in map(_scope, _texts(audience.get("scope"))) if one],
        }
        return {key: value for key, value in said.items() if value}

    def _descriptions(self) -> dict[str, Any]:
        record = self.record
        summaries = {"en": record.get("summary"), "fr": record.get("summary_fr"), **_table(record.get("summaries"))}
        facts = {
            "name": _text(record.get("name")),
            "url": self._right("url", "repository"),
            "license": licence_of(record),
            "landing": self._right("web", "homepage"),
            "version": _text(record.get("software_version")),
            "users": ", ".join(_texts(record.get("used_by"))[:5]),
        }
        said = {}
        for lang, summary in summaries.items():
            tag = _meant("language", lang)
            if tag and (summary := _text(summary)):
                said[tag] = self._description(lang, summary, facts)
        return said

    def _description(self, lang: str, summary: str, facts: Mapping[str, str]) -> dict[str, Any]:
        record = self.record
        brief = values.shortened(summary, values.SHORT_MOST)
        full = _text(_table(record.get("descriptions")).get(lang)) or summary
        if graphemes.length(full) < values.LONG_LEAST:
            full = described(lang, full, facts)
        features = _texts(_table(record.get("features")).get(lang)) or (
            _texts(record.get("functions")) if lang == "en" else []
        )
        links = {"documentation": "documentation", "apiDocumentation": "api_documentation"}
        return {
            **({"localisedName": name} if (name := _text(_table(record.get("names")).get(lang))) else {}),
            "shortDescription": brief,
            "longDescription": values.shortened_keeping_lines(full, values.LONG_MOST),
            **{key: address for key, called in links.items() if (address := self._link(called))},
            "features": features or [brief],
        }

    def _legal(self) -> dict[str, str]:
        licence = self._need("legal.license", licence_of(self.record))
        owner = _text(self.record.get("copyright_owner"))
        steward = _text(_table(self.record.get("steward")).get("name"))
        said = {"license": licence or ""}
        if owner:
            said["mainCopyrightOwner"] = owner
        if steward and not self._organisation() and steward != owner:
            said["repoOwner"] = steward
        return said

    def _maintenance(self) -> dict[str, Any]:
        maintenance = _table(self.record.get("maintenance"))
        steward = _table(self.record.get("steward"))
        neutral = "community" if steward.get("form") in {"informal", "informal_collective"} else "internal"
        kind = self._need("maintenance.type", _meant("maintenance_type", _text(maintenance.get("type"))), neutral)
        if kind == "contract":
            contractors = list(_people(maintenance.get("contractors"), "name", "until", "website"))
            return {"type": kind, "contractors": self._need("maintenance.contractors", contractors)}
        if kind not in {"internal", "community"}:
            return {"type": kind}
        contacts = list(_people(maintenance.get("contacts"), "name", "email", "affiliation"))
        nobody = [{"name": f"The maintainers of {_text(self.record.get('name'))}"}]
        return {"type": kind, "contacts": self._need("maintenance.contacts", contacts, nobody)}

    def _localisation(self) -> dict[str, Any]:
        tags = self._listed("language", "languages")
        ready = self.record.get("localisation_ready")
        if not isinstance(ready, bool):
            # What is available in several languages can be translated.
            ready = True if len(tags) > 1 or "mul" in tags else None
        if ready is None:
            self._need("localisation.localisationReady", None, neutral=False)
        languages = self._need("localisation.availableLanguages", tags, [UNDETERMINED])
        return {"localisationReady": bool(ready), "availableLanguages": languages}

    def _dependencies(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for one in self.record.get("dependencies") or []:
            said = {
                key: one[called]
                for key, called in (
                    ("name", "name"),
                    ("versionMin", "version_min"),
                    ("versionMax", "version_max"),
                    ("version", "version"),
                    ("optional", "optional"),
                )
                if one.get(called) not in (None, "")
            }
            if said.get("name") and one.get("kind") in {"open", "proprietary", "hardware"}:
                found.setdefault(one["kind"], []).append(said)
        known = [{"name": self.names[one]} for one in _texts(self.record.get("depends_on")) if one in self.names]
        if known:
            found["open"] = [*found.get("open", []), *known]
        return found


def _people(listed: Any, *keys: str) -> Iterator[dict[str, str]]:
    """Those with a name, with what `keys` say of them."""
    for one in listed or []:
        if _text(one.get("name")):
            yield {key: _text(one.get(key)) for key in keys if _text(one.get(key))}


def _meant(kind: Kind, text: str) -> str:
    return (values.mended(kind, text) or "") if text else ""


_scope: Callable[[str], str] = lambda text: _meant("scope", text)  # noqa: E731


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [text for one in value if (text := _text(one))] if isinstance(value, list | tuple) else []


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
