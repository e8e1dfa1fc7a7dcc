"""Triggers that have the right name and do something else: emptied, switched off, or put on another event.

SQLite keeps the text of a trigger, so texts are compared. PostgreSQL keeps what it made of it: compared are the body of
each function, and of each trigger its function, its events, whether it has a condition, and whether it is switched on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

_TRIGGER: Final = re.compile(r"CREATE TRIGGER (\w+)\s")
_BODY: Final = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(\).*?AS \$(\w*)\$(.*)\$\2\$", re.DOTALL)
_CALLED: Final = re.compile(r"EXECUTE FUNCTION (\w+)\(\)")
_EVENTS: Final = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
"""As `pg_trigger.tgtype` writes them; 1: for each row, 2: before, 64: instead."""


def altered(connection: Any, statements: Iterable[str]) -> set[str]:
    """Names of triggers, among those that these statements make, that are there and are not what these would make."""
    find = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
    with connection.cursor() as cursor:
        return set(find(cursor, list(statements)))


def _on_sqlite(cursor: Any, statements: list[str]) -> Iterator[str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    there = {name: " ".join(text.split()) for name, text in cursor.fetchall()}
    for one in statements:
        found = _TRIGGER.match(one)
        if found and there.get(found[1], one) not in {one, " ".join(one.split())}:
            yield found[1]


def _on_postgresql(cursor: Any, statements: list[str]) -> Iterator[str]:
    cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE %s", [r"foundation\_%"])
    bodies = dict(cursor.fetchall())
    wanted = {found[1]: found[3] for one in statements if (found := _BODY.search(one))}
    emptied = {name for name, body in wanted.items() if bodies.get(name) != body}
    cursor.execute(
        "SELECT t.tgname, p.proname, t.tgtype, t.tgqual IS NOT NULL, t.tgenabled IN ('O', 'A') "
        "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
    )
    there = {row[0]: tuple(row[1:]) for row in cursor.fetchall()}
    for one in statements:
        found, called = _TRIGGER.match(one), _CALLED.search(one)
        if found and called and found[1] in there:
            as_made = (called[1], _type_of(one), " WHEN (" in one, True)
            if there[found[1]] != as_made or called[1] in emptied:
                yield found[1]


def _type_of(statement: str) -> int:
    when, _on, rest = statement.partition(" ON ")
    made = sum(bit for event, bit in _EVENTS.items() if re.search(rf"\b{event}\b", when))
    return made + ("FOR EACH ROW" in rest) + 2 * (" BEFORE " in when) + 64 * (" INSTEAD OF " in when)
