"""Asking for a run, carrying it out, and keeping the sources: one transaction each, but for the run itself.

A run commits batch by batch; what it has written stays when it fails later, and the next run goes on from there. Its
row says how it ended, whatever happens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from communs.kit.models import Listing, Run, RunFile, Source
from communs.kit.records.actions import Impossible
from communs.kit.records.importing import ImportReport, Within
from communs.kit.records.listed import Listed, TooFew
from communs.kit.runs import catalogues
from communs.kit.runs.opening import Given, Opened, Unreadable, opened

REFUSALS_KEPT_MAX: Final = 100
TEXT_MAX: Final = 300
RESERVED: Final = frozenset({"new", "runs", "reviews"})
# A run that has been going on for so long was interrupted.
LOST_AFTER: Final = timedelta(hours=6)
INTERVALS: Final = {Source.Schedule.DAILY: timedelta(days=1), Source.Schedule.WEEKLY: timedelta(days=7)}
AGAIN_FIRST: Final = timedelta(hours=1)
AGAIN_LAST: Final = timedelta(days=7)

Progress = Callable[[int], None]


def _silent(_count: int) -> None:
    return None


@dataclass(slots=True)
class Job:
    """What a run is to read. `is_list`: what the source no longer lists is marked; not for single descriptions."""

    files: Sequence[Given]
    catalogue: str
    format: str = ""
    vouches: bool = True
    is_list: bool = True
    etag: str = ""
    modified: str = ""
    progress: Progress = _silent
    reports: list[ImportReport] = field(default_factory=list)


def ensure_source(name: str, *, licence: str = "", url: str = "", trust: int = 50) -> Source:
    """The source of this name, made where there is none. A licence that is stated replaces the one known.

    Raises `Impossible` when nothing of the name can stand in an address.
    """
    key = slugify(name.replace("/", "-").replace(".", "-"), allow_unicode=True)[:120]
    if not key:
        raise Impossible(_("Give the source a name of letters and digits."))
    key = f"{key}-source"[:120] if key in RESERVED else key
    defaults = {"name": name[:200], "licence": licence[:200], "url": url[:500], "trust": trust}
    with transaction.atomic():
        source, is_new = Source.objects.get_or_create(key=key, defaults=defaults)
        if not is_new and licence and source.licence != licence[:200]:
            source.licence = licence[:200]
            source.save(update_fields=["licence"])
    return source


def ask(
    source: Source,
    trigger: str,
    *,
    catalogue: str = "",
    origin: str = "",
    accepts_fewer: bool = False,
    file: tuple[str, bytes] | None = None,
) -> Run:
    """Put a run of a source in the queue. Raises `Impossible` when one is waiting or going on already."""
    now = timezone.now()
    with transaction.atomic():
        Source.objects.select_for_update().get(pk=source.pk)
        _refuse_while_running(source, now)
        run = Run.objects.create(
            source=source,
            catalogue=catalogue,
            trigger=trigger,
            origin=(origin or (file[0] if file else source.url))[:500],
            licence=source.licence,
            accepts_fewer=accepts_fewer,
            asked_at=now,
        )
        if file:
            RunFile.objects.create(run=run, name=file[0][-200:], data=file[1])
    return run


def carry_out(run: Run, job: Job) -> Run:
    """Read the files of the job in this run; what came of it stands in the run, and by file in `job.reports`.

    Files that cannot be read are refused one by one; the run fails when none can, or when the source lists so few
    records that it cannot be believed. Other errors are passed on once the run says that it failed.
    """
    started = timezone.now()
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING, started_at=started, catalogue=job.catalogue)
    run.refresh_from_db()
    listed = Listed(run.source, job.catalogue, started) if job.is_list else None
    problem = ""
    try:
        _read_all(run, job, listed, started)
        problem = _why_nothing(job.reports)
        if not problem and listed is not None:
            problem = _close(listed, run)
    except BaseException as error:
        finish(run, job, listed, f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
        raise
    return finish(run, job, listed, problem)


def unchanged(run: Run) -> Run:
    """The source answered that nothing has changed since the last run."""
    known = Listing.objects.filter(source=run.source, catalogue=run.catalogue, gone_at=None).count()
    return finish(run, Job((), run.catalogue, reports=[ImportReport(unchanged=known)]), None, "", keep_marks=True)


def failed(run: Run, problem: str, retry_after_s: float | None = None) -> Run:
    """The source could not be read: it keeps its last state, and says so."""
    return finish(run, Job((), run.catalogue), None, problem, retry_after_s=retry_after_s)


def finish(
    run: Run,
    job: Job,
    listed: Listed | None,
    problem: str,
    *,
    keep_marks: bool = False,
    retry_after_s: float | None = None,
) -> Run:
    """Write how a run ended, and what that means for its source."""
    now = timezone.now()
    reports = job.reports
    run.new = sum(report.new for report in reports)
    run.changed = sum(report.changed for report in reports)
    run.unchanged = sum(report.unchanged for report in reports)
    run.contradictions = sum(report.contradictions for report in reports)
    run.refused = sum(report.refused.total for report in reports)
    run.gone, run.back = (listed.gone, listed.back) if listed else (0, 0)
    run.refusals = [list(one) for report in reports for one in report.refused][:REFUSALS_KEPT_MAX]
    run.records_read = run.new + run.changed + run.unchanged
    run.problem, run.ended_at = problem[:TEXT_MAX], now
    run.started_at = run.started_at or now
    moved = run.new + run.changed + run.gone + run.back + run.refused
    run.state = Run.State.FAILED if problem else Run.State.DONE if moved else Run.State.UNCHANGED
    with transaction.atomic():
        run.save()
        RunFile.objects.filter(run=run).delete()
        source = Source.objects.select_for_update().get(pk=run.source_id)
        _note_end(source, run, now, retry_after_s)
        if not problem and not keep_marks and run.trigger in {Run.Trigger.PERSON, Run.Trigger.SCHEDULE}:
            source.etag, source.modified = job.etag[:500], job.modified[:500]
        source.save()
    for report in reports:
        report.run, report.problem = run.pk, run.problem
    if len(reports) == 1:
        reports[0].gone, reports[0].back = run.gone, run.back
    return run


def keep(source: Source | None, values: dict[str, Any]) -> Source:
    """Add a source, or change what is known of one. What was read under other settings is read anew."""
    now = timezone.now()
    with transaction.atomic():
        if source is None:
            key = slugify(values["name"].replace("/", "-").replace(".", "-"), allow_unicode=True)[:120]
            if not key or key in RESERVED or Source.objects.filter(key=key).exists():
                raise Impossible(_("There is a source of this name already: choose another one."))
            source = Source(key=key)
        else:
            source = Source.objects.select_for_update().get(pk=source.pk)
        if (source.url, source.format) != (values["url"], values["format"]):
            source.etag = source.modified = ""
        if source.schedule != values["schedule"] or source.url != values["url"]:
            source.due_at = now if values["schedule"] != Source.Schedule.NONE and values["url"] else None
        for name in ("name", "url", "licence", "trust", "format", "schedule"):
            setattr(source, name, values[name])
        source.save()
    return source


def pause(source: Source, *, is_paused: bool) -> None:
    """Leave a source alone until somebody goes on with it."""
    with transaction.atomic():
        source = Source.objects.select_for_update().get(pk=source.pk)
        source.is_paused = is_paused
        if not is_paused and source.schedule != Source.Schedule.NONE:
            source.due_at = timezone.now()
        source.save(update_fields=["is_paused", "due_at"])


def take_due(now: datetime) -> list[Run]:
    """Runs for the scheduled sources whose time has come, each asked for once however many workers look."""
    due = Source.objects.filter(is_paused=False, due_at__lte=now).exclude(schedule=Source.Schedule.NONE).exclude(url="")
    asked = []
    for source in due.order_by("due_at"):
        later = now + INTERVALS[Source.Schedule(source.schedule)]
        if Source.objects.filter(pk=source.pk, due_at=source.due_at).update(due_at=later):
            try:
                asked.append(ask(source, Run.Trigger.SCHEDULE))
            except Impossible:
                continue  # somebody has started it: that run sets the next time
    return asked


def drop_old(now: datetime, kept: timedelta = timedelta(days=90)) -> int:
    """Forget old runs that found nothing new; how many. Those that changed something are kept with their revisions."""
    old = Run.objects.filter(state=Run.State.UNCHANGED, ended_at__lt=now - kept)
    return old.delete()[0]


def _read_all(run: Run, job: Job, listed: Listed | None, now: datetime) -> None:
    for given in job.files:
        report = ImportReport()
        job.reports.append(report)
        before = sum(one.new + one.changed + one.unchanged for one in job.reports[:-1])

        def progress(count: int, before: int = before) -> None:
            Run.objects.filter(pk=run.pk).update(records_read=before + count)
            job.progress(before + count)

        try:
            with opened(given, job.format, _) as found:
                _import(found, given, run, job, listed, now, progress)
        except Unreadable as unreadable:
            report = job.reports[-1]
            report.problem = str(unreadable)
            report.refused.append((unreadable.place, unreadable.problem.rstrip("."), unreadable.remedy.rstrip(".")))
            if listed is not None:
                listed.is_complete = False


def _import(
    found: Opened, given: Given, run: Run, job: Job, listed: Listed | None, now: datetime, progress: Progress
) -> None:
    if found.kind and found.kind != job.catalogue:
        words = _("The file holds {found}, not {wanted}.").format(found=found.kind, wanted=job.catalogue)
        raise Unreadable(given.name, words, _("Import it as what it holds."))
    catalogue = catalogues.find(job.catalogue)
    if catalogue is None:
        raise Unreadable(given.name, _("{kind} cannot be taken in here.").format(kind=job.catalogue), "")
    within = Within(run, run.source, job.vouches or found.format is not None, listed)
    report = catalogue.write(found.records, now=now, progress=progress, within=within)
    for bad in found.refused:
        report.refused.append((bad.place, bad.problem, bad.remedy))
    report.remarks = found.remarks
    if listed is not None and not found.is_whole:
        listed.is_complete = False
    job.reports[-1] = report


def _why_nothing(reports: list[ImportReport]) -> str:
    """Why the run failed as a whole: no file could be read."""
    unread = [report.problem for report in reports if report.problem]
    return unread[0] if unread and len(unread) == len(reports) else ""


def _close(listed: Listed, run: Run) -> str:
    try:
        listed.close(accepts_fewer=run.accepts_fewer)
    except TooFew as few:
        return _(
            "Only {now} records where there were {before}: the source is probably broken. Nothing was marked as gone."
        ).format(now=few.now, before=few.before)
    return ""


def _note_end(source: Source, run: Run, now: datetime, retry_after_s: float | None) -> None:
    source.tried_at = now
    source.problem = run.problem
    interval = INTERVALS.get(Source.Schedule(source.schedule))
    if run.state == Run.State.FAILED:
        source.failures = min(source.failures + 1, 30_000)
        if interval is not None and source.url:
            asked = timedelta(seconds=retry_after_s or 0)
            source.due_at = now + max(asked, min(AGAIN_LAST, AGAIN_FIRST * 2 ** min(source.failures - 1, 10)))
        return
    source.failures = 0
    source.read_at = now
    if interval is not None and source.url:
        source.due_at = now + interval


def _refuse_while_running(source: Source, now: datetime) -> None:
    under_way = Run.objects.filter(source=source, state__in=(Run.State.WAITING, Run.State.RUNNING))
    lost = under_way.filter(asked_at__lt=now - LOST_AFTER)
    lost.update(state=Run.State.FAILED, ended_at=now, problem=_("It was interrupted."))
    if under_way.exists():
        raise Impossible(_("This source is being read already: look again in a moment."))
