"""Bring the cast of people (`communs.apps.accounts.demo_cast`) into a site: the demonstration, and the tests."""

from __future__ import annotations

from communs.apps.accounts.demo_cast import CAST, PASSWORD, Character

__all__ = ["CAST", "PASSWORD", "Character", "ensure_cast"]


def ensure_cast() -> None:
    """Create the cast where it is missing; stewardships only of commons that are there."""
    from communs.apps.accounts.actions import ensure_person
    from communs.apps.register.actions import appoint_steward
    from communs.apps.register.queries import public_commons

    for character in CAST:
        person, created = ensure_person(character.email, PASSWORD, name=character.name, role=character.role)
        if created:
            for commons in public_commons().filter(public_id__in=character.stewards):
                appoint_steward(commons, person, by=None)
