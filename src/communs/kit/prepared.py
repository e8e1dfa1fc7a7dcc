"""A question that every request asks: put into SQL once by the ORM, after that only run.

Building the SQL of a small query takes several times as long as the database needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler


class _Ready(NamedTuple):
    """SQL with its parameters, and for each column what makes Python values of those of the database."""

    sql: str
    params: tuple[Any, ...]
    converters: dict[int, tuple[list[Callable[[Any, Any, Any], Any]], Any]]


class Prepared:
    """The first row of a query that takes no arguments and names its columns by `values_list(…)`."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        """`build` is called at the first question, when the models are there."""
        self._build = build
        self._ready: _Ready | None = None

    def first(self) -> tuple[Any, ...] | None:
        """The first row, or None: one query."""
        if self._ready is None:
            self._ready = self._prepare()
        ready = self._ready
        with connection.cursor() as cursor:
            cursor.execute(ready.sql, ready.params)
            row = cursor.fetchone()
        if row is None:
            return None
        values = list(row)
        for place, (converters, expression) in ready.converters.items():
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return tuple(values)

    def _prepare(self) -> _Ready:
        compiler: SQLCompiler = self._build()[:1].query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [expression for expression, _sql, _alias in compiler.select]
        return _Ready(sql, tuple(params), compiler.get_converters(columns))
