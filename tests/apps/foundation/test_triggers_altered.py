"""Somebody with the database's password leaves a trigger its name and takes its rule away: it is told by name."""

from __future__ import annotations

import pytest
from django.db import connection

from communs.apps.foundation import sql
from communs.apps.foundation.queries.books import missing_triggers

pytestmark = pytest.mark.django_db
SQLITE = {
    "foundation_seal": ("foundation_seal", "AFTER UPDATE ON foundation_entry BEGIN SELECT 1; END"),
    "foundation_ballot_not_replaced": (
        "foundation_ballot_not_replaced",
        "BEFORE INSERT ON foundation_ballot BEGIN SELECT 1; END",
    ),
    "foundation_payoutstep_follows": (
        "foundation_payoutstep_follows",
        "BEFORE INSERT ON foundation_payoutstep WHEN false BEGIN SELECT RAISE(ABORT, 'no'); END",
    ),
}
POSTGRESQL = {
    "foundation_payoutstep_follows": (
        "CREATE OR REPLACE FUNCTION foundation_payoutstep_follows() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RETURN NEW; END $$"
    ),
    "foundation_payout_added_only": "ALTER TABLE foundation_payout DISABLE TRIGGER foundation_payout_added_only",
    "foundation_leaf_added_only": (
        "DROP TRIGGER foundation_leaf_added_only ON foundation_leaf; CREATE TRIGGER foundation_leaf_added_only "
        "BEFORE UPDATE ON foundation_leaf FOR EACH ROW WHEN (false) EXECUTE FUNCTION foundation_stays()"
    ),
    "foundation_leaf_not_deleted": (
        "DROP TRIGGER foundation_leaf_not_deleted ON foundation_leaf; CREATE TRIGGER foundation_leaf_not_deleted "
        "BEFORE INSERT ON foundation_leaf FOR EACH ROW EXECUTE FUNCTION foundation_stays()"
    ),
}


def test_what_was_installed_is_found_as_it_was_installed() -> None:
    assert sql.missing(connection) == []


@pytest.mark.parametrize("name", sorted({*SQLITE, *POSTGRESQL}))
def test_a_trigger_that_lost_its_rule_and_kept_its_name_is_told(name: str) -> None:
    made = (SQLITE if connection.vendor == "sqlite" else POSTGRESQL).get(name)
    if made is None:
        pytest.skip("of the other database")
    with connection.cursor() as cursor:
        if isinstance(made, tuple):
            cursor.execute(f"DROP TRIGGER {made[0]}")
            cursor.execute(f"CREATE TRIGGER {made[0]} {made[1]}")
        else:
            cursor.execute(made)
    assert name in sql.missing(connection)
    assert name in {one.place for one in missing_triggers()}
    sql.install(connection)
    assert sql.missing(connection) == []
