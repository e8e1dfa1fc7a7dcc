"""Chores that come back: each is run by one worker at a time, however many there are.

A row a chore says when it was last taken. A worker takes it by compare-and-set: it writes the new moment only where the
one it has read still stands. What fails is logged, kept for `communs doctor`, and tried again when its time comes.
An app names its chores with `register` in its `AppConfig.ready`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.management import call_command

from communs.kit.models import Chore

log = logging.getLogger("communs.schedule")
PROBLEM_LENGTH_MAX = 200
RESULTS_KEPT_DAYS = 30
LATE_AFTER = 2  # times the chore's own interval


@dataclass(frozen=True, slots=True)
class Job:
    """A chore: its name, how often it is done, and how.

    `first_after`: how long after a worker has first seen it; one interval where nothing else is said.
    """

    name: str
    every: timedelta
    run: Callable[[], object]
    first_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a chore stands.

    `taken_at`: when a worker last took it or, before that, first saw it; None where none has seen it.
    `problem`: what went wrong the last time; empty when it went well.
    """

    name: str
    taken_at: datetime | None
    problem: str
    is_late: bool


_jobs: dict[str, Job] = {}


def register(name: str, every: timedelta, run: Callable[[], object], *, first_after: timedelta | None = None) -> None:
    """Add a chore. Registering a name again replaces it.

    A chore seen for the first time is due after one interval, so that a site that has just been installed calls nowhere
    by itself; one that calls nowhere may be due earlier.
    """
    _jobs[name] = Job(name, every, run, first_after)


def run_due(now: datetime) -> list[str]:
    """Do what is due and no other worker has taken; the names of what was done, well or not."""
    return [name for name, job in sorted(_jobs.items()) if take(job, now) and _run(job)]


def take(job: Job, now: datetime) -> bool:
    """Whether the chore is due and now ours."""
    # As if it had been taken when it would have to be for its first time to come as it should.
    seen = {"taken_at": now if job.first_after is None else now - job.every + job.first_after}
    chore, _is_new = Chore.objects.get_or_create(name=job.name, defaults=seen)
    if now - chore.taken_at < job.every:
        return False
    return bool(Chore.objects.filter(name=job.name, taken_at=chore.taken_at).update(taken_at=now))


def standings(now: datetime) -> list[Standing]:
    """How every chore stands, by name."""
    rows = Chore.objects.in_bulk(list(_jobs))
    found = []
    for name, job in sorted(_jobs.items()):
        row = rows.get(name)
        late = row is not None and now - row.taken_at > LATE_AFTER * job.every
        found.append(Standing(name, row.taken_at if row else None, row.problem if row else "", is_late=late))
    return found


def prune_results() -> None:
    """Drop the results of tasks that ended more than thirty days ago."""
    call_command("prune_db_task_results", queue_name="*", min_age_days=RESULTS_KEPT_DAYS, verbosity=0)


def _run(job: Job) -> bool:
    problem = ""
    try:
        job.run()
    except Exception as error:  # one chore that fails must not keep the others from being done
        log.exception("%s failed", job.name)
        problem = f"{type(error).__name__}: {error}"[:PROBLEM_LENGTH_MAX]
    Chore.objects.filter(name=job.name).update(problem=problem)
    return True
