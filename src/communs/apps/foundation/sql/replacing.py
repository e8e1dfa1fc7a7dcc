"""SQLite: nothing takes the place of a row that stays.

REPLACE, in an INSERT or in an UPDATE, takes away every row that has one of the new row's keys, and asks no trigger about
it. So a second row with a key that is there already is refused before. The keys are those that the database itself has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from communs.apps.foundation.sql.words import says

_GUARDED: Final = re.compile(r"BEFORE DELETE ON (\w+)")
_ADDED_ONLY: Final = re.compile(r"CREATE TRIGGER (\w+)_added_only ")
# Their own triggers let nobody begin or move one.
_KEPT: Final = frozenset({"foundation_balance", "foundation_owned"})


@dataclass(frozen=True, slots=True)
class _Key:
    """Columns that no two rows have alike, or no two of those rows that meet the condition."""

    columns: Sequence[str]
    condition: str = ""

    def taken(self) -> str:
        """A condition: another row than the one that is written has this key."""
        same = [f"o.{column} = NEW.{column}" for column in self.columns]
        if self.condition:
            same += [re.sub(r'"(\w+)"', rf'{row}."\1"', f"({self.condition})") for row in ("o", "NEW")]
        return " AND ".join(same)


def tables(statements: Iterable[str]) -> list[str]:
    """Tables from which not everybody may delete what he likes."""
    return sorted({name for one in statements for name in _GUARDED.findall(one)} - _KEPT)


def names(statements: Sequence[str]) -> list[str]:
    """Of the triggers that `replacing` makes for these statements. What is never changed is not put elsewhere either."""
    fixed = {name for one in statements for name in _ADDED_ONLY.findall(one)}
    there = tables(statements)
    return [f"{name}_not_replaced" for name in there] + [f"{name}_not_ousted" for name in there if name not in fixed]


def replacing(cursor: Any, statements: Sequence[str]) -> list[str]:
    """Two more triggers for each table that these statements guard."""
    wanted, made = set(names(statements)), list[str]()
    for table in tables(statements):
        keys = _keys(cursor, table)
        if f"{table}_not_replaced" in wanted:
            taken = [f"EXISTS (SELECT 1 FROM {table} o WHERE {key.taken()})" for key in keys]
            made.append(_trigger(f"{table}_not_replaced", f"INSERT ON {table}", taken))
        if f"{table}_not_ousted" in wanted:
            taken = [f"EXISTS (SELECT 1 FROM {table} o WHERE {key.taken()} AND o.id <> OLD.id)" for key in keys]
            made.append(_trigger(f"{table}_not_ousted", f"UPDATE ON {table}", taken))
    return made


def _trigger(name: str, when: str, conditions: Iterable[str]) -> str:
    body = " ".join(f"SELECT RAISE(ABORT, '{says('once')}') WHERE {condition};" for condition in conditions)
    return f"CREATE TRIGGER {name} BEFORE {when} BEGIN {body} END"


def _keys(cursor: Any, table: str) -> list[_Key]:
    cursor.execute(
        "SELECT l.name, l.partial, m.sql FROM pragma_index_list(%s) l LEFT JOIN sqlite_master m ON m.name = l.name "
        'WHERE l."unique" ORDER BY l.name',
        [table],
    )
    found = [_Key(("id",))]
    for index, partial, told in cursor.fetchall():
        cursor.execute("SELECT name FROM pragma_index_info(%s) ORDER BY seqno", [index])
        condition = told.split(" WHERE ", 1)[1] if partial else ""
        found.append(_Key([name for (name,) in cursor.fetchall()], condition))
    return found
