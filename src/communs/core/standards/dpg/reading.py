"""One record of the registry, or a list of them, as records of the register.

The registry keeps a good in two files: its nomination (name, licences, organisations …) and, where it was recognised,
the details of the review (countries, documentation …). Either gives what it holds; they meet by their name. Contact
persons are not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from communs.core import licences
from communs.core.standards.documents import Document
from communs.core.standards.dpg.countries import country_code
from communs.core.standards.dpg.schema import DETAILS, KINDS, LICENCE_KEYS, NOMINEE, REPOSITORY_KEYS
from communs.core.standards.licence_words import LICENCES_MAX, is_for_code, licence_problem
from communs.core.standards.near_json import load_near_json
from communs.core.standards.problems import Path, Problem, in_order
from communs.core.standards.reading import FEED, Loaded
from communs.core.standards.rules import MISSING, NOT_TABLE, check, clip, mend
from communs.core.standards.shapes import (
    commons_record,
    objects,
    plain,
    repository_address,
    spdx,
    summaries,
    table,
    texts,
    web_address,
    with_own_ids,
    without_contacts,
)
from communs.core.texts import N_

NOT_ADDRESS: Final = (
    N_("“{value}” is not an address of the web."),
    N_("Write a full address that starts with https://."),
)
NO_COUNTRY: Final = (N_("“{value}” is not the name of a country we know."), N_("Write its English name."))

_DETAIL_KEYS: Final = frozenset({"clearOwnership", "platformIndependence", "documentation", "doNoHarm", "locations"})
_PARTS: Final = {
    "software": "code", "data": "data", "content": "content", "standard": "specification", "model": "weights",
}  # fmt: skip


def recognise(sample: Any) -> bool:
    """Whether the contents are a nomination or the details of a digital public good."""
    record = sample.first()
    nominated = "SDGs" in record and "type" in record and any(key in record for key in (*LICENCE_KEYS, "organizations"))
    return nominated or len(_DETAIL_KEYS & record.keys()) >= 3


def read(data: bytes | str) -> Document:
    """One record for each good. Never raises."""
    loaded = load_near_json(data, FEED)
    problems = list(loaded.problems)
    if loaded.value is None and problems:
        return Document("dpg", "commons", problems=tuple(problems))
    is_list = isinstance(loaded.value, list)
    listed = loaded.value if is_list else [loaded.value]
    records: list[dict[str, Any]] = []
    for number, good in enumerate(listed):
        at: Path = (number,) if is_list else ()
        if not isinstance(good, dict):
            problems.append(loaded.problem(at, "not-table", "error", NOT_TABLE))
            continue
        problems += _check(loaded, good, at)
        record = record_of(mend(DETAILS if _is_details(good) else NOMINEE, good))
        if record["name"]:
            records.append(record)
    return Document("dpg", "commons", "", with_own_ids(records), in_order(problems))


def record_of(good: Mapping[str, Any]) -> dict[str, Any]:
    """A nomination or the details of a good as a record."""
    kinds = _kinds(good)
    name = without_contacts(plain(good.get("name"), 300))
    stage = plain(good.get("stage"))
    repositories = _repositories(good)
    places = table(good.get("locations"))
    return commons_record(
        name=name,
        kind=kinds[0] if kinds else None,
        summaries=summaries(good.get("description")),
        homepage=web_address(good.get("website")),
        repository=repositories[0] if repositories else "",
        licences=[{"part": _part(name, kinds), "spdx": name} for name in dict.fromkeys(_licences(good))],
        steward=_steward(good),
        countries=sorted(set(filter(None, map(country_code, texts(places.get("deploymentCountries")))))),
        functions=list(texts(good.get("sectors"))),
        funded_by=[{"name": name} for name in _organisations(good, "funder")],
        dpg=None if not stage else stage == "DPG",
        identifiers={"dpg": own} if (own := plain(good.get("id"), 100)) else {},
        **({"kinds": kinds} if len(kinds) > 1 else {}),
    )


def _check(loaded: Loaded, good: dict[str, Any], at: Path) -> Iterator[Problem]:
    is_details = _is_details(good)
    yield from check(loaded, DETAILS if is_details else NOMINEE, good, at)
    if is_details:
        for position, name in _named_countries(good):
            if name and not country_code(name):
                here = (*at, "locations", "deploymentCountries", position)
                yield loaded.problem(here, "no-country", "warning", NO_COUNTRY, value=clip(name))
        return
    held = next((key for key in LICENCE_KEYS if good.get(key)), "")
    if not held:
        yield loaded.problem((*at, "license"), "missing", "error", MISSING)
    for position, stated in _stated_licences(good.get(held)):
        found = licence_problem(loaded, (*at, held, position), stated)
        if found:
            yield found
    website = plain(good.get("website"))
    if website and not web_address(website):
        yield loaded.problem((*at, "website"), "not-an-address", "warning", NOT_ADDRESS, value=clip(website))


def _is_details(good: Mapping[str, Any]) -> bool:
    return "SDGs" not in good and len(_DETAIL_KEYS & good.keys()) >= 2


def _named_countries(good: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    named = table(good.get("locations")).get("deploymentCountries")
    yield from enumerate(plain(name) for name in (named if isinstance(named, list) else []))


def _kinds(good: Mapping[str, Any]) -> list[str]:
    found = (KINDS.get(word.lower().replace(" ", "").replace("-", "")) for word in texts(good.get("type")))
    return list(dict.fromkeys(kind for kind in found if kind))


def _stated_licences(value: Any) -> Iterator[tuple[int, str]]:
    for position, one in enumerate(value[:LICENCES_MAX] if isinstance(value, list) else [value]):
        entry = table(one)
        stated = plain(entry.get("spdx")) or plain(entry.get("openLicense")) if entry else plain(one)
        if stated:
            yield position, stated


def _licences(good: Mapping[str, Any]) -> Iterator[str]:
    held = next((good[key] for key in LICENCE_KEYS if good.get(key)), None)
    yield from filter(None, (spdx(stated) for _, stated in _stated_licences(held)))


def _part(name: str, kinds: list[str]) -> str:
    """The part that a licence covers: of several kinds of work the only one that it was made for, else not told."""
    if len(kinds) == 1 and kinds[0] != "software":
        return _PARTS[kinds[0]]
    for_code = is_for_code(name)
    if "software" in kinds and for_code:
        return "code"
    others = [kind for kind in kinds if kind != "software"]
    if not kinds:
        return ""
    if not others:
        return "content" if licences.is_open_content(name) == "yes" else "code"
    return _PARTS[others[0]] if len(others) == 1 and not for_code else ""


def _repositories(good: Mapping[str, Any]) -> list[str]:
    """Addresses of the repositories, the one that is called main first."""
    held = next((good[key] for key in REPOSITORY_KEYS if good.get(key)), None)
    entries = [
        (plain(table(one).get("name")).lower() != "main", repository_address(table(one).get("url") or one))
        for one in (held if isinstance(held, list) else [held])
    ]
    return [address for _, address in sorted(entries, key=lambda entry: entry[0]) if address]


def _organisations(good: Mapping[str, Any], role: str) -> Iterator[str]:
    for one in objects(good.get("organizations")):
        name = without_contacts(plain(one.get("name"), 300))
        if name and plain(one.get("org_type")) == role:
            yield name


def _steward(good: Mapping[str, Any]) -> dict[str, str | None]:
    """The organisation that owns the good, else the one that maintains it."""
    named = [*_organisations(good, "owner"), *_organisations(good, "maintainer")]
    return {"name": named[0] if named else None, "form": "unknown", "country": None}
