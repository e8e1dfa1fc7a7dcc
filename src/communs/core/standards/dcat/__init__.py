"""A catalogue of the open data of a site as DCAT-AP 3 in JSON-LD (https://semiceu.github.io/DCAT-AP/releases/3.0.0/).

Written only. Codes of languages, file types and frequencies are those of the Publications Office of the European Union.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

_EU: Final = "http://publications.europa.eu/resource/authority"
CC0: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_LANGUAGES: Final = {"en": f"{_EU}/language/ENG", "fr": f"{_EU}/language/FRA"}
_TYPES: Final = {
    "ndjson": ("https://www.iana.org/assignments/media-types/application/x-ndjson", f"{_EU}/file-type/JSON"),
    "csv": ("https://www.iana.org/assignments/media-types/text/csv", f"{_EU}/file-type/CSV"),
}


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset: its address, titles and descriptions by language, and its files by type ("ndjson", "csv")."""

    page: str
    titles: dict[str, str]
    descriptions: dict[str, str]
    files: dict[str, str]
    changed_on: date | None


def catalogue(
    page: str, titles: dict[str, str], descriptions: dict[str, str], sets: Iterable[Dataset]
) -> dict[str, Any]:
    """The catalogue of the site at `page` with its datasets, as a JSON-LD document."""
    publisher = {"@id": f"{page}#publisher", "@type": "foaf:Agent", "foaf:name": "communs"}
    return {
        "@context": CONTEXT,
        "@id": page,
        "@type": "dcat:Catalog",
        "dct:title": _in_languages(titles),
        "dct:description": _in_languages(descriptions),
        "dct:publisher": publisher,
        "dct:language": [{"@id": iri} for iri in _LANGUAGES.values()],
        "foaf:homepage": {"@id": page},
        "dct:license": {"@id": CC0},
        "dcat:dataset": [_dataset(one, publisher["@id"]) for one in sets],
    }


def _dataset(one: Dataset, publisher: str) -> dict[str, Any]:
    changed = {"dct:modified": {"@value": one.changed_on.isoformat(), "@type": "xsd:date"}} if one.changed_on else {}
    return {
        "@id": one.page,
        "@type": "dcat:Dataset",
        "dct:title": _in_languages(one.titles),
        "dct:description": _in_languages(one.descriptions),
        "dct:publisher": {"@id": publisher},
        "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/CONT"},
        "dcat:landingPage": {"@id": one.page},
        **changed,
        "dcat:distribution": [_distribution(kind, address) for kind, address in one.files.items()],
    }


def _distribution(kind: str, address: str) -> dict[str, Any]:
    media, file_type = _TYPES[kind]
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": media},
        "dct:format": {"@id": file_type},
        "dct:license": {"@id": CC0},
    }


def _in_languages(said: dict[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": lang} for lang, text in said.items()]
