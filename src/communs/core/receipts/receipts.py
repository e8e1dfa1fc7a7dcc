"""What a receipt says. Nothing is refused here: `check` names what is wrong, so that it can be told and put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Article(StrEnum):
    """The articles of the general tax code (CGI) under which a gift lowers a tax."""

    INCOME = "200"
    COMPANIES = "238 bis"
    REAL_ESTATE_WEALTH = "978"


class Category(StrEnum):
    """What the body is in law, as the official form lists it; `Body.category_detail` says the rest."""

    GENERAL_INTEREST = "general-interest"
    PUBLIC_UTILITY = "public-utility"
    """Association or foundation recognised as of public utility: the detail names the decree."""
    UNIVERSITY_FOUNDATION = "university-foundation"
    CORPORATE_FOUNDATION = "corporate-foundation"
    HERITAGE_FOUNDATION = "heritage-foundation"
    ENDOWMENT_FUND = "endowment-fund"
    RESEARCH = "research"
    HIGHER_EDUCATION = "higher-education"
    MUSEUM = "museum"
    RELIEF = "relief"
    """Free help to people in difficulty."""
    EUROPEAN = "european"
    """A body approved in another state of the European Economic Area: the detail names the approval."""
    OTHER = "other-body"


class Form(StrEnum):
    """How the gift was made."""

    AUTHENTIC_DEED = "authentic-deed"
    PRIVATE_DEED = "private-deed"
    FROM_HAND_TO_HAND = "from-hand-to-hand"
    """*Déclaration de don manuel*: transfers, cards and cheques as well."""
    OTHER = "other-form"


class Nature(StrEnum):
    """What was given."""

    MONEY = "money"
    SHARES = "shares"
    EXPENSES = "expenses"
    """Expenses of volunteers who gave up being paid back."""
    INCOME = "income"
    """Income or proceeds that were given up."""
    IN_KIND = "in-kind"


class Payment(StrEnum):
    """How money was paid."""

    COINS = "coins"
    CHEQUE = "cheque"
    TRANSFER = "transfer"
    """Transfer, direct debit, card."""


@dataclass(frozen=True, slots=True)
class Address:
    """`country`: in words, empty for France."""

    street: str
    postcode: str
    town: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """Who received the gift. `articles`: those that the body has satisfied itself it may give receipts for."""

    name: str
    address: Address
    object: str
    category: Category
    articles: frozenset[Article]
    siren: str = ""
    rna: str = ""
    category_detail: str = ""

    @property
    def key(self) -> str:
        """What tells bodies apart in numbering: each has numbers of its own."""
        return self.siren or self.rna or self.name


@dataclass(frozen=True, slots=True)
class Donor:
    """A person (`given_names` first) or a company, which has a legal form and a SIREN number."""

    name: str
    address: Address
    given_names: str = ""
    is_company: bool = False
    legal_form: str = ""
    siren: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who answers for the receipt, in which capacity."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A receipt that no longer holds, kept for ever. `replaced_by`: the number of the one issued instead, or empty."""

    on: date
    reason: str
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt under Cerfa 11580 (people) or 16216 (companies).

    `minor`: cents, the gift alone: what entitles to the reduction. `given_until`: where gifts of a period are summed
    up. `description`: what was given, unless it is money. `gifts`: the keys of the gifts it covers. `counterpart`: what
    the donor got for it, empty for nothing; `is_membership`: whether it is a membership fee. `replaces`: the number of
    the receipt that this one was issued instead of.
    """

    number: str
    body: Body
    donor: Donor
    articles: frozenset[Article]
    minor: int
    given_on: date
    issued_on: date
    signature: Signature
    form: Form = Form.FROM_HAND_TO_HAND
    nature: Nature = Nature.MONEY
    payment: Payment | None = Payment.TRANSFER
    currency: str = "EUR"
    given_until: date | None = None
    description: str = ""
    gifts: tuple[str, ...] = ()
    is_membership: bool = False
    counterpart: str = ""
    replaces: str = ""
    cancelled: Cancellation | None = None


class CannotReissue(ValueError):
    """The receipt was cancelled before; the message says what to do instead."""


def cancel(receipt: Receipt, on: date, reason: str) -> Receipt:
    """The same receipt, cancelled. Raises `CannotReissue` where it was cancelled before."""
    if receipt.cancelled is not None:
        raise CannotReissue(
            f"Receipt {receipt.number} was cancelled on {receipt.cancelled.on}. Cancel the one in force instead."
        )
    return replace(receipt, cancelled=Cancellation(on, reason))


def reissue(receipt: Receipt, number: str, on: date, reason: str, minor: int) -> tuple[Receipt, Receipt]:
    """After a refund or a correction: the old receipt, cancelled and pointing forward, and the new one pointing back.

    `minor`: what is left of the gift. Raises `CannotReissue` where it was cancelled before.
    """
    old = cancel(receipt, on, reason)
    assert old.cancelled is not None  # noqa: S101 - just set
    new = replace(receipt, number=number, issued_on=on, minor=minor, replaces=receipt.number)
    return replace(old, cancelled=replace(old.cancelled, replaced_by=number)), new
