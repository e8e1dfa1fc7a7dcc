"""Canonical JSON: the examples of RFC 8785, and what has no canonical form."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.transparency import NotCanonical, canonical, read_canonical

DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def test_keys_stand_in_the_order_of_their_utf_16_units_as_in_section_3_2_3() -> None:
    document = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical(document)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_texts_are_escaped_as_in_section_3_2_2() -> None:
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    assert canonical({"string": text}) == '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()
    assert canonical("\b\t\n\f\r\u007f\u2028") == b'"\\b\\t\\n\\f\\r\x7f\xe2\x80\xa8"'
    assert canonical({"literals": [None, True, False]}) == b'{"literals":[null,true,false]}'


@given(DOCUMENTS)
def test_what_is_written_is_read_again_and_written_the_same(document: Any) -> None:
    data = canonical(document)
    assert read_canonical(data) == document
    assert canonical(json.loads(data)) == data


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"amount": 1.0}, r"\$\.amount: float has no canonical form"),
        ({"a": [0, 2**53]}, r"\$\.a\[1\]: the integer is beyond"),
        ({1: "x"}, r"a key must be a text"),
        ({"a": "\ud800"}, r"\$\.a: half a surrogate pair"),
        ({"\udfff": 1}, r"half a surrogate pair"),
        (b"bytes", r"\$: bytes has no canonical form"),
    ],
)
def test_what_others_would_read_otherwise_is_refused_with_its_place(document: Any, said: str) -> None:
    with pytest.raises(NotCanonical, match=said):
        canonical(document)


def test_a_document_that_is_too_deep_is_refused() -> None:
    deep: Any = []
    for _ in range(70):
        deep = [deep]
    with pytest.raises(NotCanonical, match="more than 64 levels"):
        canonical(deep)
    with pytest.raises(NotCanonical):
        read_canonical(b"[" * 100_000)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": 1}', "Byte 5: RFC 8785 writes"),
        (b'{"b":1,"a":2}', "Byte 2"),
        (b'{"a":1,"a":1}', "Byte 6"),
        (b'{"a":"\\u00e9"}', "Byte 6"),
        (b'{"a":1}\n', "Byte 7"),
        (b'{"a":1e2}', "1e2 is not an integer"),
        (b'{"a":NaN}', "NaN is not an integer"),
        (b"\xff", "not JSON in UTF-8"),
        (b"{", "not JSON in UTF-8"),
    ],
)
def test_bytes_that_are_not_the_canonical_ones_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(NotCanonical, match=said):
        read_canonical(data)
