"""What a publiccode.yml says as a record of the register, with nothing in it that the file does not say.

The keys are those of the standard, versions 0.1 to 0.7. Contacts and contractors are persons: they are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from communs.core import licences
from communs.core.standards.publiccode import words
from communs.core.standards.publiccode.fields import Reader
from communs.core.standards.publiccode.repairing.filling import NOT_STATED
from communs.core.standards.publiccode.repairing.keys import UNDETERMINED
from communs.core.standards.publiccode.repairing.values import mended, truth
from communs.core.standards.shapes import commons_record, summary, web_address, without_contacts

LicenceStatus = Literal["stated", "not_understood", "not_stated"]

LONG_MAX: Final = 10_000
# Of the standard: links that a description names, and what they are called in the record.
_LINKS: Final = {"documentation": "documentation", "apiDocumentation": "api_documentation"}
_KINDS_OF_DEPENDENCY: Final = ("open", "proprietary", "hardware")


def record_of(root: Reader) -> dict[str, Any] | None:
    """The record of `seed/commons.jsonl`, and what else the file says; None where it names nothing at all.

    Beyond the fields of the seed: `licence_status`, `development_status`, `software_type`, `software_version`,
    `release_date`, `platforms`, `maintenance`, `used_by`, `based_on`, `dependencies`, `audience`, `resources`,
    `descriptions` and `features` by language, each only where it is said.
    """
    names, summaries, said = _described(root)
    legal = root.inner("legal")
    licence, status = _licence(legal)
    repository, homepage = root.address("url"), root.address("landingURL")
    if root.pair("url") is None:
        root.note("url", "missing", words.MISSING)
    name = _name(root, names, repository)
    if not (name or repository or homepage or summaries):
        return None
    organisation = root.inner("organisation")
    owner = organisation.text("name") or legal.text("repoOwner") or legal.text("mainCopyrightOwner")
    steward = {"name": owner or None, "form": "unknown", "country": None}
    uri = organisation.text("uri")
    said |= _facts(root) | {"copyright_owner": legal.text("mainCopyrightOwner"), "maintenance": _maintenance(root)}
    record = commons_record(
        name=name,
        summaries=summaries,
        homepage=homepage,
        repository=repository,
        kind="software",
        names=names,
        licences=[{"part": "code", "spdx": licence}] if licence else [],
        steward={**steward, "uri": uri} if uri else steward,
        countries=_countries(root.inner("intendedAudience"), "countries"),
        categories_publiccode=_meant("category", root.texts("categories")),
        languages=_languages(root),
        funded_by=[_funder(one) for one in root.tables("fundedBy") if one.text("name")],
        licence_status=status,
    )
    return record | {key: value for key, value in said.items() if value not in (None, "", [], {})}


def _name(root: Reader, names: Mapping[str, str], repository: str) -> str:
    name = root.text("name")
    if name:
        return name
    localised = next(iter(names.values()), "")
    from_address = repository.rstrip("/").rpartition("/")[2].removesuffix(".git")
    if localised or from_address:
        root.note("name", "name-guessed", words.NAME_GUESSED)
    else:
        root.note("name", "missing", words.MISSING)
    return localised or from_address


def _described(root: Reader) -> tuple[dict[str, str], dict[str, str], dict[str, Any]]:
    """Names and summaries by language; and long descriptions, features and links."""
    names: dict[str, str] = {}
    summaries: dict[str, str] = {}
    longer: dict[str, str] = {}
    features: dict[str, list[str]] = {}
    links: dict[str, str] = {}
    description = root.inner("description")
    for key in description.keys:
        tag = mended("language", key)
        if tag is None:
            continue
        said, lang = description.inner(key), tag.lower()
        text = said.text("shortDescription") or said.text("longDescription") or said.text("genericName")
        names.setdefault(lang, said.text("localisedName"))
        summaries.setdefault(lang, summary(text))
        longer.setdefault(lang, without_contacts(said.text("longDescription")[:LONG_MAX]))
        features.setdefault(lang, [without_contacts(one) for one in said.texts("features")])
        links = {called: links.get(called) or said.address(link) for link, called in _LINKS.items()}
    names, summaries, longer = (_said(found) for found in (names, summaries, longer))
    if not summaries:
        root.note("description", "no-summary", words.NO_SUMMARY)
    links |= {"roadmap": root.address("roadmap"), "logo": web_address(root.text("logo"))}
    return names, summaries, {"descriptions": longer, "features": _said(features), "resources": _said(links)}


def _said(found: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value}


def _licence(legal: Reader) -> tuple[str, LicenceStatus]:
    text = legal.text("license")
    expression = licences.parse(text)
    if not text or expression.problem == licences.NOT_STATED:
        legal.note("license", "missing", words.MISSING)
        return "", "not_stated"
    if expression.tree is None or expression.unknown:
        legal.note("license", "not-a-licence", words.NOT_LICENCE, value=text[:80])
        return text, "not_understood"
    if expression.is_normalised:
        meant = expression.spdx
        legal.note("license", "other-spelling", words.OTHER_SPELLING, value=text[:80], meant=meant[:80])
    return expression.spdx, "stated"


def _facts(root: Reader) -> dict[str, Any]:
    """What else is said at the top level."""
    latest = root.inner("latestRelease")
    audience = root.inner("intendedAudience")
    return {
        "development_status": mended("status", root.text("developmentStatus")),
        "software_type": mended("software_type", root.text("softwareType")),
        "software_version": root.text("softwareVersion") or latest.text("version"),
        "release_date": mended("date", root.text("releaseDate") or latest.text("date")),
        "platforms": [one for one in _meant("platform", root.texts("platforms")) if one != NOT_STATED],
        "suite": root.text("applicationSuite"),
        "used_by": [without_contacts(one) for one in root.texts("usedBy")],
        "based_on": [one for one in map(_repository, root.texts("isBasedOn", single_too=True)) if one],
        "supports": [one.text("id") for one in root.tables("supports", "id") if one.text("id")],
        "dependencies": _dependencies(root.inner("dependsOn")),
        "audience": {
            key: value
            for key, value in (
                ("scope", _meant("scope", audience.texts("scope"))),
                ("unsupported_countries", _countries(audience, "unsupportedCountries")),
            )
            if value
        },
        "localisation_ready": truth(root.inner("localisation").text("localisationReady")),
    }


def _repository(text: str) -> str:
    return web_address(mended("url", text) or "")


def _maintenance(root: Reader) -> dict[str, str]:
    kind = mended("maintenance_type", root.inner("maintenance").text("type"))
    return {"type": kind} if kind else {}


def _dependencies(depends: Reader) -> list[dict[str, Any]]:
    found = []
    for kind in _KINDS_OF_DEPENDENCY:
        for one in depends.tables(kind):
            versions = {
                called: one.text(key)
                for key, called in (
                    ("version", "version"),
                    ("versionMin", "version_min"),
                    ("versionMax", "version_max"),
                )
            }
            said = {"name": one.text("name"), "kind": kind, **versions, "optional": truth(one.text("optional"))}
            if said["name"]:
                found.append({key: value for key, value in said.items() if value not in (None, "")})
    return found


def _funder(one: Reader) -> dict[str, str]:
    ref = web_address(one.text("uri") or one.text("url"))
    return {"name": one.text("name"), "ref": ref} if ref else {"name": one.text("name")}


def _languages(root: Reader) -> list[str]:
    stated = _meant("language", root.inner("localisation").texts("availableLanguages"))
    return [tag for tag in dict.fromkeys(one.lower() for one in stated) if tag != UNDETERMINED]


def _countries(audience: Reader, key: str) -> list[str]:
    return _meant("country", audience.texts(key))


def _meant(kind: Any, stated: tuple[str, ...]) -> list[str]:
    """Of a list of words those that are understood, each once, as the standard writes them."""
    bring: Callable[[str], str | None] = lambda text: mended(kind, text)  # noqa: E731
    return list(dict.fromkeys(filter(None, map(bring, stated))))
