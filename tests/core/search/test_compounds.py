"""Words written as one are taken apart into words that the vocabulary knows."""

from __future__ import annotations

import pytest

from communs.core.search.compounds import parts_of, parts_of_name


@pytest.mark.parametrize(
    ("word", "lang", "parts"),
    [
        ("abfallkalender", "de", ("abfall", "kalender")),
        ("wasserqualitat", "de", ("wasser", "qualitat")),
        ("verwaltungsgebaude", "de", ("verwaltungs", "gebaude")),
        ("afvalkalender", "nl", ("afval", "kalender")),
        ("kulturdenkmaler", "de", ("kultur", "denkmaler")),
        ("mietwohnungen", "de", ("miet", "wohnungen")),
        ("abfallkalender", "fr", ()),
        ("xyzzyplugh", "de", ()),
        ("abfall", "de", ()),
    ],
)
def test_a_compound_is_taken_apart(word: str, lang: str, parts: tuple[str, ...]) -> None:
    assert parts_of(word, lang) == parts


@pytest.mark.parametrize(
    ("name", "parts"),
    [("nosgestesclimat", ("nos", "gestes", "climat")), ("trackdechets", ("track", "dechets")), ("qzxwvu", ())],
)
def test_so_is_a_name(name: str, parts: tuple[str, ...]) -> None:
    assert parts_of_name(name) == parts


@pytest.mark.parametrize("name", ["assistant", "signage", "platform"])
def test_a_name_that_is_a_word_keeps_together(name: str) -> None:
    assert parts_of_name(name) == () or min(map(len, parts_of_name(name))) >= 4


def test_what_is_long_ends_somewhere() -> None:
    assert parts_of("wasser" * 40, "de") == ()
