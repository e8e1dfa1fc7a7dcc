"""The best text for a reader, and honesty about its language."""

from __future__ import annotations

import pytest

from communs.kit.texts import pick, plain, texts


@pytest.mark.parametrize(
    ("stored", "lang", "value", "shown_lang", "is_fallback"),
    [
        ({"en": "Map", "fr": "Carte"}, "fr", "Carte", "fr", False),
        ({"en": "Map", "fr": "Carte"}, "de", "Map", "en", True),
        ({"fr": "Carte", "it": "Mappa"}, "en", "Carte", "fr", True),
        ({"pl": "Mapa", "it": "Mappa"}, "en", "Mappa", "it", True),
        ({"fr": {"v": "Carte", "by": "machine", "of": "en"}}, "fr", "Carte", "fr", False),
        ({"fr": {"v": ""}, "en": "Map"}, "fr", "Map", "en", True),
        ({}, "fr", "", "fr", False),
        (None, "en", "", "en", False),
    ],
)
def test_the_readers_language_comes_first(
    stored: dict[str, object] | None, lang: str, value: str, shown_lang: str, *, is_fallback: bool
) -> None:
    text = pick(stored, lang)
    assert (text.value, text.lang, text.is_fallback, bool(text)) == (value, shown_lang, is_fallback, bool(value))


def test_texts_are_stored_and_read_back() -> None:
    assert plain(texts(en="Map", fr=None, de="Karte")) == {"de": "Karte", "en": "Map"}
