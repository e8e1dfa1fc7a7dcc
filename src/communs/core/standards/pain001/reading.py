"""An order read back: for whoever checks a file before it is signed, and for a bank that is played in tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from communs.core.standards.iban import InvalidIban, check_iban
from communs.core.standards.iso20022.limits import BANK_FILE
from communs.core.standards.iso20022.telling import NOT_A_MESSAGE, Telling, read_amount, read_day, read_time, version_of
from communs.core.standards.pain001.orders import Address, Party, PaymentOrder, Transfer
from communs.core.standards.problems import Problem, in_order
from communs.core.standards.reading.xml_tree import Node, pieces
from communs.core.texts import N_

NOT_AN_IBAN: Final = (N_("“{value}” is no IBAN."), N_("Correct the account number before the file is sent."))
NOT_OURS: Final = (
    N_("“{value}” is no identifier of a payment that was made here."),
    N_("Only files that were written here are read back."),
)
COUNT_DIFFERS: Final = (
    N_("The file says {said}, its payments give {found}."),
    N_("Do not send this file: it was changed or cut off. Write it again."),
)
_NOBODY: Final = Party("", "")


@dataclass(frozen=True, slots=True)
class Orders:
    """`orders`: one for each group of payments in the file; a payment that cannot be read is left out, and told."""

    orders: tuple[PaymentOrder, ...]
    problems: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        """No error."""
        return not any(found.severity == "error" for found in self.problems)


def read_orders(data: bytes | str) -> Orders:
    """Every order of a file. Never raises for what it holds."""
    reader = _Reader()
    for node in pieces(data, {"CstmrCdtTrfInitn", "PmtInf"}, reader.telling.problems, BANK_FILE):
        reader.take(node)
    reader.close()
    if not reader.is_begun and not any(one.severity == "error" for one in reader.telling.problems):
        reader.telling.whole("not-a-message", NOT_A_MESSAGE, wanted="pain.001")
    return Orders(tuple(reader.orders), in_order(reader.telling.problems))


class _Reader:
    """Puts orders together from the pieces of a file, in their order."""

    def __init__(self) -> None:
        self.telling = Telling()
        self.orders: list[PaymentOrder] = []
        self.is_begun = False
        self.made_at = datetime.min.replace(tzinfo=UTC)
        self.order: PaymentOrder | None = None
        self.transfers: list[Transfer] = []
        self.said: list[tuple[Node, bool]] = []  # a count or sum, and whether it is one of the order

    def take(self, node: Node) -> None:
        order = self.order
        if node.name == "CstmrCdtTrfInitn":
            self.is_begun = True
            version_of(node, "pain", ("001.001.03", "001.001.09"), self.telling)
        elif node.name == "GrpHdr":
            self.made_at = read_time(node.first("CreDtTm"), self.telling) or self.made_at
            self.said += [(found, False) for found in node.children if found.name in {"NbOfTxs", "CtrlSum"}]
        elif node.name == "PmtInf":
            self._finish()
            self.order = PaymentOrder("", self.made_at, date.min, _NOBODY, ())
        elif order is not None:
            self._take_into(order, node)

    def _take_into(self, order: PaymentOrder, node: Node) -> None:
        if node.name == "PmtInfId":
            self.order = replace(order, id=node.text)
        elif node.name == "BtchBookg":
            self.order = replace(order, is_batch=node.text in {"true", "1"})
        elif node.name == "ReqdExctnDt":
            self.order = replace(order, execute_on=read_day(node, self.telling) or date.min)
        elif node.name == "Dbtr":
            self.order = replace(order, payer=replace(order.payer, name=node.say("Nm"), address=_address(node)))
        elif node.name == "DbtrAcct":
            self.order = replace(order, payer=replace(order.payer, iban=self._iban(node)))
        elif node.name == "DbtrAgt":
            self.order = replace(order, payer=replace(order.payer, bic=_bic(node)))
        elif node.name == "CdtTrfTxInf" and (transfer := self._transfer(node)):
            self.transfers.append(transfer)
        elif node.name in {"NbOfTxs", "CtrlSum"}:
            self.said.append((node, True))

    def _transfer(self, node: Node) -> Transfer | None:
        key = node.first("PmtId", "EndToEndId") or node
        amount = read_amount(node.first("Amt", "InstdAmt"), self.telling)
        try:
            intent = UUID(hex=key.text)
        except ValueError:
            self.telling.tell(key, "not-ours", "error", NOT_OURS, value=key.text)
            return None
        if amount is None:
            if node.first("Amt", "InstdAmt") is None:
                self.telling.missing(node, "InstdAmt")
            return None
        account = node.first("CdtrAcct") or node
        who = Party(
            node.say("Cdtr", "Nm"), self._iban(account), _address(node.first("Cdtr") or node),
            _bic(node.first("CdtrAgt") or node),
        )  # fmt: skip
        return Transfer(
            *(intent, amount, who, node.say("RmtInf", "Ustrd")),
            *(node.say("RmtInf", "Strd", "CdtrRefInf", "Ref"), node.say("Purp", "Cd")),
        )

    def _iban(self, node: Node) -> str:
        place = node.first("Id", "IBAN") or node
        try:
            return check_iban(place.text)
        except InvalidIban:
            self.telling.tell(place, "not-an-iban", "error", NOT_AN_IBAN, value=place.text)
            return place.text

    def _finish(self) -> None:
        """Close the order at hand, holding it to the count and the sum it states."""
        if self.order is not None:
            done = replace(self.order, transfers=tuple(self.transfers))
            self.orders.append(done)
            self._compare([node for node, is_of_order in self.said if is_of_order], [done])
        self.order, self.transfers = None, []
        self.said = [(node, is_of_order) for node, is_of_order in self.said if not is_of_order]

    def close(self) -> None:
        self._finish()
        self._compare([node for node, _ in self.said], self.orders)

    def _compare(self, said: list[Node], orders: list[PaymentOrder]) -> None:
        count = sum(len(order.transfers) for order in orders)
        minor = sum(one.amount.minor for order in orders for one in order.transfers)
        for node in said:
            found = str(count) if node.name == "NbOfTxs" else f"{minor // 100}.{minor % 100:02}"
            same = node.text.lstrip("0") == found if node.name == "NbOfTxs" else _cents(node.text) == minor
            if not same:
                self.telling.tell(node, "count-differs", "error", COUNT_DIFFERS, said=node.text, found=found)


def _cents(text: str) -> int | None:
    whole, _, decimals = text.partition(".")
    digits = whole + decimals[:2].ljust(2, "0")
    is_exact = digits.isascii() and digits.isdigit() and len(digits) <= 20 and not decimals[2:].strip("0")
    return int(digits) if is_exact else None


def _address(node: Node) -> Address | None:
    found = node.first("PstlAdr")
    if found is None:
        return None
    return Address(*(found.say(name) for name in ("TwnNm", "Ctry", "PstCd", "StrtNm", "BldgNb")))


def _bic(node: Node) -> str:
    return node.say("FinInstnId", "BICFI") or node.say("FinInstnId", "BIC")
