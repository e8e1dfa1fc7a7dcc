"""A few real records, and a client that asks as a visitor does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.apps.funding.importing import import_opportunities
from communs.apps.register.importing import import_commons
from communs.kit.records.files import Placed, read_records
from communs.web.api import meter

SEED = Path(__file__).resolve().parents[3] / "seed"
COMMONS = ("wikipedia", "openstreetmap", "open-food-facts", "wikimedia-commons", "nextcloud")


@pytest.fixture(autouse=True)
def _full_buckets() -> Iterator[None]:
    """No test pays for the requests of another one."""
    meter.forget()
    yield
    meter.forget()


@pytest.fixture
def few(db: None) -> None:
    """Some commons and the first thirty opportunities of the seed."""
    commons = [item for item in read_records(SEED / "commons.jsonl") if isinstance(item, Placed)]
    import_commons([item for item in commons if item.record["id"] in COMMONS], now=timezone.now())
    opportunities = [item for item in read_records(SEED / "opportunities.jsonl") if isinstance(item, Placed)]
    import_opportunities(opportunities[:30], now=timezone.now())


@pytest.fixture
def ask(client: Client) -> Callable[..., Any]:
    """`ask("commons?limit=2")`: the response of GET /api/v1/commons?limit=2."""

    def get(path: str, **headers: str) -> Any:
        return client.get(f"/api/v1/{path}", headers=headers)

    return get


def all_items(ask: Callable[..., Any], path: str) -> list[dict[str, Any]]:
    """Every item of a list, page after page."""
    items: list[dict[str, Any]] = []
    cursor = ""
    for _page in range(200):
        mark = "&" if "?" in path else "?"
        page = ask(f"{path}{mark}cursor={cursor}" if cursor else path).json()
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items
    pytest.fail("the list does not end")


@pytest.fixture
def everything(ask: Callable[..., Any]) -> Callable[[str], list[dict[str, Any]]]:
    """`everything("commons?limit=2")`: the items of all pages."""
    return lambda path: all_items(ask, path)
