"""What differs between SQLite, PostgreSQL, DuckDB and Spark, in one place. Connections are handed in, never opened.

Tables that this package makes are temporary and their names begin with `flows_`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Columns = Mapping[str, npt.NDArray[np.int64]]
CHUNK = 2_000  # rows in one INSERT


class Tables(Protocol):
    """An engine, seen through the tables it keeps. `over`: how it divides whole numbers."""

    over: str

    def load(self, name: str, columns: Columns, key: str) -> None:
        """Make a table of whole numbers from arrays; `key`: the column it will be asked by."""

    def keep(self, name: str, question: str) -> None:
        """Make a table of what a question gives."""

    def drop(self, name: str) -> None:
        """Forget a table."""

    def rows(self, question: str) -> Iterable[tuple[Any, ...]]:
        """What a question gives."""


class Cursor:
    """SQLite and PostgreSQL over DB-API, Django's connections included."""

    over = "/"

    def __init__(self, connection: Any, *, analyse: bool = False) -> None:
        self._cursor = connection.cursor()
        self._analyse = analyse  # PostgreSQL plans badly for a temporary table that it has not looked at

    def load(self, name: str, columns: Columns, key: str) -> None:
        self.drop(name)
        self._cursor.execute(f"CREATE TEMPORARY TABLE {name} ({', '.join(f'{column} BIGINT' for column in columns)})")
        rows = np.stack(list(columns.values()), axis=1).tolist()
        for start in range(0, len(rows), CHUNK):
            values = ", ".join(f"({', '.join(map(str, row))})" for row in rows[start : start + CHUNK])
            self._cursor.execute(f"INSERT INTO {name} VALUES {values}")  # noqa: S608 - whole numbers only
        self._cursor.execute(f"CREATE INDEX {name}_{key} ON {name} ({key})")
        self._look_at(name)

    def keep(self, name: str, question: str) -> None:
        self.drop(name)
        self._cursor.execute(f"CREATE TEMPORARY TABLE {name} AS {question}")
        self._look_at(name)

    def drop(self, name: str) -> None:
        self._cursor.execute(f"DROP TABLE IF EXISTS {name}")

    def rows(self, question: str) -> Iterable[tuple[Any, ...]]:
        self._cursor.execute(question)
        found: Iterable[tuple[Any, ...]] = self._cursor.fetchall()
        return found

    def _look_at(self, name: str) -> None:
        if self._analyse:
            self._cursor.execute(f"ANALYZE {name}")


class DuckDB(Cursor):
    """DuckDB: its division of whole numbers is written otherwise, and it takes arrays as they are."""

    over = "//"

    def __init__(self, connection: Any) -> None:
        # A cursor of DuckDB is a connection of its own, with temporary tables of its own: `connection` serves as one.
        self._cursor = connection
        self._analyse = False

    def load(self, name: str, columns: Columns, key: str) -> None:
        del key  # it needs no index
        self._cursor.register(f"{name}_arrays", dict(columns))
        self.keep(name, f"SELECT * FROM {name}_arrays")  # noqa: S608 - our own names
        self._cursor.fetchall()  # a result that is not read to its end keeps the arrays
        self._cursor.unregister(f"{name}_arrays")


class Spark:
    """A Spark session: tables are views of frames that are worked out once and kept on the workers.

    Where the session has a folder for checkpoints they are kept there, and the loss of a worker does no harm.
    """

    over = "div"

    def __init__(self, session: Any) -> None:
        self._session = session
        self._frames: dict[str, Any] = {}

    def load(self, name: str, columns: Columns, key: str) -> None:
        rows = np.stack(list(columns.values()), axis=1).tolist()
        frame = self._session.createDataFrame(rows, ", ".join(f"{column} BIGINT" for column in columns))
        self._name(name, frame.repartition(key).persist())

    def keep(self, name: str, question: str) -> None:
        # A checkpoint cuts the ancestry, which after a hundred rounds would be longer than anything can plan. It takes
        # over the estimated size of what it was made from; persisted and counted first, that is a measured one. The
        # estimates of joins of joins of joins grow until the numbers that hold them fill the memory.
        frame = self._session.sql(question).persist()
        frame.count()
        lasting = self._session.sparkContext.getCheckpointDir() is not None
        self._name(name, frame.checkpoint() if lasting else frame.localCheckpoint())
        frame.unpersist()

    def drop(self, name: str) -> None:
        self._session.catalog.dropTempView(name)
        self._frames.pop(name).unpersist()

    def rows(self, question: str) -> Iterable[tuple[Any, ...]]:
        return (tuple(row) for row in self._session.sql(question).collect())

    def _name(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self._frames[name] = frame


_MAKERS: Mapping[str, Callable[[Any], Tables]] = {
    "sqlite": Cursor,
    "postgresql": lambda connection: Cursor(connection, analyse=True),
    "duckdb": DuckDB,
    "spark": Spark,
}
ENGINES = tuple(_MAKERS)


def tables_of(engine: str, connection: Any) -> Tables:
    """An engine over a connection."""
    return _MAKERS[engine](connection)
