"""What a ballot says of itself while it holds more than it may."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communs.apps.foundation.models import Ballot
from communs.testing import money_out, votes

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("rule", ["mes", "proportional"])
def test_more_than_may_be_chosen_is_said_as_too_many_and_never_cast(rule: str) -> None:
    cast, now = money_out.people() | votes.voters(), timezone.now()
    money_out.found(cast, {})
    names = ["atlas", "wiki", "forge", "fourth"]
    votes.commons(*names)
    dates = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9)}
    how = {"format": "approve", "points": 0, "costs": dict.fromkeys(names, 10_000)} if rule == "mes" else {}
    votes.opened(cast, rule=rule, **how, **dates, expires_on=(now + timedelta(days=400)).date())
    ana, vote = Client(), reverse("foundation:vote", args=["spring"])
    ana.force_login(cast["Ana"])
    sent = {"shown": names, "do": "look", **{f"c-{name}": "1" for name in names}}
    page = text(ana.post(vote, sent, follow=True))
    assert "4 chosen, 1 too many" in page
    assert "4 of 3" not in page
    assert "Take out 1" in page
    assert "Cast my ballot" not in page
    ana.post(reverse("foundation:vote-look", args=["spring"]))
    assert not Ballot.objects.exists()
    del sent["c-fourth"]
    assert "3 of 3 chosen" in text(ana.post(vote, sent, follow=True))
