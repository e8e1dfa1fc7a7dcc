"""What belongs to a person in the apps above: each registers what goes into the export (`AppConfig.ready`).

exports.register("comments", comments_of)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# The person's rows, ready for JSON (dates and moments may stay what they are); never another person's data.
RowsOf = Callable[[Any], list[dict[str, Any]]]

_registered: dict[str, RowsOf] = {}


def register(name: str, rows_of: RowsOf) -> None:
    """Add `name: [rows]` to the export of every person. Registering a name again replaces it."""
    _registered[name] = rows_of


def collect(person: Any) -> dict[str, list[dict[str, Any]]]:
    """Everything the apps above know to be the person's, by name."""
    return {name: rows_of(person) for name, rows_of in sorted(_registered.items())}
