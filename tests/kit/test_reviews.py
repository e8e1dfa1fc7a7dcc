"""A source that contradicts what people decided: raised once, decided by a person, closed when the source gives in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from communs.apps.register.actions import appoint_steward
from communs.apps.register.models import Commons, CommonsRevision
from communs.kit.models import ReviewTask
from communs.kit.records import actions
from communs.kit.records.actions import Author, Impossible
from communs.kit.records.importing import ImportReport
from communs.kit.records.models import Method
from communs.kit.runs import reviewing

Load = Callable[..., ImportReport]
State = ReviewTask.State


def shown() -> dict[str, Any]:
    return Commons.objects.get(public_id="map").values


@pytest.fixture
def task(record: Commons, load: Load) -> ReviewTask:
    """The list calls the map otherwise than the editor did."""
    assert load("map", {"name": "Plan"}).contradictions == 1
    return ReviewTask.objects.get()


def test_what_an_editor_said_and_a_source_contradicts_is_a_task(task: ReviewTask) -> None:
    assert (task.public_id, task.field, task.shown, task.claimed) == ("map", "name", "Map", "Plan")
    assert (task.shown_by, task.source.key, task.state) == (Method.EDITOR, "list", State.OPEN)
    assert shown()["name"] == "Map"


def test_the_same_contradiction_is_not_raised_twice(task: ReviewTask, load: Load, eva: Any) -> None:
    load("map", {"name": "Plan"})
    load("map", {"name": "Plan", "homepage": "https://map.example"})
    assert ReviewTask.objects.count() == 1
    reviewing.keep(task, Commons.objects.get(), eva)
    load("map", {"name": "Plan", "homepage": "https://map.example/2"})
    assert ReviewTask.objects.get().state == State.KEPT


def test_agreement_other_sources_and_general_knowledge_raise_nothing(record: Commons, load: Load) -> None:
    load("map", {"name": "Map"})
    load("map", {"homepage": "https://a.example"}, source="a")
    load("map", {"homepage": "https://b.example"}, source="b")
    load("map", {"name": "Thought"}, source="general", method=Method.GENERAL)
    assert not ReviewTask.objects.exists()


def test_a_locked_value_of_a_source_is_defended_too(load: Load, eva: Any) -> None:
    load("map", {"name": "Map"}, source="file")
    actions.lock_field(Commons.objects.get(), "name", eva)
    load("map", {"name": "Plan"}, source="list", trust=100)
    assert ReviewTask.objects.get().is_locked


def test_a_source_that_gives_in_closes_the_task(task: ReviewTask, load: Load) -> None:
    load("map", {"name": "Map"})
    task.refresh_from_db()
    assert task.state == State.SETTLED


def test_a_source_that_says_a_third_thing_raises_that_instead(task: ReviewTask, load: Load) -> None:
    load("map", {"name": "Third"})
    assert dict(ReviewTask.objects.values_list("claimed", "state")) == {"Plan": State.SETTLED, "Third": State.OPEN}


def test_keeping_and_dismissing_stand_in_the_history(task: ReviewTask, load: Load, eva: Any) -> None:
    reviewing.keep(task, Commons.objects.get(), eva, note="asked them")
    revision = CommonsRevision.objects.first()
    assert revision is not None
    assert (revision.kind, revision.person, revision.diff) == ("reviewed", eva, {})
    assert "asked them" in revision.note
    with pytest.raises(Impossible):
        reviewing.dismiss(task, Commons.objects.get(), eva)
    load("map", {"name": "Another"})
    other = ReviewTask.objects.get(state=State.OPEN)
    reviewing.dismiss(other, Commons.objects.get(), eva)
    assert shown()["name"] == "Map"


def test_taking_over_shows_what_the_source_says(task: ReviewTask, eva: Any) -> None:
    reviewing.take_over(task, Commons.objects.get(), Author(eva), may_unlock=True)
    task.refresh_from_db()
    assert (shown()["name"], task.state) == ("Plan", State.TAKEN)


def test_taking_over_a_locked_value_locks_the_new_one(record: Commons, load: Load, eva: Any) -> None:
    actions.lock_field(record, "name", eva)
    load("map", {"name": "Plan"})
    task = ReviewTask.objects.get()
    reviewing.take_over(task, Commons.objects.get(), Author(eva), may_unlock=True)
    assert shown()["name"] == "Plan"
    with pytest.raises(Impossible):
        actions.state(Commons.objects.get(), {"name": "x"}, Author(eva))


def test_an_editor_may_take_over_against_a_steward_but_a_steward_not_against_a_lock(
    record: Commons, load: Load, eva: Any, alice: Any
) -> None:
    appoint_steward(record, alice, by=eva)
    actions.state(Commons.objects.get(), {"name": "Ours"}, Author(alice, Method.STEWARD))
    load("map", {"name": "Plan"})
    task = ReviewTask.objects.get()
    assert task.shown_by == Method.STEWARD
    reviewing.take_over(task, Commons.objects.get(), Author(eva), may_unlock=True)
    assert shown()["name"] == "Plan"
    load("map", {"name": "Third"})
    locked = ReviewTask.objects.get(state=State.OPEN)
    with pytest.raises(Impossible):
        reviewing.take_over(locked, Commons.objects.get(), Author(alice, Method.STEWARD), may_unlock=False)
    locked.refresh_from_db()
    assert (shown()["name"], locked.state) == ("Plan", State.OPEN)


def test_a_record_merged_into_another_contradicts_that_one(record: Commons, load: Load, eva: Any) -> None:
    load("double", {"kind": "data"})
    actions.merge(Commons.objects.get(public_id="double"), record, eva)
    load("double", {"kind": "data", "name": "Plan"})
    assert ReviewTask.objects.get().public_id == "map"
