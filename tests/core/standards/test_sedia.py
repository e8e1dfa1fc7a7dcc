"""EU topics: lists of texts, JSON in texts, several deadlines, copies, cascade calls and stale mirrors."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from communs.core.standards import sedia
from communs.core.standards.documents import Document
from communs.core.standards.formats import Sample

METADATA: dict[str, Any] = {
    "identifier": ["HORIZON-X-01"],
    "callIdentifier": ["HORIZON-X"],
    "ccm2Id": ["77"],
    "title": ["Topic"],
    "type": ["1"],
    "typesOfAction": ["HORIZON Research and Innovation Actions"],
    "status": ["31094502"],
    "startDate": ["2023-01-10T00:00:00.000+0000"],
    "deadlineDate": ["2023-06-20T17:00:00.000+0200"],
    "deadlineModel": ["single-stage"],
    "keywords": ['["a","b"]', "c"],
    "esDA_IngestDate": ["2023-02-01T00:54:21.553+0200"],
}


def topic(reference: str = "1A", **metadata: Any) -> dict[str, Any]:
    url = "https://ec.europa.eu/a.json"
    return {
        "reference": reference, "databaseLabel": "SEDIA", "language": "en", "url": url, "content": "Topic",
        "metadata": {**METADATA, **metadata},
    }  # fmt: skip


def read(*topics: dict[str, Any], today: date | None = None) -> Document:
    return sedia.read(json.dumps({"apiVersion": "2.154", "totalResults": len(topics), "results": topics}), today)


def codes(document: Document) -> list[str]:
    return [found.code for found in document.problems]


def test_a_topic_becomes_a_record() -> None:
    document = read(topic())
    assert codes(document) == []
    assert document.version == "2.154"
    (record,) = document.records
    assert (record["id"], record["title"], record["kind"]) == ("sedia-1A", "Topic", "grant")
    assert record["themes"] == ["a", "b", "c"]
    assert record["window"] == {
        "model": "one_off", "opens": "2023-01-10", "closes": "2023-06-20", "precision": "day",
        "note": "status when seen on 2023-02-01: open",
    }  # fmt: skip


def test_an_open_status_on_a_past_deadline_is_told_and_the_days_count() -> None:
    stale = topic(esDA_IngestDate=["2024-05-01T00:00:00.000+0200"])
    document = read(stale)
    assert codes(document) == ["status-stale"]
    assert document.records[0]["window"]["closes"] == "2023-06-20"
    assert "open" in document.records[0]["window"]["note"]


def test_another_record_or_the_reader_may_prove_that_the_day_has_come() -> None:
    fresher = topic("2B", esDA_IngestDate=["2024-05-01T00:00:00.000+0200"], status=["31094503"])
    assert codes(read(topic(), fresher)) == ["status-stale"]
    assert codes(read(topic(), today=date(2026, 1, 1))) == ["status-stale"]


def test_a_status_without_a_date_is_told() -> None:
    undated = {key: value for key, value in METADATA.items() if key != "esDA_IngestDate"}
    assert codes(read({**topic(), "metadata": undated})) == ["status-not-dated"]


def test_a_forthcoming_topic_that_has_opened_is_told() -> None:
    assert codes(read(topic(status=["31094501"]))) == ["status-stale"]


def test_of_copies_of_one_reference_the_freshest_counts() -> None:
    old = topic(deadlineDate=["2023-03-01T17:00:00.000+0200"])
    new = topic(esDA_IngestDate=["2023-04-01T00:00:00.000+0200"])
    for order in ((old, new), (new, old)):
        document = read(*order)
        assert [record["window"]["closes"] for record in document.records] == ["2023-06-20"]
        assert "repeated-record" in codes(document)


def test_cascade_calls_share_the_identifier_of_their_parent_and_stay_apart() -> None:
    cascade = topic("9COMPETITIVE", type=["8"], budget=["1400000"], currency=["EUR"], caName=["Project One"])
    document = read(topic(), cascade)
    assert [record["id"] for record in document.records] == ["sedia-1A", "sedia-9COMPETITIVE"]
    assert document.records[1]["funder"] == {"name": "Project One"}
    assert document.records[1]["amount"] == {"pot": 1400000, "currency": "EUR"}
    assert "kind" not in document.records[1]


def test_several_deadlines_are_cut_offs_and_a_second_stage_is_no_deadline_to_apply() -> None:
    days = ["2023-09-20T17:00:00.000+0200", "2023-06-20T17:00:00.000+0200"]
    several = read(topic(deadlineDate=days, deadlineModel=["multiple cut-off"])).records[0]
    assert [(w["model"], w["closes"]) for w in several["windows"]] == [
        ("cutoffs", "2023-06-20"), ("cutoffs", "2023-09-20"),
    ]  # fmt: skip
    staged = read(topic(deadlineDate=days, deadlineModel=["two-stage"])).records[0]
    assert staged["window"]["closes"] == "2023-06-20"
    assert "second stage: 2023-09-20" in staged["window"]["note"]


def test_the_budget_is_that_of_the_topic_not_of_its_call() -> None:
    overview = {
        "budgetTopicActionMap": {
            "76": [{"action": "HORIZON-X-00", "budgetYearMap": {"2023": "1"}}],
            "77": [
                {
                    "action": "HORIZON-X-01 - RIA", "minContribution": 1000000, "maxContribution": 2000000,
                    "budgetYearMap": {"2023": "5000000", "2024": 1200000},
                }
            ],
        }
    }  # fmt: skip
    (record,) = read(topic(budgetOverview=[json.dumps(overview)])).records
    assert record["amount"] == {"min": 1000000, "max": 2000000, "pot": 6200000, "currency": "EUR"}


def test_json_in_a_text_that_is_broken_is_told() -> None:
    document = read(topic(keywords=['["a",'], budgetOverview=["{not-json"]))
    assert {(found.code, found.path.rpartition(".")[2]) for found in document.problems} == {
        ("json-in-text", "keywords"),
        ("json-in-text", "budgetOverview"),
    }
    assert "themes" not in document.records[0]


def test_conditions_stay_words() -> None:
    (record,) = read(topic(topicConditions=["<p>See <b>Annex B</b></p>"])).records
    (criterion,) = record["criteria"]
    assert (criterion["quote"], criterion["force"], criterion["lang"]) == ("See Annex B", "text", "en")


def test_one_record_alone_and_a_list_are_recognised() -> None:
    for value in (topic(), [topic()], {"results": [topic()]}):
        assert sedia.recognise(Sample(json.dumps(value)))
    assert not sedia.recognise(Sample('{"metadata": {"title": ["a"]}}'))


def test_a_record_without_a_reference_is_told_with_its_place() -> None:
    document = read(topic(), topic(""))
    (missing,) = document.problems
    assert (missing.code, missing.path) == ("missing", "results[1].reference")


def test_problems_stand_at_the_field_and_no_entry_is_left_out_in_silence() -> None:
    results = [topic(startDate=["soon"]), {"reference": "2B", "metadata": {}}]
    document = sedia.read(json.dumps({"results": results}))
    found = {(one.code, one.path) for one in document.problems}
    assert {("not-a-date", "results[0].metadata.startDate"), ("not-a-record", "results[1]")} <= found
    assert [record["evidence"][0]["key"] for record in document.records] == ["1A"]


def test_a_call_that_closes_before_it_opens_is_told_and_kept() -> None:
    document = read(topic(startDate=["2023-07-01T00:00:00.000+0000"]))
    assert "closes-before-opens" in codes(document)
    assert document.records[0]["window"]["closes"] == "2023-06-20"
