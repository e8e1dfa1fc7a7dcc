"""One value brought into the form that the standard asks for, where what is meant leaves no doubt.

Whether a value is right is decided by the same functions as in the strict checker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from rapidfuzz import fuzz, process

from communs.core import licences
from communs.core.standards.publiccode.repairing.keys import Kind
from communs.core.standards.publiccode.repairing.meanings import MEANINGS
from communs.core.standards.publiccode.strict import schema
from communs.core.standards.publiccode.strict.lexical import addresses, graphemes, languages, lists
from communs.core.standards.publiccode.strict.lexical import licences as spdx
from communs.core.standards.shapes import mended_address

CLOSE_ENOUGH: Final = 87
SHORT_MOST: Final = 150
LONG_LEAST: Final = 150
LONG_MOST: Final = 10_000
GENERIC_MOST: Final = 35

_MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\((\S+?)\)")
_TRUE: Final = frozenset(["true", "yes", "y", "on", "1", "oui", "vrai", "sì", "si", "ja", "sí", "sim"])
_FALSE: Final = frozenset(["false", "no", "n", "off", "0", "non", "faux", "nein", "não"])
_AT = re.compile(r"\s*[\[(]\s*(?:at|arobase)\s*[\])]\s*")
_DOT = re.compile(r"\s*[\[(]\s*(?:dot|point)\s*[\])]\s*")
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier", "february feb février fevrier", "march mar mars", "april apr avril", "may mai",
            "june jun juin", "july jul juillet", "august aug août aout", "september sep sept septembre",
            "october oct octobre", "november nov novembre", "december dec décembre decembre",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip

Valid = Callable[[str], bool]


def is_right(kind: Kind, text: str) -> bool:
    """Whether `text` is what the standard asks for in a value of this kind."""
    check = _VALID.get(kind)
    return check is None or check(text)


def mended(kind: Kind, text: str) -> str | None:
    """The value that is meant; the same text where it is right; None where that cannot be told.

    >>> mended("date", "21/12/2023"), mended("language", "fra"), mended("licence", "agplv3+"), mended("country", "fr")
    ('2023-12-21', 'fr', 'AGPL-3.0-or-later', 'FR')
    >>> mended("web", "www.example.org"), mended("date", "05/06/2014"), mended("status", "production")
    ('https://www.example.org', None, 'stable')
    """
    tries = _TRIES.get(kind)
    if tries is None:
        return text
    return next((one for one in tries(text.strip()) if is_right(kind, one)), None)


def truth(text: str) -> bool | None:
    """What a word for yes or no says."""
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def shortened(text: str, most: int) -> str:
    """The beginning of a text, cut after a sentence where that leaves at least half of what fits, else after a word.

    >>> shortened("One sentence here. And another one that goes on.", 30), shortened("word " * 9, 12)
    ('One sentence here.', 'word word …')
    """
    text = " ".join(text.split())
    if graphemes.length(text) <= most:
        return text
    start = text[:most]
    sentences = [found.end() for found in re.finditer(r"[.!?](?=\s)", start)]
    if sentences and sentences[-1] >= most // 2:
        return start[: sentences[-1]]
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-")[: most - 2] + " …"


def shortened_keeping_lines(text: str, most: int) -> str:
    """The beginning of a text of several paragraphs, cut after a word."""
    return text if graphemes.length(text) <= most else text[: most - 2].rsplit(" ", 1)[0] + " …"


def _addresses(text: str) -> Iterator[str]:
    yield text
    link = _MARKDOWN_LINK.search(text)
    tried = (link[1] if link else text).strip("<>\"' ")
    yield tried
    yield re.sub(r"^(https?):/?/?(?=[^/])", r"\1://", tried)
    yield mended_address(tried)
    yield tried.replace(" ", "%20")


def _dates(text: str) -> Iterator[str]:
    yield text
    if found := re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:$|[T ])", text):
        yield _day(found[1], found[2], found[3])
    if found := re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text):
        yield _day(found[1], found[2], found[3])
    if found := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", text):
        # With slashes, only a day beyond the twelfth tells day and month apart.
        if found[2] == "." or int(found[1]) > 12:
            yield _day(found[4], found[3], found[1])
        elif int(found[3]) > 12 or found[1] == found[3]:
            yield _day(found[4], found[1], found[3])
    words = re.findall(r"[^\W_]+", text.lower())
    month = next((str(_MONTHS[word]) for word in words if word in _MONTHS), "")
    numbers = [re.sub(r"(?:st|nd|rd|th|er)$", "", word) for word in words if word[0].isdigit()]
    if month and len(numbers) == 2 and all(number.isdigit() for number in numbers):
        day, year = sorted(numbers, key=len)
        yield _day(year, month, day)


def _day(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _languages(text: str) -> Iterator[str]:
    tag = text.replace("_", "-").strip("- ")
    head, _, tail = tag.partition("-")
    meant = MEANINGS["language"].get(tag.lower()) or ""
    if meant:
        yield meant
    yield text
    yield tag
    start = MEANINGS["language"].get(head.lower(), head.lower())
    if tail:
        yield f"{start}-{tail.upper() if len(tail) == 2 else tail}"
    yield start


def _countries(text: str) -> Iterator[str]:
    yield MEANINGS["country"].get(_hyphened(text), text).upper()


def _licences(text: str) -> Iterator[str]:
    # An identifier that is right but for its case, or out of use, is written as the list has it today.
    expression = licences.parse(text)
    if expression.tree is not None and not expression.unknown:
        yield expression.spdx
    yield text


def _emails(text: str) -> Iterator[str]:
    yield text
    yield text.removeprefix("mailto:").strip("<> ")
    if found := re.search(r"<([^<>\s]+@[^<>\s]+)>", text):
        yield found[1]
    yield _AT.sub("@", _DOT.sub(".", text))


def _paths(text: str) -> Iterator[str]:
    yield text
    yield text.removeprefix("file://").removeprefix("./").lstrip("/")


def _organisations(text: str) -> Iterator[str]:
    yield text
    yield from _addresses(text)


def _things(text: str) -> Iterator[str]:
    yield text
    yield f"alias:{text.strip().lower().replace(' ', '-')}"
    yield from _addresses(text)


def _listed(kind: str, known: Iterable[str]) -> Callable[[str], Iterator[str]]:
    """From a closed list: by what the word means, else the one that it is nearly."""
    listed = {word.lower(): word for word in known}

    def tries(text: str) -> Iterator[str]:
        word = _hyphened(text)
        yield listed.get(word, text)
        meant = MEANINGS[kind].get(word)
        if meant:
            yield meant
        close = process.extractOne(word[:80], list(listed), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
        if close:
            yield listed[close[0]]

    return tries


def _platforms(text: str) -> Iterator[str]:
    yield MEANINGS["platform"].get(text.lower().strip(), text)


def _hyphened(text: str) -> str:
    return re.sub(r"[\s_]+", "-", text.strip().lower())


def _is_path(text: str) -> bool:
    return not text.startswith(("/", "file:"))


def _is_country(text: str) -> bool:
    return lists.is_country(text) and text.isupper()


def _is_licence(text: str) -> bool:
    return spdx.is_expression(text)


def _is_name(text: str) -> bool:
    return bool(text.strip())


_VALID: Final[Mapping[Kind, Valid]] = {
    "name": _is_name,
    "url": addresses.is_url,
    "web": addresses.is_http_url,
    "date": lists.is_date,
    "language": languages.is_language,
    "country": _is_country,
    "scope": lists.is_scope,
    "category": lists.is_category,
    "licence": _is_licence,
    "status": schema.STATUSES.__contains__,
    "software_type": schema.SOFTWARE_TYPES.__contains__,
    "maintenance_type": schema.MAINTENANCE_TYPES.__contains__,
    "email": addresses.is_email,
    "thing": lists.is_supported_thing,
    "organisation": lists.is_organisation,
    "version": schema.VERSIONS.__contains__,
    "path": _is_path,
    "media": lists.is_media_type,
    "video": lists.is_video_address,
}
_TRIES: Final[Mapping[Kind, Callable[[str], Iterable[str]]]] = {
    "url": _addresses,
    "web": _addresses,
    "date": _dates,
    "language": _languages,
    "country": _countries,
    "scope": _listed("scope", lists.known("scopes")),
    "category": _listed("category", lists.known("categories")),
    "licence": _licences,
    "status": _listed("status", schema.STATUSES),
    "software_type": _listed("software_type", schema.SOFTWARE_TYPES),
    "maintenance_type": _listed("maintenance_type", schema.MAINTENANCE_TYPES),
    "platform": _platforms,
    "email": _emails,
    "thing": _things,
    "organisation": _organisations,
    "version": lambda _text: (schema.LATEST,),
    "path": _paths,
    "media": lambda text: (text.strip().lower(),),
    "video": _addresses,
}
