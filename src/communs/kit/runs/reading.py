"""Reading a source where it lies: at its address, with what it said last time, or in the file that was handed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from communs.core.standards.formats import FORMATS
from communs.core.standards.reading.bounds import FEED
from communs.kit.fetch import ANYWHERE, Answer, Policy, Problem, fetch
from communs.kit.models import Run, Source
from communs.kit.records.files import DOCUMENT_BYTES_MAX
from communs.kit.runs import actions
from communs.kit.runs.actions import Job
from communs.kit.runs.opening import RECORD_FILES, Given, Unreadable, format_of

TIMEOUT_S: Final = 120.0


class Silent(Exception):
    """The address did not give what was asked for: why, and how long it wants to be left alone."""

    def __init__(self, problem: str, retry_after_s: float | None = None) -> None:
        super().__init__(problem)
        self.retry_after_s = retry_after_s


def policy() -> Policy:
    """How a source is fetched: within two minutes and 64 MiB, from private networks only if the operator allows it."""
    allowed = ANYWHERE if settings.ALLOW_PRIVATE_ADDRESSES else ()
    return Policy(timeout_s=TIMEOUT_S, bytes_max=FEED.size, also_allowed=allowed)


def fetched(url: str, etag: str = "", modified: str = "") -> Answer:
    """What stands at an address. Raises `Silent` for everything but a whole answer, or 304 where that was asked for."""
    found = fetch(url, policy(), etag, modified)
    if isinstance(found, Problem):
        raise Silent(_why_silent(found))
    if found.status == 304 and (etag or modified):
        return found
    if found.status != 200:
        raise Silent(
            _("The address answered with the error {status}.").format(status=found.status), found.retry_after_s
        )
    if not found.is_whole:
        raise Silent(_("The file is larger than {bound}.").format(bound=f"{DOCUMENT_BYTES_MAX >> 20} MiB"))
    return found


def given(name: str, data: bytes) -> Given:
    """A file in memory."""
    return Given(name, lambda: BytesIO(data))


def name_in(url: str) -> str:
    """What the file at an address is called: the last part of its path."""
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])[:200] or urlsplit(url).netloc


def carry_out_asked(run: Run) -> Run:
    """Do what was asked for. Errors of the source end in the run; others are passed on once it says that it failed."""
    if run.state != Run.State.WAITING:
        return run
    source = run.source
    with _ending(run):
        if handed_in := getattr(run, "file", None):
            files = [given(handed_in.name, bytes(handed_in.data))]
            return actions.carry_out(run, Job(files, catalogue_of(source, files[0]), source.format))
        same = source.listings.exists()
        answer = fetched(source.url, source.etag if same else "", source.modified if same else "")
        if answer.status == 304:
            run.catalogue = catalogue_of(source, None) or _last_catalogue(source)
            return actions.unchanged(run)
        files = [given(name_in(answer.url), answer.body)]
        job = Job(files, catalogue_of(source, files[0]), source.format, etag=answer.etag, modified=answer.modified)
        return actions.carry_out(run, job)


def catalogue_of(source: Source, first: Given | None) -> str:
    """What a source holds: by its format, or else by what its file is.

    Raises:
        Unreadable: when it is a record file of which nobody has said what it holds.
    """
    if source.format in RECORD_FILES:
        return source.format
    found = FORMATS.get(source.format)
    if found is None and first is not None:
        found = format_of(first)
        if found is None:
            words = _("This is none of the formats that can be recognised.")
            raise Unreadable(first.name, words, _("Say in the settings of the source what it holds."))
    return found.kind if found else ""


def read_due(now: datetime) -> list[Run]:
    """Ask for the runs whose time has come, and forget old ones that found nothing."""
    actions.drop_old(now)
    return actions.take_due(now)


@contextmanager
def _ending(run: Run) -> Iterator[None]:
    """However it goes, the run does not stay open: a source that cannot be read says so and keeps its last state."""
    try:
        yield
    except Silent as silent:
        actions.failed(run, str(silent), silent.retry_after_s)
    except (Unreadable, OSError) as error:
        actions.failed(run, str(error))
    except Exception as error:
        run.refresh_from_db()
        if not run.is_over:
            actions.failed(run, f"{type(error).__name__}: {error}")
        raise


def _last_catalogue(source: Source) -> str:
    last = source.runs.exclude(catalogue="").first()
    return last.catalogue if last else ""


def _why_silent(problem: Problem) -> str:
    words = {
        "address": _("This is not an address that can be asked: it starts with https://."),
        "name": _("There is no such host."),
        "private": _("The address lies in a private network: it is not asked."),
        "certificate": _("Its certificate is not valid."),
        "slow": _("It took too long to answer."),
        "redirects": _("It leads from one address to the next without end."),
    }
    return words.get(problem.code) or _("It did not answer ({detail}).").format(detail=problem.detail or problem.code)
