"""What happened between two states: the tables of the rule, and properties over any calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.apps.following.happenings import OPEN_NOW, State, Step, happened, status_on
from communs.apps.following.windows import Placed, pair, turning_days, when_of
from communs.cli.house import ROOT

TODAY = date(2026, 11, 25)


def window(model: str = "one_off", opens: str = "", closes: str = "", **more: Any) -> dict[str, Any]:
    said = {"model": model, "opens": opens, "closes": closes, "precision": "day", **more}
    return {name: value for name, value in said.items() if value}


def changed(before: list[Any], after: list[Any], **diff: Any) -> list[str]:
    """The events of one change today, as "kind about"."""
    old, new = State(1, True, tuple(before)), State(2, True, tuple(after))
    steps = [Step(TODAY, 2, tuple(after))] if before != after else []
    told = {**({"windows": [before, after]} if before != after else {}), **diff}
    return [f"{draft.kind} {draft.about}" for draft in happened(old, TODAY, new, steps, told, TODAY)]


def passed(windows: list[Any], told_until: date) -> list[str]:
    """What the calendar brought since."""
    state = State(1, True, tuple(windows))
    return [f"{draft.kind} {draft.about}" for draft in happened(state, told_until, state, [], {}, TODAY)]


def in_words(text: str) -> list[dict[str, Any]]:
    """Windows as the rule writes them: `one_off closes 2026-12-24 17:00, rolling`."""
    found = []
    for part in text.split(", ") if text != "nothing" else ():
        model, *words = part.split()
        days = re.findall(r"(opens|closes) (\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))?", " ".join(words))
        found.append(window(model, **{name: f"{day}T{hour}" if hour else day for name, day, hour in days}))
    return found


def worked_examples() -> list[tuple[str, str, str]]:
    """The table of the rule."""
    text = (ROOT / "docs" / "rules" / "following.md").read_text(encoding="utf-8")
    table = text.partition("| before | after | told |")[2].partition("\n\n")[0]
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.splitlines()[2:]]
    return [(before, after, told) for before, after, told in rows]


@pytest.mark.parametrize(("before", "after", "told"), worked_examples())
def test_the_table_of_the_rule_holds(before: str, after: str, told: str) -> None:
    (event,) = changed(in_words(before), in_words(after))
    assert event == {"closing": "closing 2026-12-01"}.get(told, f"{told} v2")


def test_a_note_about_a_window_is_a_change_and_no_other_date() -> None:
    before = [window(closes="2026-12-24")]
    assert changed(before, [{**before[0], "note": "read the guide"}]) == ["changed v2"]


def test_other_fields_are_told_as_one_change() -> None:
    assert changed([], [], titles=["a", "b"], kind=[None, "grant"]) == ["changed v2"]


def test_that_somebody_looked_is_no_news() -> None:
    assert changed([], [], last_confirmed=["2026-01", "2026-11"], confidence=["low", "high"]) == []


def test_a_date_and_a_text_that_change_together_are_two_events() -> None:
    before, after = [window(closes="2026-12-24")], [window(closes="2027-01-15")]
    assert changed(before, after, kind=["grant", "prize"]) == ["moved v2", "changed v2"]


@pytest.mark.parametrize(
    ("windows", "told_until", "expected"),
    [
        ([window(opens="2026-11-25", closes="2027-03-01")], date(2026, 11, 24), ["opened 2026-11-25"]),
        ([window(closes="2026-12-09")], date(2026, 11, 24), ["closing 2026-12-09"]),
        ([window(closes="2026-12-09")], date(2026, 11, 25), []),
        ([window(closes="2026-11-24")], date(2026, 11, 24), ["closed 2026-11-25"]),
        ([window("cutoffs", closes="2026-11-24")], date(2026, 11, 24), ["closed 2026-11-25"]),
        # A worker that slept for two months loses no day, and tells of no deadline that has gone by.
        ([window(opens="2026-10-01", closes="2026-11-10")], date(2026, 9, 20),
         ["opened 2026-10-01", "closed 2026-11-11"]),
        ([window(opens="2026-10-01", closes="2026-12-01")], date(2026, 9, 20),
         ["opened 2026-10-01", "closing 2026-12-01"]),
        # One cut-off passes while another is ahead: still open, and the next one is told in its time.
        ([window("cutoffs", closes="2026-11-20"), window("cutoffs", closes="2026-12-05")], date(2026, 11, 1),
         ["closing 2026-12-05"]),
        # One that opens with less than two weeks to go is told once: the letter says when it closes.
        ([window(opens="2026-11-25", closes="2026-12-01")], date(2026, 11, 24), ["opened 2026-11-25"]),
    ],
)  # fmt: skip
def test_the_calendar_is_followed_from_the_day_last_told(windows: Any, told_until: date, expected: list[str]) -> None:
    assert passed(windows, told_until) == expected


def test_an_extension_made_in_time_is_no_closing_for_a_worker_that_slept() -> None:
    before, after = (window(closes="2026-11-20"),), (window(closes="2026-12-20"),)
    drafts = happened(
        State(1, True, before),
        date(2026, 11, 15),
        State(2, True, after),
        [Step(date(2026, 11, 19), 2, after)],
        {"windows": [list(before), list(after)]},
        TODAY,
    )
    assert [(draft.kind, draft.day) for draft in drafts] == [("moved", date(2026, 11, 19))]


def test_what_is_not_public_is_not_told_and_what_becomes_public_is_new_once() -> None:
    hidden, shown = State(3, False, ()), State(4, True, ())
    assert happened(None, TODAY, hidden, [], {}, TODAY) == []
    assert [draft.kind for draft in happened(None, TODAY, shown, [], {}, TODAY)] == ["new"]
    assert happened(State(2, True), TODAY, hidden, [], {"kind": ["a", "b"]}, TODAY) == []
    assert [draft.kind for draft in happened(hidden, TODAY, shown, [], {"kind": ["a", "b"]}, TODAY)] == ["changed"]


DAYS = st.dates(date(2026, 9, 1), date(2027, 3, 1))
WINDOWS = st.lists(
    st.builds(
        lambda model, opens, closes: window(
            model, opens.isoformat() if opens else "", closes.isoformat() if closes else ""
        ),
        st.sampled_from(["one_off", "cutoffs", "rolling", "permanent", "recurring", "forecast", "closed", "unknown"]),
        st.none() | DAYS,
        st.none() | DAYS,
    ),
    max_size=4,
)


@given(WINDOWS, DAYS, st.lists(DAYS, max_size=6))
def test_looking_often_or_seldom_tells_the_same_openings_and_closings(
    windows: list[Any], start: date, stops: list[date]
) -> None:
    """Skipped runs lose nothing, and more of them add nothing."""
    end = max([start, *stops])
    state = State(1, True, tuple(windows))

    def told(days: list[date]) -> list[tuple[str, str]]:
        found, until = [], start
        for day in days:
            drafts = happened(state, until, state, [], {}, day)
            # That something closes soon is only told while it is still ahead.
            found += [(str(draft.kind), draft.about) for draft in drafts if draft.kind != "closing"]
            until = day
        return found

    every_day = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert told(sorted({*stops, end} - {d for d in stops if d <= start})) == told(every_day) == told([end])


@given(WINDOWS, DAYS)
def test_nothing_changes_between_turning_days(windows: list[Any], day: date) -> None:
    turns = set(turning_days(windows))
    following = day + timedelta(days=1)
    if following not in turns:
        assert (status_on(windows, day) in OPEN_NOW) == (status_on(windows, following) in OPEN_NOW)


@given(WINDOWS, WINDOWS, DAYS)
def test_every_window_has_one_number_and_no_number_two_windows(
    before: list[Any], after: list[Any], today: date
) -> None:
    known = [Placed(number, one) for number, one in enumerate(before) if when_of(one)]
    found = pair(known, after, today)
    numbers = [number for number, _stated in found.same] + list(found.gone)
    assert sorted(numbers) == [placed.number for placed in known]
    dated = [one for one in after if one["model"] != "closed" and when_of(one)]
    assert len(found.same) + len(found.fresh) == len(dated)


@given(WINDOWS, DAYS)
def test_windows_that_stay_as_they_are_keep_their_numbers(windows: list[Any], today: date) -> None:
    known = [Placed(number, one) for number, one in enumerate(windows) if when_of(one) and one["model"] != "closed"]
    found = pair(known, windows, today)
    assert not found.fresh
    assert not found.gone
    assert sorted(str(when_of(one)) for _number, one in found.same) == sorted(str(one.when) for one in known)
