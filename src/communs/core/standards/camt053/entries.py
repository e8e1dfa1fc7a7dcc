"""An entry of a statement, and the payments in it."""

from __future__ import annotations

from typing import Final

from communs.core.money import Money
from communs.core.standards.camt053.parties import counterparty
from communs.core.standards.camt053.statements import Batch, Entry, Payment
from communs.core.standards.iso20022.reasons import Reason, read_reason
from communs.core.standards.iso20022.telling import Telling, read_amount, read_day, signed
from communs.core.standards.reading.xml_tree import Node
from communs.core.texts import N_

# Sub-families that say a payment came back, and those that say that a direct debit was refused or taken back.
RETURNS: Final = frozenset({"RRTN", "RPCR", "UPDD", "ARET", "PRDD"})
NO_REFERENCE: Final = frozenset({"NOTPROVIDED", "NONREF", "NOT PROVIDED"})

NO_DAY: Final = (N_("The entry names no booking date."), N_("Look it up at the bank before it is posted."))
DETAILS_DIFFER: Final = (
    N_("The payments of this entry add up to {found}; the entry says {said}."),
    N_("Look at its charges, or ask the bank; post the amount of the entry."),
)
OTHER_CURRENCY: Final = (
    N_("The amount of this payment is only given in {found}, not in {said}."),
    N_("Divide the amount of the entry by hand."),
)


def read_entry(node: Node, account: str, telling: Telling) -> Entry | None:
    """The entry, None where it has no amount or no sign: then a problem says so."""
    place = node.first("Amt")
    if place is None:
        telling.missing(node, "Amt")
    amount = signed(read_amount(place, telling), node, telling)
    if amount is None:
        return None
    status = node.say("Sts", "Cd") or node.say("Sts", "Prtry") or node.say("Sts")
    if not status:
        telling.missing(node, "Sts")
    booked_on = read_day(node.first("BookgDt"), telling)
    if booked_on is None and status == "BOOK":
        telling.tell(node, "no-day", "warning", NO_DAY)
    code, details = _code(node), node.all("NtryDtls", "TxDtls")
    payments = tuple(_payment(one, amount, code, account, len(details) == 1, telling) for one in details)
    _compare(node, amount, payments, telling)
    return Entry(
        amount, status, booked_on, read_day(node.first("ValDt"), telling),
        reference=node.say("NtryRef"), bank_reference=_reference(node.say("AcctSvcrRef")),
        is_reversal=node.say("RvslInd") in {"true", "1"}, code=code, text=node.say("AddtlNtryInf"),
        batches=tuple(_batch(one, amount, telling) for one in node.all("NtryDtls", "Btch")),
        payments=payments, line=node.line,
    )  # fmt: skip


def _payment(node: Node, entry: Money, entry_code: str, account: str, is_only_one: bool, telling: Telling) -> Payment:
    amount = _amount(node, entry, is_only_one, telling)
    code = _code(node) or entry_code
    returned = next(map(read_reason, node.all("RtrInf")), None)
    if returned is None and code.rpartition("-")[2] in RETURNS:
        returned = Reason("")
    is_incoming = (amount or entry).minor > 0
    return Payment(
        amount=amount,
        end_to_end=_reference(node.say("Refs", "EndToEndId")),
        instruction=_reference(node.say("Refs", "InstrId")),
        order=_reference(node.say("Refs", "MsgId")),
        group=_reference(node.say("Refs", "PmtInfId")),
        mandate=_reference(node.say("Refs", "MndtId")),
        bank_reference=_reference(node.say("Refs", "AcctSvcrRef") or node.say("Refs", "TxId")),
        counterparty=counterparty(node, account, is_incoming, returned is not None),
        reference=node.say("RmtInf", "Strd", "CdtrRefInf", "Ref"),
        texts=tuple(one.text for one in (*node.all("RmtInf", "Ustrd"), *node.all("AddtlTxInf")) if one.text),
        purpose=node.say("Purp", "Cd"),
        code=code,
        returned=returned,
        line=node.line,
    )


def _amount(node: Node, entry: Money, is_only_one: bool, telling: Telling) -> Money | None:
    """The amount of a payment in the currency of its entry; signed as it says itself, else like the entry.

    What the payer instructed may be more than what arrived: it only counts where nothing better is there.
    """
    own, booked = node.first("Amt"), node.first("AmtDtls", "TxAmt", "Amt")
    instructed = None if is_only_one else node.first("AmtDtls", "InstdAmt", "Amt")
    stated = [place for place in (own, booked, instructed) if place is not None]
    for place in stated:
        if place.attributes.get("Ccy") != entry.currency:
            continue
        amount = read_amount(place, telling)
        if place is own and node.first("CdtDbtInd") is not None:
            return signed(amount, node, telling)
        return -amount if amount is not None and entry.minor < 0 else amount
    if is_only_one:
        return entry
    if stated:
        found = stated[0].attributes.get("Ccy", "?")
        telling.tell(stated[0], "other-currency", "note", OTHER_CURRENCY, found=found, said=entry.currency)
    return None


def _batch(node: Node, entry: Money, telling: Telling) -> Batch:
    count = node.say("NbOfTxs")
    total = read_amount(node.first("TtlAmt"), telling)
    if total is not None:
        is_out = node.say("CdtDbtInd") == "DBIT" if node.first("CdtDbtInd") else entry.minor < 0
        total = -total if is_out else total
    is_count = count.isascii() and count.isdigit() and len(count) <= 15
    return Batch(node.say("MsgId"), node.say("PmtInfId"), int(count) if is_count else None, total)


def _compare(node: Node, entry: Money, payments: tuple[Payment, ...], telling: Telling) -> None:
    """Whether the payments add up to their entry, where each states an amount."""
    amounts = [one.amount for one in payments if one.amount is not None]
    if not amounts or len(amounts) < len(payments):
        return
    found = sum(one.minor for one in amounts)
    if found != entry.minor:
        values = {"found": str(Money(found, entry.currency)), "said": str(entry)}
        telling.tell(node, "details-differ", "warning", DETAILS_DIFFER, **values)


def _code(node: Node) -> str:
    """What kind of business: domain, family and sub-family, else the bank's own code."""
    code = node.first("BkTxCd")
    if code is None:
        return ""
    parts = (code.say("Domn", "Cd"), code.say("Domn", "Fmly", "Cd"), code.say("Domn", "Fmly", "SubFmlyCd"))
    return "-".join(filter(None, parts)) or code.say("Prtry", "Cd")


def _reference(text: str) -> str:
    """A reference, empty where banks write that there is none."""
    return "" if text.upper() in NO_REFERENCE else text
