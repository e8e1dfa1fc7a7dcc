"""The authenticator app and the recovery codes."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from communs.web.demo import PASSWORD

from .conftest import At, code_now


def confirm_it_is_me(client: Client, at: At, wanted: str) -> Any:
    """Ask for a page that wants the password again, and give it."""
    asked = client.get(wanted)
    assert asked["Location"].startswith(at("account_reauthenticate"))
    return client.post(asked["Location"], {"password": PASSWORD, "next": wanted}, follow=True)


def enrol(client: Client, at: At) -> str:
    """Set up an app; returns its secret."""
    page = confirm_it_is_me(client, at, at("mfa_activate_totp"))
    secret = str(page.context["form"].secret)
    answer = client.post(at("mfa_activate_totp"), {"code": code_now(secret)})
    assert answer["Location"] == at("mfa_view_recovery_codes")
    cache.clear()  # a code counts once: as if the next thirty seconds had come
    return secret


def codes_on(page: Any) -> list[str]:
    found = re.search(r"<pre>(.*?)</pre>", page.content.decode(), re.DOTALL)
    assert found
    return found[1].split()


def test_the_qr_code_is_an_inline_drawing_on_white(bobs: Client, at: At) -> None:
    page = confirm_it_is_me(bobs, at, at("mfa_activate_totp"))
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page.content.decode())
    assert found
    drawing = base64.b64decode(found[1]).decode()
    assert '<rect width="100%" height="100%" fill="#fff"/><path' in drawing.replace("svg:", "")
    assert "data:" in page["Content-Security-Policy"]


def test_a_wrong_code_does_not_enrol(bobs: Client, at: At, lang: str) -> None:
    confirm_it_is_me(bobs, at, at("mfa_activate_totp"))
    page = bobs.post(at("mfa_activate_totp"), {"code": "abcdef"})
    assert {"en": "This code is not right", "fr": "Ce code n’est pas le bon"}[lang] in page.content.decode()
    assert not page.context["user"].authenticator_set.exists()


def test_with_an_app_the_password_alone_no_longer_opens(
    bobs: Client, bob: Any, letters: list[Any], at: At, lang: str, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        secret = enrol(bobs, at)
    assert [letter.subject for letter in letters] == ["An authenticator app has been added"]

    client = Client()
    answer = client.post(at("account_login"), {"login": bob.email, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == at("mfa_authenticate")
    assert {"en": "One more step", "fr": "Encore une étape"}[lang] in answer.content.decode()
    assert client.get(at("accounts:me")).status_code == 302

    assert client.post(at("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert client.get(at("accounts:me")).status_code == 302
    assert client.post(at("mfa_authenticate"), {"code": code_now(secret)})["Location"] == at("accounts:me")
    assert client.get(at("accounts:me")).context["user"] == bob


def test_a_recovery_code_opens_once(bobs: Client, bob: Any, at: At) -> None:
    enrol(bobs, at)
    codes = codes_on(bobs.get(at("mfa_view_recovery_codes")))
    assert len(codes) == 10
    assert bobs.get(at("mfa_download_recovery_codes")).content.decode().split() == codes

    for expected in (302, 200):
        client = Client()
        client.post(at("account_login"), {"login": bob.email, "password": PASSWORD})
        assert client.post(at("mfa_authenticate"), {"code": codes[0]}).status_code == expected
    assert len(codes_on(bobs.get(at("mfa_view_recovery_codes")))) == 9


def test_new_codes_replace_the_old_ones(bobs: Client, at: At) -> None:
    enrol(bobs, at)
    old = codes_on(bobs.get(at("mfa_view_recovery_codes")))
    assert bobs.get(at("mfa_generate_recovery_codes")).status_code == 200
    new = codes_on(bobs.post(at("mfa_generate_recovery_codes"), follow=True))
    assert not set(old) & set(new)


def test_removing_the_app_leaves_the_password(bobs: Client, bob: Any, letters: list[Any], at: At) -> None:
    enrol(bobs, at)
    assert bobs.get(at("mfa_deactivate_totp")).status_code == 200
    bobs.post(at("mfa_deactivate_totp"))
    assert letters[-1].subject == "The authenticator app has been removed"
    answer = Client().post(at("account_login"), {"login": bob.email, "password": PASSWORD})
    assert answer["Location"] == at("accounts:me")


def test_the_page_says_what_protects_the_account(bobs: Client, at: At, lang: str) -> None:
    words = {"en": ("Not active", "Active: after"), "fr": ("Pas active", "Active : après")}[lang]
    assert words[0] in bobs.get(at("mfa_index")).content.decode()
    enrol(bobs, at)
    page = bobs.get(at("mfa_index")).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert words[1] in page
    assert {"en": "10 codes left", "fr": "Il reste 10 codes"}[lang] in page
    app = {"en": "authenticator app", "fr": "application de codes"}[lang]
    assert app in bobs.get(at("accounts:me")).content.decode()


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"])
def test_what_touches_safety_asks_again_who_is_there(bobs: Client, at: At, name: str) -> None:
    assert bobs.get(at(name))["Location"].startswith(at("account_reauthenticate"))
    page = bobs.post(at("account_reauthenticate"), {"password": "not it at all", "next": at(name)})
    assert page.status_code == 200
    assert bobs.get(at(name)).status_code == 302
