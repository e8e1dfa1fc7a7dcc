"""A small register: a public commons with a steward, one not confirmed, one removed; and people signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from communs.apps.register.actions import appoint_steward
from communs.apps.register.models import Commons
from communs.kit.records import actions
from communs.kit.records.actions import Author
from communs.kit.records.models import Method, Visibility

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MAP = {
    "name": "Free Map",
    "kind": "data",
    "summaries.en": "A map that anyone may draw.",
    "summaries.fr": "Une carte que chacun peut dessiner.",
    "licences": [{"part": "data", "spdx": "ODbL-1.0"}],
    "steward.name": "Map Friends",
    "steward.form": "association",
    "countries": ["FR"],
    "languages": ["fr", "en"],
    "homepage": "https://map.example/",
}


@pytest.fixture(autouse=True)
def plain_surroundings(settings: Any) -> Iterator[None]:
    """English, and no pages kept in memory."""
    settings.PUBLIC_PAGE_SECONDS = 0
    with translation.override("en"):
        yield


@pytest.fixture
def make(eva: Any) -> Callable[..., Commons]:
    """`make("map", name="Map", …)`: a public commons stated by an editor."""

    def create(public_id: str, *, visibility: Visibility = Visibility.PUBLIC, **values: Any) -> Commons:
        said = {"name": public_id, **{name.replace("__", "."): value for name, value in values.items()}}
        commons: Commons = actions.create(Commons, public_id, said, Author(eva, Method.EDITOR))
        if visibility != Visibility.PUBLIC:
            actions.set_visibility(commons, visibility, eva)
        return Commons.objects.get(pk=commons.pk)

    return create


@pytest.fixture
def free_map(eva: Any, alice: Any) -> Commons:
    """The commons that Alice looks after."""
    commons: Commons = actions.create(Commons, "free-map", MAP, Author(eva, Method.EDITOR))
    appoint_steward(commons, alice, by=eva)
    return commons


@pytest.fixture
def hidden(make: Callable[..., Commons]) -> Commons:
    """Known from general knowledge only."""
    return make("rumour", visibility=Visibility.UNCONFIRMED)


@pytest.fixture
def gone(make: Callable[..., Commons]) -> Commons:
    """Removed by an editor."""
    return make("spam", visibility=Visibility.REMOVED)


@pytest.fixture
def sign_in() -> Callable[[Any], Client]:
    """A browser in which this person is signed in; None is a visitor."""

    def signed_in(person: Any) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend=BACKEND)
        return client

    return signed_in
