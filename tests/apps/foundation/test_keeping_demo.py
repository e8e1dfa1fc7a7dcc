"""The foundation of the demonstration: told once, sound, with something for everybody to look at."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from communs.apps.foundation.demo import tell
from communs.apps.foundation.demo.people import someone
from communs.apps.foundation.demo.sharing import COSTS, FIRST, NOW_OPEN
from communs.apps.foundation.models import Bundle, Entry, Fund, LineDecision, Round
from communs.apps.foundation.queries import verifying
from communs.apps.foundation.queries.bundles import waiting
from communs.apps.foundation.queries.keeping import waiting_for
from communs.apps.foundation.queries.payouts import counts
from communs.testing import votes
from communs.web.demo import ensure_cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)


@pytest.fixture
def told(db: None) -> None:
    votes.commons(*COSTS)
    ensure_cast()
    assert tell(TODAY)


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_story_keeps_every_rule_and_is_told_once(told: None) -> None:
    assert list(verifying.everything()) == []
    entries = Entry.objects.count()
    assert not tell(TODAY)
    assert Entry.objects.count() == entries


def test_it_has_everything_that_there_is_to_see(told: None) -> None:
    assert {"open-pot", "city-of-belleville", "ministry"} <= set(Fund.objects.values_list("slug", flat=True))
    assert dict(Round.objects.values_list("slug", "state")) == {FIRST: "published", NOW_OPEN: "opened"}
    assert {"confirmed", "submitted", "reserved", "approved"} <= set(counts())
    assert set(LineDecision.objects.values_list("what", flat=True)) >= {"gift", "payout", "fee", "unidentified"}
    assert Bundle.objects.get().acceptances.count() == 3
    assert "cryptpad" in {one.commons for one in waiting()}, "a share waits for somebody to look after it"


def test_the_people_of_the_cast_have_something_to_do(told: None) -> None:
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert {one.what for one in waiting_for(someone("Tessa"), now)} >= {"lines", "reserved", "ask"}
    assert {one.what for one in waiting_for(someone("Carlo"), now)} >= {"decisions", "payouts"}
    said = client_of(someone("Mina")).get(reverse("foundation:keep")).content.decode()
    assert "Release €2,500 from City of Belleville" in said
    assert client_of(someone("Tessa")).get(reverse("foundation:bank")).status_code == 200


@pytest.mark.parametrize("today", [date(2026, 1, 20), date(2028, 2, 29), date(2026, 12, 31)])
def test_it_can_be_told_on_any_day_of_the_year(db: None, today: date) -> None:
    votes.commons(*COSTS)
    ensure_cast()
    tell(today)
    assert list(verifying.everything()) == []
