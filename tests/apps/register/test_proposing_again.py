"""What may be there already is said first; what is missing is named; what was proposed is checked when it is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communs.apps.register import queries
from communs.apps.register.models import Commons, CommonsProposal
from communs.kit.records import taking_part

Make = Callable[..., Commons]
SignIn = Callable[[Any], Client]
NEW = "/en/commons/new/"


@pytest.fixture
def streets(make: Make) -> Commons:
    return make("streets", name="OpenStreets", homepage="https://streets.example/", repository=REPOSITORY)


REPOSITORY = "https://github.com/Streets/Map"


@pytest.mark.parametrize(
    "said",
    [
        {"name": "OpenStreetss"},
        {"name": "openstreet"},
        {"name": "Open-Streets"},
        {"name": "Something else", "homepage": "https://www.streets.example"},
        {"name": "Something else", "homepage": "https://github.com/streets/map.git"},
        {"name": "Something else", "repository": "http://streets.example/"},
    ],
)
def test_a_name_or_an_address_like_one_that_is_there_is_pointed_out(streets: Commons, said: dict[str, str]) -> None:
    assert queries.likely_same(said) == [streets]


@pytest.mark.parametrize("said", [{"name": "Open Fields"}, {"name": "Streetwise"}, {"homepage": "https://a.example/"}])
def test_what_is_only_a_little_alike_is_not(streets: Commons, said: dict[str, str]) -> None:
    assert queries.likely_same(said) == []


def test_nothing_is_sent_before_the_person_has_seen_what_is_alike(streets: Commons, bob: Any, sign_in: SignIn) -> None:
    member = sign_in(bob)
    page = member.post(NEW, {"name": "OpenStreetss"}).content.decode()
    assert '<a href="/en/commons/streets/">OpenStreets</a>' in page
    assert not CommonsProposal.objects.exists()
    member.post(NEW, {"name": "OpenStreetss", "is_new": "1"})
    assert CommonsProposal.objects.get().values == {"name": "OpenStreetss"}


def test_an_empty_description_says_what_is_missing(bob: Any, sign_in: SignIn) -> None:
    page = sign_in(bob).post(NEW, {"note": ""})
    assert list(page.context["form"].errors) == ["name"]
    assert "Nothing was changed" not in page.content.decode()


def proposed(free_map: Commons, bob: Any, **values: Any) -> CommonsProposal:
    said = {name.replace("__", "."): value for name, value in values.items()}
    proposal: CommonsProposal = taking_part.propose(free_map.proposals, said, bob, subject=free_map)
    return proposal


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "castle"), ("languages", "fr"), ("homepage", "javascript:alert(1)"), ("licences", ["MIT"])],
)
def test_a_value_that_no_longer_fits_is_not_taken_over(
    free_map: Commons, bob: Any, alice: Any, sign_in: SignIn, field: str, value: Any
) -> None:
    proposal = taking_part.propose(free_map.proposals, {field: value}, bob, subject=free_map)
    decide = {"verb": "accept", "fields_taken": [field]}
    page = sign_in(alice).post(f"/en/commons/proposal/{proposal.pk}/", decide)
    assert (page.status_code, "this value does not fit here" in page.content.decode()) == (409, True)
    proposal.refresh_from_db()
    assert proposal.status == "open"
    assert Commons.objects.get(pk=free_map.pk).values == free_map.values


def test_a_part_of_it_that_fits_can_still_be_taken(free_map: Commons, bob: Any, alice: Any, sign_in: SignIn) -> None:
    proposal = proposed(free_map, bob, kind="castle", name="Better Map")
    sign_in(alice).post(f"/en/commons/proposal/{proposal.pk}/", {"verb": "accept", "fields_taken": ["name"]})
    assert Commons.objects.get(pk=free_map.pk).values == {**free_map.values, "name": "Better Map"}


def test_a_new_entry_whose_values_do_not_fit_is_not_made(
    free_map: Commons, bob: Any, eva: Any, sign_in: SignIn
) -> None:
    said = {"name": "Castles", "kind": "castle"}
    proposal = taking_part.propose(queries.proposals(), said, bob)
    decide = {"verb": "accept", "fields_taken": list(said)}
    assert sign_in(eva).post(f"/en/commons/proposal/{proposal.pk}/", decide).status_code == 409
    assert not Commons.objects.filter(name="Castles").exists()
