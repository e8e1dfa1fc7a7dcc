"""Kinds, languages, numbers, statements: what is decided, asked, and left to people."""

import pytest

from communs.core.matching import Opportunity, Profile, declaration_key, explain, match

FIELDS = {"id": "fund", "recipients": ["association"], "countries": ["INT"], "licence_requirement": "none"}
TOPIC = {"dimension": "topic", "force": "hard", "statement": "Mobile software ecosystem", "accepts": None}


def commons(**fields: object) -> Profile:
    return Profile(**{"legal_form": "association", "kinds": frozenset({"software"}), **fields})  # type: ignore[arg-type]


def fund(**fields: object) -> Opportunity:
    return Opportunity.from_record({**FIELDS, "commons_kinds": ["software"], **fields})


@pytest.mark.parametrize(
    ("kind", "expected"), [("software", "eligible"), ("service", "ask"), ("content", "no"), (None, "ask")]
)
def test_a_near_kind_is_asked_and_a_far_one_refused(kind: str | None, expected: str) -> None:
    kinds = frozenset({kind} if kind else ())
    assert match(commons(kinds=kinds), fund()).result == expected


def test_kinds_that_are_not_stated_never_promise() -> None:
    assert match(commons(), fund(commons_kinds=[])).result == "likely"


def test_a_language_that_is_not_known_is_asked_and_never_refused_by_guess() -> None:
    asked = fund(languages_of_application=["de"])
    assert match(commons(languages=frozenset({"de"})), asked).result == "eligible"
    found = match(commons(languages=frozenset({"fr"})), asked)
    assert (found.result, found.questions[0].key) == ("ask", "application_language:de")
    refused = match(commons().with_answers({"application_language:de": "no"}), asked)
    assert [change.code for change in refused.changes] == ["write_in"]


def test_a_listed_language_is_not_asked_twice() -> None:
    listed = {"dimension": "application_language", "force": "hard", "statement": "In English", "accepts": ["en"]}
    languages = [
        c for c in fund(languages_of_application=["en"], criteria=[listed]).requirements if "language" in c.dimension
    ]
    assert [criterion.statement for criterion in languages] == ["In English"]


@pytest.mark.parametrize(
    ("answer", "expected"), [("4", "eligible"), ("5", "no"), ("many", "ask"), ("dont_know", "likely")]
)
def test_a_number_is_held_to_its_bounds_which_are_inside(answer: str, expected: str) -> None:
    team = {
        "dimension": "team_size",
        "force": "hard",
        "statement": "One to four people",
        "accepts": {"min": 1, "max": 4},
    }
    assert match(commons(answers={"team_size": answer}), fund(criteria=[team])).result == expected


def test_an_amount_is_asked_in_its_currency() -> None:
    amount = {"dimension": "amount_asked", "force": "hard", "statement": "", "accepts": {"min": 50000, "unit": "EUR"}}
    found = match(commons(), fund(criteria=[amount]))
    assert found.questions[0].key == "amount_asked:EUR"
    assert explain(found).rows[-1].ask == "amount you ask for: at least 50000 EUR"


@pytest.mark.parametrize(
    ("answer", "expected"), [("yes", "eligible"), ("no", "no"), ("dont_know", "likely"), ("?", "ask")]
)
def test_a_hard_statement_is_answered_by_you(answer: str, expected: str) -> None:
    key = declaration_key("topic", "Mobile software ecosystem")
    assert match(commons(answers={key: answer}), fund(criteria=[TOPIC])).result == expected


def test_one_answer_serves_every_opportunity_with_the_same_sentence() -> None:
    first = fund(criteria=[TOPIC])
    second = fund(id="other", criteria=[{**TOPIC, "statement": "  mobile   software ecosystem. "}])
    answered = commons(answers={match(commons(), first).questions[0].key: "yes"})
    assert match(answered, first).result == match(answered, second).result == "eligible"


def test_the_same_sentence_about_another_matter_is_another_question() -> None:
    assert declaration_key("topic", "Open to all") != declaration_key("place", "Open to all")


@pytest.mark.parametrize("force", ["scored", "text"])
def test_scores_and_texts_are_for_people_and_decide_nothing(force: str) -> None:
    found = match(commons(), fund(criteria=[{**TOPIC, "force": force}]))
    assert found.result == "eligible"
    assert [outcome.status for outcome in found.outcomes if outcome.criterion.dimension == "topic"] == ["text"]
