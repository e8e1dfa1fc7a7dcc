"""Content in many languages: one JSON column a field, `{lang: {"v": text, "by": who, "of": lang}}`.

`by` says who wrote it (a person's role, a source, "machine"); `of` names the language it was translated from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# After the reader's own language: English, French, then whatever there is, in alphabetical order.
FALLBACK = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as shown: its value, its language, and whether it is in the language that was asked for."""

    value: str
    lang: str
    asked: str

    @property
    def is_fallback(self) -> bool:
        return bool(self.value) and self.lang != self.asked

    def __str__(self) -> str:
        return self.value

    def __bool__(self) -> bool:
        return bool(self.value)


def pick(texts: Mapping[str, Any] | None, lang: str) -> Text:
    """The text for a reader of `lang`, or the best other one, saying which it is."""
    texts = texts or {}
    for candidate in (lang, *FALLBACK, *sorted(texts)):
        value = _value(texts.get(candidate))
        if value:
            return Text(value, candidate, lang)
    return Text("", lang, lang)


def texts(**by_lang: str | None) -> dict[str, dict[str, str]]:
    """`texts(en="Map", fr="Carte")` in the shape that is stored; empty ones are left out."""
    return {lang: {"v": value} for lang, value in by_lang.items() if value}


def plain(stored: Mapping[str, Any] | None) -> dict[str, str]:
    """`{lang: text}` of a stored column, without who wrote it."""
    return {lang: value for lang in sorted(stored or {}) if (value := _value((stored or {}).get(lang)))}


def _value(entry: object) -> str:
    if isinstance(entry, Mapping):
        return str(entry.get("v") or "")
    return str(entry or "")
