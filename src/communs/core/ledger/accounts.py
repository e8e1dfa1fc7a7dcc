"""Funds, accounts and periods: what postings stand on. What could not keep the rule is refused when it is made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Final

from communs.core.ledger.kinds import AccountKind, Nature
from communs.core.money import exponent

NAME_LENGTH_MAX: Final = 60
_NAME: Final = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{NAME_LENGTH_MAX - 2}}}[a-z0-9])?", re.ASCII)


class InvalidBooks(ValueError):
    """An account, a fund or a period cannot be as given; the message names it and says what to write instead."""


@dataclass(frozen=True, slots=True)
class Fund:
    """Money under one set of conditions. `floor_minor`: what it must keep, in every currency; None: it may owe."""

    id: str
    nature: Nature
    title: str = ""
    funder: str = ""
    convention: str = ""
    """The agreement that restricts it: a reference that people can look up."""
    purpose: str = ""
    return_clause: str = ""
    opens_on: date | None = None
    closes_on: date | None = None
    floor_minor: int | None = 0

    def __post_init__(self) -> None:
        _named("fund", self.id)
        if self.nature is Nature.RESTRICTED and not self.convention:
            raise InvalidBooks(
                f"The restricted fund “{self.id}” names no agreement. Say in `convention` what binds it."
            )
        if self.nature is Nature.RESTRICTED and (self.floor_minor is None or self.floor_minor < 0):
            raise InvalidBooks(f"The restricted fund “{self.id}” could be overspent. Give a floor of at least 0.")
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            raise InvalidBooks(f"The fund “{self.id}” closes before it opens. Exchange the two days.")


@dataclass(frozen=True, slots=True)
class Account:
    """One account in one currency, for all funds or for `fund` alone.

    `overdraft_minor`: by how much a fund's part of it may fall below zero. An account of unclaimed shares has a day on
    which they expire, and says where they go then.
    """

    id: str
    kind: AccountKind
    currency: str
    fund: str | None = None
    owner: str = ""
    title: str = ""
    overdraft_minor: int = 0
    expires_on: date | None = None
    destination: str = ""

    def __post_init__(self) -> None:
        _named("account", self.id)
        exponent(self.currency)
        if self.kind is AccountKind.UNCLAIMED and not (self.expires_on and self.destination):
            raise InvalidBooks(
                f"The account “{self.id}” of unclaimed shares does not say when they expire, or where they go then. "
                "Give `expires_on` and `destination`."
            )
        if self.overdraft_minor < 0:
            raise InvalidBooks(f"The overdraft of account “{self.id}” is below zero. Give 0 or more.")


@dataclass(frozen=True, slots=True)
class Period:
    """Days whose entries are closed together; `closed_at` is the moment, None while it is open."""

    starts_on: date
    ends_on: date
    closed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise InvalidBooks(f"The period from {self.starts_on} ends before it starts. Exchange the two days.")
        if self.closed_at is not None and self.closed_at.tzinfo is None:
            raise InvalidBooks(f"The period from {self.starts_on} was closed at a time without a zone. Give it in UTC.")


def in_order(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Periods by day. Raises `InvalidBooks` where two of them share one."""
    ordered = sorted(periods, key=lambda period: period.starts_on)
    for before, after in pairwise(ordered):
        if after.starts_on <= before.ends_on:
            raise InvalidBooks(f"The periods from {before.starts_on} and {after.starts_on} overlap. Move one of them.")
    return tuple(ordered)


def _named(what: str, name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise InvalidBooks(
            f"“{name[:80]}” names no {what}. Use up to {NAME_LENGTH_MAX} small letters a–z, digits and hyphens."
        )
