"""A file of statements, read piece by piece, and held to its own sums."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from communs.core.money import Money
from communs.core.standards.camt053.entries import read_entry
from communs.core.standards.camt053.statements import Balance, Entry, Statement, Statements
from communs.core.standards.iso20022.limits import BANK_FILE
from communs.core.standards.iso20022.telling import (
    NOT_A_MESSAGE,
    Telling,
    read_amount,
    read_day,
    read_time,
    signed,
    version_of,
)
from communs.core.standards.problems import in_order
from communs.core.standards.reading.xml_tree import Node, pieces
from communs.core.texts import N_

VERSIONS: Final = ("001.02", "001.08")

BALANCES_DIFFER: Final = (
    N_("The opening balance and the entries give {found}; the closing balance says {said}."),
    N_("An entry is missing or stands twice. Ask the bank for the file again, and post nothing of this one."),
)
COUNT_DIFFERS: Final = (
    N_("The statement announces {said} entries and holds {found}."),
    N_("It was cut off or changed. Ask the bank for the file again."),
)
NO_STATEMENT: Final = (N_("The file holds no statement."), N_("Ask the bank for the period again."))
MORE_PAGES: Final = (
    N_("This is page {value} of a statement with more pages."),
    N_("Read the other pages too; the balances fit with all of them."),
)


def read_statements(data: bytes | str) -> Statements:
    """Every statement of a file. Never raises for what it holds.

    >>> read = read_statements(
    ...     '<BkToCstmrStmt><Stmt><Ntry><Amt Ccy="EUR">12.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
    ...     "<BookgDt><Dt>2026-05-04</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt>"
    ... )
    >>> [(str(entry.amount), entry.booked_on.isoformat()) for entry in read.statements[0].entries]
    [('-12.50 EUR', '2026-05-04')]
    """
    reader = _Reader()
    for node in pieces(data, {"BkToCstmrStmt", "Stmt"}, reader.telling.problems, BANK_FILE):
        reader.take(node)
    has_broken_off = any(one.severity == "error" and not one.path for one in reader.telling.problems)
    reader.finish()
    if not reader.is_begun and not has_broken_off:
        reader.telling.whole("not-a-message", NOT_A_MESSAGE, wanted="camt.053")
    elif not reader.done and not has_broken_off:
        reader.telling.whole("no-statement", NO_STATEMENT)
    return Statements(reader.version, reader.id, tuple(reader.done), in_order(reader.telling.problems))


@dataclass(slots=True)
class _Open:
    """A statement whose pieces are still coming."""

    node: Node
    made: Statement
    balances: list[Balance] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    count: Node | None = None
    is_whole: bool = True
    entries_seen: int = 0


class _Reader:
    """Puts statements together from the pieces of a file, in their order."""

    def __init__(self) -> None:
        self.telling = Telling()
        self.is_begun = False
        self.version = self.id = ""
        self.is_whole = True
        self.done: list[Statement] = []
        self.at: _Open | None = None

    def take(self, node: Node) -> None:
        if node.name == "BkToCstmrStmt":
            self.is_begun = True
            self.version = version_of(node, "camt.053", VERSIONS, self.telling)
        elif node.name == "GrpHdr":
            self.id, self.is_whole = node.say("MsgId"), self._is_whole(node.first("MsgPgntn"))
        elif node.name == "Stmt":
            self.finish()
            self.at = _Open(node, Statement(line=node.line), is_whole=self.is_whole)
        elif self.at is not None:
            self._take_into(self.at, node)

    def _take_into(self, at: _Open, node: Node) -> None:
        if node.name == "Id":
            at.made = replace(at.made, id=node.text)
        elif node.name == "ElctrncSeqNb":
            at.made = replace(at.made, number=node.text)
        elif node.name == "CreDtTm":
            at.made = replace(at.made, made_at=read_time(node, self.telling))
        elif node.name == "StmtPgntn":
            at.is_whole = at.is_whole and self._is_whole(node)
        elif node.name == "Acct":
            account = (node.say("Id", "IBAN") or node.say("Id", "Othr", "Id")).replace(" ", "")
            at.made = replace(at.made, account=account, currency=node.say("Ccy"))
        elif node.name == "Bal":
            self._take_balance(at, node)
        elif node.name == "TxsSummry":
            at.count = node.first("TtlNtries", "NbOfNtries")
        elif node.name == "Ntry":
            at.entries_seen += 1
            if (entry := read_entry(node, at.made.account, self.telling)) is not None:
                at.entries.append(entry)

    def _take_balance(self, at: _Open, node: Node) -> None:
        place = node.first("Amt")
        if place is None:
            self.telling.missing(node, "Amt")
        amount = signed(read_amount(place, self.telling), node, self.telling)
        if amount is not None:
            kind = node.say("Tp", "CdOrPrtry", "Cd") or node.say("Tp", "CdOrPrtry", "Prtry")
            at.balances.append(Balance(kind, amount, read_day(node.first("Dt"), self.telling), node.line))

    def _is_whole(self, pages: Node | None) -> bool:
        """Whether this page is the only one; a note of it where it is not, for its sums do not fit by themselves."""
        if pages is None or (pages.say("PgNb").lstrip("0") == "1" and pages.say("LastPgInd") in {"true", "1"}):
            return True
        self.telling.tell(pages, "more-pages", "warning", MORE_PAGES, value=pages.say("PgNb") or "?")
        return False

    def finish(self) -> None:
        """Close the statement at hand."""
        at, self.at = self.at, None
        if at is None:
            return
        done = replace(at.made, balances=tuple(at.balances), entries=tuple(at.entries))
        self.done.append(done)
        if not done.account:
            self.telling.missing(at.node, "Acct")
        if at.count is not None and at.is_whole and at.count.text.lstrip("0") != str(at.entries_seen or ""):
            values = {"said": at.count.text, "found": str(at.entries_seen)}
            self.telling.tell(at.count, "count-differs", "error", COUNT_DIFFERS, **values)
        if at.is_whole:
            self._compare(at.node, done)

    def _compare(self, node: Node, done: Statement) -> None:
        """Whether opening balance and booked entries give the closing balance, where all are of one currency."""
        opening, closing = done.balance("OPBD", "PRCD"), done.balance("CLBD")
        booked = [entry.amount for entry in done.entries if entry.is_booked]
        if opening is None or closing is None:
            return
        currency = opening.amount.currency
        if {currency} != {closing.amount.currency, *(amount.currency for amount in booked)}:
            return
        found = opening.amount.minor + sum(amount.minor for amount in booked)
        if found != closing.amount.minor:
            values = {"found": str(Money(found, currency)), "said": str(closing.amount)}
            self.telling.tell(node, "balances-differ", "error", BALANCES_DIFFER, **values)
