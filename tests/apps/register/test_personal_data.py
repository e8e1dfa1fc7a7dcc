"""What a person has in the register is theirs: on their page, in their export, and gone or nameless when they leave."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

from communs.apps.accounts.actions import delete_person
from communs.apps.accounts.exports import collect
from communs.apps.accounts.sections import sections_of
from communs.apps.register import actions as register
from communs.apps.register.models import Commons, CommonsWatch, Stewardship
from communs.kit.records import actions, taking_part
from communs.kit.records.actions import Author
from communs.kit.records.models import Method


def take_part(commons: Commons, person: Any, other: Commons) -> None:
    actions.state(commons, {"name": f"by {person.name}"}, Author(person, Method.READER))
    actions.propose(commons.proposals, {"kind": "content"}, person, subject=commons, note="my note")
    taking_part.comment(commons, person, f"a word by {person.name}")
    taking_part.watch(commons, person)
    register.ask_stewardship(commons, person, "let me")
    register.add_relation(commons, other, "similar", person)


def test_the_export_holds_what_is_ones_own_and_nothing_of_others(
    free_map: Commons, make: Callable[..., Commons], bob: Any, eva: Any
) -> None:
    other = make("other")
    take_part(free_map, bob, other)
    taking_part.comment(free_map, eva, "a word by Eva")
    own = collect(bob)
    for name in ("statements", "proposals", "comments", "watched", "relations"):
        assert len(own[f"commons_{name}"]) == 1, name
    assert [list(change["diff"]) for change in own["commons_changes"]] == [["relations.similar"], []]
    assert own["stewardships"][0]["message"] == "let me"
    assert "Eva" not in json.dumps(own, default=str)


def test_ones_page_names_what_one_looks_after_proposed_and_follows(
    free_map: Commons, make: Callable[..., Commons], bob: Any
) -> None:
    take_part(free_map, bob, make("other"))
    rows = {str(section.label): section.rows for section in sections_of(bob)}
    address = "/en/commons/free-map/"
    assert rows["Commons you look after"] == [("Free Map", address, "asked for")]
    assert rows["Commons you follow"] == [("Free Map", address, "")]
    assert rows["What you proposed for commons"][0][0] == "Free Map"


def test_who_leaves_takes_along_what_is_personal_and_leaves_what_is_public(
    free_map: Commons, make: Callable[..., Commons], bob: Any
) -> None:
    take_part(free_map, bob, make("other"))
    values = Commons.objects.get(pk=free_map.pk).values
    delete_person(bob)
    assert not CommonsWatch.objects.exists()
    assert not Stewardship.objects.filter(status="asked").exists()
    assert Commons.objects.get(pk=free_map.pk).values == values
    page = Client().get("/en/commons/free-map/discussion/").content.decode()
    assert "a word by Bob" in page
    assert "someone who has left" in page
    for path in ("history/", "proposals/", "sources/", ""):
        assert Client().get(f"/en/commons/free-map/{path}").status_code == 200
