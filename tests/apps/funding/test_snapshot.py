"""The catalogue in memory: brought up to date by what changed, never mixed up with another database or day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from communs.apps.funding import queries
from communs.kit.records import actions
from communs.kit.records.actions import Author
from communs.kit.records.models import Method, Visibility

DAY = date(2026, 11, 23)


def ids(snapshot: Any) -> list[str]:
    return [entry.public_id for entry in snapshot.entries]


def test_asking_again_costs_one_query_and_gives_the_same_state(make: Any) -> None:
    make("a")
    first = queries.current(DAY)
    with CaptureQueriesContext(connection) as captured:
        assert queries.current(DAY) is first
    assert len(captured) == 1


def test_only_rows_that_changed_are_read_again(make: Any, eva: Any) -> None:
    make("a")
    fund = make("b")
    before = queries.current(DAY)
    actions.state(fund, {"titles.en": "New"}, Author(eva, Method.EDITOR))
    after = queries.current(DAY)
    kept = {entry.public_id: entry for entry in before.entries}
    assert after.entries[0] is kept["a"]
    assert after.entries[1].title_key == "new"


def test_what_is_hidden_or_merged_leaves_and_what_is_confirmed_comes(make: Any, eva: Any) -> None:
    first, second, third = make("a"), make("b"), make("c", visibility=Visibility.UNCONFIRMED)
    assert ids(queries.current(DAY)) == ["a", "b"]
    actions.set_visibility(third, Visibility.PUBLIC, eva)
    actions.merge(first, second, eva)
    assert ids(queries.current(DAY)) == ["b", "c"]
    actions.separate(first, eva)
    actions.set_visibility(second, Visibility.REMOVED, eva)
    assert ids(queries.current(DAY)) == ["a", "c"]


def test_what_the_calendar_says_belongs_to_a_day(make: Any) -> None:
    make("a", windows=[{"model": "one_off", "closes": "2026-11-24", "precision": "day"}])
    assert queries.current(DAY).statuses == ["closing"]
    assert queries.current(DAY + timedelta(days=2)).statuses == ["closed"]


def test_two_databases_are_never_mixed_up_first_half(make: Any) -> None:
    make("only-here")
    assert ids(queries.current(DAY)) == ["only-here"]


def test_two_databases_are_never_mixed_up_second_half(make: Any) -> None:
    make("only-there")
    assert ids(queries.current(DAY)) == ["only-there"]


def test_matches_are_kept_until_something_changes(make: Any, atlas: Any, eva: Any) -> None:
    fund = make("a", recipients=["association"])
    first = queries.match_all(atlas, {}, DAY)
    assert queries.match_all(atlas, {}, DAY) is first
    assert queries.match_all(atlas, {"hosted": "no"}, DAY) is not first
    actions.state(fund, {"kind": "prize"}, Author(eva, Method.EDITOR))
    assert queries.match_all(atlas, {}, DAY) is not first
    actions.state(atlas, {"steward.form": "association"}, Author(eva, Method.EDITOR))
    atlas.refresh_from_db()
    assert queries.match_all(atlas, {}, DAY).matches[0].profile.form == "association"


def test_the_kept_matches_equal_matching_one_by_one(make: Any, atlas: Any, open_fund: Any, french_fund: Any) -> None:
    answers = {"legal_form": "association", "territory:FR": "no"}
    fitting = queries.match_all(atlas, answers, DAY)
    for place, entry in enumerate(fitting.snapshot.entries):
        record = queries.public_opportunities().get(public_id=entry.public_id)
        alone = queries.match_one(atlas, record, answers, DAY)
        together = fitting.matches[place]
        assert (together.result, together.outcomes, together.status) == (alone.result, alone.outcomes, alone.status)
        assert (fitting.rows[alone.result] >> place) & 1
