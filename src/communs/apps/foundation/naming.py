"""Names of accounts, made in one place: the chart of accounts of a foundation (rule ledger-1), by currency."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Final

from communs.core.ledger import Account, AccountKind

K: Final = AccountKind
ID_LENGTH_MAX: Final = 30
UNCOVERED: Final = "clearing-uncovered-"
ON_ITS_WAY: Final = "on-its-way"
"""Where money lies that a provider says it paid to the bank, until the bank says so."""


def _short(public_id: str) -> str:
    """An id of at most 30 characters: a longer one ends in eight digits of its hash."""
    if len(public_id) <= ID_LENGTH_MAX:
        return public_id
    return f"{public_id[: ID_LENGTH_MAX - 9].rstrip('-')}-{hashlib.sha256(public_id.encode()).hexdigest()[:8]}"


def bank(currency: str, name: str = "main") -> Account:
    """A bank account of the foundation. `name` tells several apart."""
    return Account(f"bank-{name}-{currency.lower()}", K.BANK, currency, title=f"Bank, {name}")


def clearing(provider: str, currency: str) -> Account:
    """Money with a payment provider, on its way to the bank."""
    return Account(f"clearing-{provider}-{currency.lower()}", K.CLEARING, currency, title=f"With {provider}")


def uncovered(currency: str) -> Account:
    """What providers took and no fund could bear: missing, until the general fund makes it up."""
    return Account(f"{UNCOVERED}{currency.lower()}", K.CLEARING, currency, title="Taken by providers, to be made up")


def unidentified(currency: str) -> Account:
    """Received, and nobody knows yet from whom or for what."""
    return Account(f"unidentified-{currency.lower()}", K.UNIDENTIFIED, currency, title="Unidentified")


def income(currency: str) -> Account:
    """What was given."""
    return Account(f"income-{currency.lower()}", K.INCOME, currency, title="Gifts and grants received")


def grants(currency: str) -> Account:
    """What was granted."""
    return Account(f"grants-{currency.lower()}", K.GRANTS, currency, title="Grants")


def fees(currency: str) -> Account:
    """What banks and providers took."""
    return Account(f"fees-{currency.lower()}", K.FEES, currency, title="Fees")


def transfer(currency: str) -> Account:
    """What one fund gave to another."""
    return Account(f"transfer-{currency.lower()}", K.TRANSFER, currency, title="Between funds")


def capital(currency: str) -> Account:
    """What a fund had when the books began."""
    return Account(f"capital-{currency.lower()}", K.CAPITAL, currency, title="When the books began")


def donor(currency: str) -> Account:
    """To be given back to people who gave. Their names stand with the refunds, not here."""
    return Account(f"donors-{currency.lower()}", K.DONOR, currency, title="To be given back")


def commons(public_id: str, currency: str) -> Account:
    """Granted to a commons and accepted, to be paid out."""
    return Account(f"commons-{_short(public_id)}-{currency.lower()}", K.COMMONS, currency, owner=f"commons:{public_id}")


def unclaimed(round_id: str, public_id: str, currency: str, expires_on: date, destination: str) -> Account:
    """A share of a round that nobody has accepted yet. `destination`: the fund it goes to when it expires."""
    name = f"u-{round_id[:12]}-{_short(public_id)}-{currency.lower()}"
    return Account(
        name, K.UNCLAIMED, currency, owner=f"commons:{public_id}", expires_on=expires_on, destination=destination
    )
