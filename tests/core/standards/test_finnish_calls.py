"""Finnish calls in their two shapes."""

from __future__ import annotations

import json
from typing import Any

from communs.core.standards import finnish_calls
from communs.core.standards.documents import Document
from communs.core.standards.formats import Sample

CALL: dict[str, Any] = {
    "hakuasianAsianumero": "va-ex-2026-1",
    "nimi": {"fi": "Avustus", "sv": "Bidrag", "en": "Grant", "richFi": None},
    "kuvaus": {"fi": "Kuvaus", "sv": None, "en": "Text", "richEn": "<p>Text</p><ul><li>one</li></ul>"},
    "hakuAlkaaDateTimeUtc": "2025-12-31T22:00:00.000Z",
    "hakuPaattyyDateTimeUtc": "2026-06-30T20:59:00.000Z",
    "hakuTyyppi": "Määräaikainen",
    "vastuullinenJarjestajaOrganisaatio": {"nimi": {"fi": "Virasto", "en": "Agency"}},
}
EURA: dict[str, Any] = {
    "id": "f3d9", "tila": "paattynyt", "hakuaika": {"alku": "2022-04-01", "loppu": "2022-05-10"}, "otsikko": "Haku",
    "rahasto": "EAKR", "viranomainen": "6207", "alue": "VALTAKUNNALLINEN", "hakutunnus": "X-002", "maakunnat": [],
}  # fmt: skip


def read(value: Any) -> Document:
    return finnish_calls.read(json.dumps(value))


def codes(document: Document) -> list[str]:
    return [found.code for found in document.problems]


def test_a_state_grant_is_read_in_three_languages_and_finnish_time() -> None:
    document = read(CALL)
    assert codes(document) == []
    (record,) = document.records
    assert record["id"] == "haeavustuksia-va-ex-2026-1"
    assert (record["title"], record["titles"]) == ("Grant", {"fi": "Avustus", "sv": "Bidrag"})
    assert record["summary_en"] == "Text\n- one"
    assert record["summaries"] == {"fi": "Kuvaus"}
    assert record["funder"]["name"] == "Agency"
    assert (record["window"]["opens"], record["window"]["closes"]) == ("2026-01-01", "2026-06-30")
    assert record["window"]["model"] == "one_off"


def test_a_continuous_call_rolls() -> None:
    assert read([{**CALL, "hakuTyyppi": "Jatkuva"}]).records[0]["window"]["model"] == "rolling"


def test_a_row_of_the_structural_funds_keeps_its_state_as_a_claim() -> None:
    document = read({"row": EURA})
    (record,) = document.records
    assert record["titles"] == {"fi": "Haku"}
    assert (record["countries"], record["programme"]) == (["FI"], "EAKR (European Regional Development Fund)")
    assert record["window"]["note"] == "tila: closed"
    assert record["window"]["closes"] == "2022-05-10"
    assert "funder" not in record
    assert codes(document) == ["authority-code"]


def test_regions_are_read_and_unknown_ones_stay_in_words() -> None:
    (record,) = read({"rows": [{**EURA, "maakunnat": ["06", "Lappi"]}]}).records
    assert record["countries"] == ["FI-10", "FI-11"]
    document = read([{**EURA, "maakunnat": ["Savo"]}])
    assert document.records[0]["countries"] == ["FI"]
    assert [c["force"] for c in document.records[0]["criteria"]] == ["hard"]
    assert "place-in-words" in codes(document)


def test_a_call_without_a_name_is_told() -> None:
    document = read([{**CALL, "nimi": {"fi": None}}])
    assert [(p.code, p.path) for p in document.problems] == [("missing", "[0].nimi")]


def test_the_two_shapes_are_recognised_and_others_not() -> None:
    assert finnish_calls.recognise(Sample(json.dumps([CALL])))
    assert finnish_calls.recognise(Sample(json.dumps({"row": EURA})))
    assert not finnish_calls.recognise(Sample('{"row": {"id": 1}}'))


def test_an_entry_that_is_no_call_is_told() -> None:
    call = {
        "hakuasianAsianumero": "va-1",
        "nimi": {"fi": "Haku"},
        "hakuTyyppi": "Jatkuva",
        "hakuAlkaaDateTimeUtc": None,
    }
    document = finnish_calls.read(json.dumps([call, {"otsikko": "x"}]))
    assert [found.path for found in document.problems if found.code == "not-a-record"] == ["[1]"]
