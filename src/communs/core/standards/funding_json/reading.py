"""A manifest as records of the commons it asks money for, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from communs.core.money.currencies import EXPONENTS
from communs.core.standards.documents import Document
from communs.core.standards.funding_json.directory_rules import check_directory_rules
from communs.core.standards.funding_json.schema import rules_of, version_of
from communs.core.standards.licence_words import is_for_code
from communs.core.standards.near_json import load_near_json
from communs.core.standards.problems import Problem, in_order
from communs.core.standards.reading import Loaded
from communs.core.standards.reading.json_text import repeated_keys
from communs.core.standards.rules import FAULTS_MAX, NOT_TABLE, faults, is_number, mend
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

_FORMS: Final = {"individual": "individual", "group": "informal"}
# Others that lie under the same file name in thousands of repositories.
_NAMESAKES: Final = {"opRetro": "Optimism RetroPGF", "drips": "Drips"}
NAMESAKE: Final = (
    N_("This file shares its name with the manifest, but belongs to {held}."),
    N_("Leave it for {held}, and put a manifest of fundingjson.org at another address."),
)
OTHER: Final = "other-format"
_MANIFEST_KEYS: Final = frozenset({"entity", "projects", "funding"})


def recognise(sample: Any) -> bool:
    """Whether the contents are a manifest: two of its three parts, or the address of its schema."""
    return _is_manifest(sample.json)


def _is_manifest(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    schema = value.get("$schema")
    named = isinstance(schema, str) and "fundingjson.org" in schema
    parts = sum(isinstance(value.get(key), dict | list) for key in _MANIFEST_KEYS)
    return named or parts >= 2 or (isinstance(value.get("entity"), dict) and "role" in value["entity"])


def misnamed(sample: Any) -> str:
    """What a file that is called funding.json and is no manifest is instead; empty where that is not known.

    >>> from types import SimpleNamespace
    >>> misnamed(SimpleNamespace(json={"opRetro": {"projectId": "0x1"}}))
    'Optimism RetroPGF'
    """
    return _namesake(sample.json)


def _namesake(value: Any) -> str:
    if not isinstance(value, dict) or _is_manifest(value):
        return ""
    return ", ".join(name for key, name in _NAMESAKES.items() if key in value)


def namesake_problem(sample: Any) -> Problem | None:
    """That a file, whatever it is called, belongs to one of the formats that share the name; None where it does not."""
    held = misnamed(sample)
    return Problem("", 1, 1, OTHER, "error", *NAMESAKE, values={"held": held}) if held else None


def read(data: bytes | str, address: str = "") -> Document:
    """The projects of a manifest as records. Never raises.

    `address`: where the manifest was found; with it the proofs are checked that other hosts ask for.
    """
    return read_loaded(load_near_json(data), address)


def read_loaded(loaded: Loaded, address: str = "") -> Document:
    """`read` for a document that is loaded already."""
    manifest = loaded.value
    problems = list(loaded.problems)
    if manifest is None and problems:
        return Document("funding-json", "commons", problems=tuple(problems))
    if not isinstance(manifest, dict):
        problems.append(loaded.problem((), "not-table", "error", NOT_TABLE))
        return Document("funding-json", "commons", problems=in_order(problems))
    if held := _namesake(manifest):
        problems.append(loaded.problem((), OTHER, "error", NAMESAKE, held=held))
        return Document("funding-json", "commons", problems=in_order(problems))
    problems += repeated_keys(loaded)
    problems += faults(loaded, rules_of(manifest))
    problems += islice(check_directory_rules(loaded, manifest, address), FAULTS_MAX)
    records = records_of(mend(rules_of(manifest), manifest))
    return Document("funding-json", "commons", _version(manifest), records, in_order(problems))


def records_of(manifest: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """One record for each project that has a name or an address; the entity is its steward, the plans its `funding`."""
    steward, funding = _steward(table(manifest.get("entity"))), _funding(table(manifest.get("funding")))
    found = [_project(project) for project in objects(manifest.get("projects"))]
    return with_own_ids(
        {**record, "steward": dict(steward), "funding": funding}
        for record in found
        if record["name"] or record["repository"] or record["homepage"]
    )


def _version(manifest: Mapping[str, Any]) -> str:
    stated = plain(manifest.get("version")).removeprefix("v")
    return version_of(manifest) or ("1.0" if stated.startswith("1.0") else "1.1")


def _project(project: Mapping[str, Any]) -> dict[str, Any]:
    link, code = table(project.get("webpageUrl")), table(project.get("repositoryUrl"))
    name = plain(project.get("name"), 300)
    return commons_record(
        name=name or plain(project.get("guid"), 100),
        summaries=summaries(project.get("description")),
        homepage=web_address(link.get("url") or project.get("webpageUrl")),
        repository=repository_address(code.get("url") or project.get("repositoryUrl")),
        licences=[part_of(name) for name in dict.fromkeys(map(spdx, texts(project.get("licenses")))) if name],
        functions=list(texts(project.get("tags"))),
    )


def part_of(name: str) -> dict[str, str]:
    """A licence of a project whose parts are not told: of its code, where the licence is one for programs."""
    return {"part": "code" if is_for_code(name) else "", "spdx": name}


def _steward(entity: Mapping[str, Any]) -> dict[str, str | None]:
    """Who publishes the manifest, as it names itself. A contributor looks after nothing."""
    if plain(entity.get("role")) == "contributor":
        return {"name": None, "form": "unknown", "country": None}
    name = without_contacts(plain(entity.get("name"), 300))
    return {"name": name or None, "form": _FORMS.get(plain(entity.get("type")), "unknown"), "country": None}


def _funding(funding: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Plans, ways to give that are addresses of the web, and years; accounts and addresses of people stay outside."""
    channels = {plain(one.get("guid")): one for one in objects(funding.get("channels"))}
    links = {guid: web_address(one.get("address")) for guid, one in channels.items()}
    return {
        "plans": [_plan(plan, links) for plan in objects(funding.get("plans"))],
        "links": [
            {"kind": plain(one.get("type")), "url": links[guid]} for guid, one in channels.items() if links[guid]
        ],
        "history": [_year(year) for year in objects(funding.get("history"))],
    }


def _plan(plan: Mapping[str, Any], links: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": without_contacts(plain(plan.get("name"), 300)),
        "description": without_contacts(plain(plan.get("description"), 2_000)),
        "amount": _amount(plan.get("amount")),
        "currency": _currency(plan.get("currency")),
        "frequency": plain(plan.get("frequency"), 20),
        "status": plain(plan.get("status"), 20),
        "links": [links[guid] for guid in texts(plan.get("channels")) if links.get(guid)],
    }


def _year(year: Mapping[str, Any]) -> dict[str, Any]:
    money = {key: _amount(year.get(key)) for key in ("income", "expenses", "taxes")}
    return {"year": _amount(year.get("year")), **money, "currency": _currency(year.get("currency"))}


def _amount(value: Any) -> int | float | None:
    return value if is_number(value) and value >= 0 else None


def _currency(value: Any) -> str | None:
    code = plain(value, 10).upper()
    return code if code in EXPONENTS else None
