"""Every role against every right, on every kind of entry; and the same through the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from communs.apps.register.models import Commons
from communs.apps.register.queries import get_commons, read_commons, rights_on
from communs.kit.gates import NotThere, Refused, Right
from communs.kit.records import actions
from communs.kit.records.models import Visibility

S, P, E, M, A = Right
READ, MEMBER, STEWARD, EDITOR, ALL = {S}, {S, P}, {S, P, E}, {S, P, E, M}, {S, P, E, M, A}
# role: rights on a public entry, on one to be confirmed, on one that was removed. Alice is the steward of the first.
EXPECTED: dict[str, tuple[set[Right], set[Right], set[Right]]] = {
    "visitor": (READ, set(), set()),
    "bob": (MEMBER, set(), set()),
    "alice": (STEWARD, set(), set()),
    "eva": (EDITOR, EDITOR, EDITOR),
    "adam": (ALL, ALL, ALL),
}


def person_named(role: str, request: pytest.FixtureRequest) -> Any:
    return AnonymousUser() if role == "visitor" else request.getfixturevalue(role)


@pytest.mark.parametrize("role", EXPECTED)
def test_each_role_has_its_rights_and_no_other(
    role: str, request: pytest.FixtureRequest, free_map: Commons, hidden: Commons, gone: Commons
) -> None:
    person = person_named(role, request)
    for commons, expected in zip((free_map, hidden, gone), EXPECTED[role], strict=True):
        assert rights_on(person, commons) == expected
        for right in Right:
            if right in expected:
                assert get_commons(person, commons.public_id, right) == commons
            elif S in expected:
                with pytest.raises(Refused):
                    get_commons(person, commons.public_id, right)
            else:
                with pytest.raises(NotThere):
                    get_commons(person, commons.public_id, right)


def test_an_absent_entry_and_a_hidden_one_look_the_same(hidden: Commons, bob: Any) -> None:
    answers = set()
    for public_id in (hidden.public_id, "nothing-here"):
        with pytest.raises(NotThere) as caught:
            get_commons(bob, public_id)
        answers.add(str(caught.value))
    assert len(answers) == 1


def test_the_steward_of_a_merged_entry_looks_after_the_one_it_became(
    free_map: Commons, make: Callable[..., Commons], alice: Any, eva: Any
) -> None:
    atlas = make("atlas")
    assert Right.EDIT not in rights_on(alice, atlas)
    actions.merge(free_map, atlas, eva)
    assert Right.EDIT in rights_on(alice, Commons.objects.get(pk=atlas.pk))


def test_an_entry_merged_into_a_hidden_one_is_hidden(free_map: Commons, hidden: Commons, eva: Any) -> None:
    actions.merge(free_map, hidden, eva)
    merged = Commons.objects.get(pk=free_map.pk)
    assert rights_on(AnonymousUser(), merged) == frozenset()


def test_a_person_who_is_no_longer_active_is_a_visitor(free_map: Commons, alice: Any) -> None:
    alice.is_active = False
    assert rights_on(alice, free_map) == READ


@pytest.mark.parametrize("role", EXPECTED)
def test_what_is_read_from_memory_is_what_the_gate_gives(
    role: str, request: pytest.FixtureRequest, free_map: Commons, hidden: Commons, gone: Commons, eva: Any
) -> None:
    person = person_named(role, request)
    for _again in range(2):
        for commons, expected in zip((free_map, hidden, gone), EXPECTED[role], strict=True):
            if S in expected:
                assert read_commons(person, commons.public_id) == commons
            else:
                with pytest.raises(NotThere):
                    read_commons(person, commons.public_id)
    actions.set_visibility(free_map, Visibility.REMOVED, eva)
    if S in EXPECTED[role][2]:
        assert read_commons(person, free_map.public_id).visibility == Visibility.REMOVED
    else:
        with pytest.raises(NotThere):
            read_commons(person, free_map.public_id)


def test_an_entry_merged_into_one_that_is_hidden_since_is_not_read_from_memory(
    free_map: Commons, make: Callable[..., Commons], eva: Any
) -> None:
    atlas = make("atlas")
    actions.merge(free_map, atlas, eva)
    assert read_commons(AnonymousUser(), free_map.public_id) == free_map
    actions.set_visibility(Commons.objects.get(pk=atlas.pk), Visibility.REMOVED, eva)
    with pytest.raises(NotThere):
        read_commons(AnonymousUser(), free_map.public_id)


GET, POST = "get", "post"
# verb, path under the entry, method, form data, the right it takes. 200 or 302 is "allowed".
VERBS: list[tuple[str, str, str, dict[str, str], Right]] = [
    ("overview", "", GET, {}, S),
    ("test", "test/", GET, {}, S),
    ("sources", "sources/", GET, {}, S),
    ("history", "history/", GET, {}, S),
    ("revision", "history/1/", GET, {}, S),
    ("feed", "feed.atom", GET, {}, S),
    ("discussion", "discussion/", GET, {}, S),
    ("proposals", "proposals/", GET, {}, S),
    ("edit form", "edit/", GET, {}, P),
    ("propose", "edit/", POST, {"name": "Other", "version": "1"}, P),
    ("comment", "discussion/", POST, {"text": "Hello"}, P),
    ("watch", "watch/", POST, {}, P),
    ("ask stewardship", "steward/", GET, {}, P),
    ("revert", "history/1/revert/", POST, {}, E),
    ("restore", "history/1/restore/", POST, {}, E),
    ("relations", "relations/", GET, {}, E),
    ("lock", "lock/", POST, {"field": "name"}, M),
    ("confirm", "confirm/", POST, {}, M),
    ("remove form", "remove/", GET, {}, M),
    ("remove", "remove/", POST, {"note": "spam"}, M),
    ("merge form", "merge/", GET, {}, M),
]


def outcome(client: Client, method: str, path: str, data: dict[str, str]) -> str:
    response = getattr(client, method)(path, data)
    if response.status_code == 302 and "/account/login/" in response["Location"]:
        return "sign in"
    return {200: "allowed", 302: "allowed", 403: "refused", 404: "absent", 409: "allowed"}[response.status_code]


@pytest.mark.parametrize("role", EXPECTED)
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_each_page_asks_the_gate(
    role: str,
    verb: tuple[str, str, str, dict[str, str], Right],
    request: pytest.FixtureRequest,
    free_map: Commons,
    hidden: Commons,
    sign_in: Callable[[Any], Client],
) -> None:
    _name, path, method, data, right = verb
    person = None if role == "visitor" else request.getfixturevalue(role)
    client = sign_in(person)
    on_public, on_hidden, _on_gone = EXPECTED[role]
    for commons, rights in ((hidden, on_hidden), (free_map, on_public)):
        expected = "allowed" if right in rights else "absent" if S not in rights else "refused"
        if expected == "refused" and person is None:
            expected = "sign in"
        assert outcome(client, method, f"/en/commons/{commons.public_id}/{path}", data) == expected


def test_steps_are_not_taken_by_following_a_link(free_map: Commons, eva: Any, sign_in: Callable[[Any], Client]) -> None:
    client = sign_in(eva)
    for path in ("history/1/revert/", "history/1/restore/", "lock/", "confirm/", "separate/", "watch/"):
        assert client.get(f"/en/commons/free-map/{path}").status_code == 405


@pytest.mark.parametrize("role", EXPECTED)
def test_the_queue_is_for_editors(role: str, request: pytest.FixtureRequest, sign_in: Callable[[Any], Client]) -> None:
    person = None if role == "visitor" else request.getfixturevalue(role)
    expected = {"visitor": "sign in", "bob": "refused", "alice": "refused"}.get(role, "allowed")
    if person is None:
        request.getfixturevalue("db")
    assert outcome(sign_in(person), "get", "/en/commons/queue/", {}) == expected
