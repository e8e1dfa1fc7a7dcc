"""Creating people: for the command line, the demonstration and the tests."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from communs.apps.accounts import actions, queries
from communs.kit.records.actions import Impossible

PASSWORD = "a well kept garden"
pytestmark = pytest.mark.django_db


def test_someone_created_has_a_confirmed_address() -> None:
    person = actions.create_person(" New@Example.org ", PASSWORD, name="New", role="editor", language="fr")
    assert (person.email, person.name, person.role, person.language) == ("new@example.org", "New", "editor", "fr")
    assert person.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=person).verified


def test_someone_without_a_password_cannot_sign_in_with_any() -> None:
    assert not actions.create_person("new@example.org", None).has_usable_password()


@pytest.mark.parametrize(
    ("email", "password", "role", "why"),
    [
        ("not an address", PASSWORD, "member", "is not an e-mail address"),
        ("new@example.org", "short", "member", "too short"),
        ("new@example.org", PASSWORD, "king", "no role king"),
        ("TAKEN@example.org", PASSWORD, "member", "an account with the address taken@example.org already"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(email: str, password: str, role: str, why: str) -> None:
    actions.create_person("taken@example.org", PASSWORD)
    with pytest.raises(Impossible, match=why):
        actions.create_person(email, password, role=role)
    assert queries.people().count() == 1


def test_ensuring_someone_leaves_who_is_there_as_they_are() -> None:
    first, created = actions.ensure_person("new@example.org", PASSWORD, name="New")
    again, created_again = actions.ensure_person("new@example.org", "something else entirely", name="Other")
    assert (created, created_again) == (True, False)
    assert again == first
    assert again.name == "New"
    assert again.check_password(PASSWORD)


def test_a_new_password_must_be_a_good_one() -> None:
    person = actions.create_person("new@example.org", PASSWORD)
    with pytest.raises(Impossible, match="too common"):
        actions.set_password(person, "password1234")
    actions.set_password(person, "a garden of another kind")
    person.refresh_from_db()
    assert person.check_password("a garden of another kind")
