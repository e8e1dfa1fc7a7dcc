"""My page: who I am, what the other apps add, and that nobody else sees my address."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext_lazy as _

from communs.apps.accounts import sections

from .conftest import At


@pytest.fixture
def no_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no other app had registered anything."""
    monkeypatch.setattr(sections, "_registered", {})


def test_it_is_closed_to_those_who_are_not_signed_in(client: Client, at: At) -> None:
    for name in ("accounts:me", "accounts:export", "accounts:delete"):
        assert client.get(at(name))["Location"].startswith(at("account_login")), name


def test_the_name_and_the_language_can_be_changed(bobs: Client, bob: Any, at: At) -> None:
    assert bobs.post(at("accounts:me"), {"name": "Robert", "language": "fr"})["Location"] == at("accounts:me")
    bob.refresh_from_db()
    assert (bob.name, bob.language) == ("Robert", "fr")
    assert "<dd>Robert</dd>" in bobs.get(at("accounts:me")).content.decode()


def test_what_was_typed_is_kept_when_it_is_wrong(bobs: Client, bob: Any, at: At) -> None:
    page = bobs.post(at("accounts:me"), {"name": "R" * 81, "language": "xx"})
    assert set(page.context["form"].errors) == {"name", "language"}
    assert "R" * 81 in page.content.decode()
    assert "<dd>Bob</dd>" in page.content.decode()
    bob.refresh_from_db()
    assert bob.name == "Bob"


def test_without_a_name_others_see_a_number(bob: Any) -> None:
    bob.name = ""
    assert str(bob) == f"#{bob.pk}"
    assert "@" not in str(bob)


@pytest.mark.usefixtures("no_sections")
def test_other_apps_add_sections(bobs: Client, bob: Any, at: At) -> None:
    sections.register(_("Search"), lambda person: [(f"of {person.name} <b>", "/en/about/", "since May")])
    sections.register(_("Sources"), lambda person: [], empty=_("Nothing yet."))
    sections.register(_("Hidden while empty"), lambda person: [])
    page = bobs.get(at("accounts:me")).content.decode()
    assert '<a href="/en/about/">of Bob &lt;b&gt;</a><p class="facts">since May</p>' in page
    assert '<p class="empty">Nothing yet.</p>' in page
    assert "Hidden while empty" not in page


@pytest.mark.usefixtures("no_sections")
def test_registering_the_same_function_again_replaces_it(bob: Any) -> None:
    def rows_of(person: Any) -> list[sections.Row]:
        return [("one", "", "")]

    sections.register("First", rows_of)
    sections.register("Second", rows_of)
    assert [section.label for section in sections.sections_of(bob)] == ["Second"]


@pytest.mark.usefixtures("no_sections")
def test_the_page_takes_few_queries(bobs: Client, at: At, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        bobs.get(at("accounts:me"))


@pytest.mark.parametrize("path", ["/en/", "/fr/", "/en/about/"])
def test_an_address_stands_on_no_page_but_its_owners(bobs: Client, bob: Any, alice: Any, path: str) -> None:
    others = Client()
    others.force_login(alice)
    for reader in (Client(), others):
        assert bob.email not in reader.get(path).content.decode()
    assert bob.email in bobs.get("/en/account/").content.decode()
    assert alice.email not in bobs.get("/en/account/").content.decode()
