"""The questions, in SQL that SQLite, PostgreSQL, DuckDB and Spark read alike: whole numbers of 64 bits only.

Two things are filled in: how an engine divides whole numbers (`{over}`), and names of tables, which this package or the
caller chooses. (`CROSS JOIN` is the same as `JOIN`, but for SQLite, which then begins with the few that have grown.) A
*state* is a table of every node that has had money: its `total`, and what it was `before` the round.
"""

from __future__ import annotations

from typing import Final

# What goes along an edge of all that its source has had: whole millions first, so that nothing passes 64 bits.
_SHARE: Final = (
    "({total} {over} 1000000) * e.ppm + ({total} - ({total} {over} 1000000) * 1000000) * e.ppm {over} 1000000"
)
_BEFORE: Final = _SHARE.replace("{total}", "f.before")
_TOTAL: Final = _SHARE.replace("{total}", "f.total")

FIRST: Final = "SELECT node, CAST(0 AS BIGINT) AS before, amount AS total FROM {seeds} WHERE amount > 0"

NEXT: Final = (
    "SELECT node, CAST(SUM(was) AS BIGINT) AS before, CAST(SUM(was) + SUM(more) AS BIGINT) AS total FROM"  # noqa: S608
    " (SELECT node, total AS was, CAST(0 AS BIGINT) AS more FROM {state} UNION ALL"
    f" SELECT e.target AS node, CAST(0 AS BIGINT) AS was, ({_TOTAL}) - ({_BEFORE}) AS more"
    " FROM {state} f CROSS JOIN {edges} e WHERE e.source = f.node AND f.total > f.before) r GROUP BY node"
)
"""The state after another round: those whose total has grown pass on what more is due of it."""

GROWING: Final = "SELECT COUNT(*) FROM {state} WHERE total > before"

KEPT: Final = (
    "SELECT s.node AS node, s.total - COALESCE(g.given, 0) AS kept FROM {state} s LEFT JOIN"  # noqa: S608 - fixed texts
    f" (SELECT e.source AS node, CAST(SUM({_TOTAL}) AS BIGINT) AS given"
    " FROM {state} f JOIN {edges} e ON e.source = f.node GROUP BY e.source) g ON g.node = s.node"
)
"""What each keeps, of a state in which nothing grows any more."""

SHARES: Final = (
    "SELECT source, target, ppm FROM (SELECT w.source AS source, w.target AS target,"
    " CAST({passes} * w.weight {over} s.whole AS BIGINT) AS ppm"
    " FROM {weights} w JOIN (SELECT source, CAST(SUM(weight) AS BIGINT) AS whole FROM {weights}"
    " WHERE source <> target GROUP BY source) s ON s.source = w.source WHERE w.source <> w.target) p WHERE ppm > 0"
)
"""From weights to millionths, for a graph that only the engine can hold."""
