"""A query put into SQL once gives what the ORM gives, every time."""

from __future__ import annotations

from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from communs.apps.register.models import Commons
from communs.kit.prepared import Prepared
from communs.kit.records import actions
from communs.kit.records.actions import Author


def newest() -> Any:
    return Commons.objects.order_by("-sequence", "-pk").values_list("sequence", "pk", "updated_at", "values")


@pytest.mark.django_db
def test_no_row_is_none() -> None:
    assert Prepared(newest).first() is None


def test_it_gives_the_same_values_as_the_orm_and_sees_each_change(record: Commons, eva: Any) -> None:
    prepared = Prepared(newest)
    assert prepared.first() == newest().first()
    actions.state(record, {"name": "Other"}, Author(eva))
    assert prepared.first() == newest().first()


def test_it_is_one_query_each_time(record: Commons) -> None:
    from django.db import connection

    prepared = Prepared(newest)
    for _time in range(2):
        with CaptureQueriesContext(connection) as captured:
            prepared.first()
        assert len(captured) == 1
