"""What `communs doctor` looks at: each check gives what it found, and the remedy when that is wrong."""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

SPACE_BYTES_MIN = 200 * 1_048_576
CLOCK_SECONDS_MAX = 5.0
MAIL_TIMEOUT_S = 5.0
WAITING_MINUTES_MAX = 5
APPROVE_MIN = 2
ENDING_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    state: Literal["ok", "warning", "wrong"]
    found: str
    remedy: str = ""


def examine() -> list[Check]:
    """Every check, in the order in which problems should be solved; those that need what is broken are left out."""
    from communs.web.config import ConfigError, read_config

    checks = [_python()]
    try:
        read_config()
    except ConfigError as error:
        return [*checks, Check("settings", "wrong", "communs cannot start with them", _lines(str(error)))]
    from communs.cli.house import set_up

    checks.append(_data_folder())
    if checks[-1].state == "wrong":
        return checks
    set_up()
    checks += [_address(), _mail()]
    if _no_file_yet():
        remedy = "communs demo, communs serve and communs migrate each create it."
        return [*checks, Check("database", "warning", "none in the data folder yet", remedy)]
    database = _database()
    checks.append(database)
    if database.state == "wrong":
        return checks
    tables = _tables()
    checks.append(tables)
    if tables.state != "wrong":
        with_tables: tuple[Callable[[], Check], ...] = (
            _content, _books, _board, _cache, _worker, _schedule, _crawl, _follow, _clock,
        )  # fmt: skip
        checks += [check() for check in with_tables]
    return checks


def _lines(message: str) -> str:
    return "; ".join(line.strip(" -") for line in message.splitlines()[1:])


def _python() -> Check:
    return Check("Python", "ok", f"{sys.version.split()[0]} at {sys.executable}")


def _data_folder() -> Check:
    from communs.web.config import read_config

    folder = read_config().data
    if not writable(folder):
        remedy = f"Allow this user to write in {nearest_folder(folder)}, or name another folder with COMMUNS_DATA."
        return Check("data folder", "wrong", f"{folder} cannot be written", remedy)
    free = shutil.disk_usage(nearest_folder(folder)).free
    if free < SPACE_BYTES_MIN:
        remedy = "Free some space, or name a folder on another disk with COMMUNS_DATA."
        return Check("data folder", "wrong", f"{folder} has only {megabytes(free)} free", remedy)
    return Check("data folder", "ok", f"{folder}, {megabytes(free)} free")


def _address() -> Check:
    from django.conf import settings

    if not settings.PUBLIC_URL:
        return Check("address", "ok", "this machine only (COMMUNS_PUBLIC_URL is not set)")
    if not settings.PUBLIC_URL.startswith("https://"):
        remedy = "Set COMMUNS_PUBLIC_URL to an https address: without it, passwords travel in the clear."
        return Check("address", "warning", settings.PUBLIC_URL, remedy)
    return Check("address", "ok", settings.PUBLIC_URL)


def _mail() -> Check:
    from django.conf import settings

    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return Check("e-mail", "ok", f"written as files in {settings.EMAIL_FILE_PATH}")
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    server = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    try:
        with server(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=MAIL_TIMEOUT_S) as connection:
            connection.noop()
    except (OSError, smtplib.SMTPException) as error:
        remedy = "Check host and port in COMMUNS_MAIL_URL, and that this machine may reach them."
        return Check("e-mail", "wrong", f"{where} does not answer ({error})", remedy)
    return Check("e-mail", "ok", f"{where} answers; sent from {settings.DEFAULT_FROM_EMAIL}")


def _no_file_yet() -> bool:
    """Whether SQLite would create an empty file just because we looked."""
    from django.db import connection

    return connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists()


def _database() -> Check:
    from django.db import Error, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
            (version,) = cursor.fetchone()
    except Error as error:
        remedy = "Check DATABASE_URL, that the server runs, and that it lets this user in."
        return Check("database", "wrong", f"does not answer ({str(error).strip()})", remedy)
    where = connection.settings_dict["NAME"]
    return Check("database", "ok", f"{'SQLite' if connection.vendor == 'sqlite' else 'PostgreSQL'} {version}: {where}")


def _tables() -> Check:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if behind:
        return Check("tables", "wrong", f"{len(behind)} changes are not applied", "Run: communs migrate")
    newer = set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes)
    if newer:
        remedy = "Install the version of communs that made them, or restore a backup of this one."
        return Check("tables", "wrong", "they were made by a newer communs", remedy)
    return Check("tables", "ok", "up to date")


def _content() -> Check:
    from communs.apps.funding.queries import public_opportunities
    from communs.apps.register.queries import public_commons

    commons, opportunities = public_commons().count(), public_opportunities().count()
    found = f"{commons} commons and {opportunities} opportunities on public pages"
    if commons and opportunities:
        return Check("content", "ok", found)
    return Check(
        "content", "warning", found, "Read some: communs import commons FILE, communs import opportunities FILE"
    )


def _cache() -> Check:
    from django.core.cache import cache
    from django.db import Error

    try:
        cache.set("doctor", "well", 60)
        works = cache.get("doctor") == "well"
        cache.delete("doctor")
    except Error as error:
        return Check("cache table", "wrong", str(error).strip(), "Run: communs migrate")
    if not works:
        return Check("cache table", "wrong", "what is written is not read back", "Run: communs migrate")
    return Check("cache table", "ok", "written and read back")


def _worker() -> Check:
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    ready = DBTaskResult.objects.ready().order_by("enqueued_at")
    waiting = ready.count()
    if not waiting:
        return Check("tasks", "ok", "none waiting")
    since = ready.values_list("enqueued_at", flat=True)[0]
    if timezone.now() - since > timedelta(minutes=WAITING_MINUTES_MAX):
        remedy = "No worker takes them: communs serve runs one, communs worker runs it alone."
        return Check("tasks", "wrong", f"{waiting} waiting, the first since {since:%Y-%m-%d %H:%M} UTC", remedy)
    return Check("tasks", "ok", f"{waiting} waiting")


def _schedule() -> Check:
    """The chores of the worker: when each was last taken, and how it went."""
    from django.utils import timezone

    from communs.kit.schedule import standings

    chores = standings(timezone.now())
    found = "; ".join(
        f"{chore.name}: " + (f"{chore.taken_at:%Y-%m-%d %H:%M} UTC" if chore.taken_at else "not yet")
        for chore in chores
    )
    if failed := next((chore for chore in chores if chore.problem), None):
        remedy = f"{failed.name} failed last time: {failed.problem}. It is tried again tomorrow; the log says more."
        return Check("schedule", "warning", found, remedy)
    if any(chore.is_late for chore in chores):
        remedy = "No worker does them: communs serve runs one, communs worker runs it alone."
        return Check("schedule", "warning", found, remedy)
    return Check("schedule", "ok", found)


def _crawl() -> Check:
    """How the repositories of commons stand."""
    from communs.apps.register.crawling.queries import figures

    told = figures()
    if not told.count or told.checked_at is None:
        remedy = "The worker does it once a day; communs crawl does it now." if told.count else ""
        return Check("repositories", "ok", f"{told.count} known, none looked at yet", remedy)
    states = ", ".join(f"{count} {state}" for state, count in told.states.items())
    found = f"{states}; last look {told.checked_at:%Y-%m-%d %H:%M} UTC"
    in_trouble = sum(told.in_trouble.values())
    if in_trouble * 2 > told.count:
        reasons = ", ".join(f"{count} {reason}" for reason, count in told.in_trouble.items())
        remedy = "Check that this machine may reach them; COMMUNS_FORGE_TOKENS raises the limits of forges."
        return Check("repositories", "warning", f"{found}; no answer from {in_trouble} ({reasons})", remedy)
    return Check("repositories", "ok", found)


def _follow() -> Check:
    """How the letters of those who follow something stand."""
    from django.utils import timezone

    from communs.apps.following.queries import outbox

    told = outbox(timezone.now())
    found = f"{told.waiting} letters waiting ({told.repeated} tried before), {told.sent_lately} sent in a day"
    if told.unspread:
        found += f", {told.unspread} events to hand out"
    if told.uncertain:
        found += f", {told.uncertain} may have arrived twice"
    if told.dead:
        remedy = "The list of letters that were given up says why; each can be sent again from there."
        return Check("following", "warning", f"{found}; {told.dead} given up", remedy)
    if told.late:
        since = f"{told.oldest:%Y-%m-%d %H:%M} UTC" if told.oldest else "a worker ended"
        remedy = "Check the e-mail line above, and that a worker runs; nothing is lost, all of them leave later."
        return Check("following", "warning", f"{found}; {told.late} late, since {since}", remedy)
    return Check("following", "ok", found)


def _books() -> Check:
    """Whether the database still refuses what breaks the rules of the books."""
    from django.db import connection

    from communs.apps.foundation import sql
    from communs.apps.foundation.queries.books import entries

    gone = sql.missing(connection)
    if gone:
        remedy = "Restore a backup, or put the triggers in place with `communs migrate`; then `communs verify ledger`."
        return Check("books", "wrong", f"{len(gone)} of the rules are not kept: {', '.join(gone[:3])}", remedy)
    return Check("books", "ok", f"{entries().count()} entries; the database keeps their rules")


def _board() -> Check:
    """Whether enough people are left who could approve what moves the foundation's money."""
    from communs.apps.foundation.queries import offices

    if not offices.is_in_use():
        return Check("board", "ok", "nobody holds an office of the foundation yet")
    able = offices.able_to_approve()
    found = f"{able} of the board can approve"
    if able < APPROVE_MIN:
        given = "`communs person board EMAIL --because WORDS` gives a seat, and everybody sees that."
        founded = "Two administrators propose and confirm members of the board at /foundation/offices/."
        remedy = given if offices.has_board() else founded
        return Check("board", "warning", f"{found}: no money can be moved", remedy)
    now = datetime.now(UTC)
    if ending := list(offices.ending(now)[: ENDING_SHOWN + 1]):
        few = "; then too few are left to approve anything" if offices.seats_to_fill(now) else ""
        many = f"more than {ENDING_SHOWN}" if len(ending) > ENDING_SHOWN else str(len(ending))
        ends = f"{many} of the offices end within 30 days, the first on {ending[0].last_day}{few}"
        remedy = "At /foundation/offices/ they are proposed for longer, and confirmed by another."
        return Check("board", "warning", f"{found}; {ends}", remedy)
    if able == APPROVE_MIN:
        return Check("board", "ok", f"{found}: nothing is approved while one of them is away")
    return Check("board", "ok", found)


def _clock() -> Check:
    """The machine's clock against the database server's: dates and sign-in codes depend on it."""
    from django.db import connection

    now = datetime.now(UTC)
    if connection.vendor == "sqlite":
        if now.year < 2025:
            return Check("clock", "wrong", f"{now:%Y-%m-%d %H:%M} UTC", "Set the clock of this machine.")
        return Check("clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC on {socket.gethostname()}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    apart = abs((theirs - now).total_seconds())
    if apart > CLOCK_SECONDS_MAX:
        remedy = "Let both machines take the time from the network (NTP)."
        return Check("clock", "wrong", f"{apart:.0f} s apart from the database server's", remedy)
    return Check("clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC, as the database server's")


def nearest_folder(path: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    while not path.is_dir() and path != path.parent:
        path = path.parent
    return path


def writable(folder: Path) -> bool:
    """Whether a file can be made in it, or it can be made where it is not there yet."""
    return os.access(nearest_folder(folder), os.W_OK | os.X_OK)


def megabytes(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1_048_576:,.0f} MB"
