"""Words out of texts, whatever the keyboard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.search.folding import WORD_MAX, fold, humps_of, joined_words, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éco-système", "eco-systeme"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Œuvre", "oeuvre"),
        ("Køb", "kob"),
        ("Ελλάδα", "ελλαδα"),
        ("", ""),
    ],
)
def test_case_and_accents_do_not_count(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_an_apostrophe_and_a_hyphen_part_words() -> None:
    assert words_of("l'eau, l’école et aujourd'hui") == ["l", "eau", "l", "école", "et", "aujourd", "hui"]
    assert joined_words("E-mail et plate-forme, à-côté-de") == ["email", "plateforme"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("TrackDechets", ("track", "dechets")),
        ("OpenCRVS", ("open", "crvs")),
        ("1000jours", ("1000", "jours")),
        ("plain", ()),
        ("ABC", ()),
    ],
)
def test_names_written_as_one_are_read_by_their_humps(name: str, parts: tuple[str, ...]) -> None:
    assert humps_of(name) == parts


@given(st.text(max_size=400))
def test_no_text_breaks_it_and_no_word_is_too_long(text: str) -> None:
    assert all(0 < len(word) <= WORD_MAX for word in words_of(text))
