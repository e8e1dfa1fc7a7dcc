"""What a day says about windows."""

from datetime import date

import pytest

from communs.core.matching import Opportunity, Window, WindowStatus, status

TODAY = date(2026, 11, 23)
PAST, SOON, LATER = date(2026, 2, 1), date(2026, 12, 5), date(2027, 3, 31)


def fund(*windows: Window) -> Opportunity:
    return Opportunity("fund", windows=windows)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window("closed", closes=LATER), "closed"),
        (Window("one_off", closes=LATER), "open"),
        (Window("one_off", closes=SOON), "closing"),
        (Window("one_off", closes=TODAY), "closing"),
        (Window("one_off", closes=PAST), "closed"),
        (Window("one_off"), "unknown"),
        (Window("one_off", opens=SOON, closes=LATER), "forecast"),
        (Window("cutoffs", closes=PAST), "between"),
        (Window("cutoffs", closes=LATER), "open"),
        (Window("cutoffs"), "unknown"),
        (Window("recurring", opens=PAST, closes=PAST), "between"),
        (Window("recurring", opens=SOON, closes=LATER), "forecast"),
        (Window("recurring"), "unknown"),
        (Window("rolling"), "open"),
        (Window("rolling", opens=SOON), "forecast"),
        (Window("permanent"), "permanent"),
        (Window("permanent", closes=PAST), "closed"),
        (Window("forecast"), "forecast"),
        (Window("forecast", opens=PAST), "unknown"),
        (Window("forecast", closes=PAST), "unknown"),
    ],
)
def test_a_window_has_one_state_a_day(window: Window, expected: WindowStatus) -> None:
    assert status(fund(window), TODAY) == expected


def test_the_best_of_several_windows_counts() -> None:
    assert status(fund(Window("cutoffs", closes=PAST), Window("cutoffs", closes=SOON)), TODAY) == "closing"
    assert status(fund(Window("closed"), Window("one_off", opens=SOON)), TODAY) == "forecast"


def test_no_window_is_no_statement() -> None:
    assert status(fund(), TODAY) == "unknown"


@pytest.mark.parametrize(
    ("precision", "last"),
    [("day", (2026, 2, 1)), ("month", (2026, 2, 28)), ("quarter", (2026, 3, 31)), ("year", (2026, 12, 31))],
)
def test_a_coarse_date_lasts_to_the_end_of_what_it_names(precision: str, last: tuple[int, int, int]) -> None:
    assert Window("one_off", closes=PAST, precision=precision).last_day == date(*last)


@pytest.mark.parametrize(
    ("confirmed", "window", "expected"),
    [
        ("2019", Window("permanent"), "unknown"),
        ("2024", Window("permanent"), "permanent"),
        ("2024-11-22", Window("rolling"), "unknown"),
        ("2024-11-24", Window("rolling"), "open"),
        ("2024-10", Window("rolling"), "unknown"),
        ("2019", Window("one_off", closes=LATER), "open"),
        ("", Window("permanent"), "permanent"),
        ("some day", Window("permanent"), "permanent"),
    ],
)
def test_a_source_without_a_last_day_is_not_called_open_two_years_after_it_was_confirmed(
    confirmed: str, window: Window, expected: WindowStatus
) -> None:
    opportunity = Opportunity("fund", windows=(window,), last_confirmed=confirmed)

    assert status(opportunity, TODAY) == expected
