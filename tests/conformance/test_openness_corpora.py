"""Licences and the commons test against the data of others."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from communs.core import licences
from communs.core.licences import WorkKind
from communs.core.licences.tables import DEPRECATED, FSF, NOT_FREE, OSI, exceptions
from communs.core.licences.tables import licences as table
from communs.core.openness import Facts, test_commons

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
REGISTER = CORPORA / "register"

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not REGISTER.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_table_of_licences_is_the_spdx_list() -> None:
    ours = {licence.id: licence for licence in table().values() if licence.in_spdx}
    theirs = {entry["licenseId"]: entry for entry in load(REGISTER / "spdx" / "licenses.json")["licenses"]}
    assert sorted(ours) == sorted(theirs)
    for name, entry in theirs.items():
        libre = entry.get("isFsfLibre")
        expected = (
            entry["name"],
            entry["isOsiApproved"],
            libre is True,
            libre is False,
            entry["isDeprecatedLicenseId"],
        )
        licence = ours[name]
        assert (licence.title, *(licence.has(mark) for mark in (OSI, FSF, NOT_FREE, DEPRECATED))) == expected
    listed = load(REGISTER / "spdx" / "exceptions.json")["exceptions"]
    assert sorted(exceptions().values()) == sorted(entry["licenseExceptionId"] for entry in listed)


def test_all_cases_of_satisfying_an_allow_list_hold() -> None:
    cases = load(REGISTER / "spdx" / "satisfies-tests.json")
    wrong = []
    for case in cases:
        expression = licences.parse(case["expression"])
        faulty = [entry for entry in case["allowed"] if not licences.is_licence(entry)]
        refused = bool(expression.problem or expression.unknown or faulty or not case["allowed"])
        answer = licences.satisfies(case["expression"], case["allowed"])
        if (answer, refused) != (case["satisfied"], case["error"] is not None):
            wrong.append(case["name"])
    assert (len(cases), wrong) == (71, [])


KIND_OF_GOOD: dict[str, WorkKind] = {
    "software": "software", "data": "data", "content": "content", "standard": "standard", "aimodel": "model",
}  # fmt: skip


def good_parts(good: dict[str, Any]) -> dict[str, str]:
    """Each licence of a digital public good with the best answer that one of its kinds of work gives."""
    stated = [entry.get("spdx") or entry.get("openLicense") for entry in good.get("license") or good["openlicenses"]]
    kinds = [KIND_OF_GOOD[kind] for kind in good["type"]]
    order = ["no", "unknown", "yes"]
    answers = {}
    for spdx in stated:
        judged = [licences.judge(licences.parse(spdx or ""), kind).answer for kind in kinds]
        answers[spdx or ""] = max(judged, key=order.index)
    return answers


def goods(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((REGISTER / "dpg" / folder).glob("*.json")):
        yield path.stem, load(path)


NON_COMMERCIAL_GOODS = {
    "fao-digital-services-portfolio-agrimarketplace", "fao-digital-services-portfolio-e-nutrifood",
    "fao-digital-services-portfolio-livestock", "fao-digital-services-portfolio-weather-and-crop-calendar", "gdl-radio",
    "hand-in-hand-geospatial-platform", "jellow-aac-communicator", "lexsitus", "lily-the-llama-helps-her-herd",
    "torkel-opsahl-academic-epublisher", "vrapeutic", "wapor",
}  # fmt: skip


def test_the_twelve_non_commercial_public_goods_fail_and_no_other_answer_is_unexplained() -> None:
    recognised = {name: good_parts(good) for name, good in goods("nominees") if good.get("stage") == "DPG"}
    failing = {name for name, parts in recognised.items() if "no" in parts.values()}
    assert len(recognised) == 165
    assert failing == NON_COMMERCIAL_GOODS
    for name in failing:
        assert {spdx for spdx, answer in recognised[name].items() if answer == "no"} <= {
            "CC-BY-NC-SA-3.0",
            "CC-BY-NC-SA-4.0",
        }
    assert {name: parts for name, parts in recognised.items() if "unknown" in parts.values()} == {}


# Of the 41 nominees that were excluded, those whose licence is the reason for us too. The others were excluded for
# other reasons, or by narrower lists: EUPL-1.1 is on both of ours, BSD-4-Clause on the FSF's.
EXCLUDED_NOT_OPEN = {
    "cold-chain-and-vaccination-management-system", "development-data-library", "ka-lite", "merlot",
    "siyavula-open-textbooks", "ted",
}  # fmt: skip
# Open hardware entered as software: the licence is open, but not one for programs.
EXCLUDED_UNKNOWN = {"pulseox", "stethoscope"}


def test_every_excluded_nominee_is_explained() -> None:
    excluded = {name: good_parts(good) for name, good in goods("excluded-nominees")}
    assert len(excluded) == 41
    assert {name for name, parts in excluded.items() if "no" in parts.values()} == EXCLUDED_NOT_OPEN
    assert {name for name, parts in excluded.items() if "unknown" in parts.values()} == EXCLUDED_UNKNOWN


HINTS = {"open": "yes", "not_open": "no", "mixed": "no", "unknown": "unknown"}

# Where our licence answer is another one than the hint of the seed, and why.
DIFFERENCES: dict[str, dict[str, str]] = {
    "sources disagree about the licence": dict.fromkeys(["udata"], "unknown"),
    "a licence that neither the OSI nor the FSF has listed under its SPDX id": dict.fromkeys(
        ["curl", "python", "libpng", "sqlite", "cyrus-sasl"], "unknown"
    ),
    "a mixture or terms of their own, whose text is not known": dict.fromkeys(
        ["debian", "alpine-linux", "almalinux", "opensuse", "primtux", "ouvaton", "hostsharing", "eupl",
         "copernicus-sentinel", "freifunk", "arxiv", "openaddresses"], "unknown"
    ),
    "named like a restrictive licence, but the text is local": dict.fromkeys(
        ["coopcycle", "starcoder", "bloom"], "unknown"
    ),
    "a model without code or without a statement of its data, or not checked": dict.fromkeys(
        ["lucie-7b", "salamandra", "eurollm", "croissantllm", "opus-mt", "firefox-translations", "vosk", "whisper",
         "camembert", "mistral-7b", "olmo", "pythia-models"], "unknown"
    ),
    "the data of a model need a statement, not an open licence": dict.fromkeys(["apertus"], "yes"),
    "what is sold or hosted around it is a limit, not a part": dict.fromkeys(
        ["odoo-community", "cividis-openagenda", "qt", "mysql"], "yes"
    ),
}  # fmt: skip


@cache
def seed() -> list[dict[str, Any]]:
    lines = (ROOT / "seed" / "commons.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_each_difference_from_the_hints_of_the_seed_is_explained() -> None:
    explained = {name: answer for group in DIFFERENCES.values() for name, answer in group.items()}
    found = {}
    for record in seed():
        answer = test_commons(Facts.from_record(record)).of("licence")
        if answer != HINTS[record["openness_hint"]]:
            found[record["id"]] = answer
    assert found == explained


def test_no_commons_of_the_seed_is_called_closed_without_a_restrictive_licence() -> None:
    closed = {record["id"]: record for record in seed() if test_commons(Facts.from_record(record)).verdict == "closed"}
    assert len(closed) == 11
    for record in closed.values():
        assert any(
            licences.judge(licences.parse(entry["spdx"]), "content").answer == "no" for entry in record["licences"]
        )
