"""Deleting an account: said plainly, asked for twice, and complete."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import CASCADE, PROTECT, SET_NULL
from django.test import Client

from communs.apps.accounts import actions
from communs.apps.accounts.models import Letter
from communs.kit.records.actions import Impossible
from communs.web.demo import PASSWORD

from .conftest import At


def identify(client: Client, at: At) -> Any:
    return client.post(at("account_reauthenticate"), {"password": PASSWORD, "next": at("accounts:delete")}, follow=True)


def test_the_password_is_asked_for_before_the_page_opens(bobs: Client, bob: Any, at: At, lang: str) -> None:
    assert bobs.get(at("accounts:delete"))["Location"].startswith(at("account_reauthenticate"))
    page = identify(bobs, at).content.decode()
    assert {"en": "What stays, without your name", "fr": "Ce qui reste, sans votre nom"}[lang] in page


def test_nothing_is_deleted_without_the_password(bobs: Client, bob: Any, at: At) -> None:
    assert bobs.post(at("accounts:delete"))["Location"].startswith(at("account_reauthenticate"))
    bobs.post(at("account_reauthenticate"), {"password": "not it at all", "next": at("accounts:delete")})
    assert get_user_model().objects.filter(pk=bob.pk).exists()


def test_opening_the_page_deletes_nothing(bobs: Client, bob: Any, at: At) -> None:
    identify(bobs, at)
    bobs.get(at("accounts:delete"))
    assert get_user_model().objects.filter(pk=bob.pk).exists()


def test_after_it_nothing_of_the_account_is_left(bobs: Client, bob: Any, alice: Any, adam: Any, at: At) -> None:
    number = bob.pk
    TOTP.activate(bob, generate_totp_secret())
    actions.write_letter(bob.email, "On its way", "text")
    LogEntry.objects.create(
        user=adam,
        content_type=ContentType.objects.get_for_model(bob),
        object_id=str(number),
        object_repr="Bob",
        action_flag=CHANGE,
    )
    identify(bobs, at)
    assert bobs.post(at("accounts:delete"))["Location"] == at("home")
    assert bobs.get(at("accounts:me")).status_code == 302
    assert not get_user_model().objects.filter(pk=number).exists()
    assert not EmailAddress.objects.filter(email="bob@example.org").exists()
    assert not Authenticator.objects.filter(user_id=number).exists()
    assert not Letter.objects.filter(to="bob@example.org").exists()
    assert not LogEntry.objects.filter(object_repr="Bob").exists()
    assert get_user_model().objects.filter(pk=alice.pk).exists()


def test_the_only_administrator_cannot_leave(adam: Any) -> None:
    with pytest.raises(Impossible, match="only administrator"):
        actions.delete_person(adam)
    actions.create_person("ada@example.org", PASSWORD, role="administrator")
    actions.delete_person(adam)
    assert not get_user_model().objects.filter(email="adam@example.org").exists()


def test_a_closed_account_does_not_count_as_an_administrator(adam: Any) -> None:
    ada = actions.create_person("ada@example.org", PASSWORD, role="administrator")
    ada.is_active = False
    ada.save()
    with pytest.raises(Impossible, match="only administrator"):
        actions.delete_person(adam)


def test_every_table_says_what_becomes_of_a_person() -> None:
    """What points to a person goes with them or forgets them; decisions about money keep a number, and nothing else."""
    person = get_user_model()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and not field.many_to_many and field.related_model is person:
                allowed = {CASCADE, SET_NULL} | ({PROTECT} if model._meta.app_label == "foundation" else set())
                assert field.remote_field.on_delete in allowed, f"{model._meta.label}.{field.name}"
