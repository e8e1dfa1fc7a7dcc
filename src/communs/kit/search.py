"""Plain search until a language-aware one takes its place: folded words, each of which must occur."""

from __future__ import annotations

import unicodedata
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
WORDS_MAX = 8


def fold(text: str) -> str:
    """Lower case without accents: "Éco-système" → "eco-systeme"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def search_text(*parts: Any) -> str:
    """What a record is found by: all its texts, folded, one a line."""
    return fold("\n".join(str(part) for part in parts if part))


def containing(rows: QuerySet[M], query: str) -> QuerySet[M]:
    """The rows whose search text contains every word of `query` (at most eight)."""
    for word in fold(query).split()[:WORDS_MAX]:
        rows = rows.filter(search_text__contains=word)
    return rows
