"""What editors make of searches without an answer; nobody else sees them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.kit.models import UnansweredNeed
from communs.kit.unanswered import actions

LIST = "/en/search/unanswered/"


@pytest.fixture
def need(db: None) -> UnansweredNeed:
    actions._Meter.moments.clear()
    return UnansweredNeed.objects.create(
        text="beekeeping records", language="en", first_on=date(2026, 11, 1), last_on=date(2026, 11, 20), times=4
    )


@pytest.mark.parametrize("who", ["", "bob", "eva", "adam"])
def test_editors_alone_see_and_decide(client: Client, need: UnansweredNeed, who: str, request: Any) -> None:
    if who:
        client.force_login(request.getfixturevalue(who))
    allowed = who in {"eva", "adam"}
    expected = {"": 302, "bob": 403}.get(who, 200)
    assert client.get(LIST).status_code == expected
    assert client.get(f"{LIST}export.csv").status_code == expected
    answer = client.post(f"{LIST}{need.pk}/")
    assert answer.status_code == (302 if who != "bob" else 403)
    need.refresh_from_db()
    assert (need.settled_at is not None) is allowed


def test_an_editor_sees_how_often_and_takes_the_list_along(client: Client, eva: Any, need: UnansweredNeed) -> None:
    client.force_login(eva)
    page = client.get(LIST).content.decode()
    assert "beekeeping records" in page
    assert "4 times" in page
    lines = b"".join(client.get(f"{LIST}export.csv")).decode().splitlines()
    assert lines[1].startswith("beekeeping records,,en,4,2026-11-01,2026-11-20")


def test_what_was_dealt_with_comes_back_when_it_is_asked_again(client: Client, eva: Any, need: UnansweredNeed) -> None:
    client.force_login(eva)
    client.post(f"{LIST}{need.pk}/")
    assert "beekeeping" not in client.get(LIST).content.decode()
    assert "beekeeping" in client.get(f"{LIST}?settled=1").content.decode()
    assert actions.note_unanswered("Beekeeping  records", "", "fr", timezone.now())
    need.refresh_from_db()
    assert (need.times, need.settled_at, need.language) == (5, None, "fr")


def test_what_should_not_be_there_is_taken_out(client: Client, eva: Any, need: UnansweredNeed) -> None:
    client.force_login(eva)
    client.post(f"{LIST}{need.pk}/", {"forget": "1"})
    assert not UnansweredNeed.objects.exists()
    assert client.post(f"{LIST}{need.pk}/").status_code == 404


def test_the_table_stays_small(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "KEPT_MAX", 5)
    day = date(2026, 11, 1)
    for number in range(8):
        UnansweredNeed.objects.create(text=f"need {number}", first_on=day, last_on=day, times=number + 1)
    assert actions.drop_surplus() == 3
    assert set(UnansweredNeed.objects.values_list("times", flat=True)) == {4, 5, 6, 7, 8}
