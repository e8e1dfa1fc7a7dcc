"""The index after changes is the index made afresh; what is stored is what was worked out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.search import Finder, Index, Text, pack, plan, terms_of, unpack

WORDS = ("water", "school", "map", "waste", "music", "energy", "eau", "carte")
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
changes = st.lists(st.dictionaries(st.integers(0, 12), st.none() | texts, max_size=6), max_size=8)


def packed(text: str) -> str:
    return pack(terms_of([Text(text, 2, "en")]))


def answers(index: Index, query: str) -> dict[int, int]:
    found = Finder(index, lambda _key: "").find(plan(query))
    return dict(zip(found.keys.tolist(), found.scores.tolist(), strict=True))


@settings(deadline=None)  # the first example reads the vocabulary
@given(st.dictionaries(st.integers(0, 12), texts, max_size=10), changes)
def test_changes_lead_where_a_new_index_starts(first: dict[int, str], later: list[dict[int, str | None]]) -> None:
    index = Index.of((key, packed(text)) for key, text in first.items())
    present = dict(first)
    for change in later:
        index = index.with_changes({key: packed(text) if text else None for key, text in change.items()})
        for key, text in change.items():
            if text:
                present[key] = text
            else:
                present.pop(key, None)
    afresh = Index.of((key, packed(text)) for key, text in sorted(present.items()))
    assert len(index) == len(present)
    for query in ("water", "school map", "carte", "water -waste", "eau AND energy"):
        assert answers(index, query) == answers(afresh, query)
    assert answers(index.merged(), "water music") == answers(afresh, "water music")


def test_an_index_that_was_given_out_never_changes() -> None:
    before = Index.of([(1, packed("water"))])
    after = before.with_changes({1: None, 2: packed("water")})
    assert answers(before, "water").keys() == {1}
    assert answers(after, "water").keys() == {2}


def test_an_empty_index_finds_nothing() -> None:
    assert answers(Index.of(()), "water") == {}
    assert answers(Index.of(()).with_changes({1: packed("water")}), "water").keys() == {1}


@settings(deadline=None)
@given(st.lists(texts, min_size=1, max_size=4))
def test_what_is_stored_is_what_was_worked_out(said: list[str]) -> None:
    terms = terms_of([Text(text, 1 + place, "en", is_name=not place) for place, text in enumerate(said)])
    assert unpack(pack(terms)) == terms
    assert pack(terms).isascii()
