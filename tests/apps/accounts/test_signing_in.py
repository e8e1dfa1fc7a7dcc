"""Signing in and out, and what stands in the way of guessing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from communs.web.demo import CAST, PASSWORD

from .conftest import At

WRONG = {
    "en": "The e-mail address or the password is not right.",
    "fr": "L’adresse e-mail ou le mot de passe n’est pas le bon.",
}
WAIT = {"en": "Too many attempts with this address", "fr": "Trop d’essais avec cette adresse"}
TOO_MANY = {"en": "Too many attempts", "fr": "Trop d’essais"}


def sign_in(client: Client, at: At, email: str, password: str) -> Any:
    return client.post(at("account_login"), {"login": email, "password": password})


def test_the_right_password_opens_my_page(client: Client, bob: Any, at: At, lang: str) -> None:
    answer = sign_in(client, at, "BOB@example.org", PASSWORD)
    assert answer["Location"] == at("accounts:me")
    page = client.get(at("accounts:me"))
    assert page.context["user"] == bob
    assert f'<html lang="{lang}">' in page.content.decode()


def test_one_returns_to_where_one_wanted_to_go(client: Client, bob: Any, at: At) -> None:
    wanted = at("about")
    answer = client.post(at("account_login"), {"login": bob.email, "password": PASSWORD, "next": wanted})
    assert answer["Location"] == wanted
    elsewhere = {"login": bob.email, "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert Client().post(at("account_login"), elsewhere)["Location"] == at("accounts:me")


@pytest.mark.parametrize("email", ["bob@example.org", "nobody@example.org"])
def test_a_wrong_password_tells_nothing_about_the_address(
    client: Client, bob: Any, at: At, lang: str, email: str
) -> None:
    page = sign_in(client, at, email, "not it at all")
    assert page.status_code == 200
    assert WRONG[lang] in page.content.decode()
    assert client.get(at("accounts:me")).status_code == 302


def test_after_five_wrong_passwords_the_right_one_waits_too(client: Client, bob: Any, at: At, lang: str) -> None:
    for _attempt in range(5):
        assert WRONG[lang] in sign_in(client, at, bob.email, "not it at all").content.decode()
    assert WAIT[lang] in sign_in(client, at, bob.email, PASSWORD).content.decode()


def test_guessing_by_the_dozen_is_answered_429_in_our_design(client: Client, at: At, lang: str) -> None:
    for _attempt in range(30):
        client.post(at("account_login"), {"login": "", "password": ""})
    page = client.post(at("account_login"), {"login": "", "password": ""})
    assert page.status_code == 429
    assert f"<h1>{TOO_MANY[lang]}</h1>" in page.content.decode()
    assert 'class="skip"' in page.content.decode()


def guess(client: Client, count: int, **headers: str) -> int:
    """Empty attempts; the status of the last."""
    return [client.post("/en/account/login/", {}, headers=headers).status_code for _attempt in range(count)][-1]


def test_behind_a_proxy_each_visitor_is_counted_alone(client: Client, settings: Any, db: None) -> None:
    settings.PUBLIC_URL = "https://communs.example.org"
    assert guess(client, 31, **{"X-Forwarded-For": "192.0.2.1"}) == 429
    assert guess(client, 1, **{"X-Forwarded-For": "192.0.2.2"}) == 200
    assert guess(client, 1, **{"X-Forwarded-For": "192.0.2.9, 192.0.2.1"}) == 429  # what a visitor adds does not count


def test_without_a_proxy_the_header_is_not_believed(client: Client, db: None) -> None:
    assert guess(client, 31, **{"X-Forwarded-For": "192.0.2.1"}) == 429
    assert guess(client, 1, **{"X-Forwarded-For": "192.0.2.2"}) == 429


def test_signing_out_takes_a_post(bobs: Client, at: At) -> None:
    assert bobs.get(at("account_logout")).status_code == 200
    assert bobs.get(at("accounts:me")).status_code == 200
    assert bobs.post(at("account_logout"))["Location"] == at("home")
    assert bobs.get(at("accounts:me")).status_code == 302


def test_a_closed_account_stays_outside(client: Client, bob: Any, at: At, lang: str) -> None:
    bob.is_active = False
    bob.save()
    sign_in(client, at, bob.email, PASSWORD)
    assert client.get(at("accounts:me")).status_code == 302


def test_a_demonstration_names_its_people_and_only_it(client: Client, settings: Any, at: At) -> None:
    page = client.get(at("account_login")).content.decode()
    assert PASSWORD not in page
    assert CAST[0].email not in page
    settings.DEMO = True
    page = client.get(at("account_login")).content.decode()
    assert f"<code>{PASSWORD}</code>" in page
    assert all(character.email in page for character in CAST)
