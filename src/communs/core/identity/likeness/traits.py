"""What of an opportunity is compared with another one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from communs.core.identity.addresses import normalise_homepage
from communs.core.identity.likeness import places, words

SUMMARY_WORDS_MAX: Final = 200
TEXT_MAX: Final = 1_500
LISTED_MAX: Final = 60
_SEVERAL: Final = re.compile(r"\s*[,;/+|]\s*|\s+(?:ou|or|oder)\s+")


@dataclass(frozen=True, slots=True)
class Title:
    """One title of a record: its language ("" where not known), its folded text and its words."""

    lang: str
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when one may apply, as far as the record gives days."""

    opens: date | None
    closes: date | None


@dataclass(frozen=True, slots=True)
class Traits:
    """An opportunity as it is compared. What the record does not say is empty: it speaks neither for nor against.

    `summaries`: language and words of each, and of the first paragraph of each that has several.
    """

    id: str
    titles: tuple[Title, ...]
    summaries: tuple[tuple[str, tuple[str, ...]], ...]
    funders: frozenset[str]
    funder_places: frozenset[str]
    places: frozenset[str]
    named_places: frozenset[str]
    years: frozenset[str]
    editions: frozenset[int]
    numbers: frozenset[str]
    codes: frozenset[str]
    links: frozenset[str]
    amounts: tuple[str, float | None, float | None] | None
    periods: tuple[Period, ...]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Traits:
        """Read the record shape of `seed/opportunities.jsonl`; what has another shape counts as not said.

        >>> Traits.from_record({"id": "a", "title": "Prix 2025", "countries": ["fr"]}).places
        frozenset({'FR'})
        """
        titles = tuple(Title(lang, words.fold(text), words.words(text)) for lang, text in _by_language(record, "title"))
        said = " ".join(text for _lang, text in _by_language(record, "title"))
        counted = words.without_codes(said)
        references = " ".join([said, _text(record.get("programme")), *_links(record)])
        funders = frozenset(_funders(record))
        return cls(
            id=_text(record.get("id")),
            titles=titles,
            summaries=tuple(_summaries(record)),
            funders=funders,
            funder_places=frozenset(code for name in funders for code in places.named_in(name)),
            places=frozenset(places.canonical(code) for code in _texts(record.get("countries"))),
            named_places=places.named_in(said),
            years=words.years(counted),
            editions=words.editions(counted),
            numbers=words.numbers(counted),
            codes=words.codes(references),
            links=frozenset(link for url in _links(record) if (link := normalise_homepage(url))),
            amounts=_amounts(record.get("amount")),
            periods=tuple(_periods(record)),
        )


def _by_language(record: Mapping[str, Any], name: str) -> list[tuple[str, str]]:
    """`title`, `title_fr` and `titles` (or `summary_…`, `summaries`) as `(language, text)`, each text once."""
    several = record.get("titles" if name == "title" else "summaries")
    found = [("", record.get(name)), ("en", record.get(f"{name}_en")), ("fr", record.get(f"{name}_fr"))]
    found += list(several.items())[:LISTED_MAX] if isinstance(several, Mapping) else []
    texts = {_text(text)[:TEXT_MAX]: str(lang) for lang, text in reversed(found) if _text(text)}
    return [(lang, text) for text, lang in reversed(texts.items())]


def _summaries(record: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each summary as a whole, and its first paragraph alone: sources go on in different ways after the same lead."""
    for lang, text in _by_language(record, "summary"):
        lead, _break, rest = text.partition("\n")
        yield lang, words.words(text, SUMMARY_WORDS_MAX)
        if rest.strip():
            yield lang, words.words(lead, SUMMARY_WORDS_MAX)


def _funders(record: Mapping[str, Any]) -> Iterator[str]:
    several = record.get("funders")
    for funder in [record.get("funder"), *(several[:LISTED_MAX] if isinstance(several, list) else ())]:
        name = _text(funder.get("name")) if isinstance(funder, Mapping) else _text(funder)
        # "Commission, managed by NLnet", "CCI ou CMA": the whole and each of them.
        yield from {part for part in [name[:300], *_SEVERAL.split(name[:300])] if len(part) > 1}


def _links(record: Mapping[str, Any]) -> list[str]:
    return [url for name in ("url", "application_url") if (url := _text(record.get(name)))]


def _amounts(value: object) -> tuple[str, float | None, float | None] | None:
    if not isinstance(value, Mapping):
        return None
    least, most = (number if isinstance(number := value.get(name), int | float) else None for name in ("min", "max"))
    return (_text(value.get("currency")), least, most) if least is not None or most is not None else None


def _periods(record: Mapping[str, Any]) -> Iterator[Period]:
    several = record.get("windows")
    for window in [record.get("window"), *(several[:LISTED_MAX] if isinstance(several, list) else ())]:
        if isinstance(window, Mapping):
            opens, closes = _day(window.get("opens")), _day(window.get("closes"))
            if opens or closes:
                yield Period(opens, closes)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(_text(value)[:10])
    except ValueError:
        return None


def _texts(value: object) -> Iterable[str]:
    return [item for item in value[:LISTED_MAX] if isinstance(item, str)] if isinstance(value, list) else ()


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
