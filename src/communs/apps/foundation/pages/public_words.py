"""What kinds of entries, accounts and funds are called in public, and amounts as a person writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from communs.apps.foundation.naming import ON_ITS_WAY, UNCOVERED, bank
from communs.apps.foundation.payment_clients import TITLES
from communs.apps.register.queries import names_of
from communs.core.ledger import AccountKind, EntryKind, Nature
from communs.core.money import Money
from communs.kit import formats


def money(minor: int, currency: str) -> str:
    """Minor units as an amount, without empty cents."""
    major = Money(minor, currency).major
    return formats.amount(major.quantize(1) if major == major.to_integral_value() else major, currency)


def entry_kind(kind: str) -> str:
    """What happened, in words."""
    return {
        EntryKind.OPENING: _("Opening of the books"),
        EntryKind.PAY_IN: _("Money received"),
        EntryKind.IDENTIFICATION: _("Origin of money found out"),
        EntryKind.SETTLEMENT: _("Paid by a provider to the bank"),
        EntryKind.FEE: _("Fee of a bank or provider"),
        EntryKind.GRANT: _("Grant"),
        EntryKind.CLAIM: _("Share accepted"),
        EntryKind.EXPIRY: _("Share expired"),
        EntryKind.PAYOUT: _("Payout"),
        EntryKind.CONVERSION: _("Exchange of currencies"),
        EntryKind.RELEASE: _("Release of restricted money"),
        EntryKind.RECLASSIFY: _("Move between funds"),
        EntryKind.REVERSAL: _("Reversal"),
    }[EntryKind(kind)]


def account_kind(kind: str) -> str:
    """What an account is for, in words."""
    return {
        AccountKind.BANK: _("At the bank"),
        AccountKind.CLEARING: _("With payment providers"),
        AccountKind.UNIDENTIFIED: _("Not identified yet"),
        AccountKind.DONOR: _("To be given back"),
        AccountKind.COMMONS: _("Granted, to be paid out"),
        AccountKind.UNCLAIMED: _("Granted, not accepted yet"),
        AccountKind.CAPITAL: _("There when the books began"),
        AccountKind.INCOME: _("Gifts and grants received"),
        AccountKind.GRANTS: _("Grants made"),
        AccountKind.FEES: _("Fees paid"),
        AccountKind.TRANSFER: _("Between funds"),
        AccountKind.CONVERSION: _("Between currencies"),
    }[AccountKind(kind)]


def nature(kind: str) -> str:
    """What binds the money of a fund, in words."""
    return {
        Nature.RESTRICTED: _("restricted by its funder"),
        Nature.DESIGNATED: _("set aside by the foundation"),
        Nature.UNRESTRICTED: _("free for every purpose of the foundation"),
    }[Nature(kind)]


def stream(what: str) -> str:
    """Where money came from or went, in words."""
    return {
        "income-in": _("Gifts and grants received"),
        "income-out": _("Given back"),
        "capital-in": _("There when the books began"),
        "capital-out": _("Owed when the books began"),
        "fees-in": _("Fees given back"),
        "fees-out": _("Fees of banks and providers"),
        "transfer-in": _("From other funds"),
        "transfer-out": _("To other funds"),
        "conversion-in": _("From other currencies"),
        "conversion-out": _("Into other currencies"),
        "commons-in": _("Given for a commons directly"),
        "others": _("Other commons"),
        "left": _("Still in the fund"),
    }.get(what, what)


def commons_names(owners: Iterable[str]) -> dict[str, str]:
    """What the owners of accounts ("commons:<id>") are called; the id where nobody knows a name."""
    ids = {owner: owner.removeprefix("commons:") for owner in owners if owner.startswith("commons:")}
    known = names_of(ids.values())
    return {owner: known.get(public_id, public_id) for owner, public_id in ids.items()}


def held_title(account: Any) -> str:
    """Where money lies, in words: at the bank, with which provider, between the two."""
    name = account.slug.partition("-")[2].rpartition("-")[0]
    if account.kind == AccountKind.BANK:
        if account.title and account.title != bank(account.currency, name).title:
            return str(account.title)  # as somebody called it
        return _("At the bank") if name == "main" else _("At the bank: {name}").format(name=name)
    if account.slug.startswith(UNCOVERED):
        return _("Taken by providers, to be made up")
    if name == ON_ITS_WAY:
        return _("On its way from a provider to the bank")
    return _("With {name}").format(name=TITLES.get(name, name))


def account_title(account: Any, names: dict[str, str]) -> str:
    """What an account is called: a commons by its name, any other by its kind."""
    return names.get(account.owner, "") or account_kind(account.kind)
