"""Fixtures for the cast of people (`communs.web.demo`): `alice`, `bob`, `eva`, `adam`."""

from __future__ import annotations

from typing import Any

import pytest

from communs.web.demo import CAST, PASSWORD


def _person(name: str) -> Any:
    from communs.apps.accounts.actions import ensure_person

    character = next(character for character in CAST if character.name == name)
    person, _created = ensure_person(character.email, PASSWORD, name=character.name, role=character.role)
    return person


@pytest.fixture
def alice(db: None) -> Any:
    """A member; tests make her steward of what they need."""
    return _person("Alice")


@pytest.fixture
def bob(db: None) -> Any:
    """A member without any other right."""
    return _person("Bob")


@pytest.fixture
def eva(db: None) -> Any:
    """An editor."""
    return _person("Eva")


@pytest.fixture
def adam(db: None) -> Any:
    """An administrator."""
    return _person("Adam")
