"""After an import those who watch get one letter a record, and an import that nobody watches is not slower for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communs.apps.accounts.models import Letter
from communs.apps.register import tasks
from communs.apps.register.importing import import_commons
from communs.apps.register.models import Commons
from communs.kit.records import importing, taking_part, telling
from communs.kit.records.files import Placed

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """What an import left to the worker: (revision, version before the run)."""
    found: list[tuple[int, int]] = []
    monkeypatch.setitem(telling._tellers, "commons", lambda pk, since: found.append((pk, since)))
    return found


def record(public_id: str, **others: Any) -> Placed:
    sources = [{"origin": "debian", "ref": "x", "supports": ["name", "homepage", "depends_on"]}]
    return Placed(public_id, {"id": public_id, "name": public_id.title(), "sources": sources, **others})


def test_a_record_changed_by_values_and_relations_is_one_letter(
    db: None, bob: Any, told: list[tuple[int, int]], django_capture_on_commit_callbacks: Any
) -> None:
    import_commons([record("map"), record("tiles"), record("other")], now=NOW)
    taking_part.watch(Commons.objects.get(public_id="map"), bob)
    changed = [record("map", name="Great Map", depends_on=["tiles"]), record("other", homepage="https://o.example")]
    with django_capture_on_commit_callbacks(execute=True):
        import_commons(changed, now=NOW)
    (run,) = told
    tasks.tell_watchers.func(*run)
    letter = Letter.objects.get()
    assert letter.to == bob.email
    assert "Great Map" in letter.text
    assert "Depends on: Tiles" in letter.text
    with django_capture_on_commit_callbacks(execute=True):
        import_commons(changed, now=NOW)
    assert len(told) == 1


def test_a_record_repeated_in_two_batches_is_one_letter(
    db: None,
    bob: Any,
    told: list[tuple[int, int]],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr(importing, "BATCH", 1)
    import_commons([record("map")], now=NOW)
    taking_part.watch(Commons.objects.get(public_id="map"), bob)
    with django_capture_on_commit_callbacks(execute=True):
        import_commons([record("map", name="One"), record("map", homepage="https://two.example")], now=NOW)
    assert [since for _pk, since in told] == [1]
    assert told[0][0] == Commons.objects.get().revisions.latest("version").pk


def test_an_import_that_nobody_watches_asks_once_a_batch(db: None, django_capture_on_commit_callbacks: Any) -> None:
    import_commons([record(f"map-{number}") for number in range(20)], now=NOW)
    changed = [record(f"map-{number}", homepage=f"https://{number}.example") for number in range(20)]
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        django_capture_on_commit_callbacks() as callbacks,
    ):
        import_commons(changed, now=NOW)
    asked = [query for query in queries.captured_queries if "commonswatch" in query["sql"]]
    assert (len(asked), callbacks) == (1, [])
