"""Merging two records shows the union; separating them restores both exactly, however they were merged before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.apps.register.models import Commons
from communs.kit.records import actions, resolve
from communs.kit.records.actions import Author, Impossible
from communs.kit.records.models import Method


def fresh(record: Commons) -> Commons:
    return Commons.objects.get(pk=record.pk)


@pytest.fixture
def other(eva: Any) -> Commons:
    made: Commons = actions.create(
        Commons, "plan", {"name": "Plan", "homepage": "https://plan.example"}, Author(eva, Method.READER)
    )
    return made


def test_the_target_shows_the_union_and_its_own_claims_first(record: Commons, other: Commons, eva: Any) -> None:
    actions.merge(other, record, eva)
    assert fresh(record).values == {"name": "Map", "kind": "data", "homepage": "https://plan.example"}
    assert not fresh(other).is_public
    assert fresh(other).merged_into_id == record.pk


def test_separating_restores_both_exactly(record: Commons, other: Commons, eva: Any) -> None:
    before = fresh(record).values, fresh(other).values
    actions.merge(other, record, eva)
    actions.separate(fresh(other), eva)
    assert (fresh(record).values, fresh(other).values) == before
    assert fresh(other).is_public


def test_a_record_is_not_merged_with_itself_in_a_circle_or_twice(record: Commons, other: Commons, eva: Any) -> None:
    with pytest.raises(Impossible):
        actions.merge(record, record, eva)
    actions.merge(other, record, eva)
    with pytest.raises(Impossible):
        actions.merge(fresh(record), fresh(other), eva)
    with pytest.raises(Impossible):
        actions.merge(fresh(other), fresh(record), eva)


def test_an_import_to_a_merged_record_reaches_the_one_that_is_shown(
    record: Commons, other: Commons, eva: Any, load: Callable[..., Any]
) -> None:
    third = actions.create(Commons, "globe", {"name": "Globe"}, Author(eva, Method.READER))
    actions.merge(third, other, eva)
    actions.merge(fresh(other), record, eva)
    load("globe", {"languages": ["fr"]})
    assert fresh(record).values["languages"] == ["fr"]
    actions.separate(fresh(other), eva)
    assert "languages" not in fresh(record).values
    assert fresh(other).values["languages"] == ["fr"]


moves = st.lists(st.tuples(st.sampled_from(["merge", "separate"]), st.integers(0, 3), st.integers(0, 3)), max_size=8)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=moves)
def test_any_merges_undone_in_any_order_restore_every_record(eva: Any, sequence: list[Any]) -> None:
    start = Commons.objects.count()
    records = [
        actions.create(
            Commons, f"m-{start}-{number}", {"name": f"n{number}", f"names.{lang}": f"n{number}"}, Author(eva)
        )
        for number, lang in enumerate(("en", "fr", "de", "it"))
    ]
    alone = [fresh(record).values for record in records]
    for verb, one, two in sequence:
        try:
            if verb == "merge":
                actions.merge(fresh(records[one]), fresh(records[two]), eva)
            else:
                actions.separate(fresh(records[one]), eva)
        except Impossible:
            continue
        for record in map(fresh, records):
            assert record.values == resolve.shown(resolve.resolve(actions.statements_of(record)))
    for record in records:
        if fresh(record).merged_into_id:
            actions.separate(fresh(record), eva)
    assert [fresh(record).values for record in records] == alone
