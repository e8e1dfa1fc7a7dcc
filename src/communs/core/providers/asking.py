"""What is asked of a provider: to begin a pay-in, to give money back. Amounts are whole minor units, never floats."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from communs.core.money import exponent
from communs.core.providers.outcomes import Refused

TIMES_MAX: Final = 36
METADATA_MAX: Final = 20
TEXT_MAX: Final = 500


class Every(StrEnum):
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Terms:
    """The same amount again `every` month or year, the first at once. `times`: how often in all, None until stopped."""

    every: Every
    times: int | None = None

    def __post_init__(self) -> None:
        if self.times is not None and not 2 <= self.times <= TIMES_MAX:
            raise Refused(f"A pay-in of {self.times} payments.", f"Ask for 2 to {TIMES_MAX} payments, or for no end.")

    def days(self, first: date) -> tuple[date, ...]:
        """The days after the first one. Day 31 becomes the last day of a shorter month.

        >>> Terms(Every.MONTH, 3).days(date(2026, 1, 31))
        (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
        """
        step = 1 if self.every is Every.MONTH else 12
        return tuple(_later(first, step * number) for number in range(1, self.times or 1))


@dataclass(frozen=True, slots=True)
class Payer:
    """What a provider wants to know of who pays; whatever is empty the provider asks for itself."""

    email: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    """ISO 3166-1, three letters."""


@dataclass(frozen=True, slots=True)
class PayIn:
    """A pay-in to begin. `intent` was chosen and stored before anybody is called, and stays its key for ever.

    `minor` is one payment; with `terms` it is every payment. The addresses are ours: where the payer comes back to when
    done, when turning back, when something fails. `may_debit`: a SEPA direct debit will do too. `after`: what `begin`
    returned before, where that ended unpaid and can be paid no more: a new one is begun. Raises `Refused`.
    """

    intent: UUID
    minor: int
    currency: str
    label: str
    return_url: str
    back_url: str
    error_url: str
    begun_on: date
    terms: Terms | None = None
    payer: Payer = field(default_factory=Payer, repr=False)
    is_donation: bool = True
    may_debit: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    after: str = ""

    def __post_init__(self) -> None:
        exponent(self.currency)
        if self.minor <= 0:
            raise Refused(f"A pay-in of {self.minor} {self.currency}.", "Ask for an amount above zero.")
        if not 1 <= len(self.label.strip()) <= TEXT_MAX:
            raise Refused("A pay-in without a label, or with a long one.", f"Name it in 1 to {TEXT_MAX} characters.")
        for url in (self.return_url, self.back_url, self.error_url):
            if urlsplit(url).scheme not in {"http", "https"}:
                raise Refused(f"“{url[:80]}” is no address to come back to.", "Give one that begins with https://.")
        if len(self.metadata) > METADATA_MAX or any(
            len(name) > 40 or len(text) > TEXT_MAX for name, text in self.metadata.items()
        ):
            raise Refused(
                "Too much metadata.", f"Give at most {METADATA_MAX} names of 40 and texts of {TEXT_MAX} characters."
            )

    @property
    def told(self) -> dict[str, str]:
        """What the provider keeps for us and gives back: how an answer that was lost is found again."""
        return {**self.metadata, INTENT: str(self.intent)}


INTENT: Final = "communs_intent"
"""The name under which a provider keeps our intent."""


@dataclass(frozen=True, slots=True)
class Refunding:
    """Money to give back. `intent` is the refund's own key, chosen before; `pay_in` the provider's id of the payment.

    `known`: the provider's ids of refunds of this payment that belong to other intents. A provider that keeps no key
    is asked again safely by it: a refund of this amount that is not among them is the one whose answer was lost.
    """

    intent: UUID
    pay_in: str
    minor: int
    currency: str
    known: frozenset[str] = frozenset()
    reason: str = ""

    def __post_init__(self) -> None:
        exponent(self.currency)
        if self.minor <= 0:
            raise Refused(f"A refund of {self.minor} {self.currency}.", "Give back an amount above zero.")


@dataclass(frozen=True, slots=True)
class Stopping:
    """A pay-in with terms of which no more payments are to be taken.

    `begun_id`: what `begin` returned. `payments`: the provider's ids of payments that were heard of, which lead to what
    repeats where its page does not say.
    """

    intent: UUID
    begun_id: str
    payments: tuple[str, ...] = ()


def _later(first: date, months: int) -> date:
    year, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + year, month + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))
