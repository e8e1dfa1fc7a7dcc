"""Diffs that a person can read."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from communs.apps.register.fields import FIELDS
from communs.kit.records.history import changes_of, compare


def test_only_the_words_that_changed_are_marked() -> None:
    segments = compare("Free map of the world", "Free atlas of the whole world")
    assert [(segment.how, segment.text) for segment in segments] == [
        ("same", "Free "),
        ("removed", "map"),
        ("added", "atlas"),
        ("same", " of the "),
        ("added", "whole "),
        ("same", "world"),
    ]


@given(before=st.text(max_size=60), after=st.text(max_size=60))
def test_both_texts_can_be_read_off_the_diff(before: str, after: str) -> None:
    segments = compare(before, after)
    assert "".join(segment.text for segment in segments if segment.how != "added") == before
    assert "".join(segment.text for segment in segments if segment.how != "removed") == after


def test_very_long_texts_are_shown_whole() -> None:
    segments = compare("a " * 3000, "b " * 3000)
    assert [segment.how for segment in segments] == ["removed", "added"]


@pytest.mark.parametrize(
    ("language", "label", "after"),
    [("en", "Legal form", "cooperative"), ("fr", "Forme juridique", "coopérative")],
)
def test_codes_and_labels_are_in_the_readers_language(language: str, label: str, after: str) -> None:
    with translation.override(language):
        (change,) = changes_of(FIELDS, {"steward.form": ["association", "cooperative"]})
    assert (change.label, change.after) == (label, after)


def test_lists_of_objects_read_as_lines() -> None:
    licences = [{"part": "code", "spdx": "MIT"}, {"part": "data", "spdx": "ODbL-1.0"}]
    (change,) = changes_of(FIELDS, {"licences": [None, licences]})
    assert change.is_new
    assert change.after == "code: MIT\ndata: ODbL-1.0"


def test_a_field_that_nobody_described_is_still_shown() -> None:
    (change,) = changes_of(FIELDS, {"identifiers.debian_source": [None, "josm"]})
    assert change.label == "Identifier: debian source"
