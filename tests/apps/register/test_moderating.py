"""What editors and stewards do: confirm, remove, merge, separate, stewardship, relations, locks, the queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communs.apps.register import queries
from communs.apps.register.models import Commons, Distinct, Relation, Stewardship
from communs.kit.gates import Right
from communs.kit.models import Source

PAGE = "/en/commons/free-map/"
SignIn = Callable[[Any], Client]


@pytest.fixture
def editor(eva: Any, sign_in: SignIn) -> Client:
    return sign_in(eva)


def test_a_confirmed_entry_becomes_public(editor: Client, hidden: Commons) -> None:
    assert "rumour" in editor.get("/en/commons/queue/").content.decode()
    editor.post("/en/commons/rumour/confirm/", {"note": "checked"})
    assert Client().get("/en/commons/rumour/").status_code == 200
    assert "rumour" not in editor.get("/en/commons/queue/").content.decode()


def test_removing_needs_a_reason(editor: Client, free_map: Commons) -> None:
    assert editor.post(f"{PAGE}remove/", {"note": ""}).status_code == 200
    assert Client().get(PAGE).status_code == 200
    editor.post(f"{PAGE}remove/", {"note": "asked for by its people"})
    assert Client().get(PAGE).status_code == 404
    editor.post(f"{PAGE}confirm/")
    assert Client().get(PAGE).status_code == 200


def test_merging_and_separating_through_the_pages(
    editor: Client, free_map: Commons, make: Callable[..., Commons]
) -> None:
    make("double", name="Free map", homepage="https://map.example")
    assert "double" in editor.get(f"{PAGE}merge/").content.decode()
    editor.post("/en/commons/double/merge/", {"other": "free-map", "note": "the same"})
    assert Client().get("/en/commons/double/").status_code == 302
    assert editor.post("/en/commons/double/edit/", {"name": "x"}).status_code == 409
    assert 'action="/en/commons/double/separate/"' in editor.get(PAGE).content.decode()
    assert "separate" not in Client().get(PAGE).content.decode()
    editor.post("/en/commons/double/separate/")
    assert Client().get("/en/commons/double/").status_code == 200
    assert editor.post("/en/commons/double/separate/").status_code == 409


def test_a_pair_declared_distinct_is_not_suggested_again(
    editor: Client, free_map: Commons, make: Callable[..., Commons]
) -> None:
    make("double", name="Free Map 2", homepage="https://map.example")
    assert "Free Map 2" in editor.get("/en/commons/queue/").content.decode()
    editor.post(f"{PAGE}merge/", {"other": "double", "distinct": "1"})
    assert Distinct.objects.count() == 1
    assert "Free Map 2" not in editor.get("/en/commons/queue/").content.decode()
    assert queries.suggest_duplicates(free_map) == []


def test_likeness_only_ever_suggests(make: Callable[..., Commons]) -> None:
    angular, other = make("angular", name="AngularJS"), make("angularjs", name="AngularJS 2")
    assert queries.suggest_duplicates(angular) == [other]
    assert Commons.objects.filter(merged_into=None).count() == 2


def test_different_wikidata_ids_are_never_suggested(make: Callable[..., Commons]) -> None:
    one = make("one", name="Mercury", identifiers__wikidata="Q1", homepage="https://m.example")
    make("two", name="Mercury", identifiers__wikidata="Q2", homepage="https://m.example")
    assert queries.suggest_duplicates(one) == []
    assert queries.shared_keys() == []


def test_a_member_asks_to_look_after_a_commons_and_an_editor_grants_it(
    editor: Client, free_map: Commons, bob: Any, sign_in: SignIn
) -> None:
    member = sign_in(bob)
    assert 'class="error"' in member.post(f"{PAGE}steward/", {"message": ""}).content.decode()
    member.post(f"{PAGE}steward/", {"message": "I host the tiles."})
    assert Right.EDIT not in queries.rights_on(bob, free_map)
    assert "I host the tiles." in editor.get("/en/commons/queue/").content.decode()
    asked = Stewardship.objects.get(person=bob)
    assert member.post(f"{PAGE}steward/{asked.pk}/", {"verb": "grant"}).status_code == 403
    editor.post(f"{PAGE}steward/{asked.pk}/", {"verb": "grant"})
    assert Right.EDIT in queries.rights_on(bob, free_map)
    assert editor.post(f"{PAGE}steward/{asked.pk}/", {"verb": "decline"}).status_code == 409
    editor.post(f"{PAGE}steward/{asked.pk}/", {"verb": "end"})
    assert Right.EDIT not in queries.rights_on(bob, free_map)


def test_a_steward_can_stop(free_map: Commons, alice: Any, sign_in: SignIn) -> None:
    sign_in(alice).post(f"{PAGE}steward/", {"end": "1"})
    assert Right.EDIT not in queries.rights_on(alice, free_map)


def test_asking_twice_is_refused(free_map: Commons, bob: Any, sign_in: SignIn) -> None:
    member = sign_in(bob)
    member.post(f"{PAGE}steward/", {"message": "First"})
    assert member.post(f"{PAGE}steward/", {"message": "Second"}).status_code == 409
    assert Stewardship.objects.get(person=bob).message == "First"


def test_a_stewardship_is_decided_only_through_its_own_commons(
    editor: Client, free_map: Commons, make: Callable[..., Commons], bob: Any, sign_in: SignIn
) -> None:
    make("other")
    sign_in(bob).post("/en/commons/other/steward/", {"message": "mine"})
    asked = Stewardship.objects.get(person=bob)
    assert editor.post(f"{PAGE}steward/{asked.pk}/", {"verb": "grant"}).status_code == 404


def test_relations_are_stated_and_taken_back_but_not_those_of_a_source(
    free_map: Commons, make: Callable[..., Commons], hidden: Commons, alice: Any, sign_in: SignIn
) -> None:
    steward, tiles = sign_in(alice), make("tiles")
    steward.post(f"{PAGE}relations/", {"kind": "depends_on", "other": "tiles"})
    steward.post(f"{PAGE}relations/", {"kind": "depends_on", "other": "tiles"})
    stated = Relation.objects.get()
    assert (stated.to_commons, stated.person) == (tiles, alice)
    assert steward.post(f"{PAGE}relations/", {"kind": "depends_on", "other": "free-map"}).status_code == 409
    assert steward.post(f"{PAGE}relations/", {"kind": "depends_on", "other": "rumour"}).status_code == 404
    steward.post(f"{PAGE}relations/{stated.pk}/remove/")
    assert not Relation.objects.filter(withdrawn_at=None).exists()
    source = Source.objects.create(key="debian", name="Debian")
    told = Relation.objects.create(from_commons=free_map, to_commons=tiles, kind="depends_on", source=source)
    assert steward.post(f"{PAGE}relations/{told.pk}/remove/").status_code == 409
    assert Relation.objects.filter(pk=told.pk, withdrawn_at=None).exists()


def test_a_locked_field_is_closed_to_everyone_until_an_editor_unlocks_it(
    editor: Client, free_map: Commons, alice: Any, sign_in: SignIn
) -> None:
    editor.post(f"{PAGE}lock/", {"field": "name", "note": "disputed"})
    version = Commons.objects.get(pk=free_map.pk).version
    data = {"name": "Other", "version": str(version)}
    assert sign_in(alice).post(f"{PAGE}edit/?field=name", data).status_code == 409
    assert "locked by an editor" in Client().get(f"{PAGE}sources/").content.decode()
    editor.post(f"{PAGE}lock/", {"field": "name", "unlock": "1"})
    sign_in(alice).post(f"{PAGE}edit/?field=name", {"name": "Other", "version": str(version + 1)})
    assert Commons.objects.get(pk=free_map.pk).name == "Other"
