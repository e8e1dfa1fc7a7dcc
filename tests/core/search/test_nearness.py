"""What a record is about orders what words have found, alike on every machine and after every change."""

from __future__ import annotations

import numpy as np
import pytest

from communs.core.search import Finder, Index, Text, fold, nearness, pack, plan, terms_of
from communs.core.search.concepts import concepts
from communs.core.search.nearness import LENGTH, NUMBERS, place_of

from .conftest import best_first

RECORDS = (
    "A bank of exercises for those who learn statistics",
    "An account, loans and payments at the bank, on a telephone",
    "Loans of books in libraries",
    "Forms",
)


def finder_of(index: Index) -> Finder:
    return Finder(index, [fold(text) for text in RECORDS].__getitem__)


def packed(text: str) -> str:
    return pack(terms_of([Text(text, 2, "en")]))


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.of((key, packed(text)) for key, text in enumerate(RECORDS))


def angle(one: str, other: str) -> int:
    place = place_of([(100, [(one, 100)])])
    lying = place_of([(100, [(other, 100)])])
    assert place is not None
    assert lying is not None
    return int(nearness.nearness(lying[None, :].astype(np.int8), place)[0])


def test_every_concept_lies_somewhere_and_nothing_else_does() -> None:
    rows, places = nearness._concepts()
    known = {concept.id for concept in concepts()}
    assert rows.keys() == known
    assert places.shape == (len(known), NUMBERS)
    lengths = np.sqrt((places.astype(np.int64) ** 2).sum(axis=1))
    assert abs(lengths - LENGTH).max() < 3


@pytest.mark.parametrize(
    ("one", "near", "far"),
    [("hospital", "patient", "tax"), ("river", "flood", "school"), ("election", "voting", "asbestos")],
)
def test_concepts_of_one_field_lie_near_each_other(one: str, near: str, far: str) -> None:
    assert angle(one, one) >= 98
    assert angle(one, near) > angle(one, far) + 20


def test_of_records_that_say_a_word_the_one_about_it_stands_first(index: Index) -> None:
    found = finder_of(index).find(plan("bank"))
    assert best_first(found)[0] == 1
    lying = index.lying
    place = place_of([(100, [("bank", 100)])])
    assert place is not None
    near = nearness.nearness(lying, place)
    assert near[1] > near[0]


def test_who_names_nothing_lies_nowhere() -> None:
    assert place_of([(100, [])]) is None
    assert place_of([(100, [("no-such-concept", 100)])]) is None
    assert not Index.of([(1, pack({"xyzzy": 50}))]).lying.any()


def test_it_finds_nothing_that_words_do_not_find(index: Index) -> None:
    assert len(finder_of(index).find(plan("hospital")).keys) == 0


def test_an_index_that_changed_ranks_like_one_made_anew(index: Index) -> None:
    finder_of(index).find(plan("bank"))
    changed = index
    for _each in range(6):
        changed = changed.with_changes({3: packed("Forms of the bank")})
    anew = Index.of((key, packed(text)) for key, text in enumerate((*RECORDS[:3], "Forms of the bank")))
    for query in ("bank", "loan", "forms of a bank"):
        one, other = (finder_of(each).find(plan(query)) for each in (changed, anew))
        assert dict(zip(one.keys.tolist(), one.scores.tolist(), strict=True)) == dict(
            zip(other.keys.tolist(), other.scores.tolist(), strict=True)
        )


def test_places_are_small_integers_of_one_length(index: Index) -> None:
    places = index.segments[0].lying
    assert places.dtype == np.int8
    lengths = np.sqrt((places.astype(np.int64) ** 2).sum(axis=1))
    assert all(length == 0 or abs(length - LENGTH) < 3 for length in lengths)
