"""What the databases themselves refuse (rule ledger-1): the same triggers in the words of SQLite and of PostgreSQL.

A migration that changes one of these tables on SQLite makes the table anew, and its triggers are gone: it must end
with `install`. `communs doctor` and `communs verify ledger` say when one is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from communs.apps.foundation.sql import (
    comparing,
    decisions,
    gifts,
    keeping,
    payouts,
    postgresql,
    proof,
    replacing,
    rounds,
    sqlite,
)

TABLES: Final = ("fund", "account", "period", "entry", "posting", "balance", "owned", "reservation")
# A table of each part, then what the part says to SQLite and to PostgreSQL. Triggers of later parts may call functions
# of the first.
PARTS: Final = (
    ("foundation_entry", sqlite, postgresql),
    ("foundation_payoutstep", payouts.SQLITE, payouts.POSTGRESQL),
    ("foundation_receipted", gifts.SQLITE, gifts.POSTGRESQL),
    ("foundation_leaf", proof.SQLITE, proof.POSTGRESQL),
    ("foundation_roundresult", rounds.ROUNDS_SQLITE, rounds.ROUNDS_POSTGRESQL),
    ("foundation_decisionstep", decisions.SQLITE, decisions.POSTGRESQL),
    ("foundation_bundleacceptance", rounds.BUNDLES_SQLITE, rounds.BUNDLES_POSTGRESQL),
    ("foundation_detailssetaside", keeping.SQLITE, keeping.POSTGRESQL),
)


def _parts(connection: Any) -> list[Any]:
    """The parts whose tables are there: a migration that installs triggers may stand before others that make tables."""
    there = set(connection.introspection.table_names())
    return [part[1 if connection.vendor == "sqlite" else 2] for part in PARTS if part[0] in there]


def install(connection: Any) -> None:
    """Put every trigger in place, anew where it is there already."""
    uninstall(connection)
    statements = _statements(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # It asks what was made last first: a rule is told before a key.
            statements = [*replacing.replacing(cursor, statements), *statements]
        for statement in statements:
            cursor.execute(statement)


def _statements(connection: Any) -> list[str]:
    return [statement for part in _parts(connection) for statement in part.STATEMENTS]


def uninstall(connection: Any) -> None:
    """Take every trigger away: for a migration, or a restore that `install` follows in the same transaction."""
    with connection.cursor() as cursor:
        for part in _parts(connection):
            for statement in part.REMOVALS:
                cursor.execute(statement)
        if connection.vendor == "sqlite":
            for name in replacing.names(_statements(connection)):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def missing(connection: Any) -> list[str]:
    """Names of triggers that are not there, or that are not what `install` makes."""
    statements = _statements(connection)
    with connection.cursor() as cursor:
        cursor.execute((sqlite if connection.vendor == "sqlite" else postgresql).INSTALLED)
        there = {name for (name,) in cursor.fetchall()}
        wanted = {name for part in _parts(connection) for name in part.TRIGGERS}
        if connection.vendor == "sqlite":
            wanted.update(replacing.names(statements))
            statements += replacing.replacing(cursor, statements)
    return sorted((wanted - there) | comparing.altered(connection, statements))


@contextmanager
def without(connection: Any) -> Iterator[None]:
    """For what puts whole tables in place or takes them away (a restore, a test that ends): triggers are off inside.

    Within a transaction that fails they come back with everything else.
    """
    uninstall(connection)
    try:
        yield
    except BaseException:
        if not connection.in_atomic_block:
            install(connection)
        raise
    install(connection)
