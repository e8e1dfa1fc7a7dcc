"""A forgotten password, a new one, and who is told."""

from __future__ import annotations

from typing import Any

from django.test import Client

from communs.web.demo import PASSWORD

from .conftest import At, link_in

NEW = "another well kept garden"


def test_a_forgotten_password_is_replaced_by_a_link(
    client: Client, bob: Any, letters: list[Any], at: At, lang: str
) -> None:
    bob.language = lang
    bob.save()
    asked = client.post(at("account_reset_password"), {"email": bob.email}, follow=True)
    assert {"en": "Look into your e-mail", "fr": "Regardez vos messages"}[lang] in asked.content.decode()
    [letter] = letters
    assert letter.subject == {"en": "Choose a new password", "fr": "Choisissez un nouveau mot de passe"}[lang]

    form = client.get(link_in(letter), follow=True)
    done = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW}, follow=True)
    assert done.redirect_chain[-1][0] == at("account_reset_password_from_key_done")
    assert Client().post(at("account_login"), {"login": bob.email, "password": NEW}).status_code == 302
    assert Client().post(at("account_login"), {"login": bob.email, "password": PASSWORD}).status_code == 200
    assert len(letters) == 2  # the owner is told

    again = Client().get(link_in(letter), follow=True).content.decode()
    assert {"en": "has been used already", "fr": "a déjà servi"}[lang] in again


def test_an_unknown_address_gets_the_same_page_and_a_letter_of_its_own(
    client: Client, letters: list[Any], at: At, lang: str
) -> None:
    asked = client.post(at("account_reset_password"), {"email": "nobody@example.org"})
    assert asked["Location"] == at("account_reset_password_done")
    [letter] = letters
    assert (
        letter.subject
        == {
            "en": "There is no account with this address",
            "fr": "Aucun compte ne porte cette adresse",
        }[lang]
    )


def test_changing_the_password_ends_other_sessions(bobs: Client, bob: Any, letters: list[Any], at: At) -> None:
    elsewhere = Client()
    elsewhere.force_login(bob)
    assert elsewhere.get(at("accounts:me")).status_code == 200
    values = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert bobs.post(at("account_change_password"), values)["Location"] == at("accounts:me")
    assert bobs.get(at("accounts:me")).status_code == 200
    assert elsewhere.get(at("accounts:me")).status_code == 302
    assert letters[-1].subject == "Your password has been changed"


def test_the_old_password_is_asked_for(bobs: Client, at: At, lang: str) -> None:
    values = {"oldpassword": "not it at all", "password1": NEW, "password2": NEW}
    page = bobs.post(at("account_change_password"), values).content.decode()
    assert {"en": "Type the password you have now.", "fr": "Saisissez votre mot de passe actuel."}[lang] in page


def test_someone_without_a_password_sets_one(client: Client, bob: Any, at: At) -> None:
    bob.set_unusable_password()
    bob.save()
    client.force_login(bob)
    assert client.get(at("account_change_password"))["Location"] == at("account_set_password")
    assert client.get(at("account_set_password")).status_code == 200
    client.post(at("account_set_password"), {"password1": NEW, "password2": NEW})
    bob.refresh_from_db()
    assert bob.check_password(NEW)
