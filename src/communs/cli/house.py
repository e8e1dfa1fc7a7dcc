"""What the verbs share: settings, messages, the data folder."""

from __future__ import annotations

import argparse
import gettext
import locale
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from communs.core.texts import Translate, identity

ROOT = Path(__file__).resolve().parents[3]
SEED = ROOT / "seed"


class Failure(Exception):
    """The verb could not do its work; the message says what to do and is printed without a traceback."""


def add_data_argument(parser: argparse.ArgumentParser) -> None:
    """`--data DIR`, the same everywhere."""
    parser.add_argument("--data", metavar="DIR", help="data folder (default: COMMUNS_DATA or ~/.local/share/communs)")


def say(message: str) -> None:
    """A message for the person at the terminal: never on standard output, which is for results."""
    print(message, file=sys.stderr, flush=True)


def is_address(name: str) -> bool:
    """Whether what was given on the command line is fetched rather than opened."""
    return name.startswith(("https://", "http://"))


def terminal_language() -> str:
    """The language of the terminal among those of the house: fr or en."""
    try:
        name = locale.setlocale(locale.LC_MESSAGES, "") if hasattr(locale, "LC_MESSAGES") else ""
    except locale.Error:  # a machine without this locale, such as a server one is logged in to from home
        name = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "fr" if name.lower().startswith("fr") else "en"


def core_messages(language: str) -> Translate:
    """Messages of `core` in a language, without Django: checking starts at once and needs no settings."""
    if language != "fr":
        return identity
    from communs import core
    from communs.web.messages import compile_messages

    compile_messages()
    folder = Path(core.__file__).parent / "locale"
    return gettext.translation("django", folder, [language], fallback=True).gettext


def set_up() -> None:
    """Load Django with the settings of the environment. Raises `ConfigError` naming what is missing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communs.web.settings")
    from communs.web.config import read_config

    read_config().data.mkdir(parents=True, exist_ok=True)
    import django

    django.setup()


def set_up_to_ask() -> None:
    """Load Django for a verb that only reads or writes what it is told to: no site is set up, nothing is created."""
    if not os.environ.get("COMMUNS_PUBLIC_URL") and not os.environ.get("COMMUNS_SECRET_KEY_FILE"):
        os.environ.setdefault("COMMUNS_SECRET_KEY", secrets.token_urlsafe(50))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communs.web.settings")
    from communs.web.messages import compile_messages

    compile_messages()
    import django

    django.setup()


def compile_search() -> None:
    """Compile what search reads, where that has not been done."""
    from communs.core.search import compile_vocabulary

    compile_vocabulary()


def bring_up_to_date(compiled: Callable[[], object] = compile_search) -> bool:
    """Create or migrate the database where needed, and what records are found by; whether anything was done.

    `compiled` returns once what search reads is compiled: here, or by a process that began before.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from communs.kit import search
    from communs.web.messages import compile_messages

    compile_messages()
    executor = MigrationExecutor(connection)
    is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if is_behind:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    _keep_the_rules(connection)
    compiled()
    return bool(search.bring_up_to_date()) or is_behind


def _keep_the_rules(connection: Any) -> None:
    """Put triggers of the books in place where one is missing: a table made anew on SQLite has none."""
    from communs.apps.foundation import sql

    if sql.missing(connection):
        sql.install(connection)


def need_database() -> None:
    """Raise `Failure` when the database is absent or older than the code."""
    from django.conf import settings
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        raise Failure(f"The database does not answer: {error}".strip()) from error
    if behind:
        raise Failure(f"The database in {settings.DATA} is not up to date: run `communs migrate` first.")
