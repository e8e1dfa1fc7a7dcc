"""The repaired codemeta.json, and the description of a record as JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from communs.core import licences
from communs.core.standards.codemeta.mending import licence_address, listed, mended_node
from communs.core.standards.codemeta.terms import (
    CONTEXT,
    main_node,
    term,
    types,
    version_of,
)
from communs.core.standards.near_json import load_near_json
from communs.core.standards.shapes import (
    doi,
    json_text,
    objects,
    plain,
    table,
    texts,
    web_address,
    wikidata,
)

_TYPES: Final[Mapping[str, str]] = {
    "software": "SoftwareSourceCode", "suite": "SoftwareSourceCode", "service": "SoftwareApplication",
    "data": "schema:Dataset",
}  # fmt: skip

_TYPE_KEYS: Final = frozenset({"@type", "type"})


def repair(data: bytes | str) -> str:
    """The file with every fix applied that is known: context, names of terms, addresses, licences, empty values.

    A text that is no JSON comes back as it is.
    """
    loaded = load_near_json(data)
    node = main_node(loaded.value)
    if not node:
        return loaded.text
    document = loaded.value
    version = version_of(document) if isinstance(document, dict) else ""
    mended = mended_node(node, version or "3.0")
    if not types(mended):
        mended = {"@type": "SoftwareSourceCode"} | {
            key: one for key, one in mended.items() if term(key) not in _TYPE_KEYS
        }
    if document is node:
        document = mended
    elif isinstance(document, list):
        document = [mended if one is node else one for one in document]
    else:
        document = {**document, "@graph": [mended if one is node else one for one in document["@graph"]]}
    if isinstance(document, dict) and not version:
        others = [one for one in listed(document.get("@context")) if one]
        document = {**document, "@context": [CONTEXT, *others] if others else CONTEXT}
        document = {"@context": document.pop("@context"), **document}
    return json_text(document, like=loaded.text)


def write(record: Mapping[str, Any], page: str = "") -> str:
    """A codemeta.json of version 3.0 for one record."""
    return json_text(as_jsonld(record, page))


def as_jsonld(record: Mapping[str, Any], page: str = "") -> dict[str, Any]:
    """The record as a JSON-LD document, to be written or embedded in a page. What is not known is left out.

    `page`: the address of the record itself, which becomes the identifier of the node.
    """
    identifiers = table(record.get("identifiers"))
    known_doi, item = doi(identifiers.get("doi")), wikidata(identifiers.get("wikidata"))
    repository = web_address(record.get("repository"))
    release = table(record.get("release"))
    known_as = [f"https://doi.org/{known_doi}" if known_doi else "", plain(identifiers.get("swh"))]
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": _TYPES.get(plain(record.get("kind")), "schema:CreativeWork"),
        "@id": web_address(page),
        "name": plain(record.get("name")),
        "description": _descriptions(record),
        "url": web_address(record.get("homepage")),
        "codeRepository": repository,
        "license": _licences(record),
        "keywords": list(texts(record.get("functions"))),
        "version": plain(release.get("version")),
        "dateModified": plain(release.get("date")),
        "identifier": [one for one in known_as if one],
        "sameAs": f"https://www.wikidata.org/entity/{item}" if item else "",
        "maintainer": _steward(table(record.get("steward"))),
        "funder": [
            {"@type": "Organization", "name": plain(one.get("name"))}
            for one in objects(record.get("funded_by"))
            if plain(one.get("name"))
        ],
        "schema:inLanguage": [lang for lang in texts(record.get("languages")) if re.fullmatch("[a-z]{2}", lang)],
    }
    return {key: _lone(value) for key, value in document.items() if value}


def _descriptions(record: Mapping[str, Any]) -> Any:
    """One text as it is; several with the language of each."""
    by_language = {"en": record.get("summary"), "fr": record.get("summary_fr"), **table(record.get("summaries"))}
    said_in = {lang: text for lang, value in by_language.items() if (text := plain(value))}
    if set(said_in) <= {"en"}:
        return said_in.get("en", "")
    return [{"@value": text, "@language": lang} for lang, text in said_in.items()]


def _licences(record: Mapping[str, Any]) -> list[str]:
    """The address of each licence in the SPDX list; what is not in it as text."""
    found: dict[str, None] = {}
    for entry in objects(record.get("licences")):
        stated = plain(entry.get("spdx"))
        names = [one.spdx for one in licences.parse(stated).terms] or [stated]
        for name in names:
            found[licence_address(name)] = None
    return [one for one in found if one]


def _steward(steward: Mapping[str, Any]) -> dict[str, str] | None:
    name = plain(steward.get("name"))
    kind = "Person" if plain(steward.get("form")) in {"individual", "person"} else "Organization"
    return {"@type": kind, "name": name} if name else None


def _lone(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value
