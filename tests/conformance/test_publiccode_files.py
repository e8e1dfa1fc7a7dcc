"""publiccode.yml as it is published: what real files give, and what becomes of them when they are repaired."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from communs.core.matching import Profile
from communs.core.standards.documents import Document
from communs.core.standards.publiccode import Repair, read, repair_report
from communs.core.standards.publiccode.repair import decoded
from communs.core.standards.publiccode.tree import compose_tolerantly, leaves

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
REGISTER = CORPORA / "register"

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not REGISTER.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]

# Keys whose values are brought into another spelling: the new one says the same.
RESPELT = {"publiccodeYmlVersion", "license", "countries", "releaseDate", "latestRelease", "softwareType"}


@cache
def french() -> dict[str, tuple[bytes, Document, Repair]]:
    """The files that French administrations wrote, with what is read in them and what repair makes of them."""
    found = {}
    for path in sorted((REGISTER / "publiccode-real" / "awesome-codegouvfr").glob("*.yml")):
        data = path.read_bytes()
        found[path.name] = (data, read(data), repair_report(data))
    assert len(found) > 90
    return found


def test_french_public_files_give_name_link_summary_and_status_of_licence() -> None:
    usable = 0
    for _, document, _ in french().values():
        assert all(problem.say_fix() for problem in document.problems)
        for record in document.records:
            link = record["repository"] or record["homepage"]
            usable += bool(record["name"] and link and record["summaries"] and record["licence_status"])
    assert usable >= 0.95 * len(french())


def test_none_of_them_is_valid_and_nine_in_ten_become_so() -> None:
    assert not any(document.is_valid for _, document, _ in french().values())
    left = {name: report.left for name, (_, _, report) in french().items() if not report.is_valid}
    assert len(left) <= 0.1 * len(french())
    # A licence is never filled in: only its people can say it.
    for problems in left.values():
        assert {problem.path for problem in problems if problem.severity == "error"} == {"legal.license"}


def test_whatever_was_assumed_is_marked_in_the_file() -> None:
    for name, (_, _, report) in french().items():
        for fix in report.assumed:
            key = str(fix.path[-1])
            lines = [line for line in report.text.split("\n") if "# to confirm" in line]
            section = str(fix.path[0])
            assert any(key in line or section in line or "name: " in line for line in lines), (name, fix)


def test_nothing_that_they_say_is_lost() -> None:
    for name, (data, _, report) in french().items():
        table, _ = compose_tolerantly(decoded(data))
        kept = " ".join(" ".join(line.strip().lstrip("#") for line in report.text.split("\n")).split())
        for path, said in leaves(table).items():
            if not RESPELT & set(path):
                assert " ".join(said.split()) in kept, (name, path)


def test_what_is_read_after_the_repair_is_what_was_read_before() -> None:
    for name, (_, document, report) in french().items():
        (before,), (after,) = document.records, read(report.text).records
        for key in ("name", "repository", "homepage", "licences", "steward", "languages"):
            assert after[key] == before[key], (name, key)
        # A short description that was too long is shorter now.
        assert after["summaries"].keys() == before["summaries"].keys()
        for lang, said in after["summaries"].items():
            assert before["summaries"][lang].startswith(said.removesuffix(" …")), name


def test_every_publiccode_file_there_is_becomes_a_record_that_can_be_matched() -> None:
    paths = [*(REGISTER / "publiccode-real").rglob("*.yml"), *(REGISTER / "publiccode-fixtures").rglob("*.yml")]
    assert len(paths) > 200
    records = [record for path in paths for record in read(path.read_bytes()).records]
    assert len(records) >= len(paths) - 2
    for record in records:
        Profile.from_record(record)


def test_a_valid_file_is_never_given_anything_to_confirm() -> None:
    for path in (REGISTER / "publiccode-fixtures").rglob("*.yml"):
        data = path.read_bytes()
        if read(data).is_valid:
            report = repair_report(data)
            assert report.is_valid, path.name
            assert not report.assumed, path.name
