"""Bare statements that put a row in the place of another, on every table whose rows stay; and the state of the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from communs.apps.foundation import models as rows
from communs.apps.foundation import sql
from communs.apps.foundation.sql.replacing import tables

pytestmark = pytest.mark.django_db


def guarded() -> list[str]:
    return tables([statement for part in sql.PARTS for statement in part[1].STATEMENTS])


@contextmanager
def unchecked() -> Iterator[None]:
    """Rows that say nothing are let in, and are gone again afterwards."""
    say("PRAGMA ignore_check_constraints = ON")
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        say("PRAGMA ignore_check_constraints = OFF")


def say(statement: str, values: Any = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def keys_of(table: str) -> set[str]:
    """Columns of the keys that it has beside its number."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT i.name FROM pragma_index_list(%s) l JOIN pragma_index_info(l.name) i WHERE l."unique"', [table]
        )
        return {name for (name,) in cursor.fetchall()}


def row_of(table: str, value: int) -> dict[str, Any]:
    """A row that has this value wherever there must be one."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT name, lower(type), "notnull" FROM pragma_table_info(%s)', [table])
        columns, keys = cursor.fetchall(), keys_of(table)
    return {
        f'"{name}"': value if "int" in kind or kind == "bool" else str(value)
        for name, kind, must in columns
        if must or name in keys
    }


def put(verb: str, table: str, row: dict[str, Any]) -> None:
    say(f"{verb} INTO {table} ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})", list(row.values()))


@pytest.mark.parametrize("table", guarded())
def test_nothing_takes_the_place_of_a_row_that_stays(table: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is a word of SQLite")
    row, keys = row_of(table, 7), keys_of(table)
    with unchecked():
        with sql.without(connection):
            put("INSERT", table, row)
            put("INSERT", table, row_of(table, 8))
        for number in (7, 9) if keys else (7,):
            with pytest.raises(IntegrityError), transaction.atomic():
                put("REPLACE", table, {**row, '"id"': number})
        same = ", ".join(f'"{name}" = {row[chr(34) + name + chr(34)]}' for name in keys)
        for change in ("id = 7", *([same] if keys else [])):
            with pytest.raises(IntegrityError), transaction.atomic():
                say(f"UPDATE OR REPLACE {table} SET {change} WHERE id = 8")  # noqa: S608 - names of ours
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {table} ORDER BY id")  # noqa: S608 - a name of ours
            assert cursor.fetchall() == [(7,), (8,)]


LOG = [
    "DELETE FROM foundation_logstate",
    "UPDATE foundation_logstate SET origin = 'another'",
    "REPLACE INTO foundation_logstate SELECT * FROM (SELECT * FROM foundation_logstate)",
    "TRUNCATE foundation_logstate",
    "TRUNCATE foundation_notification CASCADE",
    "TRUNCATE foundation_roundinvitation",
]


@pytest.mark.parametrize("statement", LOG)
def test_the_state_of_the_log_stays_and_keeps_its_name(statement: str) -> None:
    if statement.split(maxsplit=1)[0] in ({"TRUNCATE"} if connection.vendor == "sqlite" else {"REPLACE"}):
        pytest.skip("words of the other database")
    rows.LogState.objects.create(pk=1, origin="here")
    with pytest.raises(IntegrityError, match=r"append-only|once"), transaction.atomic():
        say(statement)
    assert rows.LogState.objects.get().origin == "here"


MOVED = [
    "up_to = 5",
    "up_to = 1000000000, older_than = {now}",
    "up_to = 12, older_than = 8",
    "up_to = 11, older_than = {now}",
    "older_than = {now} + 1000",
    "up_to = up_to + 1",
]


@pytest.mark.parametrize("what", MOVED)
def test_the_horizon_of_the_log_goes_forward_and_no_further_than_there_is_something(what: str) -> None:
    rows.LogState.objects.create(pk=1, origin="here")
    now = "(SELECT 100)"
    with sql.without(connection):
        say("UPDATE foundation_logstate SET up_to = 12, older_than = 9")
    if connection.vendor == "postgresql":
        now = "pg_current_xact_id()::text::bigint"
        say("SELECT setval('foundation_sequence', 20)")
    with pytest.raises(IntegrityError, match="horizon"), transaction.atomic():
        say(f"UPDATE foundation_logstate SET {what.format(now=now)}")  # noqa: S608 - ours
    if connection.vendor == "postgresql":
        say(f"UPDATE foundation_logstate SET up_to = 20, older_than = {now}")  # noqa: S608 - ours
        assert rows.LogState.objects.get().up_to == 20


@pytest.mark.parametrize("row", ["2, '', 0, 0", "1, '', 3, 0", "1, '', 0, 3"])
def test_the_log_begins_at_nothing_and_once(row: str) -> None:
    with pytest.raises(IntegrityError, match="horizon"), transaction.atomic():
        say(f"INSERT INTO foundation_logstate (id, origin, up_to, older_than) VALUES ({row})")  # noqa: S608 - ours
