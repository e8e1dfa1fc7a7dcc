"""The repaired manifest, and a manifest from a record of the register."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from communs.core import licences
from communs.core.standards.funding_json.schema import FREQUENCIES, rules_of, small_name
from communs.core.standards.licence_words import LICENCES_MAX
from communs.core.standards.near_json import load_near_json
from communs.core.standards.rules import mend
from communs.core.standards.shapes import json_text, objects, plain, spdx, summary, table, texts, web_address

SCHEMA: Final = "https://fundingjson.org/schema/v1.1.0.json"
_TYPES: Final = {
    "individual": "individual",
    "person": "individual",
    "informal": "group",
    "informal_collective": "group",
}
_TYPES_UNKNOWN: Final = frozenset({"", "unknown"})


def repair(data: bytes | str) -> str:
    """The manifest with every fix applied that needs no knowledge: nulls, tags, identifiers, addresses, licences.

    A text that is no JSON comes back as it is.
    """
    loaded = load_near_json(data)
    if not isinstance(loaded.value, dict):
        return loaded.text
    manifest = mend(rules_of(loaded.value), loaded.value)
    for project in objects(manifest.get("projects")):
        _mend_licences(project)
    return json_text(manifest, like=loaded.text)


def write(record: Mapping[str, Any], page: str = "") -> str:
    """A manifest of version 1.1 for one record, valid where the record has an address.

    `page`: the address of the record itself, for one that names neither a website nor a repository. The schema wants
    an e-mail address, which records do not have: it is left empty for whoever publishes the manifest.
    """
    steward, funding = table(record.get("steward")), table(record.get("funding"))
    page = web_address(page)
    home = web_address(record.get("homepage")) or web_address(record.get("repository")) or page
    code = web_address(record.get("repository")) or home
    name = plain(record.get("name"), 250)
    said = summary(_description(record))
    form = plain(steward.get("form"))
    channels = _channels(funding)
    manifest = {
        "$schema": SCHEMA,
        "version": "v1.1.0",
        "entity": {
            "type": "other" if form in _TYPES_UNKNOWN else _TYPES.get(form, "organisation"),
            "role": "steward",
            "name": plain(steward.get("name"), 250),
            "email": "",
            "description": "",
            "webpageUrl": {"url": ""},
        },
        "projects": [
            {
                "guid": small_name(plain(record.get("id")) or name) or "commons",
                "name": name,
                "description": said,
                "webpageUrl": {"url": home[:250]},
                "repositoryUrl": {"url": code[:250]},
                "licenses": _licences(record),
                "tags": _tags(record),
            }
        ],
        "funding": {
            "channels": [{"guid": guid, "type": kind, "address": url} for url, (guid, kind) in channels.items()],
            "plans": _plans(funding, channels),
        },
    }
    return json_text(manifest)


def _mend_licences(project: Mapping[str, Any]) -> None:
    stated = project.get("licenses")
    if not isinstance(stated, list):
        return
    for number, text in enumerate(stated[:LICENCES_MAX]):
        meant = spdx(text) if isinstance(text, str) else ""
        if meant and licences.is_licence(meant) and " " not in meant and not meant.startswith("LicenseRef-"):
            stated[number] = f"spdx:{meant}"


def _description(record: Mapping[str, Any]) -> str:
    said = table(record.get("summaries"))
    return plain(record.get("summary")) or plain(said.get("en")) or next(iter(texts(list(said.values()))), "")


def _licences(record: Mapping[str, Any]) -> list[str]:
    """The licences one by one: the manifest has no word for "or"."""
    names: dict[str, None] = {}
    for entry in objects(record.get("licences")):
        stated = plain(entry.get("spdx"))
        terms = licences.parse(stated).terms
        for name in (term.spdx for term in terms) if terms else (stated,):
            is_listed = licences.is_licence(name) and not name.startswith("LicenseRef-")
            names[f"spdx:{name}" if is_listed else name] = None
    return [name for name in names if name][:5]


def _tags(record: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(small_name, texts(record.get("functions"))))))[:10]


def _channels(funding: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Address → (identifier, type) of each way to give."""
    channels: dict[str, tuple[str, str]] = {}
    for number, link in enumerate(objects(funding.get("links")), 1):
        url = web_address(link.get("url"))
        kind = plain(link.get("kind"))
        if url and len(url) <= 250:
            known = kind if kind in {"bank", "payment-provider", "cheque", "cash"} else "other"
            channels.setdefault(url, (f"channel-{number}", known))
    return channels


def _plans(funding: Mapping[str, Any], channels: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    plans: list[dict[str, Any]] = []
    for number, plan in enumerate(objects(funding.get("plans")), 1):
        currency, amount = plain(plan.get("currency")), plan.get("amount")
        if not re.fullmatch("[A-Z]{3}", currency) or amount is None:
            continue
        frequency = plain(plan.get("frequency"))
        through = [channels[url][0] for url in texts(plan.get("links")) if url in channels]
        plans.append(
            {
                "guid": f"plan-{number}",
                "status": "inactive" if plain(plan.get("status")) == "inactive" else "active",
                "name": plain(plan.get("name"), 250),
                "description": plain(plan.get("description"), 500),
                "amount": amount,
                "currency": currency,
                "frequency": frequency if frequency in FREQUENCIES else "other",
                "channels": through,
            }
        )
    return plans
