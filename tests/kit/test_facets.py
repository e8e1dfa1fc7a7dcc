"""Facet counts in memory equal those of a plain loop over the rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from communs.kit.facets import FacetIndex, FacetSpec, present, query_with, read_choice

KINDS = ("data", "software", "standard")
LANGUAGES = ("en", "fr", "de")
rows_of_facets = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sets(st.sampled_from(KINDS), max_size=1), "lang": st.sets(st.sampled_from(LANGUAGES))}
    ),
    max_size=40,
)
choices = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.lists(st.sampled_from(KINDS), min_size=1),
        "lang": st.lists(st.sampled_from(LANGUAGES), min_size=1),
    },
)


def fits(row: dict[str, set[str]], chosen: dict[str, list[str]]) -> bool:
    return all(row[name] & set(values) for name, values in chosen.items())


@given(rows=rows_of_facets, chosen=choices, data=st.data())
def test_rows_and_counts_equal_a_plain_loop(
    rows: list[dict[str, set[str]]], chosen: dict[str, list[str]], data: st.DataObject
) -> None:
    ids = [100 + number for number in range(len(rows))]
    index = FacetIndex(ids, rows, {"default": range(len(rows)), "reverse": range(len(rows) - 1, -1, -1)})
    within = data.draw(st.none() | st.sets(st.sampled_from(ids)) if ids else st.none())
    inside = [number for number in range(len(rows)) if within is None or ids[number] in within]
    packed = None if within is None else index.rows_of(within)
    expected = [ids[number] for number in inside if fits(rows[number], chosen)]
    selected = index.select(chosen, packed)
    assert index.page(selected, "default", 0, 1000) == expected
    assert index.page(selected, "reverse", 0, 1000) == expected[::-1]
    counts = index.counts(chosen, packed)
    for name in ("kind", "lang"):
        others = {key: values for key, values in chosen.items() if key != name}
        for value, count in counts.get(name, {}).items():
            assert count == sum(value in rows[number][name] and fits(rows[number], others) for number in inside)


def test_a_page_starts_at_its_offset_and_holds_its_limit() -> None:
    index = FacetIndex(range(50), [{"kind": ["data"]}] * 50, {"default": range(50)})
    assert index.page(index.all, "default", 20, 5) == [20, 21, 22, 23, 24]
    assert index.page(index.all, "default", 48, 20) == [48, 49]


def test_a_chosen_value_stays_in_sight_even_when_it_would_show_nothing() -> None:
    spec = FacetSpec("kind", lambda: "Kind", str, limit=1)
    facet = present([spec], {"kind": {"data": 5, "software": 9, "standard": 0}}, {"kind": ["standard"]})[0]
    assert [(option.value, option.chosen) for option in facet.options] == [("standard", True)]
    assert facet.more == 2


def test_unknown_and_endless_choices_in_an_address_are_left_out() -> None:
    chosen = read_choice({"kind": ["data", "data", "", "x" * 200], "evil": ["1"]}, ["kind"])
    assert chosen == {"kind": ["data"]}


def test_a_query_keeps_everything_but_the_page() -> None:
    assert (
        query_with({"kind": ["data", "software"], "page": "3", "q": ""}, sort="name")
        == "kind=data&kind=software&sort=name"
    )
