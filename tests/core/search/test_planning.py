"""What a query is taken to mean: its languages, its words, and what may stand for each."""

from __future__ import annotations

import pytest

from communs.core.search import plan
from communs.core.search.planning import Unit


def weights(unit: Unit) -> dict[str, int]:
    """What may stand for a word, each with its weight."""
    return {alternative.term: alternative.weight for alternative in unit.alternatives}


@pytest.mark.parametrize(
    ("query", "lang"),
    [("qualidade do ar", "pt"), ("vivienda vacía", "es"), ("reader comments", "en"), ("zapasy w banku żywności", "pl")],
)
def test_stop_words_alone_do_not_tell_a_language(query: str, lang: str) -> None:
    assert plan(query).languages[0] == lang


def test_a_word_that_the_likeliest_language_knows_is_no_compound_of_another() -> None:
    assert [unit.word for unit in plan("comments for newspapers").units] == ["comments", "newspapers"]
    assert len(plan("Leserkommentare").units) > 1


def test_a_word_counts_less_for_itself_in_a_label_that_stop_words_make() -> None:
    house = weights(plan("Reha zu Hause", ("de",)).units[-1])
    assert house["#housing"] < house["#at-home"]


def test_what_one_word_says_by_itself_is_no_answer_to_the_word_beside_it() -> None:
    maps, risks = map(weights, plan("mapas de riesgos", ("es",)).units)
    assert maps["#map"] > maps["#natural-hazards"]
    assert "#risk-map" in risks
    assert "#map" not in risks


def test_a_stem_may_be_a_word_of_another_language() -> None:
    assert "medicament" in weights(plan("medicamentos", ("es",)).units[0])
