"""`--db sqlite|postgres`: the database the suite runs on, set before Django reads its settings.

With postgres and no DATABASE_URL in the environment, a throw-away server is started from the installed wheel and
stopped at the end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from communs.testing.postgres import start_postgres


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=["sqlite", "postgres"], default="sqlite", help="database to run the suite on")


class _Server:
    """The throw-away server of this run, if there is one."""

    handle: Any = None
    folder: str = ""
    data: str = ""


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: Sequence[str]) -> None:
    # A conftest hook would come too late: pytest-django has read the settings by then.
    _Server.data = tempfile.mkdtemp(prefix="communs-test-")
    os.environ["COMMUNS_DATA"] = _Server.data
    os.environ["COMMUNS_SECRET_KEY"] = "only-for-tests-" + "x" * 40
    for name in ("COMMUNS_PUBLIC_URL", "COMMUNS_MAIL_URL", "COMMUNS_DEMO"):
        os.environ.pop(name, None)
    if early_config.known_args_namespace.db == "sqlite":
        os.environ.pop("DATABASE_URL", None)
    elif not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _start()
    from communs.web.messages import compile_messages

    compile_messages()


def _start() -> str:
    _Server.folder = tempfile.mkdtemp(prefix="communs-pg-")
    _Server.handle = start_postgres(Path(_Server.folder))
    return str(_Server.handle.get_uri())


def pytest_report_header() -> str:
    from django.db import connection

    return f"database: {connection.vendor}"


def pytest_unconfigure() -> None:
    if _Server.handle is not None:
        _Server.handle.cleanup()
        _Server.handle = None
        shutil.rmtree(_Server.folder, ignore_errors=True)
    shutil.rmtree(_Server.data, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _books_can_be_emptied() -> Any:
    """Let tests that commit be cleaned up after: the books refuse to be emptied, so their triggers step aside."""
    from django.core.management.commands.flush import Command
    from django.db import connection

    from communs.apps.foundation import sql

    emptied = Command.handle

    def handle(self: Any, **options: Any) -> None:
        with _triggers_asleep() if _is_superuser() else sql.without(connection):
            emptied(self, **options)

    Command.handle = handle  # type: ignore[method-assign]
    yield
    Command.handle = emptied  # type: ignore[method-assign]


def _is_superuser() -> bool:
    from django.db import connection

    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


@contextmanager
def _triggers_asleep() -> Iterator[None]:
    """On PostgreSQL no trigger need be taken away and made anew for each test: this session passes by all of them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")
