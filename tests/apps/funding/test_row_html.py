"""The markup of a row, written by hand: whatever it is given stands there as text."""

from __future__ import annotations

from dataclasses import fields
from html.parser import HTMLParser

import pytest

from communs.apps.funding.pages.row_html import around_the_answer, plain
from communs.apps.funding.pages.rows import Row

EVIL = """"'><script>alert(1)</script>&amp;<img src=x onerror=alert(1)>"""
ROW = Row(
    "a-fund", "A fund", "fr", "/en/funding/a-fund/", "until 5 May", "soon", "€50", "facts", "source", "Compare it"
)


class Reader(HTMLParser):
    """What a browser would see: tags with their attributes, and the text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def both(row: Row) -> list[str]:
    return [plain(row), around_the_answer(row).fill("/url/", "met", "You can apply")]


def test_a_row_says_what_it_is_given() -> None:
    read = Reader(plain(ROW))
    assert [tag for tag, _attributes in read.tags] == ["li", "h2", "input", "a", "p", "p"]
    assert dict(read.tags)["a"] == {"href": "/en/funding/a-fund/", "lang": "fr"}
    assert dict(read.tags)["input"]["aria-label"] == "Compare it"
    assert read.text.split() == ["A", "fund", "€50", "until", "5", "May", "facts"]
    assert 'class="when soon"' in plain(ROW)


def test_a_row_with_an_answer_leads_to_the_match_and_says_the_answer() -> None:
    read = Reader(around_the_answer(ROW).fill("/match/", "met", "✓ You can apply"))
    assert dict(read.tags)["a"]["href"] == "/match/"
    assert read.text.split() == [
        "A",
        "fund",
        "✓",
        "You",
        "can",
        "apply",
        "€50",
        "·",
        "until",
        "5",
        "May",
        "·",
        "source",
    ]


@pytest.mark.parametrize("name", [field.name for field in fields(Row) if field.name != "verdict"])
def test_no_field_of_a_row_can_become_markup(name: str) -> None:
    from dataclasses import replace

    evil = replace(ROW, **{name: EVIL})
    for markup, expected in zip(both(evil), both(ROW), strict=True):
        read, plainly = Reader(markup), Reader(expected)
        assert [tag for tag, _ in read.tags] == [tag for tag, _ in plainly.tags]
        assert [sorted(attributes) for _, attributes in read.tags] == [sorted(a) for _, a in plainly.tags]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_nothing_of_an_answer_can_become_markup(place: int) -> None:
    given = ["/url/", "met", "You can apply"]
    given[place] = EVIL
    read = Reader(around_the_answer(ROW).fill(*given))
    assert [tag for tag, _ in read.tags] == ["li", "h2", "input", "a", "p", "p"]
    assert [sorted(attributes) for tag, attributes in read.tags if tag == "a"] == [["href", "lang"]]
    values = [value for _, attributes in read.tags for value in attributes.values()]
    assert EVIL in [*values, *[line.strip() for line in read.text.splitlines()]]
