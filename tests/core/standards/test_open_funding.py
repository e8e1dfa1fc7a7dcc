"""A Markdown list of funders: names, links and days are taken over, sentences are not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core import matching
from communs.core.standards.formats import Sample
from communs.core.standards.open_funding import read, recognise

LIST = """# Some list

- [Grants](#grants)

## Grants

### [`Commons Fund`](https://fund.example/) :netherlands:

#### About

A sentence that belongs to those who wrote it.

##### [`Its sister fund`](https://fund.example/sister)

#### Eligibility Criteria

Another sentence.

#### Application

<https://fund.example/apply>

#### Deadline

Closes: 2026-12-31 23:59.

---

### [`Fonds des communs`](https://fonds.example/appel) 🇫🇷

#### Application

N/A

#### Deadline

There are no deadlines. Applications are accepted year-round.

## Currently Not Applicable

### [`Old Prize`](https://prize.example/)

#### Deadline

- Feb 1 2019

## Notable Projects

### [`A project`](https://project.example/)
"""


def records(text: str) -> dict[str, Any]:
    return {record["title"]: record for record in read(text).records}


def with_deadline(text: str) -> Any:
    return records(LIST.replace("Closes: 2026-12-31 23:59.", text))["Commons Fund"].get("window")


def test_funders_are_read_with_links_country_and_closing_day() -> None:
    found = records(LIST)
    assert list(found) == ["Commons Fund", "Fonds des communs", "Old Prize"]
    fund = found["Commons Fund"]
    assert fund["url"] == "https://fund.example/"
    assert fund["application_url"] == "https://fund.example/apply"
    assert fund["funder"] == {"name": "Commons Fund", "url": "https://fund.example/", "country": "NL"}
    assert (fund["window"]["model"], fund["window"]["closes"]) == ("one_off", "2026-12-31")
    assert found["Fonds des communs"]["window"]["model"] == "permanent"
    assert found["Fonds des communs"]["funder"]["country"] == "FR"
    assert found["Old Prize"]["window"]["model"] == "closed"


def test_no_sentence_of_the_list_is_in_a_record_and_each_is_to_be_confirmed() -> None:
    for record in read(LIST).records:
        assert "entence" not in str(record)
        assert "ccepted" not in str(record)
        assert record["to_be_confirmed"] is True
        matching.Opportunity.from_record(record)


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("- Feb 1 2027", "2027-02-01"),
        ("closed - deadline was 23:59 on Sunday 20 October 2024", "2024-10-20"),
        ("March 3rd, 2027, then 1 May 2027", "2027-05-01"),
        ("N/A", None),
        ("The next phase starts on August 1st, 2027.", None),
        ("As of 2024-09-13 nothing is known.", None),
        ("31 June 2027", None),
    ],
)
def test_only_a_day_that_can_be_the_last_one_is_taken(text: str, closes: str | None) -> None:
    window = with_deadline(text)
    assert (window and window["closes"]) == closes


def test_a_deadline_that_cannot_be_read_is_told_with_its_place() -> None:
    document = read(LIST.replace("Closes: 2026-12-31 23:59.", "Some time in autumn"))
    [problem] = document.problems
    assert (problem.code, problem.line, problem.severity) == ("deadline-not-read", 7, "warning")


def test_a_name_without_a_page_or_a_second_time_is_left_out_and_told() -> None:
    broken = LIST.replace("https://prize.example/", "prize").replace("`Fonds des communs`", "`Commons Fund`")
    document = read(broken)
    assert [record["title"] for record in document.records] == ["Commons Fund"]
    assert sorted(found.code for found in document.problems) == ["no-link", "repeated-record"]


def test_a_file_without_funders_is_an_error() -> None:
    assert [found.code for found in read("# Nothing\n\n## Grants\n").problems] == ["no-records"]


def test_the_list_is_recognised_and_other_markdown_is_not() -> None:
    assert recognise(Sample(LIST))
    assert recognise(Sample(LIST.encode()))
    for other in (
        "# Title\n\n## Grants\n\nText",
        "key: value",
        "{}",
        "",
        "# [`x`](https://e.example)\n\n## Deadline\n",
    ):
        assert not recognise(Sample(other))


@given(st.lists(st.sampled_from([*LIST.splitlines(), "####", "### [`", "](", "🇫", "\x00", "31/02/2027"]), max_size=40))
def test_nothing_in_a_file_breaks_the_reading(lines: list[str]) -> None:
    for problem in read("\n".join(lines)).problems:
        assert problem.line >= 1
        assert problem.say()
        assert problem.say_fix()
