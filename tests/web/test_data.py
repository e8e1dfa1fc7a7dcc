"""The open data of the site: whole, streamed, with sources and licences, importable elsewhere, told to programs."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.apps.funding.importing import import_opportunities
from communs.apps.funding.importing_awards import import_awards
from communs.apps.register.importing import import_commons
from communs.cli import main
from communs.core.standards.publiccode import strict
from communs.kit.records.files import Placed, read_records

SEED = Path(__file__).resolve().parents[2] / "seed"
AWARD = {
    "id": "G-1",
    "title": "A year of maintenance",
    "currency": "EUR",
    "amount_minor": 1_234_500,
    "awarded_on": "2026-03-01",
    "funder": {"name": "Map Foundation", "org_id": "XX-MAP"},
    "recipient": {"name": "Map Friends", "kind": "organisation"},
}


@pytest.fixture
def some(db: None) -> None:
    """Ten commons, ten opportunities and an award."""
    now = timezone.now()
    import_commons(list(read_records(SEED / "commons.jsonl"))[:10], now=now)
    import_opportunities(list(read_records(SEED / "opportunities.jsonl"))[:10], now=now)
    import_awards([Placed("a:1", dict(AWARD))], now=now)


def body(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return b"".join(response.streaming_content if response.streaming else [response.content]).decode()


def test_every_public_record_is_a_line_with_its_statements_and_a_row_with_its_sources(
    client: Client, some: None
) -> None:
    for name in ("commons", "opportunities"):
        lines = [json.loads(line) for line in body(client, f"/data/{name}.ndjson").splitlines()]
        rows = list(csv.DictReader(io.StringIO(body(client, f"/data/{name}.csv").removeprefix("\ufeff"))))
        assert [line["id"] for line in lines] == [row["id"] for row in rows]
        assert len(lines) >= 8
        assert all(line["statements"] for line in lines)
        assert all(row["sources"] for row in rows)
        assert any(row["source_licences"] for row in rows)


def test_awards_travel_with_their_source(client: Client, some: None) -> None:
    (line,) = body(client, "/data/awards.ndjson").splitlines()
    assert json.loads(line)["amount_minor"] == 1_234_500
    again = import_awards([Placed("b:1", json.loads(line))], now=timezone.now())
    assert (again.new, again.unchanged, again.refused) == (0, 1, [])
    (row,) = csv.DictReader(io.StringIO(body(client, "/data/awards.csv").removeprefix("\ufeff")))
    assert (row["funder"], row["amount_minor"], row["currency"]) == ("Map Foundation", "1234500", "EUR")


def test_a_file_that_has_not_changed_is_not_sent_again(client: Client, some: None) -> None:
    first = client.get("/data/commons.ndjson")
    assert client.get("/data/commons.ndjson", headers={"If-None-Match": first["ETag"]}).status_code == 304
    import_commons([Placed("c:1", {"id": "new-map", "name": "New Map"})], now=timezone.now())
    assert client.get("/data/commons.ndjson", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", ["/data/people.ndjson", "/data/commons.xml", "/data/commons"])
def test_there_is_nothing_else(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_catalogue_names_title_licence_and_address_of_every_file(client: Client, some: None) -> None:
    catalogue = json.loads(body(client, "/data/catalogue.jsonld"))
    assert catalogue["@type"] == "dcat:Catalog"
    for needed in ("dct:title", "dct:description", "dct:publisher", "dcat:dataset"):
        assert catalogue[needed]
    for dataset in catalogue["dcat:dataset"]:
        assert {title["@language"] for title in dataset["dct:title"]} == {"en", "fr"}
        assert len({title["@value"] for title in dataset["dct:title"]}) == 2
        for distribution in dataset["dcat:distribution"]:
            assert distribution["dct:license"]["@id"].startswith("https://creativecommons.org/")
            path = distribution["dcat:accessURL"]["@id"].removeprefix("http://testserver")
            assert client.get(path).status_code == 200


def test_a_page_tells_people_what_there_is(client: Client, some: None) -> None:
    english, french = body(client, "/en/data/"), body(client, "/fr/data/")
    assert "/data/opportunities.csv" in english
    assert "Données ouvertes" in french


def embedded(client: Client, path: str) -> Any:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body(client, path), re.DOTALL)
    return json.loads(found)


def test_pages_say_the_same_to_programs(client: Client, some: None) -> None:
    commons = embedded(client, "/en/commons/wikipedia/")
    assert (commons["@context"], commons["name"]) == ("https://schema.org", "Wikipedia")
    assert commons["@id"] == "http://testserver/en/commons/wikipedia/"
    grant = embedded(client, "/en/funding/nlnet-ngi0-commons-fund/")
    assert grant["@type"] in {"MonetaryGrant", "Grant"}
    assert grant["funder"]["@type"] == "Organization"


def test_nothing_that_somebody_wrote_ends_the_block(client: Client, db: None) -> None:
    hostile = "</script><script>alert(1)</script><!--"
    record = {"id": "evil", "name": hostile, "kind": "software", "summary": hostile}
    import_commons([Placed("e:1", record)], now=timezone.now())
    assert embedded(client, "/en/commons/evil/")["name"] == hostile
    assert "<script>alert" not in body(client, "/en/commons/evil/")


SAYS_ALL = {
    "id": "free-map",
    "name": "Free Map",
    "kind": "software",
    "summary": "A map of footpaths that walkers draw themselves.",
    "repository": "https://github.com/example/free-map.git",
    "licences": [{"part": "code", "spdx": "AGPL-3.0-or-later"}],
    "languages": ["en"],
    "platforms": ["web"],
    "development_status": "stable",
    "software_type": "standalone/web",
    "localisation_ready": True,
    "maintenance": {"type": "internal"},
}


def test_a_commons_is_taken_along_as_files_that_are_valid(client: Client, db: None) -> None:
    import_commons([Placed("m:1", SAYS_ALL)], now=timezone.now())
    response = client.get("/en/commons/free-map/take/publiccode/?assume=1")
    assert response["Content-Disposition"] == 'attachment; filename="publiccode.yml"'
    assert not [found for found in strict.check(response.content) if found.severity == "error"]
    assert json.loads(body(client, "/en/commons/free-map/take/codemeta/"))["name"] == "Free Map"
    assert json.loads(body(client, "/en/commons/free-map/take/funding-json/"))["projects"]
    assert client.get("/en/commons/free-map/take/words/").status_code == 404


def test_what_a_format_demands_and_nobody_said_is_asked_for_and_not_invented(client: Client, db: None) -> None:
    import_commons([Placed("m:1", {"id": "bare", "name": "Bare", "kind": "software"})], now=timezone.now())
    shown = body(client, "/en/commons/bare/take/publiccode/")
    assert "It is not invented" in shown
    assert "The address of the source repository is not known." in shown
    assert "assume" not in shown


@pytest.mark.django_db(transaction=True)
def test_the_command_line_writes_the_same(client: Client, capsys: Any, tmp_path: Path) -> None:
    import_commons([Placed("m:1", SAYS_ALL), Placed("m:2", {"id": "bare", "name": "Bare"})], now=timezone.now())
    assert main(["export", "commons"]) == 0
    assert capsys.readouterr().out == body(client, "/data/commons.ndjson")
    assert main(["export", "commons", "free-map", "--as", "json-ld"]) == 0
    assert json.loads(capsys.readouterr().out)["@type"] == "SoftwareSourceCode"
    assert main(["export", "commons", "--as", "publiccode", "--assume", "--out", str(tmp_path / "out")]) == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["free-map.publiccode.yml"]
    assert "bare: " in capsys.readouterr().err
    assert main(["export", "commons", "nobody", "--as", "codemeta"]) == 1
    assert "nobody" in capsys.readouterr().err
