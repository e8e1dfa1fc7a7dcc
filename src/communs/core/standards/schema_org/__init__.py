"""schema.org JSON-LD for the pages of commons and opportunities (https://schema.org, version 29). Written only.

Facts that are not known are left out; persons are never named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from json import dumps
from typing import Any, Final

from communs.core.standards.codemeta.mending import licence_address
from communs.core.standards.shapes import doi, objects, plain, table, texts, web_address, wikidata

CONTEXT: Final = "https://schema.org"
_TYPES: Final[Mapping[str, str]] = {
    "software": "SoftwareSourceCode",
    "suite": "SoftwareSourceCode",
    "service": "WebApplication",
    "data": "Dataset",
    "standard": "TechArticle",
    "hardware": "Product",
}
_LICENSED: Final = frozenset({"SoftwareSourceCode", "Dataset", "TechArticle", "CreativeWork", "WebApplication"})


def as_jsonld(record: Mapping[str, Any], page: str = "") -> dict[str, Any]:
    """A commons in the shape of `seed/commons.jsonl`. `page`: the address of its page, which names the node."""
    kind = _TYPES.get(plain(record.get("kind")), "CreativeWork")
    identifiers = table(record.get("identifiers"))
    known_doi, item = doi(identifiers.get("doi")), wikidata(identifiers.get("wikidata"))
    is_code = kind == "SoftwareSourceCode"
    return _said(
        {
            "@context": CONTEXT,
            "@type": kind,
            "@id": page,
            "name": plain(record.get("name")),
            "alternateName": sorted({plain(name) for name in table(record.get("names")).values()} - {""}),
            "description": _in_languages(record, "summary", "summaries"),
            "url": web_address(record.get("homepage")) or web_address(record.get("repository")),
            "codeRepository": web_address(record.get("repository")) if is_code else "",
            "license": _licences(record) if kind in _LICENSED else [],
            "keywords": list(texts(record.get("functions"))),
            "inLanguage": _languages(record.get("languages")) if kind in _LICENSED else [],
            "maintainer": _organisation(table(record.get("steward"))) if kind in _LICENSED else {},
            "identifier": f"https://doi.org/{known_doi}" if known_doi else "",
            "sameAs": f"https://www.wikidata.org/entity/{item}" if item else "",
            "isAccessibleForFree": True if kind in _LICENSED and _licences(record) else None,
        }
    )


def grant_as_jsonld(record: Mapping[str, Any], page: str = "") -> dict[str, Any]:
    """An opportunity in the shape of `seed/opportunities.jsonl`."""
    amount = table(record.get("amount"))
    money = {
        "@type": "MonetaryAmount",
        "currency": plain(amount.get("currency")),
        "minValue": amount.get("min"),
        "maxValue": amount.get("max"),
    }
    has_money = any(isinstance(amount.get(name), int | float) for name in ("min", "max"))
    funder = table(record.get("funder"))
    return _said(
        {
            "@context": CONTEXT,
            "@type": "MonetaryGrant" if has_money else "Grant",
            "@id": page,
            "name": _in_languages(record, "title", "titles"),
            "description": _in_languages(record, "summary_en", "summaries"),
            "url": web_address(record.get("url")),
            "funder": _said({**_organisation(funder), "url": web_address(funder.get("url"))}) if funder else {},
            "amount": _said(money) if has_money else {},
        }
    )


def embedded(document: Mapping[str, Any]) -> str:
    """The document as it can stand inside a script element: nothing in it ends the element."""
    text = dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _said(node: Mapping[str, Any]) -> dict[str, Any]:
    """The node without what is not known; lists of one as the one."""
    kept = {key: value for key, value in node.items() if value not in (None, "", [], {})}
    return {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in kept.items()}


def _in_languages(record: Mapping[str, Any], single: str, several: str) -> Any:
    """A text as it is; several with the language of each."""
    said_in = {lang: text for lang, value in table(record.get(several)).items() if (text := plain(value))}
    if not said_in:
        return plain(record.get(single))
    if len(said_in) == 1:
        return next(iter(said_in.values()))
    return [{"@value": text, "@language": lang} for lang, text in sorted(said_in.items())]


def _licences(record: Mapping[str, Any]) -> list[str]:
    found = [licence_address(plain(entry.get("spdx"))) for entry in objects(record.get("licences"))]
    return list(dict.fromkeys(address for address in found if address))


def _languages(value: Any) -> list[str]:
    return [code for code in texts(value) if re.fullmatch(r"[a-z]{2}", code)]


def _organisation(told: Mapping[str, Any]) -> dict[str, Any]:
    """A steward or funder; a single person is not named."""
    name = plain(told.get("name"))
    if not name or plain(told.get("form")) in {"individual", "person"} or plain(told.get("type")) == "individual":
        return {}
    return {"@type": "Organization", "name": name}
