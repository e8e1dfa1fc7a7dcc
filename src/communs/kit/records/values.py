"""Values of a record: flat `{dotted field: value}` where claims are kept apart, nested where they are read.

>>> nest({"name": "Map", "steward.form": "association", "steward.country": "FR"})
{'name': 'Map', 'steward': {'form': 'association', 'country': 'FR'}}
>>> flatten({"name": "Map", "steward": {"form": "association", "name": None}}, objects={"steward"})
{'name': 'Map', 'steward.form': 'association'}
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any


def nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted fields become objects; one level deep, which is all that records use."""
    nested: dict[str, Any] = {}
    for field, value in flat.items():
        head, dot, tail = field.partition(".")
        if dot:
            inner = nested.setdefault(head, {})
            inner[tail] = value
        else:
            nested[field] = value
    return nested


def flatten(nested: Mapping[str, Any], objects: Collection[str]) -> dict[str, Any]:
    """The inverse for the fields named in `objects`. What is `None`, empty or "unknown" is not a claim: left out."""
    flat: dict[str, Any] = {}
    for field, value in nested.items():
        if field in objects and isinstance(value, Mapping):
            flat.update({f"{field}.{key}": inner for key, inner in value.items() if is_said(inner)})
        elif is_said(value):
            flat[field] = value
    return flat


def is_said(value: Any) -> bool:
    """Whether a value says something at all: "not stated" is never stored as if it were an answer."""
    return value not in (None, "", "unknown", [], {})
