"""Dates, windows and money in words, in both languages, never more certain than what is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from communs.apps.funding import wording
from communs.core.matching import Money, Opportunity, Window

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"model": "one_off", "closes": "2026-12-05", "precision": "day"}, "closes in 12 days (5\xa0December 2026)"),
        ({"model": "one_off", "closes": "2026-11-24", "precision": "day"}, "closes tomorrow (24\xa0November 2026)"),
        ({"model": "one_off", "closes": "2026-11-23", "precision": "day"}, "closes today (23\xa0November 2026)"),
        ({"model": "one_off", "closes": "2026-12-01", "precision": "month"}, "closes in December 2026"),
        (
            {"model": "one_off", "closes": "2026-10-01", "precision": "quarter"},
            "closes in the fourth quarter of 2026",
        ),
        ({"model": "one_off", "closes": "2026-10-01", "precision": "day"}, "closed: 1\xa0October 2026"),
        (
            {"model": "cutoffs", "closes": "2026-02-01", "precision": "day"},
            "the last date was 1\xa0February 2026; the next one is not confirmed",
        ),
        ({"model": "recurring"}, "comes back regularly; the next date is not known"),
        ({"model": "cutoffs"}, "several dates a year; the next one is not known"),
        ({"model": "rolling"}, "at any time, while money lasts"),
        ({"model": "permanent"}, "no closing date"),
        ({"model": "forecast"}, "announced, not open yet"),
        ({"model": "one_off", "opens": "2026-11-30", "precision": "day"}, "opens in 7 days (30\xa0November 2026)"),
        ({"model": "closed"}, "closed"),
        ({}, "not known whether it is open"),
    ],
)  # fmt: skip
def test_a_window_in_words(stated: dict[str, str], words: str) -> None:
    assert wording.window(Window.from_record(stated), TODAY) == words


def test_the_hour_and_its_place_are_told_where_known() -> None:
    stated = [{"model": "one_off", "closes": "2026-12-05T17:00", "precision": "minute", "tz": "Europe/Brussels"}]
    found = Opportunity.from_record({"id": "x", "windows": stated})
    assert wording.windows(found, TODAY, stated) == "closes in 12 days (5\xa0December 2026, 17:00 Brussels)"
    with override("fr"):
        assert wording.windows(found, TODAY, stated) == "clôture dans 12 jours (5\xa0décembre 2026, 17:00 Brussels)"


def test_the_window_that_says_most_today_is_told() -> None:
    stated = [{"model": "closed"}, {"model": "permanent"}]
    found = Opportunity.from_record({"id": "x", "windows": stated, "evidence": [{"seen_as_of": "2026"}]})
    assert wording.windows(found, TODAY, stated) == "no closing date"


def test_what_nobody_looked_at_for_years_is_not_said_to_be_open() -> None:
    found = Opportunity.from_record({"id": "x", "window": {"model": "permanent"}, "evidence": [{"seen_as_of": "2015"}]})
    assert wording.windows(found, TODAY) == "no closing date, when last seen"


@pytest.mark.parametrize(
    ("money", "english", "french"),
    [
        (Money(Decimal(5000), Decimal(50000), None, "EUR"), "€5,000 to €50,000", "5\u202f000\xa0€ à 50\u202f000\xa0€"),
        (Money(Decimal(5000), Decimal(5000), None, "USD"), "$5,000", "5\u202f000\xa0$"),
        (Money(Decimal(1), None, None, "SEK"), "SEK\xa01 or more", "1\xa0SEK ou plus"),
        (Money(None, Decimal("2.5"), None, "CHF"), "up to CHF\xa02.5", "jusqu’à 2,5\xa0CHF"),
        (Money(None, None, Decimal(9), "EUR"), "", ""),
        (None, "", ""),
    ],
)
def test_money_in_words(money: Money | None, english: str, french: str) -> None:
    assert wording.money(money) == english
    with override("fr"):
        assert wording.money(money) == french


def test_who_may_apply_is_not_stated_rather_than_nobody() -> None:
    assert wording.applicants(Opportunity("x")) == "not stated"
    assert wording.legal_entity(Opportunity("x")) == "legal form: not stated"


def test_exclusion_is_told_with_the_places() -> None:
    found = Opportunity("x", places=("EU27",), places_excluded=("FR",))
    assert wording.places(found) == "the European Union, except France"


@pytest.mark.parametrize("wrong", ["javascript:alert(1)", "data:text/html,x", "", None, "//x", "ftp://x"])
def test_only_web_addresses_become_links(wrong: Any) -> None:
    assert wording.link(wrong) == ""
