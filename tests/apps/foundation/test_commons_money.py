"""What those who look after a commons are told of its money, from the letter to the account it is paid to."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from communs.apps.accounts.models import Letter
from communs.apps.foundation.actions import ballots, bundles, closing
from communs.apps.foundation.queries.commons_money import moves_of
from communs.testing import money_out, votes
from communs.testing.money_out import NOW
from communs.testing.votes import AFTER, DURING

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> dict[str, Any]:
    people = money_out.people() | votes.voters()
    money_out.found(people, {})
    votes.commons("atlas", "wiki", "forge")
    return people


def decided(cast: dict[str, Any], **said: int) -> None:
    made = votes.opened(cast)
    ballots.cast(made, cast["Ana"], said, DURING)
    closing.close(made.slug, AFTER)


def seen(person: Any, where: str) -> str:
    client = Client()
    if person is not None:
        client.force_login(person)
    return re.sub(r"\s+", " ", client.get(where).content.decode())


def page_of(person: Any, commons: str = "wiki") -> str:
    return seen(person, reverse("foundation:sharing-commons", args=[commons]))


def test_stewards_are_told_once_what_waits_and_what_is_theirs(cast: dict[str, Any]) -> None:
    votes.steward("Sam", "wiki")
    bundles.accept_rule(votes.steward("Ada", "atlas"), "atlas", NOW)
    made = votes.opened(cast)
    ballots.cast(made, cast["Ana"], {"wiki": 4, "atlas": 6}, DURING)
    closing.close(made.slug, AFTER)
    closing.close(made.slug, AFTER)
    told = {one.to: one.text for one in Letter.objects.filter(text__contains="which you look after")}
    assert Letter.objects.filter(text__contains="which you look after").count() == 2
    waits, paid = (next(text for to, text in told.items() if name in to.lower()) for name in ("sam", "ada"))
    assert "waits until" in waits
    assert "/foundation/sharing/wiki/" in waits
    assert "to which account" in paid


def test_the_page_leads_a_steward_from_the_share_to_the_account(cast: dict[str, Any]) -> None:
    sam = votes.steward("Sam", "wiki")
    decided(cast, wiki=10)
    assert "Become its steward" in page_of(None)
    assert "Wiki: money waits to be accepted" in seen(sam, "/en/account/")
    bundles.accept_rule(sam, "wiki", AFTER)
    bundles.claim(sam, "wiki", AFTER)
    page, details = page_of(sam), reverse("foundation:payee", args=["commons-wiki-eur"])
    assert "What is owed to it" in page
    assert "its stewards have to say where it is paid" in page
    assert f'class="button" href="{details}"' in page
    assert "Wiki: say where it is paid" in seen(sam, "/en/account/")
    client = Client()
    client.force_login(sam)
    given = {"name": "Wiki", "iban": "DE89370400440532013000", "town": "Bonn", "country": "DE", "street": "", "bic": ""}
    assert client.post(details, {"token": str(uuid4()), **given}).status_code == 302
    assert "a second person confirms the bank details" in page_of(sam)
    assert "say where it is paid" not in seen(sam, "/en/account/")
    assert details not in page_of(cast["Ana"])


def test_what_came_and_went_is_read_from_the_books(cast: dict[str, Any]) -> None:
    sam = votes.steward("Sam", "wiki")
    decided(cast, wiki=10)
    bundles.accept_rule(sam, "wiki", AFTER)
    bundles.claim(sam, "wiki", AFTER)
    assert [(one.kind, one.minor) for one in moves_of("wiki")] == [("grant", 100_000)]
    assert "+€1,000" in page_of(None)
    assert moves_of("forge") == []
    assert "What came and went" not in page_of(None, "forge")
