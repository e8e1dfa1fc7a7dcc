"""Matches through the API: the same answers as the matcher's, in both languages, nothing kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from communs.apps.funding.models import Answer
from communs.apps.funding.queries import current, profile_of
from communs.apps.register.queries import get_commons
from communs.core import matching

Ask = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("few")
FREE_MAP = {
    "id": "free-map",
    "name": "Free Map",
    "kind": "data",
    "steward": {"form": "informal", "country": "FR"},
    "licences": [{"part": "data", "spdx": "ODbL-1.0"}],
}


def post(client: Any, body: object, query: str = "") -> Any:
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post(f"/api/v1/match{query}", data=text, content_type="application/json")


def refused(document: dict[str, Any]) -> int:
    """How many of the opportunities that are not closed say no."""
    return sum(r["result"] == "no" and r["status"] != "closed" for r in document["results"])


def test_the_answers_are_those_of_the_matcher_in_its_order(ask: Ask) -> None:
    profile = profile_of(get_commons(AnonymousUser(), "openstreetmap"), {})
    today = timezone.localdate()
    expected = matching.rank(profile, current(today).catalogue.opportunities, today)
    results = ask("match?commons=openstreetmap").json()["results"]
    assert [(r["id"], r["result"], r["status"]) for r in results] == [
        (m.opportunity.id, m.result, m.status) for m in expected
    ]
    assert results[0]["sentence"] == matching.sentence(expected[0])


def test_one_opportunity_can_be_asked_for(ask: Ask) -> None:
    document = ask("match?commons=openstreetmap&opportunity=nlnet-ngi0-commons-fund").json()
    assert [result["id"] for result in document["results"]] == ["nlnet-ngi0-commons-fund"]
    assert ask("match?commons=openstreetmap&opportunity=nothing").status_code == 404


def test_an_answer_in_the_question_is_taken_into_account_and_not_kept(ask: Ask) -> None:
    asked = ask("match?commons=openstreetmap").json()["questions"][0]
    answered = ask(f"match?commons=openstreetmap&answer.{asked['key']}=no").json()
    assert asked["key"] not in {question["key"] for question in answered["questions"]}
    assert answered["commons"]["answers"] == {asked["key"]: "no"}
    before = ask("match?commons=openstreetmap").json()
    assert refused(answered) == refused(before) + asked["decides"]
    assert not Answer.objects.exists()


def test_the_sentences_are_in_the_language_asked_for(ask: Ask) -> None:
    english = ask("match?commons=openstreetmap").json()
    french = ask("match?commons=openstreetmap&lang=fr", accept_language="en").json()
    assert [r["result"] for r in english["results"]] == [r["result"] for r in french["results"]]
    fund = {r["id"]: r["title"] for r in french["results"]}
    assert fund["nlnet-ngi0-commons-fund"] == "Fonds NGI Zero Commons"


def test_a_record_that_is_not_registered_is_matched_and_not_kept(client: Any) -> None:
    document = post(client, FREE_MAP).json()
    assert document["commons"]["legal_form"] == "informal_collective"
    assert document["results"]
    expected = matching.Profile.from_record(FREE_MAP)
    by_id = {o.id: o for o in current(timezone.localdate()).catalogue.opportunities}
    for result in document["results"]:
        assert result["result"] == matching.match(expected, by_id[result["id"]]).result


def test_limit_keeps_the_best(client: Any) -> None:
    everything = post(client, FREE_MAP).json()["results"]
    assert post(client, FREE_MAP, "?limit=3").json()["results"] == everything[:3]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("{", "body"),
        ("[]", "body"),
        ('"text"', "body"),
        ("{" + '"a":{' * 60 + "}" * 61, "body"),
        ("[" * 100_000, "body"),
        ('{"x": NaN}', "body"),
        ('{"name": "\\ud800"}', "body"),
        (b'{"name": "\xff"}', "body"),
        ('{"kind": "spaceship"}', "body.kind"),
        ('{"steward": {"form": "dragon"}}', "body.steward.form"),
        ('{"licences": "MIT"}', "body.licences"),
        ('{"countries": ["Atlantis"]}', "body.countries"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_its_place_and_a_remedy(
    client: Any, body: object, place: str
) -> None:
    response = post(client, body)
    assert response.status_code == 422
    (fault,) = response.json()["errors"]
    assert fault["place"].startswith(place)
    assert fault["remedy"]


def test_a_body_over_the_bound_is_refused(client: Any) -> None:
    response = post(client, {"name": "x" * 1_100_000})
    assert response.status_code == 413
    assert response.json()["status"] == 413


def test_an_empty_record_is_all_questions_and_no_promise(client: Any) -> None:
    results = post(client, {}).json()["results"]
    assert "no" not in {result["result"] for result in results}
    assert results


def test_each_unknown_criterion_names_its_question(ask: Ask) -> None:
    document = ask("match?commons=openstreetmap").json()
    keys = {question["key"] for question in document["questions"]}
    for result in document["results"]:
        if result["result"] == "ask" and result["status"] != "closed":
            asked = {c["question"] for c in result["criteria"] if c["question"] and c["force"] == "hard"}
            assert asked == {question["key"] for question in result["questions"]}
            assert asked <= keys
