"""Signing up: an address, a password, a link in a letter."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from .conftest import At, link_in

PASSWORD = "a well kept garden"
WORDS = {
    "en": ("Create an account", "Confirm your e-mail address", "Is <strong>new@example.org</strong> your address"),
    "fr": ("Créer un compte", "Confirmez votre adresse e-mail", "est-elle bien votre adresse"),
}


def test_someone_signs_up_confirms_and_is_in(client: Client, letters: list[Any], at: At, lang: str) -> None:
    title, subject, question = WORDS[lang]
    page = client.get(at("account_signup"))
    assert title in page.content.decode()

    answer = client.post(at("account_signup"), {"email": "New@Example.org", "password1": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == at("account_email_verification_sent")
    [letter] = letters
    assert letter.to == ["new@example.org"]
    assert letter.subject == subject
    link = link_in(letter)
    assert link.startswith(f"/{lang}/")

    assert question in client.get(link).content.decode()
    assert client.post(link).status_code == 302
    person = get_user_model().objects.get(email="new@example.org")
    assert (person.role, person.language) == ("member", lang)
    answer = Client().post(at("account_login"), {"login": person.email, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == at("accounts:me")
    assert answer.context["user"] == person


def test_nobody_is_in_before_the_address_is_confirmed(client: Client, letters: list[Any], at: At) -> None:
    client.post(at("account_signup"), {"email": "new@example.org", "password1": PASSWORD})
    other = Client()
    answer = other.post(at("account_login"), {"login": "new@example.org", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == at("account_email_verification_sent")
    assert other.get(at("accounts:me")).status_code == 302


def test_a_spoilt_link_says_what_to_do(client: Client, at: At, lang: str) -> None:
    page = client.get(at("account_confirm_email", args=["spoilt"])).content.decode()
    assert {"en": "too old, or not complete", "fr": "trop ancien, ou incomplet"}[lang] in page


def test_a_taken_address_is_told_to_its_owner_only(client: Client, letters: list[Any], bob: Any, at: At) -> None:
    answer = client.post(at("account_signup"), {"email": bob.email, "password1": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == at("account_email_verification_sent")
    [letter] = letters
    assert letter.to == [bob.email]
    assert letter.subject == "You have an account already"  # in Bob's language, whatever the page's
    assert get_user_model().objects.filter(email=bob.email).count() == 1


@pytest.mark.parametrize("weak", ["short", "password1234", "new@example.org"])
def test_a_weak_password_is_refused_beside_its_field(client: Client, at: At, weak: str) -> None:
    page = client.post(at("account_signup"), {"email": "new@example.org", "password1": weak})
    assert page.status_code == 200
    assert page.context["form"].errors["password1"]
    assert 'id="id_password1_error"' in page.content.decode()
    assert 'value="new@example.org"' in page.content.decode()
    assert not get_user_model().objects.exists()
