"""Events from revisions and from the calendar: all of them, each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from communs.apps.following import actions
from communs.apps.following.models import Deadline, Event, Known
from communs.apps.funding.models import Opportunity
from communs.kit.models import Source
from communs.kit.records import actions as records
from communs.kit.records.importing import Incoming, StatementDraft, import_records
from communs.kit.records.models import Method, Visibility

from .conftest import NOW, Make, everything, one_off

Look = Callable[[datetime], int]


def kinds(record: Any) -> list[str]:
    return list(Event.objects.filter(record_id=record.pk).order_by("id").values_list("kind", flat=True))


def test_the_first_look_at_a_catalogue_tells_nothing(opportunity: Make, commons: Make, look: Look) -> None:
    opportunity("one", closes="2026-12-01")
    commons("atlas")
    assert look(NOW) == 0
    assert not Event.objects.exists()
    assert Known.objects.count() == 2
    assert Deadline.objects.get().day == date(2026, 12, 1)


def test_what_happens_after_somebody_asked_is_told_though_no_chore_had_ever_come(
    opportunity: Make, state: Make, follow: Make, look: Look
) -> None:
    record = opportunity("one", closes="2027-02-28")
    subscription = follow("a@example.org", everything())
    state(record, windows=[one_off("2027-03-20")])
    look(NOW + timedelta(minutes=5))
    assert kinds(record) == ["moved"]
    assert subscription.deliveries.count() == 1


def test_an_empty_catalogue_counts_as_looked_at(opportunity: Make, look: Look) -> None:
    look(NOW)
    record = opportunity("one")
    assert look(NOW) == 1
    assert kinds(record) == ["new"]


def test_looking_again_tells_nothing_again(opportunity: Make, state: Make, look: Look) -> None:
    look(NOW)
    record = opportunity("one", closes="2026-12-24")
    look(NOW)
    state(record, kind="grant")
    assert [look(NOW), look(NOW), look(NOW + timedelta(hours=1))] == [1, 0, 0]
    assert kinds(record) == ["new", "changed"]


def test_several_changes_between_two_looks_are_one_with_the_net_difference(
    opportunity: Make, state: Make, look: Look
) -> None:
    record = opportunity("one", kind="grant", programme="A")
    look(NOW)
    state(record, kind="prize", programme="B")
    state(record, kind="loan", programme="A")
    look(NOW)
    event = Event.objects.get(record_id=record.pk)
    assert (event.kind, event.detail) == ("changed", {"diff": {"kind": ["grant", "loan"]}})


def test_a_change_that_was_undone_in_between_is_no_news(opportunity: Make, state: Make, look: Look) -> None:
    record = opportunity("one", kind="grant")
    look(NOW)
    state(record, kind="prize")
    records.revert(record.revisions.order_by("-version").first(), None)
    look(NOW)
    assert kinds(record) == []


def test_the_calendar_is_told_without_any_change(opportunity: Make, look: Look) -> None:
    record = opportunity("one", windows=[one_off("2026-12-20", opens="2026-12-01")])
    look(NOW)
    for days in (1, 6, 12, 26, 40):  # the worker sleeps between, now and then for a week
        look(NOW + timedelta(days=days))
    told = list(Event.objects.filter(record_id=record.pk).order_by("id").values_list("kind", "about", "day"))
    assert told == [
        ("opened", "2026-12-01", date(2026, 12, 1)),
        ("closing", "2026-12-20", date(2026, 12, 6)),
        ("closed", "2026-12-21", date(2026, 12, 21)),
    ]


def test_three_skipped_weeks_lose_no_opening_and_no_closing(opportunity: Make, look: Look) -> None:
    record = opportunity("one", windows=[one_off("2026-12-10", opens="2026-11-28")])
    look(NOW)
    look(NOW + timedelta(days=21))
    assert kinds(record) == ["opened", "closed"]


def test_a_record_that_waits_for_an_editor_is_new_when_it_is_confirmed(opportunity: Make, look: Look) -> None:
    look(NOW)
    record = opportunity("one", visibility=Visibility.UNCONFIRMED)
    assert look(NOW) == 0
    records.set_visibility(record, Visibility.PUBLIC, None)
    assert look(NOW) == 1
    records.set_visibility(record, Visibility.REMOVED, None)
    records.set_visibility(record, Visibility.PUBLIC, None)
    assert look(NOW) == 0
    assert kinds(record) == ["new"]


def test_a_bulk_import_is_told_record_by_record(look: Look) -> None:
    look(NOW)
    source = Source.objects.create(key="a-list", name="A list")
    incoming = [
        Incoming(
            f"fund-{number}",
            Visibility.PUBLIC,
            [StatementDraft(source=source, method=Method.IMPORT, key="", values={"titles.en": f"Fund {number}"})],
        )
        for number in range(60)
    ]
    import_records(Opportunity, incoming, now=timezone.now())
    assert look(NOW) == 60
    assert look(NOW) == 0


def test_a_change_rolled_back_leaves_nothing_and_one_committed_late_is_found(
    opportunity: Make, state: Make, look: Look
) -> None:
    one, other = opportunity("one"), opportunity("other")
    look(NOW)
    with transaction.atomic():
        state(one, kind="grant")
        transaction.set_rollback(True)
    state(other, kind="prize")
    assert look(NOW) == 1
    one.refresh_from_db()
    state(one, kind="grant")
    assert look(NOW) == 1
    assert (kinds(one), kinds(other)) == (["changed"], ["changed"])


def test_a_version_is_told_even_where_its_number_is_older_than_what_was_seen(
    opportunity: Make, state: Make, look: Look
) -> None:
    """Revisions may be committed in another order than they were numbered: no cursor over them is trusted."""
    late, early = opportunity("late"), opportunity("early")
    look(NOW)
    state(late, kind="grant")
    hidden = Opportunity.objects.get(pk=late.pk)
    Opportunity.objects.filter(pk=late.pk).update(version=hidden.version - 1)  # as if it were not committed yet
    state(early, kind="grant")
    look(NOW)
    assert (kinds(late), kinds(early)) == ([], ["changed"])
    Opportunity.objects.filter(pk=late.pk).update(version=hidden.version)
    look(NOW)
    assert kinds(late) == ["changed"]


def test_a_clock_set_back_tells_no_day_twice(opportunity: Make, look: Look) -> None:
    record = opportunity("one", closes="2026-12-20")
    look(NOW)
    look(NOW + timedelta(days=15))
    look(NOW + timedelta(days=3))
    look(NOW + timedelta(days=16))
    assert kinds(record) == ["closing"]


def test_the_same_event_noted_by_two_workers_is_one(opportunity: Make, state: Make, look: Look) -> None:
    record = opportunity("one")
    look(NOW)
    before = Known.objects.get(record_id=record.pk)
    state(record, kind="grant")
    look(NOW)
    Known.objects.filter(pk=before.pk).update(version=before.version)  # as a second worker still remembers it
    actions.note_events(NOW)
    assert kinds(record) == ["changed"]
