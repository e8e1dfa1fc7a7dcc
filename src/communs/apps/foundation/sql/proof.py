"""What was proven stays: leaves, checkpoints and verifications are added, never changed or taken away."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Final

from communs.apps.foundation.sql.words import says

TABLES: Final = ("leaf", "checkpoint", "verification")
_NAMES: Final = tuple(f"foundation_{table}_added_only" for table in TABLES)
_REFUSED: Final = says("append-only")


def _sqlite(table: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER foundation_{table}_{name} BEFORE {verb} ON foundation_{table} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        for name, verb in (("added_only", "UPDATE"), ("not_deleted", "DELETE"))
    )


SQLITE: Final = SimpleNamespace(
    STATEMENTS=tuple(statement for table in TABLES for statement in _sqlite(table)),
    TRIGGERS=(*_NAMES, *(f"foundation_{table}_not_deleted" for table in TABLES)),
    REMOVALS=tuple(
        f"DROP TRIGGER IF EXISTS foundation_{table}_{name}"
        for table in TABLES
        for name in ("added_only", "not_deleted")
    ),
)
POSTGRESQL: Final = SimpleNamespace(
    # The function is the one of the books: `foundation_stays` refuses whatever calls it.
    STATEMENTS=tuple(
        f"CREATE TRIGGER foundation_{table}_{name} BEFORE {verb} ON foundation_{table} FOR EACH {each} "
        "EXECUTE FUNCTION foundation_stays()"
        for table in TABLES
        for name, verb, each in (
            ("added_only", "UPDATE OR DELETE", "ROW"),
            ("not_emptied", "TRUNCATE", "STATEMENT"),
        )
    ),
    TRIGGERS=(*_NAMES, *(f"foundation_{table}_not_emptied" for table in TABLES)),
    REMOVALS=tuple(
        f"DROP TRIGGER IF EXISTS foundation_{table}_{name} ON foundation_{table}"
        for table in TABLES
        for name in ("added_only", "not_emptied")
    ),
)
