"""Where: seats, activity, exclusions, codes that overlap."""

import pytest

from communs.core.matching import Opportunity, Profile, Result, match

FIELDS = {"id": "fund", "recipients": ["association"], "licence_requirement": "none", "commons_kinds": ["data"]}


def result(profile: Profile, **fields: object) -> Result:
    return match(profile, Opportunity.from_record({**FIELDS, **fields})).result


def at(seat: str | None, *countries: str) -> Profile:
    return Profile(kinds=frozenset({"data"}), legal_form="association", country=seat, countries=countries)


@pytest.mark.parametrize(
    ("seat", "asked", "expected"),
    [
        ("FR", ["FR"], "eligible"),
        ("FR", ["EU27"], "eligible"),
        ("NO", ["EEA"], "eligible"),
        ("FR-BRE", ["FR"], "eligible"),
        ("EU27", ["EEA"], "eligible"),
        (None, ["INT"], "eligible"),
        ("FR", ["FR-NAQ"], "ask"),
        ("EU27", ["FR"], "ask"),
        (None, ["FR"], "ask"),
        ("US", ["EU27"], "no"),
        ("GB", ["EEA"], "no"),
    ],
)
def test_a_seat_is_inside_outside_or_in_question(seat: str | None, asked: list[str], expected: Result) -> None:
    assert result(at(seat, "US"), countries=asked) == expected


def test_exclusion_wins() -> None:
    assert result(at("FR"), countries=["EU27"], countries_excluded=["FR"]) == "no"
    assert result(at("FR"), countries=["FR"], countries_excluded=["FR-COR"]) == "ask"
    assert result(at("DE"), countries=["EU27"], countries_excluded=["FR"]) == "eligible"
    assert result(at("RU"), countries_excluded=["RU"]) == "no"


def test_a_seat_elsewhere_is_no_refusal_where_the_work_may_count() -> None:
    assert result(at("US", "INT"), countries=["FR"]) == "ask"
    assert result(at("US", "FR"), countries=["FR"]) == "ask"
    assert result(at("US", "US", "CA"), countries=["FR"]) == "no"


def test_one_answer_about_a_place_serves_every_opportunity_of_that_place() -> None:
    commons = at("US", "INT")
    asked = match(commons, Opportunity.from_record({**FIELDS, "countries": ["FR"]})).questions
    assert [question.key for question in asked] == ["territory:FR"]
    answered = commons.with_answers({"territory:FR": True})
    assert result(answered, countries=["FR"]) == "eligible"
    assert result(answered, countries=["FR"], title="Another") == "eligible"
    assert result(answered, countries=["DE"]) == "ask"


def test_places_that_are_not_stated_never_promise() -> None:
    assert result(at("FR"), countries=[]) == "likely"


def test_a_place_is_not_asked_twice_when_a_criterion_says_more() -> None:
    seat = {"dimension": "seat", "force": "hard", "statement": "Seat in Nouvelle-Aquitaine", "accepts": ["FR-NAQ"]}
    asked = Opportunity.from_record({**FIELDS, "countries": ["FR"], "criteria": [seat]})
    assert [c.dimension for c in asked.requirements if c.dimension in {"seat", "territory"}] == ["seat"]


def test_nothing_you_do_changes_a_place() -> None:
    refused = match(at("US", "US"), Opportunity.from_record({**FIELDS, "countries": ["FR"]}))
    assert [(change.code, change.possible) for change in refused.changes] == [("nothing_place", False)]


def test_residence_is_asked_because_no_record_of_a_commons_holds_it() -> None:
    home = {"dimension": "tax_residence", "force": "hard", "statement": "Pays tax in Germany", "accepts": ["DE"]}
    commons = at("DE", "DE")
    found = match(commons, Opportunity.from_record({**FIELDS, "countries": ["DE"], "criteria": [home]}))
    assert [question.key for question in found.questions] == ["tax_residence:DE"]
