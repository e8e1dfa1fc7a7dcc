"""Chores that come back: done when due, by one worker only, and a failure keeps nothing else from being done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from communs.kit import schedule
from communs.kit.models import Chore

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> dict[str, schedule.Job]:
    """The chores of this test alone."""
    only: dict[str, schedule.Job] = {}
    monkeypatch.setattr(schedule, "_jobs", only)
    return only


def test_every_site_prunes_its_results_and_looks_at_its_links_once_a_day() -> None:
    often = {"read-sources", "keep-gap-figures", "follow-events", "follow-mail"}
    often |= {"follow-payments", "sweep-payments", "mark-unheard-payouts", "close-rounds", "expire-shares"}
    often |= {"keep-public-log"}
    assert {name for name, job in schedule._jobs.items() if job.every != DAY} == often
    daily = {"check-links", "crawl", "drop-intakes", "drop-unanswered", "follow-tidy", "prune-task-results"}
    daily |= {"verify-books", "remind-of-transfers", "warn-of-offices-that-end"}
    assert daily <= schedule._jobs.keys()


def test_a_chore_is_first_done_one_interval_after_it_was_first_seen(db: None, jobs: Any) -> None:
    done: list[str] = []
    schedule.register("count", DAY, lambda: done.append("once"))
    assert schedule.run_due(NOW) == schedule.run_due(NOW + DAY - timedelta(seconds=1)) == []
    assert schedule.run_due(NOW + DAY) == ["count"]
    assert schedule.run_due(NOW + DAY + timedelta(minutes=1)) == []
    assert done == ["once"]
    assert Chore.objects.get().taken_at == NOW + DAY


def test_a_chore_may_be_first_done_at_once_and_then_at_its_interval(db: None, jobs: Any) -> None:
    done: list[str] = []
    schedule.register("count", DAY, lambda: done.append("once"), first_after=timedelta(0))
    assert schedule.run_due(NOW) == ["count"]
    assert schedule.run_due(NOW + timedelta(minutes=1)) == []
    assert schedule.run_due(NOW + DAY) == ["count"]
    assert done == ["once", "once"]


def test_what_fails_is_kept_and_the_others_are_done(db: None, jobs: Any) -> None:
    done: list[str] = []

    def fail() -> None:
        raise OSError("no network")

    schedule.register("a-bad-one", DAY, fail)
    schedule.register("b-good-one", DAY, lambda: done.append("good"))
    schedule.run_due(NOW)
    assert schedule.run_due(NOW + DAY) == ["a-bad-one", "b-good-one"]
    assert done == ["good"]
    bad, good = schedule.standings(NOW + DAY)
    assert (bad.problem, good.problem, bad.is_late) == ("OSError: no network", "", False)
    assert [chore.is_late for chore in schedule.standings(NOW + 4 * DAY)] == [True, True]
    schedule.register("a-bad-one", DAY, lambda: None)
    schedule.run_due(NOW + 2 * DAY)
    assert not Chore.objects.exclude(problem="").exists()


def test_what_another_worker_has_taken_meanwhile_is_left_to_it(
    db: None, jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Chore.objects.create(name="count", taken_at=NOW - DAY)
    read: Callable[..., tuple[Chore, bool]] = Chore.objects.get_or_create

    def read_and_be_overtaken(**asked: Any) -> tuple[Chore, bool]:
        found = read(**asked)
        Chore.objects.filter(name="count").update(taken_at=NOW - timedelta(seconds=1))
        return found

    monkeypatch.setattr(Chore.objects, "get_or_create", read_and_be_overtaken)
    assert not schedule.take(schedule.Job("count", DAY, lambda: None), NOW)


@pytest.fixture
def two_workers() -> Callable[[Callable[[], Any]], list[Any]]:
    """Run something in two threads at the same moment, each with a connection of its own."""
    start = threading.Barrier(2)

    def run(work: Callable[[], Any]) -> list[Any]:
        found: list[Any] = []

        def worker() -> None:
            try:
                start.wait(timeout=10)
                found.append(work())
            finally:
                connection.close()

        threads = [threading.Thread(target=worker) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        return found

    return run


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_do_the_same_chore(two_workers: Callable[[Callable[[], Any]], list[Any]], jobs: Any) -> None:
    done: list[datetime] = []
    for day in range(5):
        now = NOW + day * DAY
        schedule.register("count", DAY, lambda now=now: done.append(now))  # type: ignore[misc]
        both = two_workers(lambda now=now: schedule.run_due(now))  # type: ignore[misc]
        assert len(both) == 2
    assert done == [NOW + day * DAY for day in range(1, 5)]
    assert Chore.objects.count() == 1


def test_results_that_ended_a_month_ago_are_dropped_and_no_others(db: None) -> None:
    from django.utils import timezone

    def result(status: str, days: int) -> Any:
        made = DBTaskResult.objects.create(
            task_path="x.y", args_kwargs={"args": [], "kwargs": {}}, status=status, backend_name="default"
        )
        ended = timezone.now() - timedelta(days=days) if status != "READY" else None
        DBTaskResult.objects.filter(pk=made.pk).update(finished_at=ended)
        return made.pk

    kept = {result("SUCCESSFUL", 29), result("FAILED", 1), result("READY", 0)}
    result("SUCCESSFUL", 31)
    result("FAILED", 40)
    schedule.prune_results()
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == kept
