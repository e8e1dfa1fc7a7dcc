"""Values of a file in the shapes that records have: texts, addresses, licences, identifiers; nothing is invented.

What has another type than expected gives nothing. E-mail addresses and telephone numbers never reach a record.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from communs.core import licences
from communs.core.licences.expressions import MAX_CHARACTERS

SUMMARY_MAX: Final = 500
TEXT_MAX: Final = 20_000
ITEMS_MAX: Final = 500
ADDRESS_MAX: Final = 2_000

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_EMAIL = re.compile(r"(?:mailto:)?[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.IGNORECASE)
_TELEPHONE = re.compile(r"(?:\btel:\s*)?(?<![\w.])\+\d[\d\s().-]{7,18}\d", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# As the standards write it, and as it is misspelt.
_PREFIX = re.compile(r"^(?:spdx|sdpx|spxd|gnu|licen[cs]e):\s*", re.IGNORECASE)
_LICENCE_PAGE = re.compile(
    r"^https?://(?:www\.)?(?:opensource\.org/(?:licen[cs]es?|osi-approved-licen[cs]es?)|choosealicense\.com/licenses|"
    r"apache\.org/licenses|spdx\.org/licen[cs]es?|joinup\.ec\.europa\.eu/licence)/(?:LICENSE-(?=2))?",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}|localhost", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*|(?:https?://)?(?:dx\.|www\.)?doi\.org/)?(10\.\d{4,9}(?:\.\d+)*/\S+)", re.IGNORECASE)
_SWH = re.compile(r"swh:1:(?:snp|rel|rev|dir|cnt):[0-9a-f]{40}")
_WIKIDATA = re.compile(
    r"(?:wd:|(?:https?://)?(?:www\.)?wikidata\.org/(?:wiki|entity)/)?(Q[1-9]\d{0,11})", re.IGNORECASE
)

# The commonest short words that tell languages apart; a text is of the language that most of them come from.
_WORDS_OF: Final[Mapping[str, frozenset[str]]] = {
    lang: frozenset(words.split())
    for lang, words in {
        "en": "the and of to in is for with that on by from are your you it this which can an as or be",
        "fr": "le la les des et du une est pour dans par sur aux ce qui avec au vous nous sont ou à vos en un de",
        "de": "der die das und ist für mit von den dem ein eine auf zu im werden sie oder als auch",
        "es": "el los las y del una para con por que es en se su al como un de la lo sus",
        "it": "il di e per che una con del della un è le in da gli dei i alla nel sono",
        "pt": "o os as e do da dos das uma para com por que um em no na de não ao",
        "nl": "de het een en van voor met is op te dat die in zijn door aan ook bij",
    }.items()
}


def plain(value: Any, most: int = TEXT_MAX) -> str:
    """A text without outer spaces, control characters and halves of characters; a number as text; else empty.

    >>> plain("  Map "), plain(3), plain(["Map"]), plain(None), plain(True)
    ('Map', '3', '', '', '')
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value) if abs(value) < 1e15 else ""
    if not isinstance(value, str):
        return ""
    return _SURROGATES.sub("�", _CONTROLS.sub("", value[: most * 2])).strip()[:most]


def texts(value: Any, most: int = ITEMS_MAX) -> tuple[str, ...]:
    """A text, or a list of texts: each once, the empty ones left out.

    >>> texts(["a", None, "a", " b "]), texts("a"), texts({"a": 1})
    (('a', 'b'), ('a',), ())
    """
    listed = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(filter(None, (plain(one) for one in listed[:most]))))


def objects(value: Any, most: int = ITEMS_MAX) -> tuple[Mapping[str, Any], ...]:
    """An object, or the objects of a list."""
    listed = value if isinstance(value, list) else [value]
    return tuple(one for one in listed[:most] if isinstance(one, dict))


def table(value: Any) -> Mapping[str, Any]:
    """An object; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def web_address(value: Any) -> str:
    """An address of the web that names a host and no user; else empty.

    >>> web_address(" https://example.org/a "), web_address("example.org"), web_address("https://me:pw@example.org")
    ('https://example.org/a', '', '')
    """
    text = plain(value, ADDRESS_MAX + 1)
    if (
        len(text) > ADDRESS_MAX
        or not re.match(r"https?://", text, re.IGNORECASE)
        or re.search(r"[\s<>\"\\^`{|}]", text)
    ):
        return ""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    is_host = bool(_HOST.fullmatch(host)) or bool(re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", host))
    return text if is_host and not parts.username and not parts.password else ""


def mended_address(text: str) -> str:
    """The address that is meant by one with spaces in it, without a scheme, or in angle brackets; else the same text.

    >>> mended_address("www.example.org/a"), mended_address("https: //example.org"), mended_address("see the site")
    ('https://www.example.org/a', 'https://example.org', 'see the site')
    """
    tried = text.strip().strip("<>").strip()
    tried = re.sub(r"^git@([\w.-]+):", r"https://\1/", tried)
    tried = re.sub(r"^(?:git\+|scm:)?(?:git|ssh)(?:\+ssh)?://(?:git@)?", "https://", tried)
    tried = re.sub(r"^git\+(?=https?://)", "", tried)
    tried = re.sub(r"^(https?)\s*:?\s*/\s*/?\s*", r"\1://", tried, flags=re.IGNORECASE)
    if "://" not in tried and not _EMAIL.fullmatch(tried):
        tried = f"https://{tried.lstrip('/')}"
    return tried if web_address(tried) else text


def repository_address(value: Any) -> str:
    """The address of a repository as the web has it; else empty.

    >>> repository_address("git+https://example.org/a.git"), repository_address({"url": "https://example.org/a"})
    ('https://example.org/a.git', '')
    """
    text = plain(value, ADDRESS_MAX + 1)
    return web_address(text) or (web_address(mended_address(text)) if re.match(r"git|ssh|scm", text) else "")


def without_contacts(text: str) -> str:
    """A text without the e-mail addresses and telephone numbers in it.

    >>> without_contacts("Write to me@example.org or call +33 1 23 45 67 89.")
    'Write to … or call ….'
    """
    return _TELEPHONE.sub("…", _EMAIL.sub("…", text))


def summary(value: Any) -> str:
    """A description on one line, without contacts, cut between words where it is long."""
    text = " ".join(without_contacts(plain(value)).split())
    return text if len(text) <= SUMMARY_MAX else text[:SUMMARY_MAX].rsplit(" ", 1)[0] + " …"


def summaries(value: Any, lang: str = "") -> dict[str, str]:
    """A description by the language it is in: the one told, else the one most of its short words come from, else
    English, the custom of formats that do not tell.

    >>> summaries("La carte libre du monde pour tous"), summaries("Atlas")
    ({'fr': 'La carte libre du monde pour tous'}, {'en': 'Atlas'})
    """
    text = summary(value)
    return {lang or language_of(text) or "en": text} if text else {}


def language_of(text: str) -> str:
    """The language of a text as two letters, where its short words leave no doubt; else empty."""
    words = re.findall(r"[^\W\d_]+", text.lower())[:200]
    votes = Counter(lang for word in words for lang, known in _WORDS_OF.items() if word in known)
    (first, most), (_, next_most) = [*votes.most_common(2), ("", 0), ("", 0)][:2]
    return first if most >= 2 and most > next_most else ""


def doi(value: Any) -> str:
    """A DOI without resolver, in lower case; else empty."""
    found = _DOI.fullmatch(plain(value, 300))
    return found[1].lower().rstrip(".,;)") if found else ""


def swhid(value: Any) -> str:
    """An identifier of Software Heritage; else empty."""
    found = _SWH.search(plain(value, 500))
    return found[0] if found else ""


def wikidata(value: Any) -> str:
    """An item of Wikidata, as `Q52`; else empty."""
    found = _WIKIDATA.fullmatch(plain(value, 300))
    return found[1].upper() if found else ""


def spdx(value: Any) -> str:
    """A licence in current SPDX spelling where it is understood, else the text of the file; empty where none is stated.

    >>> spdx("spdx:GPL-3.0"), spdx("https://spdx.org/licenses/MIT.html"), spdx("our own terms"), spdx("NOASSERTION")
    ('GPL-3.0-only', 'MIT', 'our own terms', '')
    """
    text = _PREFIX.sub("", plain(value, MAX_CHARACTERS))
    page = _LICENCE_PAGE.match(text)
    if page:
        text = re.sub(r"(?:\.html?|\.txt|/)+$", "", text[page.end() :]).removesuffix("-license")
        text = f"Apache-{text}" if "apache.org" in page[0] else text
    expression = licences.parse(text)
    return "" if expression.problem == licences.NOT_STATED else expression.spdx or text


def iso_day(text: str) -> str:
    """A day written in another way as year, month and day; empty where it could be another one, or is none.

    >>> iso_day("2026/3/1"), iso_day("31.3.2026"), iso_day("5 June 2017"), iso_day("3/4/2026"), iso_day("2026-02-30")
    ('2026-03-01', '2026-03-31', '2017-06-05', '', '')
    """
    numbers = [int(one) for one in re.findall(r"\d{1,4}", text[:40])]
    named = [number for number, month in enumerate(_MONTHS, 1) if re.search(rf"\b{month}", text[:40].lower())]
    if named and len(numbers) >= 2:
        year, day = max(numbers[:2]), min(numbers[:2])
        return _day(year, named[0], day)
    if len(numbers) >= 3 and re.match(r"\s*\d{4}", text):
        return _day(*numbers[:3])
    if len(numbers) == 3 and numbers[2] > 31 and (numbers[0] > 12 or numbers[0] == numbers[1]):
        return _day(numbers[2], numbers[1], numbers[0])
    return ""


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def slug(name: str, most: int = 80) -> str:
    """An id from a name: plain letters, digits and hyphens; empty when there are none.

    >>> slug("Démarches simplifiées")
    'demarches-simplifiees'
    """
    folded = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:most].strip("-")


def in_language(texts_by_language: Mapping[str, str], lang: str) -> str | None:
    """The text in a language, else in the language as one country writes it; None where there is neither.

    >>> in_language({"fr-be": "Carte"}, "fr"), in_language({"fr-be": "Carte", "fr": "Plan"}, "fr")
    ('Carte', 'Plan')
    """
    own = texts_by_language.get(lang)
    return own or next((text for tag, text in texts_by_language.items() if tag.startswith(f"{lang}-")), None)


def commons_record(
    *, name: str, summaries: Mapping[str, str] | None = None, homepage: str = "", repository: str = "", **said: Any
) -> dict[str, Any]:
    """A record in the shape of `seed/commons.jsonl`: what a file does not say is None or empty.

    `said`: further fields, as `kind`, `licences`, `steward`, `identifiers`.
    """
    texts_by_language = dict(summaries or {})
    identifiers = {"repo": repository} if repository else {}
    return {
        "id": slug(name) or slug(repository.rpartition("/")[2].removesuffix(".git")),
        "name": name or None,
        "kind": None,
        "summary": in_language(texts_by_language, "en"),
        "summary_fr": in_language(texts_by_language, "fr"),
        "summaries": texts_by_language,
        "homepage": homepage or None,
        "repository": repository or None,
        "licences": [],
        "steward": {"name": None, "form": "unknown", "country": None},
        "countries": [],
        "functions": [],
        "categories_publiccode": [],
        "languages": [],
        **{key: value for key, value in said.items() if key != "identifiers"},
        "identifiers": {**identifiers, **said.get("identifiers", {})},
    }


def with_own_ids(records: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """The records, each with an id of its own: of two that are called alike the later is told apart by its address."""
    seen: set[str] = set()
    for record in (records := list(records)):
        own = record["id"]
        if own in seen:
            address = urlsplit(record["repository"] or record["homepage"] or "")
            owner = address.path.strip("/").partition("/")[0] if record["repository"] else ""
            own = slug(f"{own} {owner or address.hostname or ''}", 120)
        number = 2
        while own and own in seen:
            own, number = f"{record['id']}-{number}", number + 1
        seen.add(own)
        record["id"] = own
    return tuple(records)


def json_text(value: Any, like: str = "") -> str:
    """JSON as people keep it in a repository, indented as `like` is; numbers that JSON does not have become null."""
    indent = re.search(r"^([ \t]+)\S", like, re.MULTILINE)
    written = json.dumps(_finite(value), ensure_ascii=False, indent=indent[1] if indent else 2, allow_nan=False)
    return _SURROGATES.sub("�", written) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
