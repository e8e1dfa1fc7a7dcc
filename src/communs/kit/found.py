"""What a search tells people besides its rows: why each was found, what may have been meant, that nothing fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communs.core.search import Correction, Reason, cut, shown
from communs.kit.search import Hits, Results, fold

REASONS_MAX = 6
MEANT_MAX = 3


def why_found(reasons: Sequence[Reason]) -> str:
    """Why a row was found, in the reader's language: the words that it holds, and what stood for the others."""
    said = [_said(reason) for reason in reasons[:REASONS_MAX]]
    return _("Found by {reasons}").format(reasons=", ".join(dict.fromkeys(said))) if said else ""


def meant(text: str, corrections: Sequence[Correction]) -> list[str]:
    """The query with what nobody knows replaced by what is spelled nearly so: at most three ways."""
    texts = []
    for place in range(MEANT_MAX):
        changed = text
        for correction in corrections:
            near = correction.meant[min(place, len(correction.meant) - 1)]
            changed = _replaced(changed, correction.word, near)
        if changed != text and changed not in texts:
            texts.append(changed)
    return texts


def found_context(text: str, hits: Hits | Results | None) -> dict[str, Any]:
    """What `components/found.html` shows above the rows of a search."""
    if hits is None:
        return {}
    links = [(words, urlencode({"q": words})) for words in meant(text, hits.corrections)]
    return {"meant": links, "is_near": hits.is_near}


def cut_at(raw: str, length_max: int) -> int:
    """At how many characters what was typed is cut (`kit.search.typed`); 0 where all of it is searched for.

    >>> cut_at("water" * 50, 200), cut_at("water" + " " * 300, 200)
    (200, 0)
    >>> cut_at("water " * 50, 200)
    197
    """
    return len(cut(raw, length_max)) if len(raw.rstrip()) > length_max else 0


def _said(reason: Reason) -> str:
    label = shown(reason.term, get_language() or "en")
    quoted = _("“{word}”").format(word=reason.word)
    if reason.how in {"word", "form"} or fold(label) == fold(reason.word):
        return quoted
    if reason.how == "spelling":
        return _("{word}, read as {other}").format(word=quoted, other=label)
    return _("{word} → {other}").format(word=quoted, other=label)


def _replaced(text: str, word: str, other: str) -> str:
    """The text with a word, however it was accented and written, replaced."""
    return " ".join(other if fold(part.strip(".,;:!?\"'")) == fold(word) else part for part in text.split())
