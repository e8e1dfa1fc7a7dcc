"""The same rule in SQL, where a graph lives in a database or on a cluster: one set of texts for four engines."""

from communs.core.flows.sql.engines import ENGINES, Cursor, DuckDB, Spark, Tables, tables_of
from communs.core.flows.sql.running import NotSettled, kept_of, settle_tables, settle_with, shares_of_weights

__all__ = [
    "ENGINES", "Cursor", "DuckDB", "NotSettled", "Spark", "Tables", "kept_of", "settle_tables", "settle_with",
    "shares_of_weights", "tables_of",
]  # fmt: skip
