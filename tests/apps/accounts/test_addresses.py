"""Changing the e-mail address: add, confirm, make it the main one, remove the old one."""

from __future__ import annotations

from typing import Any

from django.test import Client

from communs.web.demo import PASSWORD

from .conftest import At, link_in


def identify(client: Client, at: At) -> None:
    client.post(at("account_reauthenticate"), {"password": PASSWORD})


def test_an_address_is_changed_step_by_step(bobs: Client, bob: Any, letters: list[Any], at: At, lang: str) -> None:
    identify(bobs, at)
    bobs.post(at("account_email"), {"action_add": "", "email": "robert@example.org"})
    page = bobs.get(at("account_email")).content.decode()
    assert {"en": "not confirmed yet", "fr": "pas encore confirmée"}[lang] in page
    assert letters[-1].to == ["robert@example.org"]

    bobs.post(link_in(letters[-1]))
    bobs.post(at("account_email"), {"action_primary": "", "email": "robert@example.org"})
    bob.refresh_from_db()
    assert bob.email == "robert@example.org"
    assert "bob@example.org" in letters[-1].to  # the old address hears of it

    bobs.post(at("account_email"), {"action_remove": "", "email": "bob@example.org"})
    assert [row.email for row in bob.emailaddress_set.all()] == ["robert@example.org"]
    answer = Client().post(at("account_login"), {"login": "robert@example.org", "password": PASSWORD})
    assert answer["Location"] == at("accounts:me")


def test_an_address_that_is_not_confirmed_cannot_become_the_main_one(bobs: Client, bob: Any, at: At) -> None:
    identify(bobs, at)
    bobs.post(at("account_email"), {"action_add": "", "email": "robert@example.org"})
    bobs.post(at("account_email"), {"action_primary": "", "email": "robert@example.org"})
    bob.refresh_from_db()
    assert bob.email == "bob@example.org"


def test_the_main_address_cannot_be_removed(bobs: Client, bob: Any, at: At, lang: str) -> None:
    identify(bobs, at)
    page = bobs.post(at("account_email"), {"action_remove": "", "email": bob.email}, follow=True).content.decode()
    assert {"en": "is your main address", "fr": "est votre adresse principale"}[lang] in page
    assert bob.emailaddress_set.count() == 1


def test_an_address_is_changed_only_by_its_owner(bobs: Client, bob: Any, letters: list[Any], at: At) -> None:
    asked = bobs.post(at("account_email"), {"action_add": "", "email": "robert@example.org"})
    assert asked["Location"].startswith(at("account_reauthenticate"))
    assert bob.emailaddress_set.count() == 1
    assert not letters
