"""What keeps an order from being written, all of it at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from communs.core.standards.iban import is_in_eea
from communs.core.standards.iso20022.characters import NoSuchLetter, is_identifier, to_sepa
from communs.core.standards.iso20022.checks import (
    NO_NAME,
    TOO_LONG,
    account_faults,
    amount_faults,
    remittance_faults,
)
from communs.core.standards.iso20022.faults import Fault, fault, of
from communs.core.standards.iso20022.limits import PROBLEMS_MAX, TRANSFERS_MAX
from communs.core.standards.pain001.orders import Address, Party, PaymentOrder, Transfer
from communs.core.texts import N_

NAME_MAX: Final = 70
TEXT_MAX: Final = 140

_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_ADDRESS: Final = (
    ("town", 35, N_("town")), ("postcode", 16, N_("postcode")), ("street", 70, N_("street")),
    ("building", 16, N_("house number")),
)  # fmt: skip

PAYMENT: Final = N_("Payment {number} ({key})")
PAYER, PAYEE, NAME, TEXT, ADDRESS = N_("payer"), N_("payee"), N_("name"), N_("text"), N_("address")

NOT_AN_IDENTIFIER: Final = N_(
    "“{value}” is no identifier of a file. Give 1 to 35 letters, digits or hyphens, without a slash at an end."
)
NOT_SO_MANY: Final = N_("The order has {count} payments. Give 1 to {bound} a file.")
NO_ZONE: Final = N_("The moment at which the order was made names no time zone. Give one.")
NO_ADDRESS: Final = N_("An account outside the European Economic Area is paid, so the payer needs an address. Add it.")
TWICE: Final = N_("It stands in the order twice. Remove one of them.")
NO_TOWN: Final = N_("The town is missing. Add it, or leave the address out.")
NO_COUNTRY: Final = N_("“{value}” is no country. Give two capitals, e.g. FR.")
ONLY_SIGNS: Final = N_("It holds nothing but signs. Write words.")


def faults_of(order: PaymentOrder) -> list[Fault]:
    """Each fault with the payment it is in; empty where the order can be written. As many as anybody reads."""
    return list(islice(_faults(order), PROBLEMS_MAX))


def _faults(order: PaymentOrder) -> Iterator[Fault]:
    if not is_identifier(order.id):
        yield fault(NOT_AN_IDENTIFIER, value=order.id[:40])
    if not 1 <= len(order.transfers) <= TRANSFERS_MAX:
        yield fault(NOT_SO_MANY, count=str(len(order.transfers)), bound=str(TRANSFERS_MAX))
    if order.made_at.tzinfo is None:
        yield fault(NO_ZONE)
    yield from (found.inside(PAYER) for found in _party_faults(order.payer))
    if order.payer.address is None and any(not is_in_eea(one.payee.iban) for one in order.transfers):
        yield fault(NO_ADDRESS)
    seen: set[str] = set()
    for number, transfer in enumerate(order.transfers, 1):
        found = list(_transfer_faults(transfer))
        if transfer.key in seen:
            found.append(fault(TWICE))
        seen.add(transfer.key)
        yield from (one.inside(PAYMENT, number=str(number), key=transfer.key) for one in found)


def _transfer_faults(transfer: Transfer) -> Iterator[Fault]:
    yield from amount_faults(transfer.amount)
    yield from (found.inside(PAYEE) for found in _party_faults(transfer.payee))
    yield from remittance_faults(transfer.reference, transfer.text, transfer.purpose)
    yield from _text_faults(TEXT, transfer.text, TEXT_MAX)


def _party_faults(party: Party) -> Iterator[Fault]:
    if not party.name.strip():
        yield fault(NO_NAME)
    yield from _text_faults(NAME, party.name, NAME_MAX)
    yield from account_faults(party.iban, party.bic)
    if party.address is not None:
        yield from (found.inside(ADDRESS) for found in _address_faults(party.address))


def _address_faults(address: Address) -> Iterator[Fault]:
    if not address.town.strip():
        yield fault(NO_TOWN)
    if _COUNTRY.fullmatch(address.country) is None:
        yield fault(NO_COUNTRY, value=address.country[:20])
    for name, longest, what in _ADDRESS:
        yield from _text_faults(what, getattr(address, name), longest)


def _text_faults(what: str, text: str, longest: int) -> Iterator[Fault]:
    try:
        written = to_sepa(text)
    except NoSuchLetter as error:
        yield of(error).inside(what)
        return
    if len(written) > longest:
        yield fault(TOO_LONG, count=str(len(written)), bound=str(longest)).inside(what)
    if written and not any(map(str.isalnum, written)):
        yield fault(ONLY_SIGNS).inside(what)
