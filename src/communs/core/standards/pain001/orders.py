"""What a bank is asked to pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from communs.core.money import Money


@dataclass(frozen=True, slots=True)
class Address:
    """`country`: two capitals (ISO 3166-1). Town and country are what banks ask for."""

    town: str
    country: str
    postcode: str = ""
    street: str = ""
    building: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with an account. `bic` is only needed where the bank of the payer says so."""

    name: str
    iban: str
    address: Address | None = None
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment. `intent` is its key for ever: it goes to the bank and comes back in statements.

    `reference` (ISO 11649, asked for by the payee) and `text` exclude each other. `purpose`: a code of ISO 20022.
    """

    intent: UUID
    amount: Money
    payee: Party
    text: str = ""
    reference: str = ""
    purpose: str = ""

    @property
    def key(self) -> str:
        """The instruction and end-to-end identifier: 32 characters."""
        return self.intent.hex


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """One file: `payer` pays all `transfers` on `execute_on`. `id`: unique at the bank, at most 35 characters.

    `is_batch`: one line on the statement for all, rather than one for each.
    """

    id: str
    made_at: datetime
    execute_on: date
    payer: Party
    transfers: tuple[Transfer, ...]
    is_batch: bool = False

    @property
    def total(self) -> Money:
        """The control sum."""
        return Money(sum(one.amount.minor for one in self.transfers), "EUR")
