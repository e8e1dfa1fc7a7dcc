"""Three of the board at the same moment: a decision is carried out once, by two of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from communs.apps.foundation import naming
from communs.apps.foundation.actions import deciding
from communs.apps.foundation.actions.moving import MoveWanted
from communs.apps.foundation.models import Decision, DecisionStep, Entry
from communs.apps.foundation.queries.books import verify_books
from communs.kit.records.actions import Impossible
from communs.testing import money_out as house
from communs.testing.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
KEY = UUID(int=9)


@pytest.fixture
def cast() -> dict[str, Any]:
    people = house.people()
    house.found(people, {})
    return people


def propose(cast: dict[str, Any]) -> Decision:
    wanted = MoveWanted(naming.bank("EUR").id, "city", "open", 20_000, "Letter")
    return deciding.propose(cast["Tom"], KEY, "release", wanted, "", house.NOW)


def test_three_approvals_at_once_carry_it_out_once(cast: dict[str, Any]) -> None:
    one = propose(cast)
    board = [cast[name] for name in ("Bea", "Ben", "Bo")]
    found = at_once(*(lambda who=who: deciding.approve(who, one.public_id, house.NOW) for who in board))
    assert sorted(str(one) for one in found[:3] if isinstance(one, str)) == ["approved", "done"]
    assert sum(isinstance(one, Impossible) for one in found) == 1
    assert Entry.objects.filter(kind="release").count() == 1
    assert DecisionStep.objects.count() == 2
    assert list(verify_books()) == []


def test_approving_and_withdrawing_at_once_leaves_one_of_both(cast: dict[str, Any]) -> None:
    one = propose(cast)
    deciding.approve(cast["Bea"], one.public_id, house.NOW)
    at_once(
        lambda: deciding.approve(cast["Ben"], one.public_id, house.NOW),
        lambda: deciding.withdraw(cast["Tom"], one.public_id, "", house.NOW),
    )
    carried_out = Entry.objects.filter(kind="release").count()
    assert DecisionStep.objects.filter(what="withdrawn").count() == 1 - carried_out


def test_one_form_sent_twice_at_once_is_one_decision(cast: dict[str, Any]) -> None:
    found = at_once(lambda: propose(cast), lambda: propose(cast))
    assert len(found) == 2
    assert Decision.objects.count() == 1
