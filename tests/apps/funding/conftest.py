"""What the tests of the one-stop shop share: records made through the real actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.apps.funding.models import Opportunity
from communs.apps.register.models import Commons
from communs.kit.records import actions
from communs.kit.records.actions import Author
from communs.kit.records.models import Method, Visibility

Make = Callable[..., Any]


@pytest.fixture
def today() -> date:
    """The day it is: pages read the clock."""
    return timezone.localdate()


@pytest.fixture
def make(db: None) -> Make:
    """`make("id", **values)`: a public opportunity; dots in field names are written as two underscores."""

    def made(public_id: str, visibility: str = Visibility.PUBLIC, **values: Any) -> Opportunity:
        said = {"titles.en": f"Fund {public_id}", "last_confirmed": "2026-03", **dotted(values)}
        record = actions.create(Opportunity, public_id, said, Author(None, Method.EDITOR))
        if visibility != Visibility.PUBLIC:
            actions.set_visibility(record, visibility, None)
        record.refresh_from_db()
        return record  # type: ignore[no-any-return]

    return made


@pytest.fixture
def make_commons(db: None) -> Make:
    """`make_commons("id", **values)`: a public commons."""

    def made(public_id: str, visibility: str = Visibility.PUBLIC, **values: Any) -> Commons:
        said = {"name": public_id.title(), "kind": "software", **dotted(values)}
        record = actions.create(Commons, public_id, said, Author(None, Method.EDITOR))
        if visibility != Visibility.PUBLIC:
            actions.set_visibility(record, visibility, None)
        record.refresh_from_db()
        return record  # type: ignore[no-any-return]

    return made


@pytest.fixture
def atlas(make_commons: Make) -> Any:
    """A commons whose form, place and languages nobody has told."""
    return make_commons("atlas", licences=[{"part": "software", "spdx": "AGPL-3.0-or-later"}])


@pytest.fixture
def open_fund(make: Make) -> Any:
    """Takes everybody, everywhere, at any time: nothing is left to ask."""
    return make(
        "open-fund",
        kind="grant",
        recipients=FORMS,
        countries=["INT"],
        commons_kinds=["software"],
        licence_requirement="none",
        windows=[{"model": "permanent"}],
        requires_legal_entity=False,
        funds_what=["commons_collective"],
    )


@pytest.fixture
def french_fund(make: Make) -> Any:
    """Takes French associations, with or without a host: questions decide."""
    return make(
        "french-fund",
        kind="grant",
        recipients=["association"],
        countries=["FR"],
        commons_kinds=["software"],
        licence_requirement="none",
        languages_of_application=["fr"],
        fiscal_host_accepted=True,
        requires_legal_entity=True,
        windows=[{"model": "rolling"}],
        funds_what=["project"],
        amount__min=1000,
        amount__max=5000,
        amount__currency="EUR",
    )


@pytest.fixture
def data_fund(make: Make) -> Any:
    """Takes data only: never for software."""
    return make(
        "data-fund",
        recipients=FORMS,
        countries=["INT"],
        commons_kinds=["hardware"],
        licence_requirement="none",
        windows=[{"model": "permanent"}],
    )


@pytest.fixture
def host(make: Make) -> Any:
    """A fiscal host that takes groups without legal form."""
    return make(
        "a-host",
        kind="fiscal_hosting",
        titles__en="A friendly host",
        recipients=["informal_collective"],
        countries=["INT"],
        licence_requirement="none",
        commons_kinds=["software"],
        windows=[{"model": "permanent"}],
        fiscal_host_accepted=True,
    )


@pytest.fixture
def signed_in(db: None) -> Callable[[Any], Client]:
    """`signed_in(person)`: a client of that person."""

    def made(person: Any) -> Client:
        fresh = Client()
        fresh.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return fresh

    return made


FORMS = [
    *("individual", "informal_collective", "hosted_collective", "association", "foundation", "cooperative"),
    *("company", "social_enterprise", "public_body", "university"),
]


def dotted(values: dict[str, Any]) -> dict[str, Any]:
    """`amount__min` → `amount.min`."""
    return {name.replace("__", "."): value for name, value in values.items()}
