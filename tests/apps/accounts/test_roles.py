"""Roles: who gives them, and who may enter the administration."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from communs.apps.accounts import actions
from communs.kit.records.actions import Impossible
from communs.web.demo import PASSWORD

PAGES = ("/en/admin/", "/fr/admin/accounts/person/", "/en/admin/kit/source/")


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_is_sent_to_the_sign_in_page_of_the_site(client: Client, db: None, path: str) -> None:
    answer = client.get(path, follow=True)
    assert answer.redirect_chain[-1][0].startswith(f"{path[:3]}/account/login/?next=")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["alice", "bob", "eva"])
def test_the_administration_is_closed_to_members_and_editors(
    request: pytest.FixtureRequest, client: Client, who: str, path: str
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(path, follow=True).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_the_administration_is_open_to_administrators(client: Client, adam: Any, path: str) -> None:
    client.force_login(adam)
    assert client.get(path).status_code == 200


def test_the_administrations_own_sign_in_does_not_skip_the_second_step(client: Client, adam: Any) -> None:
    answer = client.post("/en/admin/login/", {"username": adam.email, "password": PASSWORD})
    assert answer["Location"].startswith("/en/account/login/")
    assert client.get("/en/admin/").status_code == 302


def test_an_administrator_gives_a_role_and_sees_no_secret(client: Client, adam: Any, bob: Any) -> None:
    client.force_login(adam)
    path = f"/en/admin/accounts/person/{bob.pk}/change/"
    page = client.get(path).content.decode()
    assert bob.password not in page
    assert "password" not in set(client.get(path).context["adminform"].form.fields)
    client.post(path, {"name": "Bob", "role": "editor", "is_active": "on"})
    bob.refresh_from_db()
    assert bob.role == "editor"
    assert bob.check_password(PASSWORD)


def test_keys_of_authenticator_apps_are_not_in_the_administration(client: Client, adam: Any) -> None:
    client.force_login(adam)
    assert client.get("/en/admin/mfa/authenticator/").status_code == 404


def test_no_administrator_writes_an_address_into_anothers_account(client: Client, adam: Any) -> None:
    client.force_login(adam)  # a new password would be sent there
    for path in ("emailaddress/", "emailaddress/add/", "emailconfirmation/"):
        assert client.get(f"/en/admin/account/{path}").status_code == 404


def test_the_last_administrator_cannot_be_demoted_in_the_administration(client: Client, adam: Any) -> None:
    client.force_login(adam)
    path = f"/en/admin/accounts/person/{adam.pk}/change/"
    page = client.post(path, {"name": "Adam", "role": "member", "is_active": "on"})
    assert "only administrator" in page.content.decode()
    page = client.post(path, {"name": "Adam", "role": "administrator"})
    assert "only administrator" in page.content.decode()
    adam.refresh_from_db()
    assert adam.is_administrator
    assert adam.is_active


def test_deleting_in_the_administration_is_the_same_deleting(client: Client, adam: Any, bob: Any) -> None:
    client.force_login(adam)
    actions.write_letter(bob.email, "On its way", "text")
    client.post(f"/en/admin/accounts/person/{bob.pk}/delete/", {"post": "yes"})
    assert not type(bob).objects.filter(pk=bob.pk).exists()
    assert actions.Letter.objects.count() == 0


def test_pages_of_the_administration_keep_to_the_policy(client: Client, adam: Any, bob: Any) -> None:
    client.force_login(adam)
    for path in (*PAGES, f"/en/admin/accounts/person/{bob.pk}/change/"):
        page = client.get(path).content.decode()
        assert " style=" not in page, path
        assert "onclick=" not in page, path
        assert "<script>" not in page, path


def test_a_role_is_one_of_three(bob: Any) -> None:
    assert actions.set_role(bob, "editor").is_editor
    with pytest.raises(Impossible, match="member, editor, administrator"):
        actions.set_role(bob, "king")


@pytest.mark.parametrize(
    ("role", "edits", "administers"),
    [("member", False, False), ("editor", True, False), ("administrator", True, True)],
)
def test_what_each_role_may_do(bob: Any, role: str, edits: bool, administers: bool) -> None:
    person = type(bob).objects.get(pk=bob.pk)
    person.role = role
    assert (person.is_editor, person.is_administrator, person.is_staff) == (edits, administers, administers)
    assert person.has_perm("accounts.change_person") is administers
    assert person.has_module_perms("accounts") is administers
    person.is_active = False
    assert not person.has_perm("accounts.change_person")
