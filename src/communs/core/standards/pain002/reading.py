"""A status report, read piece by piece."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from communs.core.standards.iso20022.limits import BANK_FILE
from communs.core.standards.iso20022.reasons import read_reason
from communs.core.standards.iso20022.telling import NOT_A_MESSAGE, Telling, read_time, version_of
from communs.core.standards.pain002.reports import OUTCOMES, Said, StatusReport
from communs.core.standards.problems import in_order
from communs.core.standards.reading.xml_tree import Node, pieces
from communs.core.texts import N_

VERSIONS: Final = ("001.03", *(f"001.{number}" for number in range(10, 16)))
_SAYS_PART: Final = "PART"

STATUS_UNKNOWN: Final = (
    N_("The status “{value}” is not known; what it is said of counts as not decided."),
    N_("Look the payment up at the bank. Do not send it again."),
)
CONTRADICTION: Final = (
    N_("Payment “{key}” has two statuses: {first} and {second}. It counts as not decided."),
    N_("Look the payment up at the bank. Do not send it again."),
)
NO_KEY: Final = (
    N_("A status names no payment: its end-to-end identifier is missing."),
    N_("Look up at the bank which payment it belongs to."),
)
OTHER_ORDERS: Final = (
    N_("The report is about the order {first} and about {second} too; only the first was read."),
    N_("Ask the bank for one report an order."),
)


def read_report(data: bytes | str) -> StatusReport:
    """What a bank says of one order. Never raises for what the file holds.

    >>> from communs.core.standards.pain002 import Outcome
    >>> report = read_report(
    ...     "<CstmrPmtStsRpt><OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>7f</OrgnlEndToEndId>"
    ...     "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>"
    ...     "</CstmrPmtStsRpt>"
    ... )
    >>> report.of("7f").outcome is Outcome.REJECTED, report.of("7f").reasons[0].say()
    (True, 'The account is closed. (AC04)')
    """
    reader = _Reader()
    for node in pieces(data, {"CstmrPmtStsRpt", "OrgnlPmtInfAndSts"}, reader.telling.problems, BANK_FILE):
        reader.take(node)
    reader.finish_group()
    if not reader.is_begun and not any(one.severity == "error" for one in reader.telling.problems):
        reader.telling.whole("not-a-message", NOT_A_MESSAGE, wanted="pain.002")
    return StatusReport(
        *(reader.version, reader.id, reader.made_at, reader.order, reader.whole, reader.groups, reader.payments),
        in_order(reader.telling.problems),
    )


class _Reader:
    """Puts a report together from the pieces of a file, in their order."""

    def __init__(self) -> None:
        self.telling = Telling()
        self.is_begun = False
        self.version = self.id = self.order = ""
        self.made_at: datetime | None = None
        self.whole = Said("", "")
        self.groups: dict[str, Said] = {}
        self.payments: dict[str, Said] = {}
        self.group: Node | None = None

    def take(self, node: Node) -> None:
        if node.name == "CstmrPmtStsRpt":
            self.is_begun = True
            self.version = version_of(node, "pain.002", VERSIONS, self.telling)
        elif node.name == "GrpHdr":
            self.id, self.made_at = node.say("MsgId"), read_time(node.first("CreDtTm"), self.telling)
        elif node.name == "OrgnlGrpInfAndSts":
            self._take_whole(node)
        elif node.name == "OrgnlPmtInfAndSts":
            self.finish_group()
            self.group = node
        elif node.name == "TxInfAndSts":
            self._take_payment(node)
        elif self.group is not None:
            self.group.children.append(node)  # small: what is said of the group as such

    def finish_group(self) -> None:
        if self.group is not None:
            said = self._said(self.group, self.group.say("OrgnlPmtInfId"), "PmtInfSts")
            if said.status:
                self.groups[said.key] = said
        self.group = None

    def _take_whole(self, node: Node) -> None:
        order = node.say("OrgnlMsgId")
        if self.order and order != self.order:
            self.telling.tell(node, "other-orders", "error", OTHER_ORDERS, first=self.order, second=order)
            return
        self.order = order
        self.whole = self._said(node, order, "GrpSts")

    def _take_payment(self, node: Node) -> None:
        key = node.say("OrgnlEndToEndId") or node.say("OrgnlInstrId")
        if not key or key == "NOTPROVIDED":
            self.telling.tell(node, "no-key", "error", NO_KEY)
            return
        said = self._said(node, key, "TxSts")
        before = self.payments.get(key)
        if before is not None and before.outcome is not said.outcome:
            values = {"key": key, "first": before.status or "-", "second": said.status or "-"}
            self.telling.tell(node, "contradiction", "error", CONTRADICTION, **values)
            said = Said(key, f"{before.status}/{said.status}", (*before.reasons, *said.reasons), node.line)
        self.payments[key] = said

    def _said(self, node: Node, key: str, name: str) -> Said:
        status = node.first(name)
        if status is not None and status.text not in OUTCOMES and status.text != _SAYS_PART:
            self.telling.tell(status, "status-unknown", "warning", STATUS_UNKNOWN, value=status.text)
        reasons = tuple(map(read_reason, node.all("StsRsnInf")))
        return Said(key, status.text if status else "", reasons, node.line)
