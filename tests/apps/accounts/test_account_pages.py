"""Every page of the account library is ours: our frame, our words, both languages, no script but its own files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils.translation import gettext

from communs.apps.accounts import wording
from communs.web.demo import PASSWORD

from .conftest import At

OURS = Path(wording.__file__).parent / "templates"
# For settings that are not on (sign-in and confirmation by code, phones, sign-up by passkey, one address only);
# and a file that holds recovery codes and no words.
NOT_USED = re.compile(r"_code_|_code\.|phone|passkey|signup_form|trust|email_change\.html|download\.txt")


def names_of(patterns: list[Any]) -> list[str]:
    """The names of all pages below, without those that need an object in their address."""
    found: list[str] = []
    for pattern in patterns:
        if not isinstance(pattern, URLPattern):
            found += names_of(pattern.url_patterns) if "<" not in str(pattern.pattern) else []
        elif "<" not in str(pattern.pattern):
            found.append(str(pattern.name))
    return found


PAGES = sorted({*names_of(account_urls.urlpatterns), *names_of(mfa_urls.urlpatterns)})
ANSWERS_OTHERWISE = {"mfa_download_recovery_codes", "mfa_login_webauthn"}  # a text file; JSON


def look_at(client: Client, path: str, lang: str) -> bool:
    """Check one page; whether there was one to look at (and not a way to another page)."""
    answer = client.get(path)
    if answer.status_code in {302, 404}:
        return False
    assert answer.status_code == 200, path
    page = answer.content.decode()
    assert f'<html lang="{lang}">' in page, path
    assert page.count("<h1") == 1, path
    assert 'class="skip"' in page, path
    assert not re.search(r"\bplease\b|s’il vous plaît|s'il vous plaît|merci de", page, re.IGNORECASE), path
    assert " style=" not in page, path
    assert not re.search(r"<[^>]+ on\w+=", page), path
    for attributes in re.findall(r"<script([^>]*)>", page):
        assert "src=" in attributes or 'type="application/json"' in attributes, path
    return True


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ANSWERS_OTHERWISE])
def test_every_page_wears_our_design(name: str, bobs: Client, bob: Any, at: At, lang: str) -> None:
    look_at(Client(), at(name), lang)
    look_at(bobs, at(name), lang)
    bobs.post(at("account_reauthenticate"), {"password": PASSWORD})
    look_at(bobs, at(name), lang)


def test_the_walk_reaches_the_pages_that_matter(bobs: Client, at: At, lang: str) -> None:
    bobs.post(at("account_reauthenticate"), {"password": PASSWORD})
    for name in ("account_email", "account_change_password", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn"):
        assert look_at(bobs, at(name), lang), name
    for name in ("account_login", "account_signup", "account_reset_password", "account_email_verification_sent"):
        assert look_at(Client(), at(name), lang), name


def test_no_template_of_the_library_is_left_unworded() -> None:
    library = Path(allauth.__file__).parent / "templates"
    theirs = [
        path.relative_to(library)
        for folder in ("account", "mfa")
        for path in (library / folder).rglob("*.*")
        if "snippets" not in path.parts and not path.name.startswith("base")
    ]
    assert len(theirs) > 50
    missing = [str(path) for path in theirs if not (OURS / path).exists() and not NOT_USED.search(path.name)]
    assert missing == []


def test_texts_of_the_library_have_our_words_in_both_languages(lang: str) -> None:
    unchanged = {"en": {"Forgot your password?", "Password", "Code"}, "fr": {"Code"}}[lang]
    assert {text for text in wording.REWORDED if gettext(text) == text} <= unchanged


def test_our_pages_come_before_those_of_the_library() -> None:
    resolved = get_resolver().resolve("/en/account/")
    assert resolved.view_name == "accounts:me"
