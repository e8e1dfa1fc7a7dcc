"""What a provider says of a pay-in, in words that all providers share, and what may come in from outside as a hint."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

SEPA_RETURN_DAYS: Final = 56
"""A payer may have an authorised SEPA direct debit given back within eight weeks, without a reason."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A pay-in that waits for its payer at `redirect_url` until `expires_at` (None: the provider does not say)."""

    provider_id: str
    redirect_url: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefundNews:
    """`state`: a word of `core.ledger.states.REFUND`. `intent`: ours, where the provider keeps it."""

    object_id: str
    state: str
    minor: int
    at: datetime
    intent: UUID | None = None


@dataclass(frozen=True, slots=True)
class DisputeNews:
    """`state`: a word of `core.ledger.states.DISPUTE`."""

    object_id: str
    state: str
    minor: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PayInNews:
    """One payment as it stands, read from the provider itself. A pay-in with terms has one for each payment.

    What we began is known by `begun_id` or by `intent`, of which a provider may not give both every time.
    `state`: a word of `core.ledger.states.PAY_IN`, to be given to its `hear`. `minor`: what is for us, in minor units
    of `currency`, before `fee` (None: not known yet) and without `tip`, which the payer gave the provider on top.
    `settlement`: the payout to our bank it went with. `at_risk_until`: the last day on which the payer may take a
    direct debit back. `doubt` says why a person has to look before anything is booked; a state that nobody explains
    is never more than "pending".
    """

    provider: str
    object_id: str
    begun_id: str
    intent: UUID | None
    state: str
    minor: int
    currency: str
    at: datetime
    fee: int | None = None
    tip: int = 0
    refunds: tuple[RefundNews, ...] = ()
    disputes: tuple[DisputeNews, ...] = ()
    settlement: str = ""
    means: str = ""
    at_risk_until: date | None = None
    form: str = ""
    """Where it was paid, when not on a page that we began: the kind and the name of the provider's form."""
    payer_email: str = field(default="", repr=False)
    payer_name: str = field(default="", repr=False)
    """Who paid, as the provider says; only of what we did not begin, since otherwise we asked them ourselves."""
    said: str = ""
    """The provider's own words for the state."""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """What a payout says of one payment. `kind`: payment, refund, dispute, dispute-won, refund-undone, fee, other."""

    object_id: str
    kind: str
    gross: int
    fee: int

    @property
    def net(self) -> int:
        return self.gross - self.fee


@dataclass(frozen=True, slots=True)
class Settlement:
    """A payout of the provider to our bank, which a line of the bank's statement has to match."""

    provider: str
    object_id: str
    currency: str
    at: datetime
    lines: tuple[SettlementLine, ...]

    @property
    def minor(self) -> int:
        """What arrives at the bank: the sum of the lines."""
        return sum(line.net for line in self.lines)


class Ending(StrEnum):
    """What is known for sure once a provider was asked to take no more payments of a pay-in."""

    STOPPED = "stopped"
    """It takes no more: it says so itself, looked up after it was asked."""
    NOTHING = "nothing"
    """Nobody has paid yet, so nothing repeats. Where somebody pays all the same, it has to be asked again."""


class Authenticity(StrEnum):
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    """No key was agreed with the provider. It is worth looking, no more."""
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Hint:
    """What a notification points at. Never a fact: even a signed one only says where to look.

    `event_id` is the provider's, or the SHA-256 of the bytes: the same for a notification that comes again.
    """

    provider: str
    event_id: str
    kind: str
    object_id: str
    authenticity: Authenticity


def at_risk_until(means: str, debited_on: date) -> date | None:
    """The last day on which a payment may be taken back without a reason: direct debits only.

    For thirteen months more a debit that was never authorised may come back; no reserve can wait for that.

    >>> at_risk_until("sepa-debit", date(2026, 2, 17)), at_risk_until("card", date(2026, 2, 17))
    (datetime.date(2026, 4, 14), None)
    """
    return debited_on + timedelta(days=SEPA_RETURN_DAYS) if means == "sepa-debit" else None
