"""What is shown as an answer, and what is marked as only near: both sides of the mark."""

from __future__ import annotations

import pytest

from communs.core.search import Finder, Index, Text, pack, plan, terms_of
from communs.core.search.planning import COVERAGE_MIN, Alternative, sureness, surest


@pytest.mark.parametrize(
    "query",
    [
        "tracking of hazardous waste",
        "śledzenie odpadów niebezpiecznych",
        "Krankenakte",
        "prendre rendez-vous avec un service public",
        "partager des fichiers",
        "nextcluod",
        "accessib* OR cantine",
        "hik*",
    ],
)
def test_what_answers_a_need_is_not_marked(finder: Finder, query: str) -> None:
    found = finder.find(plan(query))
    assert len(found.keys) > 0
    assert not found.is_near


@pytest.mark.parametrize(
    "query",
    [
        "school timetable with rooms and teachers",
        "medicina veterinaria per cavalli da corsa",
        "film tickets at the cinema",
        "mesures des crues et digues",
        "Friedhofsgebühren berechnen",
    ],
)
def test_what_nothing_answers_finds_nothing_or_is_marked(finder: Finder, query: str) -> None:
    found = finder.find(plan(query))
    assert found.is_near or len(found.keys) == 0


def test_a_loose_word_or_something_special_only_hints_at_a_concept() -> None:
    said = terms_of([Text("Repair a broken bridge over the water", 2, "en")])
    assert "#water" in said
    assert "~bridge-tunnel" in said
    assert "#bridge-tunnel" not in said


def test_what_is_named_anywhere_in_a_record_is_named() -> None:
    said = terms_of([Text("A bridge between programs", 2, "en"), Text("Inspect every viaduct", 2, "en")])
    assert "#bridge-tunnel" in said
    assert "~bridge-tunnel" not in said


def test_a_hint_is_less_sure_than_what_it_hints_at() -> None:
    named, hinted = Alternative("#water", 85, "concept"), Alternative("~water", 76, "concept")
    assert sureness(named) == 72
    assert sureness(hinted) < COVERAGE_MIN < sureness(named)


@pytest.mark.parametrize("how", ["begins", "spelling"])
def test_a_word_begun_or_misspelled_is_meant_all_the_same(how: str) -> None:
    assert sureness(Alternative("water", 65, how)) == 65


def test_a_record_that_the_list_marks_as_near_is_no_answer_by_itself() -> None:
    said = terms_of([Text("A bridge between two programs", 2, "en")])
    asked = plan("Brücke", ("de",))
    found = Finder(Index.of([(1, pack(said))]), lambda key: "").find(asked)
    assert found.is_near
    assert not asked.accepts(said, "a bridge between two programs")
    assert surest(asked.units[0], said) < COVERAGE_MIN


def test_words_of_any_talk_name_nothing_and_say_little() -> None:
    nearest, clinic = plan("nearest clinic").units
    assert not any(alternative.term[0] in "#~" for alternative in nearest.alternatives)
    assert nearest.factor < clinic.factor
    assert "#in-passing" not in terms_of([Text("The nearest, the best and the biggest", 2, "en")])
