"""Somebody who decided on money deletes their account: nothing personal stays, the decision does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from communs.apps.accounts.actions import delete_person
from communs.apps.accounts.models import Person
from communs.apps.foundation.actions import offices
from communs.apps.foundation.models import Appointment

pytestmark = pytest.mark.django_db


def test_what_they_decided_stays_with_a_number_and_nothing_else(adam: Any, alice: Any, bob: Any) -> None:
    Person.objects.filter(pk=bob.pk).update(role="administrator")
    bob.refresh_from_db()
    now = datetime(2026, 3, 1, tzinfo=UTC)
    appointed = offices.appoint(adam, alice, "board", "states", now)
    offices.confirm(bob, appointed.pk, now)
    address = alice.email
    EmailAddress.objects.get_or_create(user=alice, email=address, defaults={"verified": True})
    delete_person(alice)
    left = Person.objects.get(pk=alice.pk)
    assert Appointment.objects.get().person_id == left.pk
    assert (left.name, left.is_active, left.has_usable_password()) == ("", False, False)
    assert address not in left.email
    assert not EmailAddress.objects.filter(email=address).exists()
