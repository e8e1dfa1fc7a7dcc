"""Why a bank refused or returned a payment: the codes of ISO 20022 (external status and return reasons) in plain words.

A code that is not here is shown as it is, with what the bank wrote beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from communs.core.standards.reading.xml_tree import Node
from communs.core.texts import N_, Translate, identity

_NO_ACCOUNT: Final = N_("The account number is wrong.")
_NAME: Final = N_("The name does not fit the account.")
_NOT_SAID: Final = N_("The bank gives no reason.")
_REGULATION: Final = N_("The bank refuses for regulatory reasons.")
_FORMAT: Final = N_("The file or the payment is not written as the bank asks.")
_ADDRESS: Final = N_("The address is missing or incomplete.")
_BANK_CODE: Final = N_("The code of the bank (BIC) is wrong.")

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AC01": _NO_ACCOUNT,
        "AC03": _NO_ACCOUNT,
        "AC04": N_("The account is closed."),
        "AC06": N_("The account is blocked."),
        "AC07": N_("The account is closed."),
        "AC13": N_("The account is a consumer’s."),
        "AG01": N_("The account takes no payments of this kind."),
        "AG02": _FORMAT,
        "AM02": N_("The amount is above what is allowed."),
        "AM03": N_("The account does not take this currency."),
        "AM04": N_("There is not enough money on the account."),
        "AM05": N_("The payment was sent twice."),
        "AM09": N_("The amount is wrong."),
        "AM10": N_("The control sum does not fit."),
        "AM18": N_("The number of payments does not fit."),
        "ARDT": N_("The payment was already returned."),
        "BE01": _NAME,
        "BE04": _ADDRESS,
        "BE05": N_("The bank does not know who asked for the payment."),
        "BE06": N_("The bank does not know this customer."),
        "BE07": _ADDRESS,
        "CNOR": N_("The bank of the payee takes no part in this kind of payment."),
        "CUST": N_("The payer asked for it."),
        "DNOR": N_("The bank of the payer takes no part in this kind of payment."),
        "DT01": N_("The date is not possible."),
        "DUPL": N_("The payment was sent twice."),
        "FF01": _FORMAT,
        "FOCR": N_("It was returned after it had been called back."),
        "FRAD": N_("Fraud is reported."),
        "MD01": N_("There is no mandate for the direct debit."),
        "MD06": N_("The payer asks for the money of a direct debit back."),
        "MD07": N_("The holder of the account has died."),
        "MS02": N_("The customer refuses, without a reason."),
        "MS03": _NOT_SAID,
        "NARR": N_("The reason stands in the words of the bank."),
        "NOAS": N_("The customer did not answer."),
        "NOOR": N_("The payment was never received."),
        "RC01": _BANK_CODE,
        "RC07": _BANK_CODE,
        "RR01": _REGULATION,
        "RR02": _REGULATION,
        "RR03": _REGULATION,
        "RR04": _REGULATION,
        "SL01": N_("The bank refuses because of a service that the customer has chosen."),
        "TECH": N_("It was sent by a technical mistake."),
        "TM01": N_("It came after the bank’s closing time."),
        "UPAY": N_("The payment was not due."),
    }
)


NEVER_PAID_THERE: Final = frozenset({
    "AC01", "AC03", "AC04", "AC06", "AC07", "AG01", "BE01", "CNOR", "MD07", "RC01", "RC07",
})  # fmt: skip
"""Reasons that lie with the account or its holder: the same details would fail again."""
_CODE: Final = re.compile(r"\(([A-Z0-9]{4})[:)]")


def never_paid_there(said: str) -> bool:
    """Whether a reason, as `Reason.say` words it, means that nobody can be paid at these bank details.

    >>> never_paid_there("The account is closed. (AC04: since May)"), never_paid_there("There is no money. (AM04)")
    (True, False)
    """
    return any(code in NEVER_PAID_THERE for code in _CODE.findall(said))


@dataclass(frozen=True, slots=True)
class Reason:
    """`code`: of ISO 20022, or the bank's own; empty where there is none. `words`: what the bank wrote beside it."""

    code: str
    words: str = ""

    def say(self, translate: Translate = identity) -> str:
        """In a sentence, with the code and the words of the bank.

        >>> Reason("AC04", "since May").say()
        'The account is closed. (AC04: since May)'
        """
        known = translate(WORDS.get(self.code, _NOT_SAID)) if self.code in WORDS or not self.words else ""
        given = ": ".join(filter(None, (self.code, self.words)))
        return f"{known} ({given})" if known and given else known or given


def read_reason(node: Node) -> Reason:
    """The reason of a `StsRsnInf` or `RtrInf`."""
    code = node.say("Rsn", "Cd") or node.say("Rsn", "Prtry")
    return Reason(code, " ".join(found.text for found in node.all("AddtlInf") if found.text))
