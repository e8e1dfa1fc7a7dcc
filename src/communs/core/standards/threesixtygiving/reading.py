"""Grants of a package as awards. A grant with an error is left out; the others are taken.

An award is a plain record; what the file does not say is not in it:

`id`, `title`, `description`, `currency`, `amount_minor` (awarded, in the smallest units of the currency),
`applied_minor`, `disbursed_minor`, `awarded_on`, `starts_on`, `ends_on`, `months`, `funder` and `recipient` (`name`,
`org_id`, `url`, `country`, `kind`: organisation or individual), `programmes` (`title`, `code`, `url`), `regrant_type`,
`open_call`, `places` (`name`, `country`, `code`, `code_type`), `url`, `data_source`, `modified_on`, `notes`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from communs.core.standards.documents import Document
from communs.core.standards.problems import Path
from communs.core.standards.reading import FEED, load_json
from communs.core.standards.threesixtygiving import words
from communs.core.standards.threesixtygiving.values import Telling, puts_month_first
from communs.core.standards.threesixtygiving.writing import REGRANT_TYPES

NAME: Final = "threesixtygiving"
LISTED_MAX: Final = 50
NOTES_MAX: Final = 30
NOTE_LENGTH_MAX: Final = 300
_ORG_ID: Final = re.compile(r"(?:[A-Z]{2,3}-[A-Z0-9_]+|360G-[^\s]+)-?[^\s]*", re.IGNORECASE)
_REAL_ORG_ID: Final = re.compile(r"[A-Za-z]{2,3}-[A-Za-z0-9_]+-[^\s]+")
# What the standard describes and the record says otherwise, or has no place for.
_KNOWN: Final = frozenset({
    "id", "title", "description", "currency", "amountAppliedFor", "amountAwarded", "amountDisbursed", "awardDate",
    "url", "plannedDates", "actualDates", "recipientIndividual", "toIndividualsDetails", "recipientOrganization",
    "recipientOrganisation", "fundingOrganization", "fundingOrganisation", "beneficiaryLocation", "grantProgramme",
    "fromOpenCall", "dateModified", "dataSource", "regrantType",
})  # fmt: skip
_MAY_NAME_PEOPLE: Final = re.compile(
    r"contact|e-?mail|phone|telephone|mobile|first.?name|last.?name|surname|full.?name|applicant|officer|person"
    r"|birth|gender|ethnic",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"\S@\S|(?:\+?\d[\s().-]?){9,}")


def recognise(sample: Any) -> bool:
    """A JSON object with a list of grants that have amounts awarded or funding organisations."""
    grants = sample.json.get("grants") if isinstance(sample.json, dict) else None
    if not isinstance(grants, list):
        return False
    first = next((grant for grant in grants if isinstance(grant, dict)), None)
    known = {"amountAwarded", "fundingOrganization", "recipientOrganization", "recipientIndividual", "awardDate"}
    return bool(known & first.keys()) if first is not None else not grants


def read(data: bytes | str) -> Document:
    """The awards of a package. Never raises for what the file holds."""
    loaded = load_json(data, FEED)
    telling = Telling(loaded)
    if loaded.value is None:
        return Document(NAME, "awards", problems=loaded.problems)
    grants = loaded.value.get("grants") if isinstance(loaded.value, dict) else None
    if not isinstance(grants, list):
        telling.tell((), "not-a-package", "error", words.NOT_A_PACKAGE)
        return Document(NAME, "awards", problems=telling.all())
    telling.month_first = puts_month_first(grant for grant in grants if isinstance(grant, dict))
    records: dict[str, dict[str, Any]] = {}
    extra: set[str] = set()
    for number, grant in enumerate(grants):
        path: Path = ("grants", number)
        if not isinstance(grant, dict):
            telling.tell(path, "not-a-grant", "error", words.NOT_A_GRANT)
            continue
        record = _award(grant, path, telling, extra)
        if record is not None and record["id"] in records:
            telling.tell((*path, "id"), "repeated-id", "error", words.REPEATED_ID, value=record["id"])
        elif record is not None:
            records[record["id"]] = record
    _tell_of_columns(extra, telling)
    version = loaded.value.get("version")
    told = telling.text(loaded.value, (), "version", 10) if isinstance(version, str) else ""
    return Document(NAME, "awards", told, tuple(records.values()), telling.all())


def _award(grant: dict[str, Any], path: Path, telling: Telling, extra: set[str]) -> dict[str, Any] | None:
    """The award, or None when what every award needs is missing."""
    public_id = telling.text(grant, path, "id", 300)
    currency = telling.text(grant, path, "currency", 10).upper()
    funder = _organisation(grant, "fundingOrganization", path, telling)
    recipient = _recipient(grant, path, telling)
    missing = [
        name
        for name, value in (
            ("id", public_id),
            ("currency", currency),
            ("amountAwarded", grant.get("amountAwarded")),
            ("fundingOrganization", funder),
            ("recipientOrganization", recipient),
        )
        if value in (None, "", {})
    ]
    for name in missing:
        telling.tell((*path, name), "missing", "error", words.MISSING)
    amount = None if missing else telling.amount(grant["amountAwarded"], currency, (*path, "amountAwarded"))
    if amount is None:
        return None
    found: dict[str, Any] = {
        "id": public_id, "currency": currency, "amount_minor": amount, "funder": funder, "recipient": recipient,
        "awarded_on": telling.day(grant.get("awardDate"), (*path, "awardDate")),
    }  # fmt: skip
    if not found["awarded_on"] and not grant.get("awardDate"):
        telling.tell((*path, "awardDate"), "missing", "warning", words.MISSING)
    found |= _facts(grant, path, telling, currency)
    if recipient["kind"] == "individual":
        telling.tell(path, "to-a-person", "note", words.PERSON)
    else:
        found |= _texts(grant, path, telling)
        found["notes"] = _notes(grant, path, telling, extra)
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _texts(grant: dict[str, Any], path: Path, telling: Telling) -> dict[str, Any]:
    """What a grant to an organisation says in words; of one to a person it might name the person."""
    for name in ("title", "description"):
        if not grant.get(name):
            telling.tell((*path, name), "missing", "warning", words.MISSING)
    return {
        "title": telling.text(grant, path, "title", 300),
        "description": telling.text(grant, path, "description"),
        "url": _web(telling.text(grant, path, "url", 500)),
        "data_source": _web(telling.text(grant, path, "dataSource", 500)),
    }


def _facts(grant: dict[str, Any], path: Path, telling: Telling, currency: str) -> dict[str, Any]:
    dates = _objects(grant.get("plannedDates"))
    planned: Mapping[str, Any] = dates[0] if dates else {}
    here = (*path, "plannedDates", 0)
    months = planned.get("duration")
    regrant = telling.text(grant, path, "regrantType", 40)
    if regrant and regrant not in REGRANT_TYPES:
        telling.tell((*path, "regrantType"), "not-a-code", "warning", words.NOT_A_CODE, value=regrant)
    return {
        "applied_minor": telling.amount(grant.get("amountAppliedFor"), currency, (*path, "amountAppliedFor")),
        "disbursed_minor": telling.amount(grant.get("amountDisbursed"), currency, (*path, "amountDisbursed")),
        "starts_on": telling.day(planned.get("startDate"), (*here, "startDate")),
        "ends_on": telling.day(planned.get("endDate"), (*here, "endDate")),
        "months": months if isinstance(months, int | float) and not isinstance(months, bool) and months > 0 else None,
        "programmes": [
            _said(telling, programme, (*path, "grantProgramme", place), title=300, code=100, url=500)
            for place, programme in enumerate(_objects(grant.get("grantProgramme")))
        ],
        "regrant_type": regrant if regrant in REGRANT_TYPES else "",
        "open_call": _yes_no(grant.get("fromOpenCall", grant.get("Open Call?"))),
        "places": _places(grant, path, telling),
        "modified_on": telling.day(grant.get("dateModified"), (*path, "dateModified")),
    }


def _places(grant: dict[str, Any], path: Path, telling: Telling) -> list[dict[str, str]]:
    found = []
    for number, place in enumerate(_objects(grant.get("beneficiaryLocation"))):
        here = (*path, "beneficiaryLocation", number)
        said = _said(telling, place, here, name=200, countryCode=2, geoCode=40, geoCodeType=40)
        named = {"countryCode": "country", "geoCode": "code", "geoCodeType": "code_type"}
        found.append({named.get(name, name): value for name, value in said.items()})
    return [place for place in found if place]


def _recipient(grant: dict[str, Any], path: Path, telling: Telling) -> dict[str, str]:
    """The organisation; of a person nothing but that it is one."""
    if grant.get("recipientIndividual") or isinstance(grant.get("toIndividualsDetails"), dict):
        return {"kind": "individual"}
    organisation = _organisation(grant, "recipientOrganization", path, telling)
    return {"kind": "organisation", **organisation} if organisation else {}


def _organisation(grant: dict[str, Any], name: str, path: Path, telling: Telling) -> dict[str, str]:
    """The first organisation of a list (of one that stands alone, that one), with its identifier where it is one."""
    british = name.replace("ization", "isation")
    told = _objects(grant.get(name)) or _objects(grant.get(british))
    if not told:
        return {}
    here = (*path, name, 0)
    said = _said(telling, told[0], here, id=300, name=300, url=500, addressCountry=60)
    if not said.get("name"):
        return {}
    identifier = said.get("id", "")
    if not _REAL_ORG_ID.fullmatch(identifier) or identifier.upper().startswith("360G"):
        telling.tell((*here, "id"), "no-org-id", "note", words.NO_ORG_ID)
    found = {
        "name": said["name"],
        "org_id": identifier if _ORG_ID.fullmatch(identifier) else "",
        "url": _web(said.get("url", "")),
        "country": said.get("addressCountry", ""),
    }
    return {key: value for key, value in found.items() if value}


def _notes(grant: dict[str, Any], path: Path, telling: Telling, extra: set[str]) -> dict[str, str]:
    """Columns beyond the standard, as text; those that may name people are left out."""
    found: dict[str, str] = {}
    for name, value in grant.items():
        if name in _KNOWN or len(found) >= NOTES_MAX or not isinstance(value, str | int | float | bool):
            continue
        text = telling.text({name: str(value)}, path, name, NOTE_LENGTH_MAX)
        if text:
            extra.add(name[:100])
            if not _MAY_NAME_PEOPLE.search(name) and not _ADDRESS.search(text):
                found[name[:100]] = text
    if isinstance(regrant := grant.get("regrantType"), str) and regrant and regrant not in REGRANT_TYPES:
        found["regrantType"] = regrant[:NOTE_LENGTH_MAX]
    return found


def _tell_of_columns(extra: set[str], telling: Telling) -> None:
    people = sorted(name for name in extra if _MAY_NAME_PEOPLE.search(name))
    kept = sorted(extra.difference(people))
    if kept:
        telling.tell(("grants",), "other-columns", "note", words.OTHER_COLUMNS, value=", ".join(kept))
    if people:
        telling.tell(("grants",), "left-out", "warning", words.LEFT_OUT, value=", ".join(people))


def _said(telling: Telling, item: Mapping[str, Any], path: Path, **lengths: int) -> dict[str, str]:
    texts = {name: telling.text(item, path, name, most) for name, most in lengths.items()}
    return {name: _web(text) if name == "url" else text for name, text in texts.items() if text}


def _objects(value: Any) -> list[dict[str, Any]]:
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed[:LISTED_MAX] if isinstance(item, dict)]


def _yes_no(value: Any) -> bool | None:
    said = str(value).strip().casefold()
    return {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}.get(said)


def _web(url: str) -> str:
    return url if url.startswith(("https://", "http://")) and not re.search(r"\s", url) else ""
