"""One form for every record: it answers with what was changed, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from communs.apps.register.fields import FIELDS
from communs.kit.records.fields import Column, Field, FieldSet, Widget
from communs.kit.records.forms import RecordForm
from communs.kit.records.widgets import form_field

SMALL = FieldSet(
    [
        Field("name", "Name", required=True),
        Field("uses", "Uses", Widget.WORDS),
        Field("open", "Open", Widget.YES_NO),
        Field("count", "Count", Widget.NUMBER),
        Field("site", "Site", Widget.URL),
        Field("kind", "Kind", Widget.CHOICE, choices=(("a", "A"), ("b", "B"))),
        Field("kinds", "Kinds", Widget.CHOICES, choices=(("a", "A"), ("b", "B"))),
        Field("parts", "Parts", Widget.ROWS, columns=(Column("part", "Part"), Column("tags", "Tags", Widget.WORDS))),
        Field("texts", "Texts", Widget.TEXTS),
    ]
)
BASE: dict[str, Any] = {
    "name": "Map",
    "uses": ["paper", "screen"],
    "open": True,
    "count": 3,
    "site": "https://map.example",
    "kind": "a",
    "kinds": ["a"],
    "parts": [{"part": "code", "tags": ["x", "y"], "note": "kept"}],
    "texts.en": "Hello",
}


def filled(form: RecordForm) -> dict[str, Any]:
    """What a browser sends back when nothing is touched."""
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        widget: Any = bound.field.widget
        if hasattr(widget, "widgets"):
            data.update({f"{bound.html_name}_{number}": cell for number, cell in enumerate(value) if cell is not None})
        elif value is not None:
            data[bound.html_name] = value
    return data


def posted(**changes: Any) -> QueryDict:
    data = filled(RecordForm(SMALL, BASE, version=1))
    data.update(changes)
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, [str(item) for item in value] if isinstance(value, list) else [str(value)])
    return query


def changes(**given: Any) -> dict[str, Any]:
    form = RecordForm(SMALL, BASE, posted(**given))
    assert form.is_valid(), form.errors
    return form.changes


def test_the_order_of_boxes_is_no_change() -> None:
    base = {**BASE, "kinds": ["b", "a"]}
    form = RecordForm(SMALL, base, posted(name="New", kinds=["a", "b"]))
    assert form.is_valid(), form.errors
    assert form.changes == {"name": "New"}
    form = RecordForm(SMALL, {**BASE, "kinds": ["b"]}, posted(kinds=["a", "b"]))
    assert form.is_valid(), form.errors
    assert form.changes == {"kinds": ["b", "a"]}


def test_a_form_sent_back_untouched_changes_nothing_and_says_so() -> None:
    form = RecordForm(SMALL, BASE, posted())
    assert not form.is_valid()
    assert form.non_field_errors() == ["Nothing was changed yet."]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": "Atlas"}, {"name": "Atlas"}),
        ({"uses": "paper\r\n\r\n wall \r\npaper"}, {"uses": ["paper", "wall"]}),
        ({"uses": ""}, {"uses": None}),
        ({"open": "no"}, {"open": False}),
        ({"open": ""}, {"open": None}),
        ({"count": "4"}, {"count": 4}),
        ({"count": "4.5"}, {"count": 4.5}),
        ({"count": "0"}, {"count": 0}),
        ({"kind": ""}, {"kind": None}),
        ({"kinds": ["a", "b"]}, {"kinds": ["a", "b"]}),
        ({"texts.en": "Hi", "texts.fr": "Salut"}, {"texts.en": "Hi", "texts.fr": "Salut"}),
        ({"texts.+lang": "de", "texts.+text": "Hallo"}, {"texts.de": "Hallo"}),
    ],
)
def test_what_was_changed_comes_out_in_the_shape_of_the_record(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert changes(**given) == expected


def test_rows_keep_what_the_form_does_not_show_and_take_new_ones() -> None:
    assert changes(parts_1="x, z", parts_2="data") == {
        "parts": [{"part": "code", "tags": ["x", "z"], "note": "kept"}, {"part": "data"}]
    }


def test_each_value_of_a_row_stands_in_a_cell_of_its_own() -> None:
    html = str(RecordForm(SMALL, BASE)["parts"])
    assert 'name="parts_0" value="code"' in html
    assert 'name="parts_1" value="x, y"' in html
    assert "{" not in html


def test_emptying_the_only_row_says_there_is_none() -> None:
    assert changes(parts_0="", parts_1="") == {"parts": None}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"site": "javascript:alert(1)"}, "site"),
        ({"kind": "z"}, "kind"),
        ({"uses": "w" * 121}, "uses"),
        ({"uses": "\n".join(map(str, range(61)))}, "uses"),
        ({"count": "many"}, "count"),
        ({"texts.+text": "Hallo"}, "texts.+lang"),
        ({"texts.+lang": "de"}, "texts.+text"),
        ({"parts_0": "p" * 501}, "parts"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(given: dict[str, Any], field: str) -> None:
    form = RecordForm(SMALL, BASE, posted(**given))
    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_a_field_changed_by_someone_else_meanwhile_is_not_overwritten_silently() -> None:
    now = {**BASE, "name": "Globe"}
    form = RecordForm(SMALL, BASE, posted(name="Atlas"), now=now, version=1, now_version=2)
    assert not form.is_valid()
    assert "Globe" in str(form.errors["name"])
    assert form["version"].value() == "2"
    again = RecordForm(SMALL, now, posted(name="Atlas"), now=now, version=2)
    assert again.is_valid()
    assert again.changes == {"name": "Atlas"}


def test_what_someone_else_changed_and_i_did_not_touch_stays_theirs() -> None:
    form = RecordForm(SMALL, BASE, posted(name="Atlas"), now={**BASE, "count": 9}, version=1, now_version=2)
    assert form.is_valid(), form.errors
    assert form.changes == {"name": "Atlas"}


def test_a_value_that_is_no_longer_among_the_choices_can_stay() -> None:
    field = form_field(SMALL.fields[5], "old")
    assert field.clean("old") == "old"


def test_the_form_of_the_register_is_made_of_every_field_and_fits_in_its_limits() -> None:
    form = RecordForm(FIELDS, {})
    headings = [heading for heading, _fields in form.groups]
    assert len(headings) == len(set(headings))
    shown = [bound.name for _heading, parts in form.groups for part in parts for bound in part.fields]
    assert sorted([*shown, "version"]) == sorted(form.fields)


def test_a_form_can_be_limited_to_the_field_in_question() -> None:
    form = RecordForm(SMALL, BASE, only=frozenset({"uses"}))
    assert set(form.fields) == {"uses", "note", "evidence_url", "version"}


def test_texts_in_further_languages_are_folded_until_they_are_needed() -> None:
    def folded(form: RecordForm) -> dict[str, bool]:
        return {part.summary: part.is_open for _heading, parts in form.groups for part in parts if part.summary}

    assert folded(RecordForm(FIELDS, {})) == {
        "In two sentences in another language": False,
        "Name in other languages": False,
    }
    said = RecordForm(FIELDS, {"names.de": "Karte"})
    assert "Name in other languages" not in folded(said)
    wrong = RecordForm(FIELDS, {}, {"name": "Map", "names.+text": "Karte"})
    assert not wrong.is_valid()
    assert folded(wrong)["Name in other languages"]
