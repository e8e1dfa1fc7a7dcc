"""The text in the QR code that starts a SEPA transfer (European Payments Council, EPC069-12, version 002).

The picture is drawn elsewhere: error correction M, at most version 13, the bytes as they are given here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from communs.core.money import Money
from communs.core.standards.creditor_reference import check_reference
from communs.core.standards.iban import check_iban, is_in_eea, is_sepa
from communs.core.standards.iso20022.checks import (
    NO_NAME,
    TOO_LONG,
    account_faults,
    amount_faults,
    remittance_faults,
)
from communs.core.standards.iso20022.faults import CannotOrder, Fault, fault
from communs.core.texts import N_

BYTES_MAX: Final = 331
NAME_MAX, TEXT_MAX, NOTE_MAX = 70, 140, 70

_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

NEEDS_BIC: Final = N_("An account of {country} needs its BIC. Add it.")
TOO_MANY_BYTES: Final = N_("The code would hold {count} bytes; {bound} is the most. Shorten the text or the note.")
HAS_BREAK: Final = N_("It holds a line break or a control character. Write it on one line.")


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """Who asks for money and what the payer's form is filled with. Without `amount`, the payer writes it.

    `reference` (ISO 11649) and `text` exclude each other. `note` is shown to the payer and goes nowhere.
    """

    name: str
    iban: str
    amount: Money | None = None
    reference: str = ""
    text: str = ""
    purpose: str = ""
    bic: str = ""
    note: str = ""


def payload(request: TransferRequest) -> bytes:
    """The bytes that the code holds. Raises `CannotOrder` with everything that is wrong.

    >>> payload(TransferRequest("Maps", "BE72000000001616", Money(1250, "EUR"))).decode().split()
    ['BCD', '002', '1', 'SCT', 'Maps', 'BE72000000001616', 'EUR12.50']
    """
    if faults := list(_faults(request)):
        raise CannotOrder(faults)
    lines = [
        *("BCD", "002", "1", "SCT", request.bic, request.name, check_iban(request.iban)),
        f"EUR{request.amount.major}" if request.amount else "",
        request.purpose,
        check_reference(request.reference) if request.reference else "",
        *(request.text, request.note),
    ]
    while not lines[-1]:
        lines.pop()
    made = "\n".join(lines).encode()
    if len(made) > BYTES_MAX:
        raise CannotOrder([fault(TOO_MANY_BYTES, count=str(len(made)), bound=str(BYTES_MAX))])
    return made


def _faults(request: TransferRequest) -> Iterator[Fault]:
    yield from account_faults(request.iban, request.bic)
    country = request.iban.strip()[:2].upper()
    if not request.bic and is_sepa(country) and not is_in_eea(country):
        yield fault(NEEDS_BIC, country=country)
    if request.amount is not None:
        yield from amount_faults(request.amount)
    yield from remittance_faults(request.reference, request.text, request.purpose)
    if not request.name.strip():
        yield fault(NO_NAME)
    for what, text, longest in (
        (N_("name"), request.name, NAME_MAX),
        (N_("text"), request.text, TEXT_MAX),
        (N_("note"), request.note, NOTE_MAX),
    ):
        if len(text) > longest:
            yield fault(TOO_LONG, count=str(len(text)), bound=str(longest)).inside(what)
        if _BREAKS.search(text):
            yield fault(HAS_BREAK).inside(what)
