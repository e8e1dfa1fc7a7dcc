"""Awards as a 360Giving package, valid against the official schema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from communs.core.money import Money

VERSION: Final = "1.4"
REGRANT_TYPES: Final = frozenset({"FRG010", "FRG020", "FRG030", "FRG040", "FRG050", "FRG060", "FRG070"})
"""Common regrant, transfer to an intermediary, match funding, funder collaboration, fiscal sponsor, endowment,
multipurpose."""


def write(records: Iterable[Mapping[str, Any]], prefix: str = "360G-communs") -> str:
    """A package of these awards (the shape `read` gives).

    `prefix`: the publisher's 360Giving prefix, put before identifiers that are not global by themselves: those of
    organisations without one, and of people, who are never named. Awards without a day cannot be written: the standard
    asks for one; they are left out.
    """
    grants = [_grant(record, prefix) for record in records if record.get("awarded_on")]
    return json.dumps({"version": VERSION, "grants": grants}, ensure_ascii=False, indent=2) + "\n"


def _grant(record: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    currency = record["currency"]
    found: dict[str, Any] = {
        "id": record["id"],
        "title": record.get("title") or "Grant",
        "description": record.get("description") or record.get("title") or "Grant to an individual",
        "currency": currency,
        "amountAwarded": _major(record["amount_minor"], currency),
        "amountAppliedFor": _major(record.get("applied_minor"), currency),
        "amountDisbursed": _major(record.get("disbursed_minor"), currency),
        "awardDate": _moment(record["awarded_on"]),
        "url": record.get("url"),
        "dataSource": record.get("data_source"),
        "plannedDates": _dates(record),
        "fundingOrganization": [_organisation(record["funder"], prefix)],
        "grantProgramme": record.get("programmes"),
        "beneficiaryLocation": [_place(place) for place in record.get("places", ())],
        "regrantType": record.get("regrant_type"),
        "dateModified": _moment(record.get("modified_on")),
    }
    if (open_call := record.get("open_call")) is not None:
        found["fromOpenCall"] = "Yes" if open_call else "No"
    if record["recipient"].get("kind") == "individual":
        found["recipientIndividual"] = {"id": f"{prefix}-individual", "name": "Individual recipient"}
    else:
        found["recipientOrganization"] = [_organisation(record["recipient"], prefix)]
    taken = {name.casefold() for name in found}
    notes = {name: text for name, text in record.get("notes", {}).items() if name.casefold() not in taken}
    return {name: value for name, value in {**found, **notes}.items() if value not in (None, "", [], {})}


def _organisation(body: Mapping[str, str], prefix: str) -> dict[str, str]:
    own = "".join(character if character.isalnum() else "-" for character in body["name"].casefold())[:80]
    found = {
        "id": body.get("org_id") or f"{prefix}-org:{own}",
        "name": body["name"],
        "url": body.get("url"),
        "addressCountry": body.get("country"),
    }
    return {name: value for name, value in found.items() if value}


def _dates(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = {
        "startDate": _moment(record.get("starts_on")),
        "endDate": _moment(record.get("ends_on")),
        "duration": record.get("months"),
    }
    said = {name: value for name, value in found.items() if value}
    return [said] if said else []


def _moment(day: str | None) -> str | None:
    """A day as a moment: the schema takes it whether or not a validator looks at formats (a bare day matches both
    alternatives of its `oneOf` where formats are not looked at)."""
    return f"{day}T00:00:00+00:00" if day else None


def _place(place: Mapping[str, str]) -> dict[str, str]:
    named = {"country": "countryCode", "code": "geoCode", "code_type": "geoCodeType"}
    return {named.get(name, name): value for name, value in place.items()}


def _major(minor: int | None, currency: str) -> int | float | None:
    """A JSON number that reads back as the same minor units: doubles hold fifteen digits exactly."""
    if minor is None:
        return None
    major = Money(minor, currency).major
    return int(major) if major == major.to_integral_value() else float(major)
