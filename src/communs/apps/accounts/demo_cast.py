"""The cast: a few people with known roles, the same in the demonstration and in the tests.

Alice looks after OpenStreetMap and Open Food Facts. Bob is a member without any other right. Eva edits the whole
site. Adam administers it. Tessa is treasurer of the foundation; Stella, Carlo and Mina sit on its board, each for a
college: these offices are given in the demonstration only. Their password is public, so they exist only where
COMMUNS_DEMO=1 or in tests.
"""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "commons belong to all"  # noqa: S105 - public on purpose, see above


@dataclass(frozen=True, slots=True)
class Character:
    """One of the cast; `stewards` are public ids of commons, `office` and `college` those of the foundation."""

    name: str
    email: str
    role: str
    stewards: tuple[str, ...] = ()
    office: str = ""
    college: str = ""


CAST = (
    Character("Alice", "alice@example.org", "member", ("openstreetmap", "open-food-facts")),
    Character("Bob", "bob@example.org", "member"),
    Character("Eva", "eva@example.org", "editor"),
    Character("Adam", "adam@example.org", "administrator"),
    Character("Tessa", "tessa@example.org", "member", office="treasurer"),
    Character("Stella", "stella@example.org", "member", office="board", college="states"),
    Character("Carlo", "carlo@example.org", "member", office="board", college="commission"),
    Character("Mina", "mina@example.org", "member", office="board", college="communities"),
)
