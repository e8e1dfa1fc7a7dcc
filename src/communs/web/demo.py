"""Bring the cast of people (`communs.apps.accounts.demo_cast`) into a site: the demonstration, and the tests."""

from __future__ import annotations

from communs.apps.accounts.demo_cast import CAST, PASSWORD, Character

__all__ = ["CAST", "PASSWORD", "Character", "ensure_cast", "password_to_store"]


def password_to_store() -> str:
    """Their password as the database keeps it: one for all of them, since it is public and slow to work out."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


def ensure_cast(stored: str = "") -> None:
    """Create the cast where it is missing; stewardships only of commons that are there.

    `stored`: what `password_to_store` gave, where it was asked beforehand.
    """
    from communs.apps.accounts.actions import ensure_person
    from communs.apps.register.actions import appoint_steward
    from communs.apps.register.queries import public_commons

    stored = stored or password_to_store()
    for character in CAST:
        person, created = ensure_person(
            character.email, PASSWORD, name=character.name, role=character.role, stored=stored
        )
        if created:
            for commons in public_commons().filter(public_id__in=character.stewards):
                appoint_steward(commons, person, by=None)
