"""A small library that the tests search in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from communs.core.search import Finder, Found, Index, Text, fold, pack, plan, terms_of

RECORDS: dict[str, tuple[str, str, str]] = {
    "trackdechets": ("TrackDéchets", "Gérer la traçabilité des déchets dangereux en toute sécurité", "fr"),
    "opencrvs": ("OpenCRVS", "Civil registration of births and deaths, made for places with few means", "en"),
    "rdv": ("RDV Service Public", "Prise de rendez-vous pour les services publics", "fr"),
    "openmrs": ("OpenMRS", "Medical record system for hospitals and clinics", "en"),
    "cantine": ("Ma cantine", "Suivre l'approvisionnement des cantines scolaires", "fr"),
    "peertube": ("PeerTube", "Share videos on your own server; a place for films and live streams", "en"),
    "nextcloud": ("Nextcloud", "File sharing, calendar and office for teams", "en"),
    "geotrek": ("Geotrek", "Hiking paths and outdoor tourism on a map", "en"),
}
KEYS = list(RECORDS)


@pytest.fixture(scope="session")
def finder() -> Finder:
    packed, texts = [], {}
    for key, (name, summary, lang) in enumerate(RECORDS.values()):
        given = [Text(name, 5, is_name=True), Text(summary, 2, lang)]
        packed.append((key, pack(terms_of(given))))
        texts[key] = fold(f"{name}\n{summary}")
    return Finder(Index.of(packed), texts.__getitem__)


def best_first(found: Found) -> list[int]:
    return [int(found.keys[place]) for place in np.lexsort((found.keys, -found.scores))]


@pytest.fixture(scope="session")
def search(finder: Finder) -> Callable[..., list[str]]:
    """The names of the records that answer, best first."""

    def names(text: str, *hints: str) -> list[str]:
        return [KEYS[key] for key in best_first(finder.find(plan(text, hints)))]

    return names
