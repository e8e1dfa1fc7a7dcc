"""Records to try the kit on: commons, the smallest real record there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone, translation

from communs.apps.register.models import Commons
from communs.kit.models import Source
from communs.kit.records import actions
from communs.kit.records.actions import Author
from communs.kit.records.importing import ImportReport, Incoming, StatementDraft, import_records
from communs.kit.records.models import Method, Visibility


@pytest.fixture(autouse=True)
def plain_surroundings(settings: Any) -> Iterator[None]:
    """English, and no pages kept in memory."""
    settings.PUBLIC_PAGE_SECONDS = 0
    with translation.override("en"):
        yield


@pytest.fixture
def record(eva: Any) -> Commons:
    """A map with a name and a kind, stated by an editor."""
    made: Commons = actions.create(Commons, "map", {"name": "Map", "kind": "data"}, Author(eva))
    return made


@pytest.fixture
def load(db: None) -> Callable[..., ImportReport]:
    """Import values of one record from a source: `load("map", {"name": "Map"}, source="list", trust=50)`."""

    def run(
        public_id: str,
        values: dict[str, Any],
        *,
        source: str = "list",
        trust: int = 50,
        seen: str = "2026-01",
        method: Method = Method.IMPORT,
    ) -> ImportReport:
        origin, _created = Source.objects.get_or_create(key=source, defaults={"name": source, "trust": trust})
        draft = StatementDraft(origin, method, public_id, values, [], seen)
        return import_records(Commons, [Incoming(public_id, Visibility.PUBLIC, [draft])], now=timezone.now())

    return run
