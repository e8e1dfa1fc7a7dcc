"""A bundle: how what a commons is granted is shared between its community, what it builds on, and a shared reserve.

Shares are millionths. Everybody who gets one accepts the terms, on a day, in the name of somebody; an acceptance names
the SHA-256 of the terms, so that nobody has accepted what was changed afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Final

from communs.core.transparency import canonical

PPM: Final = 1_000_000
PARTIES_MAX: Final = 200
DEPTH_MAX: Final = 5
"""A bundle may lead to a bundle that leads to a bundle, so many times: nobody can follow more."""


class InvalidBundle(ValueError):
    """Nothing can be shared by these bundles: the message names the place and the remedy."""


class Kind(StrEnum):
    """Who gets a share."""

    COMMUNITY = "community"  # people who look after the commons: money stops here
    COMMONS = "commons"  # a commons upstream: its own bundle, if it has one, shares on
    RESERVE = "reserve"  # a reserve that several commons share: money stops here


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a party, in millionths of what the commons is granted."""

    party: str
    kind: Kind
    ppm: int


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A party says yes. `who`: by whose signature, a pseudonym or name as it is published. `terms`: `Bundle.terms`."""

    party: str
    who: str
    on: date
    terms: str


@dataclass(frozen=True)
class Bundle:
    """The shares of a commons from a day on, with who accepted them."""

    commons: str
    starts_on: date
    shares: tuple[Share, ...]
    acceptances: tuple[Acceptance, ...] = ()

    @cached_property
    def terms(self) -> str:
        """The SHA-256 of what is accepted: commons, day and shares as canonical JSON, whatever their order was."""
        shares = sorted((share.party, share.kind.value, share.ppm) for share in self.shares)
        document = {"commons": self.commons, "starts_on": self.starts_on.isoformat(), "shares": shares}
        return sha256(canonical(document)).hexdigest()

    def accepted_by(self, parties: Iterable[str], who: str, on: date) -> Bundle:
        """The same bundle with the acceptance of these parties."""
        more = tuple(Acceptance(party, who, on, self.terms) for party in parties)
        return Bundle(self.commons, self.starts_on, self.shares, (*self.acceptances, *more))

    def lacking(self, on: date) -> tuple[str, ...]:
        """The parties that have not accepted these terms by that day."""
        signed = (one for one in self.acceptances if one.terms == self.terms and one.who.strip())
        given = {one.party for one in signed if one.on <= on}
        return tuple(sorted({share.party for share in self.shares} - given))

    def is_accepted(self, on: date) -> bool:
        """Whether every party has accepted, and the day from which it holds has come."""
        return self.starts_on <= on and not self.lacking(on)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who may get money. `accepted`: whether stewards and a sharing rule are accepted; a file is no yes."""

    id: str
    accepted: bool
