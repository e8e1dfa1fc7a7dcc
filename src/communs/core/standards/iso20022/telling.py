"""Problems of a bank file, each with its place; and texts that become amounts, dates and times, or a problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from communs.core.money import InvalidAmount, Money, UnknownCurrency, parse_amount
from communs.core.standards.iso20022.limits import PROBLEMS_MAX
from communs.core.standards.problems import Problem, Severity
from communs.core.standards.reading.xml_tree import Node
from communs.core.texts import N_

Words = tuple[str, str]

MISSING: Final = (
    N_("“{name}” is missing in {path}."),
    N_("Ask the bank for the file again; do not fill it in by hand."),
)
NOT_AN_AMOUNT: Final = (
    N_("“{value}” is no amount of {currency}."),
    N_("Amounts are digits with a point, without a sign. Ask the bank for the file again."),
)
NOT_A_CURRENCY: Final = (N_("“{value}” is no currency."), N_("It is three capitals, e.g. EUR."))
NOT_A_DATE: Final = (N_("“{value}” is no date."), N_("Dates are written year-month-day, e.g. 2026-05-31."))
NOT_A_SIGN: Final = (
    N_("“{value}” says neither that money came in (CRDT) nor that it went out (DBIT)."),
    N_("Ask the bank for the file again."),
)
NOT_A_MESSAGE: Final = (
    N_("This is no file of the kind {wanted}."),
    N_("Ask the bank for {wanted}; other kinds are not read here."),
)
OTHER_VERSION: Final = (
    N_("The file is of the version {value}; it was read like {known}."),
    N_("Check amounts and names against the bank’s own statement once."),
)


@dataclass(slots=True)
class Telling:
    """Collects problems, as many as anybody reads."""

    problems: list[Problem] = field(default_factory=list)

    def tell(self, node: Node, code: str, severity: Severity, words: Words, **values: str) -> None:
        """Note a problem at `node`."""
        if len(self.problems) < PROBLEMS_MAX:
            short = {name: value[:100] for name, value in values.items()}
            self.problems.append(Problem(node.path, node.line, node.column, code, severity, *words, values=short))

    def whole(self, code: str, words: Words, **values: str) -> None:
        """Note an error of the whole file."""
        self.problems.append(Problem("", 1, 1, code, "error", *words, values=values))

    def missing(self, node: Node, name: str, severity: Severity = "error") -> None:
        """Note that a child of `node` is not there."""
        self.tell(node, "missing", severity, MISSING, name=name)


def read_amount(node: Node | None, telling: Telling) -> Money | None:
    """The amount of an element with an attribute `Ccy`, without sign; None where there is none that can be read."""
    if node is None:
        return None
    currency = node.attributes.get("Ccy", "")
    if node.text[:1] in {"-", "+"}:
        telling.tell(node, "not-an-amount", "error", NOT_AN_AMOUNT, value=node.text, currency=currency)
        return None
    try:
        return parse_amount(node.text, currency)
    except UnknownCurrency:
        telling.tell(node, "not-a-currency", "error", NOT_A_CURRENCY, value=currency)
    except InvalidAmount:
        telling.tell(node, "not-an-amount", "error", NOT_AN_AMOUNT, value=node.text, currency=currency)
    return None


def signed(amount: Money | None, node: Node, telling: Telling) -> Money | None:
    """`amount`, negative where `node` says that it went out. None where it says neither."""
    sign = node.first("CdtDbtInd")
    if sign is None:
        telling.missing(node, "CdtDbtInd")
        return None
    if sign.text not in {"CRDT", "DBIT"}:
        telling.tell(sign, "not-a-sign", "error", NOT_A_SIGN, value=sign.text)
        return None
    return -amount if amount is not None and sign.text == "DBIT" else amount


def read_day(node: Node | None, telling: Telling) -> date | None:
    """The day of an element that holds `Dt` or `DtTm`, or is a date itself: as written, of the bank's own zone."""
    if node is None:
        return None
    place = node.first("Dt") or node.first("DtTm") or node
    try:
        return date.fromisoformat(place.text[:10])
    except ValueError:
        telling.tell(place, "not-a-date", "warning", NOT_A_DATE, value=place.text)
        return None


def read_time(node: Node | None, telling: Telling) -> datetime | None:
    """The moment of an element, with the zone that it names, if any."""
    if node is None or not node.text:
        return None
    try:
        return datetime.fromisoformat(node.text)
    except ValueError:
        telling.tell(node, "not-a-date", "warning", NOT_A_DATE, value=node.text)
        return None


def version_of(node: Node, kind: str, known: tuple[str, ...], telling: Telling) -> str:
    """The version that the namespace names, e.g. "001.08"; a note where it is not one of `known`."""
    version = node.namespace.rpartition(f"{kind}.")[2] if f"{kind}." in node.namespace else ""
    if version not in known:
        telling.tell(node, "other-version", "note", OTHER_VERSION, value=version or "?", known=f"{kind}.{known[-1]}")
    return version
