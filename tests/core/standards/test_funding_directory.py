"""The dump of a directory of manifests."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from communs.core.standards import funding_directory
from communs.core.standards.formats import Sample
from communs.core.standards.funding_directory.rows import rows

HEADER = ["id", "url", "created_at", "updated_at", "status", "manifest_json"]


def project(name: str, tag: str = "maps") -> dict[str, Any]:
    link = {"url": f"https://{name.lower()}.example.org"}
    return {
        "guid": name.lower(), "name": name, "description": "Maps", "webpageUrl": link, "repositoryUrl": link,
        "licenses": ["spdx:MIT"], "tags": [tag],
    }  # fmt: skip


def dump(*manifests: str, status: str = "active") -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for number, text in enumerate(manifests, 1):
        url = "https://atlas.example.org/funding.json"
        writer.writerow([number, url, "2024-10-14 11:36:09 +0000 UTC", "2025-01-08 01:02:03 +0000 UTC", status, text])
    return out.getvalue()


def manifest(*projects: dict[str, Any]) -> str:
    entity = {
        "type": "individual", "role": "owner", "name": "A. Person", "email": "a@example.org", "description": "",
        "webpageUrl": {"url": "https://atlas.example.org"},
    }  # fmt: skip
    return json.dumps({"entity": entity, "projects": projects, "funding": {"channels": [], "plans": []}})


def test_every_project_is_a_record_that_tells_where_its_manifest_was_seen() -> None:
    text = dump(manifest(project("Atlas"), project("Globe")), manifest(project("Atlas")))
    document = funding_directory.read(text)
    assert funding_directory.recognise(Sample(text))
    assert document.is_valid
    assert [record["name"] for record in document.records] == ["Atlas", "Globe", "Atlas"]
    assert len({record["id"] for record in document.records}) == 3
    assert document.records[0]["manifest"] == {
        "url": "https://atlas.example.org/funding.json",
        "seen_as_of": "2025-01-08",
        "status": "active",
    }


def test_problems_point_into_the_dump() -> None:
    text = dump(manifest(project("Atlas", tag="Maps")))
    faulty = next(found for found in funding_directory.read(text).problems if found.code == "not-a-tag")
    assert faulty.path == "row[0].projects[0].tags[0]"
    assert text.splitlines()[faulty.line - 1][faulty.column - 1 :].startswith('""Maps""')


def test_an_entry_that_the_directory_dropped_is_told() -> None:
    found = [one.code for one in funding_directory.read(dump(manifest(project("Atlas")), status="disabled")).problems]
    assert "not-listed" in found


def test_one_broken_row_does_not_cost_the_others() -> None:
    document = funding_directory.read(dump("{", "", "[]", manifest(project("Atlas"))))
    assert [record["name"] for record in document.records] == ["Atlas"]
    assert {found.code for found in document.problems} >= {"not-json", "no-manifest", "not-table"}


def test_a_table_without_the_column_is_refused() -> None:
    assert [found.code for found in funding_directory.read("id,url\n1,2\n").problems] == ["no-column"]


@given(st.lists(st.lists(st.text('ab",\r\né ', min_size=1), min_size=2, max_size=4), min_size=1, max_size=4))
def test_cells_are_those_of_the_csv_reader(table: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(table)
    text = out.getvalue()
    found = list(rows(text))
    assert [[cell.text for cell in row] for row in found] == table
    for row in found:
        for cell in row:
            for position, character in enumerate(cell.text):
                assert text[cell.offset(position)] == character
