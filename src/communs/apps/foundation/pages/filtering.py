"""Filters of lists as the address has them: what makes no sense is left out, and what is kept goes into every link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest

from communs.core.money import InvalidAmount, parse_amount
from communs.kit.search import typed

TEXT_MAX: Final = 100
SPACES: Final = ("\u00a0", "\u202f", " ", "€")


def text_in(asked: Mapping[str, Any], name: str) -> str:
    """A short text, cleaned."""
    return typed(str(asked.get(name, "")), TEXT_MAX)


def day_in(asked: Mapping[str, Any], name: str) -> date | None:
    """A day, such as 2026-12-05; None for anything else."""
    with suppress(ValueError):
        return date.fromisoformat(str(asked.get(name, "")))
    return None


def minor_in(asked: Mapping[str, Any], name: str, currency: str = "EUR") -> int | None:
    """Smallest units of an amount as people write it, its sign left out; None for anything else."""
    said = str(asked.get(name, "")).replace(",", ".").lstrip("-−")
    for one in SPACES:
        said = said.replace(one, "")
    try:
        return parse_amount(said, currency).minor if said else None
    except InvalidAmount:
        return None


def one_of(asked: Mapping[str, Any], name: str, values: Iterable[str], default: str = "") -> str:
    """A value of a list; the default for any other."""
    found = str(asked.get(name, ""))
    return found if found in set(values) else default


def query_of(asked: Mapping[str, Any], names: Iterable[str], **more: str) -> str:
    """The part of an address that keeps these filters, without empty ones."""
    kept = {name: str(asked.get(name, "")) for name in names} | more
    return urlencode({name: value for name, value in kept.items() if value})


def tabs_of(
    place: str, name: str, options: Iterable[tuple[str, Any, int]], chosen: str
) -> list[tuple[str, Any, int, bool]]:
    """Tabs over a list, each with its count: address, words, count, whether it is here. Without rows it has no tab."""
    return [
        (f"{place}?{name}={value}" if value else place, words, count, value == chosen)
        for value, words, count in options
        if count or value in {"", chosen}
    ]


def numbers_in(request: HttpRequest, name: str, most: int) -> list[int]:
    """What was ticked, as numbers; what is none is left out."""
    return [int(text) for text in request.POST.getlist(name)[:most] if text.isdecimal() and len(text) <= 18]
