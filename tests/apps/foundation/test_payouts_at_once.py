"""Two people at the same moment: one outcome, whichever of them is first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from communs.apps.foundation import naming
from communs.apps.foundation.actions import bank, payouts, reconciling
from communs.apps.foundation.models import BankFile, BankLine, LineDecision, Payout, PayoutBatch, PayoutStep
from communs.apps.foundation.queries import payouts as queries
from communs.apps.foundation.queries.books import verify_books
from communs.core.ledger import verify_payouts
from communs.kit.records.actions import Impossible
from communs.testing import money_out as house
from communs.testing.at_once import at_once as together
from communs.testing.money_out import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> dict[str, Any]:
    people = house.people()
    house.found(people, {"maps": 5_000})
    return people


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each gives, or why it could not; the books and the steps of payouts are sound afterwards."""
    found = together(*works)
    assert list(verify_books()) == []
    assert list(verify_payouts(queries.steps())) == []
    return found


def test_two_approvals_at_once_reserve_once(cast: dict[str, Any]) -> None:
    (payout,) = house.proposed(cast, "maps")
    at_once(*(lambda who=who: payouts.approve(cast[who], payout.public_id, NOW) for who in ("Bea", "Ben")))  # type: ignore[misc]
    assert [one.state for one in queries.steps()] == ["proposed", "approved", "approved", "reserved"]


def test_one_person_twice_at_once_is_one_approval(cast: dict[str, Any]) -> None:
    (payout,) = house.proposed(cast, "maps")
    at_once(*[lambda: payouts.approve(cast["Bea"], payout.public_id, NOW)] * 2)
    assert PayoutStep.objects.filter(state="approved").count() == 1


def test_two_files_at_once_hold_a_payout_once(cast: dict[str, Any]) -> None:
    (payout,) = house.reserved(cast, "maps")
    wanted = payouts.FileWanted(naming.bank("EUR").id, (payout.public_id,), date(2026, 3, 2))
    found = at_once(*(lambda key=key: payouts.submit(cast["Tom"], key, wanted, NOW) for key in ("a", "b")))  # type: ignore[misc]
    assert sum(isinstance(one, Impossible) for one in found) == 1
    assert PayoutBatch.objects.count() == PayoutStep.objects.filter(state="submitted").count() == 1


def test_one_file_asked_for_twice_at_once_is_one(cast: dict[str, Any]) -> None:
    (payout,) = house.reserved(cast, "maps")
    wanted = payouts.FileWanted(naming.bank("EUR").id, (payout.public_id,), date(2026, 3, 2))
    one, other = at_once(*[lambda: payouts.submit(cast["Tom"], "a", wanted, NOW)] * 2)
    assert one == other
    assert PayoutBatch.objects.count() == 1


def test_one_proposal_twice_at_once_is_one(cast: dict[str, Any]) -> None:
    one, other = at_once(*[lambda: house.proposed(cast, "maps")] * 2)
    assert one == other
    assert Payout.objects.count() == 1


def test_two_proposals_at_once_count_what_is_left_one_after_the_other(cast: dict[str, Any]) -> None:
    found = at_once(*(lambda key=key: house.proposed(cast, "maps", minor=3_000, key=key) for key in ("a", "b")))  # type: ignore[misc]
    assert sum(isinstance(one, Impossible) for one in found) == 1


def test_what_is_owed_is_not_reserved_twice_at_once(cast: dict[str, Any]) -> None:
    (first,) = house.proposed(cast, "maps", minor=3_000)
    values = {field.attname: getattr(first, field.attname) for field in Payout._meta.concrete_fields}
    other = Payout.objects.create(**{**values, "id": None, "public_id": UUID(int=7), "key": "raw"})
    payouts.add_step(other, "proposed", NOW, person=cast["Tom"])
    for one in (first, other):
        payouts.approve(cast["Bea"], one.public_id, NOW)
    at_once(*(lambda one=one: payouts.approve(cast["Ben"], one.public_id, NOW) for one in (first, other)))  # type: ignore[misc]
    assert PayoutStep.objects.filter(state="reserved").count() == 1


def test_a_statement_taken_in_twice_at_once_is_one(cast: dict[str, Any], tmp_path: Path) -> None:
    theirs = house.Bank(tmp_path)
    batch, (payout,) = house.submitted(cast, "maps")
    theirs.take(bytes(batch.data))
    theirs.ask("deposit", "700", name="Ada")
    data, (account,) = theirs.statement(), queries.bank_accounts()
    at_once(*[lambda: bank.receive(cast["Tom"], "x", data, NOW)] * 2)
    at_once(*[lambda: reconciling.reconcile(account, NOW)] * 2)
    assert (BankFile.objects.count(), BankLine.objects.count(), LineDecision.objects.count()) == (1, 2, 2)
    assert queries.state_of(payout) == "confirmed"
