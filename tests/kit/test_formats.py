"""Dates, amounts, numbers and names as a person writes them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override

from communs.kit import formats
from communs.kit.places import CODES, place_in_sentence, place_name

NARROW, HARD = "\u202f", "\u00a0"
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("given", "english", "french"),
    [
        ("2026-12-05", f"5{HARD}December 2026", f"5{HARD}décembre 2026"),
        ("2027-01-01", f"1{HARD}January 2027", f"1er{HARD}janvier 2027"),
        (date(2026, 8, 31), f"31{HARD}August 2026", f"31{HARD}août 2026"),
        (datetime(2026, 12, 5, 23, 30, tzinfo=UTC), f"6{HARD}December 2026", f"6{HARD}décembre 2026"),
        ("2026-12-05T17:00:00+01:00", f"5{HARD}December 2026", f"5{HARD}décembre 2026"),
        ("2026-12", "December 2026", "décembre 2026"),
        ("2026-Q4", "fourth quarter of 2026", "quatrième trimestre 2026"),
        ("2026", "2026", "2026"),
        (None, "", ""),
        ("", "", ""),
        ("after the summer", "after the summer", "after the summer"),
        ("2026-02-31", "2026-02-31", "2026-02-31"),
        ("2026-13", "2026-13", "2026-13"),
    ],
)
def test_a_date_of_any_precision_is_written_as_a_person_writes_it(given: object, english: str, french: str) -> None:
    with override("en"):
        assert formats.day(given) == english  # type: ignore[arg-type]
    with override("fr"):
        assert formats.day(given) == french  # type: ignore[arg-type]


def test_a_moment_is_given_in_the_time_of_the_site() -> None:
    moment = datetime(2026, 12, 5, 16, 0, tzinfo=UTC)
    with override("en"):
        assert formats.moment(moment) == f"5{HARD}December 2026, 17:00"
    with override("fr"):
        assert formats.moment(moment) == f"5{HARD}décembre 2026 à 17:00"


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        (date(2026, 11, 23), "today", "aujourd’hui"),
        (date(2026, 11, 24), "tomorrow", "demain"),
        (date(2026, 11, 22), "yesterday", "hier"),
        (date(2026, 12, 5), "in 12 days", "dans 12 jours"),
        (date(2026, 11, 21), "2 days ago", "il y a 2 jours"),
        (date(2027, 1, 21), "in 59 days", "dans 59 jours"),
        (date(2027, 1, 22), "in 1 month", "dans 1 mois"),
        (date(2027, 5, 23), "in 5 months", "dans 5 mois"),
        (date(2025, 11, 23), "11 months ago", "il y a 11 mois"),
        (date(2023, 11, 1), "3 years ago", "il y a 3 ans"),
        (date(2030, 1, 1), "in 3 years", "dans 3 ans"),
    ],
)
def test_a_distance_is_told_in_the_unit_a_person_would_choose(day: date, english: str, french: str) -> None:
    with override("en"):
        assert formats.distance(day, TODAY) == english
    with override("fr"):
        assert formats.distance(day, TODAY) == french


@pytest.mark.parametrize("vague", ["2026-12", "2026", "", None, "soon"])
def test_a_date_less_precise_than_a_day_has_no_distance(vague: str | None) -> None:
    assert formats.as_day(vague) is None


@pytest.mark.parametrize(
    ("value", "currency", "english", "french"),
    [
        (5000, "EUR", "€5,000", f"5{NARROW}000{HARD}€"),
        ("21600000", "EUR", "€21,600,000", f"21{NARROW}600{NARROW}000{HARD}€"),
        ("1234.50", "EUR", "€1,234.50", f"1{NARROW}234,50{HARD}€"),
        ("100.00", "GBP", "£100", f"100{HARD}£"),
        (Decimal(75000), "SEK", f"SEK{HARD}75,000", f"75{NARROW}000{HARD}SEK"),
        (300, None, "300", "300"),
        (0, "USD", "$0", f"0{HARD}$"),
        (None, "EUR", "", ""),
        ("some", "EUR", "€some", f"some{HARD}€"),
    ],
)
def test_an_amount_is_written_in_the_readers_language(
    value: int | Decimal | str | None, currency: str | None, english: str, french: str
) -> None:
    with override("en"):
        assert formats.amount(value, currency) == english
    with override("fr"):
        assert formats.amount(value, currency) == french


def test_names_of_places_and_languages_are_in_the_readers_language() -> None:
    with override("en"):
        assert [place_name(code) for code in ("DE", "EL", "GR", "EU27", "INT")] == [
            "Germany",
            "Greece",
            "Greece",
            "European Union",
            "worldwide",
        ]
        assert [formats.language_name(code) for code in ("fr", "mul", "mt", "pt-BR")] == [
            "French",
            "several languages",
            "Maltese",
            "Brazilian Portuguese",
        ]
    with override("fr"):
        assert [place_name(code) for code in ("DE", "GR", "INT")] == ["Allemagne", "Grèce", "monde entier"]
        assert [formats.language_name(code) for code in ("fr", "de", "mul")] == [
            "français",
            "allemand",
            "plusieurs langues",
        ]


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert place_name("QZ") == "QZ"
    assert formats.language_name("qzz") == "qzz"


def test_every_place_has_a_french_name_that_somebody_wrote() -> None:
    same_in_both = {"France", "Canada", "Ghana", "Guatemala", "Kenya", "Kosovo", "Liechtenstein", "Luxembourg"}
    same_in_both |= {"Nouvelle-Aquitaine", "Monaco", "Nigeria", "Portugal", "Ukraine"}
    for code in sorted(CODES):
        with override("en"):
            english = place_name(code)
        with override("fr"):
            french = place_name(code)
        assert english != code
        assert french != english or english in same_in_both


def test_a_sentence_has_the_article_that_a_list_does_not() -> None:
    codes = ("NL", "UK", "EU", "INT", "RS")
    with override("en"):
        assert [place_name(code) for code in codes] == [
            *("Netherlands", "United Kingdom", "European Union", "worldwide", "Serbia"),
        ]
        assert [place_in_sentence(code) for code in codes] == [
            *("the Netherlands", "the United Kingdom", "the European Union", "anywhere", "Serbia"),
        ]
    with override("fr"):
        assert [place_name(code) for code in codes] == [
            *("Pays-Bas", "Royaume-Uni", "Union européenne", "monde entier", "Serbie"),
        ]


@pytest.mark.parametrize(
    ("precision", "english", "french"),
    [
        ("month", "October 2026", "octobre 2026"),
        ("quarter", "the fourth quarter of 2026", "le quatrième trimestre 2026"),
        ("year", "2026", "2026"),
        ("day", f"1{HARD}October 2026", f"1er{HARD}octobre 2026"),
    ],
)
def test_a_day_is_told_no_more_exactly_than_it_is_known(precision: str, english: str, french: str) -> None:
    with override("en"):
        assert formats.period(date(2026, 10, 1), precision) == english
    with override("fr"):
        assert formats.period(date(2026, 10, 1), precision) == french


def test_figures_have_their_thousands_apart_and_no_empty_decimals() -> None:
    with override("en"):
        assert [formats.number(value) for value in (1234567, "70.0", 0.5, "many", None)] == [
            *("1,234,567", "70", "0.5", "many", ""),
        ]
        assert formats.share(Decimal("0.70")) == "70%"
    with override("fr"):
        assert formats.number("1234.5") == f"1{NARROW}234,5"
        assert formats.share(Decimal("0.125")) == f"12,5{HARD}%"
