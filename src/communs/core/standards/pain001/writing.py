"""An order as the XML that banks take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from communs.core.money import Money
from communs.core.standards.creditor_reference import check_reference
from communs.core.standards.iban import check_iban
from communs.core.standards.iso20022.characters import to_sepa
from communs.core.standards.iso20022.faults import CannotOrder
from communs.core.standards.pain001.checking import faults_of
from communs.core.standards.pain001.orders import Address, Party, PaymentOrder, Transfer

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"


def write(order: PaymentOrder) -> bytes:
    """The whole file, in UTF-8. Raises `CannotOrder` with everything that is wrong; nothing is cut or guessed."""
    return "".join(stream(order)).encode()


def stream(order: PaymentOrder) -> Iterator[str]:
    """The file line by line. Raises `CannotOrder` before the first line."""
    if faults := faults_of(order):
        raise CannotOrder(faults)
    return _lines(order)


def _lines(order: PaymentOrder) -> Iterator[str]:
    counted = _element("NbOfTxs", str(len(order.transfers))) + _element("CtrlSum", _amount(order.total))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}">\n<CstmrCdtTrfInitn>\n'
    yield _wrapped(
        "GrpHdr",
        _element("MsgId", order.id),
        _element("CreDtTm", order.made_at.isoformat(timespec="seconds")),
        counted,
        _wrapped("InitgPty", _text("Nm", order.payer.name)),
    )
    yield "\n<PmtInf>\n"
    yield _element("PmtInfId", order.id) + _element("PmtMtd", "TRF")
    yield _element("BtchBookg", "true" if order.is_batch else "false") + counted
    yield _wrapped("PmtTpInf", _wrapped("SvcLvl", _element("Cd", "SEPA")))
    yield _wrapped("ReqdExctnDt", _element("Dt", order.execute_on.isoformat()))
    yield _party("Dbtr", order.payer) + _account("DbtrAcct", order.payer)
    unknown = _wrapped("Othr", _element("Id", "NOTPROVIDED"))
    yield _wrapped("DbtrAgt", _wrapped("FinInstnId", _element("BICFI", order.payer.bic) or unknown))
    yield _element("ChrgBr", "SLEV") + "\n"
    for transfer in order.transfers:
        yield _transfer(transfer) + "\n"
    yield "</PmtInf>\n</CstmrCdtTrfInitn>\n</Document>\n"


def _transfer(transfer: Transfer) -> str:
    bank = _element("BICFI", transfer.payee.bic)
    return _wrapped(
        "CdtTrfTxInf",
        _wrapped("PmtId", _element("InstrId", transfer.key), _element("EndToEndId", transfer.key)),
        _wrapped("Amt", f'<InstdAmt Ccy="EUR">{_amount(transfer.amount)}</InstdAmt>'),
        _wrapped("CdtrAgt", _wrapped("FinInstnId", bank)) if bank else "",
        _party("Cdtr", transfer.payee),
        _account("CdtrAcct", transfer.payee),
        _wrapped("Purp", _element("Cd", transfer.purpose)) if transfer.purpose else "",
        _remittance(transfer),
    )


def _remittance(transfer: Transfer) -> str:
    if transfer.reference:
        kind = _wrapped("Tp", _wrapped("CdOrPrtry", _element("Cd", "SCOR")), _element("Issr", "ISO"))
        reference = _wrapped("CdtrRefInf", kind, _element("Ref", check_reference(transfer.reference)))
        return _wrapped("RmtInf", _wrapped("Strd", reference))
    return _wrapped("RmtInf", _text("Ustrd", transfer.text)) if transfer.text.strip() else ""


def _party(name: str, party: Party) -> str:
    return _wrapped(name, _text("Nm", party.name), _address(party.address) if party.address else "")


def _address(address: Address) -> str:
    return _wrapped(
        "PstlAdr",
        _text("StrtNm", address.street),
        _text("BldgNb", address.building),
        _text("PstCd", address.postcode),
        _text("TwnNm", address.town),
        _element("Ctry", address.country),
    )


def _account(name: str, party: Party) -> str:
    return _wrapped(name, _wrapped("Id", _element("IBAN", check_iban(party.iban))))


def _amount(amount: Money) -> str:
    return str(amount.major)


def _text(name: str, text: str) -> str:
    return _element(name, to_sepa(text))


def _element(name: str, text: str) -> str:
    """An element, nothing where it would be empty. `text` holds characters of SEPA alone: none needs escaping."""
    return f"<{name}>{text}</{name}>" if text else ""


def _wrapped(name: str, *inner: str) -> str:
    return f"<{name}>{''.join(inner)}</{name}>"
