"""What orders and codes ask alike: accounts, banks, references, amounts, purposes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from communs.core.money import Money
from communs.core.standards.creditor_reference import InvalidReference, check_reference
from communs.core.standards.iban import InvalidIban, check_iban, is_sepa
from communs.core.standards.iso20022.faults import Fault, fault, of
from communs.core.texts import N_

CENTS_MAX: Final = 999_999_999_99

_BIC: Final = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)
_PURPOSE: Final = re.compile(r"[A-Z0-9]{1,4}", re.ASCII)

NOT_SEPA: Final = N_("Accounts of {country} take no part in SEPA. Give an account that does.")
NOT_A_BIC: Final = N_("“{value}” is no BIC. Give 8 or 11 capitals and digits, or leave it out.")
NOT_AN_AMOUNT: Final = N_("{value} cannot go by SEPA transfer. Give 0.01 to 999999999.99 EUR.")
NOT_A_PURPOSE: Final = N_("“{value}” is no purpose. Give up to four capitals, e.g. CHAR.")
ONE_OF_TWO: Final = N_("There is a reference and a text. Keep one of them: banks pass on only one.")
NO_NAME: Final = N_("The name is missing. Give it as the bank knows it.")
TOO_LONG: Final = N_("It takes {count} characters; {bound} is the most. Shorten it.")


def account_faults(iban: str, bic: str) -> Iterator[Fault]:
    """An account that SEPA reaches, and a BIC that is one, or none."""
    try:
        found = check_iban(iban)
    except InvalidIban as error:
        yield of(error)
    else:
        if not is_sepa(found):
            yield fault(NOT_SEPA, country=found[:2])
    if bic and _BIC.fullmatch(bic) is None:
        yield fault(NOT_A_BIC, value=bic[:20])


def amount_faults(amount: Money) -> Iterator[Fault]:
    """Euros, more than none, and no more than SEPA takes."""
    if amount.currency != "EUR" or not 1 <= amount.minor <= CENTS_MAX:
        yield fault(NOT_AN_AMOUNT, value=str(amount))


def remittance_faults(reference: str, text: str, purpose: str) -> Iterator[Fault]:
    """A reference that holds or a text, not both; a purpose that is one, or none."""
    if reference and text:
        yield fault(ONE_OF_TWO)
    if reference:
        try:
            check_reference(reference)
        except InvalidReference as error:
            yield of(error)
    if purpose and _PURPOSE.fullmatch(purpose) is None:
        yield fault(NOT_A_PURPOSE, value=purpose[:20])
