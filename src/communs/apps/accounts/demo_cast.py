"""The cast: a few people with known roles, the same in the demonstration and in the tests.

Alice looks after OpenStreetMap and Open Food Facts. Bob is a member without any other right. Eva edits the whole
site. Adam administers it. Their password is public, so they exist only where COMMUNS_DEMO=1 or in tests.
"""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "commons belong to all"  # noqa: S105 - public on purpose, see above


@dataclass(frozen=True, slots=True)
class Character:
    """One of the cast; `stewards` are public ids of commons."""

    name: str
    email: str
    role: str
    stewards: tuple[str, ...] = ()


CAST = (
    Character("Alice", "alice@example.org", "member", ("openstreetmap", "open-food-facts")),
    Character("Bob", "bob@example.org", "member"),
    Character("Eva", "eva@example.org", "editor"),
    Character("Adam", "adam@example.org", "administrator"),
)
