"""Language tags (BCP 47) as the reference parser takes them: well formed, of subtags that exist, extensions sound.

Its rules are those of the validator `bcp47_strict_language_tag`: no underscore, the shortest code of a language (`it`,
not `ita`), a variant only behind the language it belongs to.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from communs.core.standards.publiccode.strict.lexical.tables import sections, words

_FILE = "languages.txt"
_PRIVATE = re.compile(r"x-[a-z0-9]{1,8}\Z")
_VARIANT = r"(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3})"
_SINGLETON = r"[a-wyz0-9](?:-[a-z0-9]{2,8})+"
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?P<extended>(?:-[a-z]{3}){0,3})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    rf"(?:-(?P<variant>{_VARIANT}(?:-{_VARIANT})*))?"
    rf"(?:-(?P<extension>{_SINGLETON}(?:-{_SINGLETON})*))?"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?\Z"
)
_UNICODE = re.compile(r"u(?:-[a-z0-9]{3,8})*(?:-[a-z0-9]{2}(?:-[a-z0-9]{3,8})*)*\Z")
_PLAIN = re.compile(r"[a-su-wyz0-9](?:-[a-z0-9]{2,8})+\Z")


@lru_cache(maxsize=4096)
def is_language(tag: str) -> bool:
    """Whether `tag` names a language.

    >>> [is_language(tag) for tag in ("fr", "pt-BR", "sr-Latn", "en-GB-oxendict", "ita", "en_GB", "xx")]
    [True, True, True, True, False, False, False]
    """
    lowered = tag.lower()
    if not lowered.isascii() or len(lowered) > 200:
        return False
    if lowered in _known("irregular") or _PRIVATE.match(lowered):
        return True
    found = _TAG.match(lowered)
    if found is None or found["language"] not in _languages():
        return False
    return (
        all(_fits("extended", part, lowered) for part in found["extended"].split("-")[1:])
        and (not found["script"] or found["script"] in _known("script"))
        and (not found["region"] or found["region"] in _known("region") or found["region"] in _known("region-number"))
        and all(_fits("variant", part, lowered) for part in (found["variant"] or "").split("-") if part)
        and _is_extension(found["extension"])
    )


@cache
def _known(section: str) -> frozenset[str]:
    return frozenset(word.lower() for word in words(_FILE, section))


@cache
def _languages() -> frozenset[str]:
    found = set(words(_FILE, "primary-2"))
    for word in words(_FILE, "primary-3"):
        start, _, letters = word.partition(":")
        for first, last in re.findall(r"([a-z])(?:-([a-z]))?", letters):
            found.update(f"{start}{chr(code)}" for code in range(ord(first), ord(last or first) + 1))
    return frozenset(found)


@cache
def _prefixes(section: str) -> dict[str, tuple[str, ...]]:
    """Before which subtags each extended language or variant may stand; none means any."""
    found: dict[str, tuple[str, ...]] = {}
    if section == "variant":
        for line in sections(_FILE)[section]:
            name, _, before = line.partition(":")
            found[name] = tuple(before.split())
        return found
    before = ""
    for word in words(_FILE, section):
        if word.endswith(":"):
            before = word[:-1]
        else:
            found[word] = (before,)
    return found


def _fits(section: str, part: str, tag: str) -> bool:
    prefixes = _prefixes(section).get(part)
    return prefixes is not None and (not prefixes or f"{tag}-".startswith(prefixes))


def _is_extension(extension: str | None) -> bool:
    return not extension or bool(_UNICODE.match(extension) or _PLAIN.match(extension) or extension.startswith("t-"))
