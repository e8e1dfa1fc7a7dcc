"""The feed of Welcomeurope: European calls, up to five openings and deadlines in numbered fields of one row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from communs.core.standards.feeds.french_words import put_audiences, put_kind
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Row

_CALL: Final = re.compile(r"appels? ", re.IGNORECASE)
_DEADLINE: Final = re.compile(r"(?:dates_)?deadline-?(\d+)")
_OPENING: Final = re.compile(r"dates_open-?(\d+)")
_WHOLE_EUROS: Final = re.compile(r"(\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d+)\s*(?:euros?|€)", re.IGNORECASE)
_MILLIONS: Final = re.compile(r"(\d+)(?:[,.](\d{1,3}))?\s*millions?\s*(?:d['’]\s*|de\s+)?(?:euros?|€)", re.IGNORECASE)


def is_row(fields: Mapping[str, Any]) -> bool:
    """Whether an object is a call of this feed."""
    return {"ID", "post_title", "permalink"} <= fields.keys() and any(key.startswith("filtres_") for key in fields)


def read_row(row: Row) -> Opportunity | None:
    """The opportunity of a call, None where it has no key or no title."""
    if not has(row, "ID", "post_title"):
        return None
    url, key, seen = row.address("permalink"), row.raw("ID"), row.day("dates_publication")
    what = f"Welcomeurope {key}" + (f", publié le {seen}" if seen else "")
    made = Opportunity(row, "welcomeurope", key, "fr", reference=url, seen=seen, what=what)
    made.text("title", row.word("post_title"))
    made.text("summary", row.prose("banner_chapeau", "info_priories", "info", "info_utile"))
    payer = row.word("info_responsible")
    made.put(
        url=url,
        programme=row.word("relations_programmes"),
        themes=row.words("filtres_sectors", ";"),
        funder={"name": payer} if payer else None,
    )
    put_kind(made, "info_categorie", [word for word in row.words("info_categorie", ";") if not _CALL.match(word)])
    put_audiences(made, "filtres_beneficiaries", row.words("filtres_beneficiaries", ";"))
    made.money(pot=_euros(row.word("banner_budget")))
    made.quote("amount", row.prose("info_amount"))
    made.quote("territory", row.prose("info_info-regions"))
    made.quote("eligibility", row.prose("info_advice"))
    reference = row.word("info_references")
    if reference:
        made.line(f"Référence : {reference}")
    _windows(made)
    return made


def _windows(made: Opportunity) -> None:
    """A window for each number that has an opening or a deadline; several deadlines are cut-offs of one call."""
    row = made.row
    opens, closes = dict(_numbered(row, _OPENING)), dict(_numbered(row, _DEADLINE))
    model = "cutoffs" if len(closes) > 1 else "one_off" if closes else "unknown"
    for number in sorted(opens.keys() | closes.keys()):
        made.window(model, opens.get(number, ""), closes.get(number, ""))


def _numbered(row: Row, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    for key in row.fields:
        found = pattern.fullmatch(key)
        if found and (day := row.day(key)):
            yield int(found[1]), day


def _euros(text: str) -> int | None:
    """An amount that is written out and nothing else; None for anything that would have to be guessed.

    >>> _euros("3 530 000 euros"), _euros("1,5 million d'euros"), _euros("400 00 euros"), _euros("de 5 à 10 euros")
    (3530000, 1500000, None, None)
    """
    if found := _WHOLE_EUROS.fullmatch(text.strip()):
        return int(re.sub(r"\D", "", found[1]))
    if found := _MILLIONS.fullmatch(text.strip()):
        return int(found[1]) * 1_000_000 + int((found[2] or "").ljust(6, "0") or 0)
    return None
