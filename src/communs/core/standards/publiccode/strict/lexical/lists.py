"""The closed lists of the standard and of what it refers to, and values of a fixed shape."""

from __future__ import annotations

import lzma
import re
from functools import cache, lru_cache
from typing import Final

from communs.core.standards.publiccode.strict.lexical.addresses import is_uri
from communs.core.standards.publiccode.strict.lexical.tables import read_bytes, words

ITALIAN_SPACE: Final = "urn:x-italian-pa:"
_ALIAS: Final = "alias:"
_MEDIA_TYPE = re.compile(r" *[A-Za-z0-9][A-Za-z0-9!#$&^_-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126} *\Z")
_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])\Z")


@cache
def known(section: str) -> frozenset[str]:
    """A closed list: categories, scopes, aliases or countries."""
    return frozenset(words("vocabulary.txt", section))


def is_category(text: str) -> bool:
    """Whether the standard lists this category."""
    return text in known("categories")


def is_scope(text: str) -> bool:
    """Whether the standard lists this scope of an audience."""
    return text in known("scopes")


def is_country(text: str) -> bool:
    """Whether ISO 3166-1 has this code of two letters, all small or all capital.

    >>> [is_country(text) for text in ("FR", "fr", "Fr", "EU")]
    [True, True, False, False]
    """
    return text in {text.lower(), text.upper()} and text.upper() in known("countries")


def is_supported_thing(text: str) -> bool:
    """Whether this names a standard or system: a known alias, or a URI.

    >>> [is_supported_thing(text) for text in ("alias:gdpr", "alias:other", "urn:iso:std:iso:27001", "GDPR")]
    [True, False, True, False]
    """
    if text.startswith(_ALIAS):
        return text.removeprefix(_ALIAS) in known("aliases")
    return is_uri(text)


@cache
def _administrations() -> frozenset[str]:
    return frozenset(lzma.decompress(read_bytes("italian-administrations.txt.xz")).decode("ascii").split("\n"))


def is_italian_administration(text: str) -> bool:
    """Whether the index of Italian public administrations has this code, in any case.

    >>> [is_italian_administration(text) for text in ("c_h501", "PCM", "not-there")]
    [True, True, False]
    """
    return text.lower() in _administrations()


def is_organisation(text: str) -> bool:
    """Whether this names an organisation: a URI; an Italian administration by its code.

    >>> [is_organisation(text) for text in ("https://example.org", "urn:x-italian-pa:pcm", "urn:x-italian-pa:no")]
    [True, True, False]
    """
    if not is_uri(text):
        return False
    lowered = text.lower()
    if not lowered.startswith(ITALIAN_SPACE):
        return True
    return is_italian_administration(text[len(ITALIAN_SPACE) :])


def is_media_type(text: str) -> bool:
    """Whether this is written as a media type (RFC 6838).

    >>> is_media_type("text/plain"), is_media_type("text")
    (True, False)
    """
    return _MEDIA_TYPE.match(text) is not None


def is_date(text: str) -> bool:
    """Whether this is a day of the calendar, as 2026-02-28.

    >>> [is_date(text) for text in ("2024-02-29", "2023-02-29", "2024-2-9", "0000-01-01")]
    [True, False, False, True]
    """
    found = _DATE.match(text)
    if found is None:
        return False
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return day <= (29 if leap else 28)
    return day <= (30 if month in {4, 6, 9, 11} else 31)


@cache
def _video_addresses() -> re.Pattern[str]:
    schemes = [line for line in read_bytes("oembed.txt").decode("utf-8").splitlines() if not line.startswith("#")]
    return re.compile("|".join(".*".join(map(re.escape, scheme.split("*"))) + r"\Z" for scheme in schemes))


@lru_cache(maxsize=1024)
def is_video_address(text: str) -> bool:
    """Whether one of the providers listed by oEmbed answers for this address.

    >>> is_video_address("https://www.youtube.com/watch?v=x"), is_video_address("https://example.org/film.mp4")
    (True, False)
    """
    return len(text) <= 4096 and _video_addresses().match(text) is not None
