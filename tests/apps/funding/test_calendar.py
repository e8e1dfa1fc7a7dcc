"""What is closing and what changed: a month by its days, the newest changes, for everyone or for one commons."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communs.apps.funding import queries
from communs.apps.funding.models import Opportunity, OpportunityRevision
from communs.apps.funding.queries.calendar import marks_in, month_after, month_before, next_month_with_marks, weeks_of
from communs.apps.register.actions import appoint_steward
from communs.kit.records import actions
from communs.kit.records.actions import Author
from communs.kit.records.models import Method, Visibility

CALENDAR, CHANGES = "/en/funding/calendar/", "/en/funding/changes/"
ATOM = "{http://www.w3.org/2005/Atom}"
QUERIES_MAX = 12


@pytest.fixture(autouse=True)
def _no_page_cache(settings: Any) -> None:
    settings.PUBLIC_PAGE_SECONDS = 0


def window(**said: Any) -> list[dict[str, Any]]:
    return [{"model": "one_off", "precision": "day", **said}]


def titles(response: Any) -> list[str]:
    """The titles of the rows that a page shows, in their order."""
    found = re.findall(r"<h3><a [^>]*>([^<]+)</a></h3>", response.content.decode())
    return [html.unescape(title) for title in found]


def tags(response: Any) -> list[str]:
    found = re.findall(r'<p><span class="tag[^"]*">([^<]+)</span></p>', response.content.decode())
    return [html.unescape(tag).replace("\xa0", " ") for tag in found]


# The calendar.


def test_a_month_says_what_opens_and_closes_day_by_day(client: Client, make: Any) -> None:
    make("late", windows=window(closes="2098-12-20"))
    make("early", windows=window(opens="2098-12-05", closes="2099-02-01"))
    make("other", windows=window(closes="2099-01-01"))
    page = client.get(f"{CALENDAR}?month=2098-12")
    assert titles(page) == ["Fund early", "Fund late"]
    assert tags(page) == ["opens Friday, 5 December 2098", "closes Saturday, 20 December 2098"]
    assert "Week of 1\xa0December 2098" in page.content.decode()
    assert titles(client.get(f"{CALENDAR}?month=2099-02")) == ["Fund early"]


def test_the_grid_leads_to_the_first_row_of_a_day(client: Client, make: Any) -> None:
    make("a", windows=window(closes="2098-12-05"))
    make("b", windows=window(closes="2098-12-05"))
    page = client.get(f"{CALENDAR}?month=2098-12").content.decode()
    assert '<a href="#d-2098-12-05" aria-label="Friday, 5\xa0December 2098: 2 dates">' in page
    assert page.count('id="d-2098-12-05"') == 1
    assert "<caption>December 2098</caption>" in page


def test_less_exact_dates_stand_apart_in_every_month_that_they_may_mean(client: Client, make: Any) -> None:
    make("month", windows=window(closes="2098-12-01", precision="month"))
    make("quarter", windows=window(closes="2098-11-15", precision="quarter"))
    make("year", windows=window(opens="2098-01-01", precision="year"))
    december = client.get(f"{CALENDAR}?month=2098-12")
    assert tags(december) == [
        "opens in 2098",
        "closes in the fourth quarter of 2098",
        "closes in December 2098",
    ]
    assert "Without an exact day" in december.content.decode()
    assert 'id="d-' not in december.content.decode()
    assert titles(client.get(f"{CALENDAR}?month=2098-10")) == ["Fund year", "Fund quarter"]
    assert titles(client.get(f"{CALENDAR}?month=2098-09")) == ["Fund year"]
    assert titles(client.get(f"{CALENDAR}?month=2099-01")) == []


def test_what_is_past_is_not_said_to_have_happened(client: Client, make: Any) -> None:
    make("gone", windows=window(opens="2020-05-04", closes="2020-05-20"))
    assert tags(client.get(f"{CALENDAR}?month=2020-05")) == [
        "was to open Monday, 4 May 2020",
        "last day: Wednesday, 20 May 2020",
    ]


def test_without_a_month_or_with_a_wrong_one_it_is_this_month(client: Client, today: date, make: Any) -> None:
    make("now", windows=window(closes=today.isoformat()))
    for query in ("", "?month=nonsense", "?month=2026-13", "?month=0000-01", "?month=1999-12", "?month=2100-01"):
        page = client.get(CALENDAR + query)
        assert titles(page) == ["Fund now"]
        assert 'aria-current="date"' in page.content.decode()


def test_months_lead_to_each_other_and_end_somewhere(client: Client, db: None) -> None:
    page = client.get(f"{CALENDAR}?month=2098-12&kind=grant").content.decode()
    for target in ("month=2098-11", "month=2099-01"):
        assert re.search(rf'href="\?[^"]*kind=grant[^"]*{target}"', page)
    assert 'rel="next"' not in client.get(f"{CALENDAR}?month=2099-12").content.decode()
    assert 'rel="prev"' not in client.get(f"{CALENDAR}?month=2000-01").content.decode()


def test_an_empty_month_says_where_the_next_date_is(client: Client, make: Any) -> None:
    make("later", windows=window(closes="2098-12-20"))
    page = client.get(f"{CALENDAR}?month=2098-03").content.decode()
    assert "No source names a day in March 2098." in page
    assert "The next date is in December 2098" in page
    assert 'href="?month=2098-12"' in page


def test_filters_of_the_list_hold_in_the_calendar(client: Client, make: Any) -> None:
    make("a", kind="grant", windows=window(closes="2098-12-05"))
    make("b", kind="prize", windows=window(closes="2098-12-05"))
    page = client.get(f"{CALENDAR}?month=2098-12&kind=prize")
    assert titles(page) == ["Fund b"]
    assert "The filters of the list hold here too." in page.content.decode()
    assert 'href="/en/funding/?kind=prize"' in page.content.decode()


def test_for_a_commons_only_what_is_not_refused_is_shown(client: Client, make: Any, atlas: Any) -> None:
    everyone = {
        "recipients": ["individual", "informal_collective"],
        "countries": ["INT"],
        "licence_requirement": "none",
    }
    make("fits", **everyone, commons_kinds=["software"], windows=window(closes="2098-12-05"))
    make("never", **everyone, commons_kinds=["hardware"], windows=window(closes="2098-12-05"))
    make("asks", windows=window(closes="2098-12-06"))
    page = client.get(f"{CALENDAR}?month=2098-12&for={atlas.public_id}")
    matches = {each.public_id for each in Opportunity.objects.all()} - {"never"}
    assert set(titles(page)) == {f"Fund {name}" for name in matches}
    assert f"/en/funding/fits/for/{atlas.public_id}/" in page.content.decode()
    assert client.get(f"{CALENDAR}?for=nothing").status_code == 404


def test_one_click_for_each_commons_that_one_looks_after(
    client: Client, signed_in: Any, bob: Any, atlas: Any, make_commons: Any
) -> None:
    make_commons("elsewhere")
    appoint_steward(atlas, bob, by=None)
    for path in (CALENDAR, CHANGES):
        page = signed_in(bob).get(path).content.decode()
        assert f'<a href="?for={atlas.public_id}">for Atlas</a>' in page
        assert "elsewhere" not in page.lower()
        assert "for Atlas" not in client.get(path).content.decode()


def test_choosing_a_commons_leads_back_to_the_page_one_came_from(client: Client, atlas: Any) -> None:
    for name in ("calendar", "changes", "list"):
        target = client.get(f"/en/funding/for/?q=Atlas&to={name}")["Location"]
        assert target.endswith(f"?for={atlas.public_id}")
        assert name == "list" or f"/{name}/" in target


def test_a_full_month_is_paged_and_its_days_are_found_on_their_page(client: Client, make: Any) -> None:
    for number in range(45):
        make(f"f{number:02}", windows=window(closes=f"2098-12-{1 + number // 3:02}"))
    first = client.get(f"{CALENDAR}?month=2098-12")
    assert len(titles(first)) == 40
    assert 'href="?month=2098-12&amp;page=2#d-2098-12-15"' in first.content.decode()
    second = client.get(f"{CALENDAR}?month=2098-12&page=2").content.decode()
    assert 'id="d-2098-12-15"' in second
    assert 'href="?month=2098-12#d-2098-12-01"' in second


def test_only_public_entries_have_dates(client: Client, make: Any) -> None:
    make("doubtful", Visibility.UNCONFIRMED, windows=window(closes="2098-12-05"))
    assert titles(client.get(f"{CALENDAR}?month=2098-12")) == []


def test_a_calendar_costs_few_queries(client: Client, make: Any) -> None:
    for number in range(20):
        make(f"f{number}", windows=window(closes="2098-12-05"))
    with CaptureQueriesContext(connection) as captured:
        client.get(f"{CALENDAR}?month=2098-12")
    assert len(captured) <= QUERIES_MAX


def test_weeks_and_months_are_counted_as_calendars_do() -> None:
    weeks = weeks_of(date(2026, 2, 1))
    assert (weeks[0][0], weeks[-1][-1]) == (date(2026, 1, 26), date(2026, 3, 1))
    assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert month_before(date(2026, 1, 1)) == date(2025, 12, 1)


def test_the_next_month_with_a_date_is_after_this_one(make: Any, today: date) -> None:
    make("a", windows=window(closes="2098-12-05"))
    snapshot = queries.current(today)
    assert next_month_with_marks(snapshot, snapshot.index.all, date(2098, 11, 1)) == date(2098, 12, 1)
    assert next_month_with_marks(snapshot, snapshot.index.all, date(2098, 12, 1)) is None
    assert len(marks_in(snapshot, snapshot.index.all, date(2098, 12, 1))) == 1


# What changed.


def restate(record: Any, person: Any, **values: Any) -> None:
    actions.state(record, values, Author(person, Method.EDITOR))


def date_back(record: Any, days: int) -> None:
    """As if the entry had been made so many days ago."""
    at = timezone.now() - timedelta(days=days)
    Opportunity.objects.filter(pk=record.pk).update(created_at=at)
    OpportunityRevision.objects.filter(subject=record).update(at=at)


def test_changes_are_told_in_words_newest_first(client: Client, make: Any, eva: Any) -> None:
    first = make("first", windows=window(closes="2098-12-05"))
    date_back(first, 3)
    make("second")
    date_back(Opportunity.objects.get(public_id="second"), 2)
    restate(first, eva, windows=window(closes="2099-01-15"), programme="Another one")
    page = client.get(CHANGES)
    assert titles(page) == ["Fund first", "Fund second", "Fund first"]
    assert tags(page) == [
        "the closing date moved from 5 December 2098 to 15 January 2099",
        "new in the catalogue",
        "new in the catalogue",
    ]
    text = page.content.decode()
    assert "Another one" in text
    assert "/en/funding/first/history/2/" in text


def test_an_end_that_somebody_notes_is_told(client: Client, make: Any, eva: Any) -> None:
    fund = make("fund", windows=window(closes="2098-12-05"))
    restate(fund, eva, windows=[{"model": "closed"}])
    assert tags(client.get(CHANGES))[0] == "it is closed"


def test_days_that_come_are_changes_too_but_none_from_before_an_entry_was_here(
    client: Client, make: Any, today: date
) -> None:
    day = timedelta(days=1)
    old = make("old", windows=window(opens=(today - 20 * day).isoformat(), closes=(today - 3 * day).isoformat()))
    date_back(old, 40)
    new = make("new", windows=window(opens=(today - 20 * day).isoformat(), closes=(today - 3 * day).isoformat()))
    date_back(new, 10)
    page = client.get(CHANGES)
    assert list(zip(titles(page), tags(page), strict=True)) == [
        ("Fund old", "a closing date has passed"),
        ("Fund new", "a closing date has passed"),
        ("Fund new", "new in the catalogue"),
        ("Fund old", "the day has come on which it was to open"),
        ("Fund old", "new in the catalogue"),
    ]


def test_days_of_the_page_are_days_of_the_site(client: Client, make: Any) -> None:
    fund = make("fund")
    late = timezone.make_aware(datetime.combine(date(2026, 3, 1), time(0, 30)))
    OpportunityRevision.objects.filter(subject=fund).update(at=late)
    assert "Sunday, 1\xa0March 2026" in client.get(CHANGES).content.decode()


def test_changes_of_what_is_not_public_are_not_told(client: Client, make: Any, eva: Any) -> None:
    make("doubtful", Visibility.UNCONFIRMED)
    fund = make("fund")
    actions.set_visibility(fund, Visibility.REMOVED, eva)
    page = client.get(CHANGES)
    assert titles(page) == []
    assert "Nothing has changed yet." in page.content.decode()


def test_changes_for_one_commons_leave_out_what_refuses_it(
    client: Client, data_fund: Any, atlas: Any, make: Any
) -> None:
    make("open")
    page = client.get(f"{CHANGES}?for={atlas.public_id}")
    assert titles(page) == ["Fund open"]
    assert len(titles(client.get(CHANGES))) == 2


def test_changes_are_paged(client: Client, make: Any) -> None:
    for number in range(25):
        make(f"f{number}")
    assert (len(titles(client.get(CHANGES))), len(titles(client.get(f"{CHANGES}?page=2")))) == (20, 5)


def test_the_feed_holds_the_same_and_its_entries_keep_their_ids(
    client: Client, make: Any, eva: Any, today: date
) -> None:
    fund = make("fund", windows=window(closes=(today - timedelta(days=2)).isoformat()))
    date_back(fund, 30)
    restate(fund, eva, programme="Another one")
    feed = ElementTree.fromstring(client.get(f"{CHANGES}feed.atom").content)  # noqa: S314 - our own
    found = [(entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}id")) for entry in feed.iter(f"{ATOM}entry")]
    assert [title for title, _id in found] == [
        "Fund fund: changed",
        "Fund fund: a closing date has passed",
        "Fund fund: new in the catalogue",
    ]
    again = ElementTree.fromstring(client.get("/fr/funding/changes/feed.atom").content)  # noqa: S314
    assert [entry.findtext(f"{ATOM}id") for entry in again.iter(f"{ATOM}entry")] == [key for _title, key in found]
    assert len({key for _title, key in found}) == 3
    assert client.get(f"{CHANGES}feed.atom?for=nothing").status_code == 404


def test_changes_cost_few_queries(client: Client, make: Any, today: date) -> None:
    for number in range(20):
        date_back(make(f"f{number}", windows=window(closes=(today - timedelta(days=1)).isoformat())), 30)
    with CaptureQueriesContext(connection) as captured:
        client.get(CHANGES)
    assert len(captured) <= QUERIES_MAX


def test_the_list_and_the_first_page_lead_to_both(client: Client, open_fund: Any) -> None:
    for path in ("/en/", "/en/funding/"):
        page = client.get(path).content.decode()
        assert CALENDAR in page
        assert CHANGES in page
    assert f"{CALENDAR}?kind=grant" in client.get("/en/funding/?kind=grant").content.decode()
