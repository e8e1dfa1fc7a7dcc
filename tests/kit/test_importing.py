"""Importing claims: idempotent, never overwriting, and what a person withdrew does not come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communs.apps.register.models import Commons, CommonsStatement
from communs.kit.models import Source
from communs.kit.records import actions
from communs.kit.records.actions import Author
from communs.kit.records.importing import ImportReport, Incoming, StatementDraft, import_records
from communs.kit.records.models import Method, Visibility

Load = Callable[..., ImportReport]


def shown(public_id: str = "map") -> dict[str, Any]:
    return Commons.objects.get(public_id=public_id).values


def test_a_second_import_of_the_same_writes_nothing(load: Load) -> None:
    assert load("map", {"name": "Map"}).new == 1
    before = Commons.objects.get(public_id="map")
    report = load("map", {"name": "Map"})
    after = Commons.objects.get(public_id="map")
    assert (report.new, report.changed, report.unchanged) == (0, 0, 1)
    assert (before.version, before.sequence, before.updated_at) == (after.version, after.sequence, after.updated_at)


def test_a_source_that_changes_its_mind_and_back_is_followed(load: Load) -> None:
    for name in ("A", "B", "A"):
        assert load("map", {"name": name}).written == 1
        assert shown()["name"] == name
    assert CommonsStatement.objects.filter(superseded_at=None).count() == 1
    assert load("map", {"name": "A"}).written == 0


def test_a_field_that_a_source_drops_is_no_longer_shown(load: Load) -> None:
    load("map", {"name": "Map", "homepage": "https://map.example"})
    load("map", {"name": "Map"})
    assert shown() == {"name": "Map"}


def test_two_sources_stand_side_by_side_and_the_more_trusted_one_is_shown(load: Load) -> None:
    load("map", {"name": "Trusted"}, source="file", trust=70)
    load("map", {"name": "Fresher"}, source="list", trust=30, seen="2026-12")
    assert shown()["name"] == "Trusted"
    assert CommonsStatement.objects.filter(superseded_at=None).count() == 2


def test_what_a_person_said_survives_every_import(load: Load, eva: Any) -> None:
    load("map", {"name": "Map"})
    actions.state(Commons.objects.get(public_id="map"), {"name": "Atlas"}, Author(eva))
    load("map", {"name": "Plan"}, trust=100, seen="2030")
    assert shown()["name"] == "Atlas"


def test_a_locked_field_survives_imports_of_the_same_source(load: Load, eva: Any) -> None:
    load("map", {"name": "Map"}, source="file")
    actions.lock_field(Commons.objects.get(public_id="map"), "name", eva)
    load("map", {"name": "Other"}, source="list", trust=100)
    assert shown()["name"] == "Map"


def test_a_withdrawn_import_does_not_come_back(load: Load, eva: Any) -> None:
    load("map", {"name": "Map"}, source="file")
    load("map", {"name": "Wrong"}, source="list", trust=90)
    record = Commons.objects.get(public_id="map")
    actions.revert(record.revisions.latest("id"), eva)
    assert shown()["name"] == "Map"
    assert load("map", {"name": "Wrong"}, source="list").written == 0
    assert shown()["name"] == "Map"


def test_reverting_an_import_brings_back_what_it_replaced(load: Load, eva: Any) -> None:
    load("map", {"name": "First"})
    load("map", {"name": "Second"})
    record = Commons.objects.get(public_id="map")
    undone = actions.revert(record.revisions.latest("id"), eva)
    assert shown()["name"] == "First"
    actions.revert(undone, eva)
    assert shown()["name"] == "Second"


def test_general_knowledge_never_outweighs_a_source(load: Load) -> None:
    load("map", {"name": "Known"}, source="list", trust=1)
    load("map", {"name": "Thought"}, source="general", method=Method.GENERAL, seen="2026-12-31")
    assert shown()["name"] == "Known"


def test_the_queries_of_a_batch_do_not_grow_with_its_records(db: None) -> None:
    source = Source.objects.create(key="many", name="many")

    def counted(start: int, count: int) -> int:
        batch = [
            Incoming(
                f"r{number}",
                Visibility.PUBLIC,
                [StatementDraft(source, Method.IMPORT, f"r{number}", {"name": str(number)})],
            )
            for number in range(start, start + count)
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            import_records(Commons, batch, now=timezone.now())
        return len(queries)

    counted(0, 1)
    assert counted(10, 5) == counted(100, 50)
