"""Lines of a table as awards, in the shape that `core.standards.threesixtygiving` describes.

Tables were published long before the schema and beside it: other capitals, other names, commas in amounts, days
backwards. What can only mean one thing is read and told; an error is told where it costs a grant (`check` tells
everything that the schema forbids). `amount_minor` is the recipient's part of the grant, rounded
to the cent (half to even) where a share of it is no whole number of cents.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from communs.core.money.amounts import MINOR_MAX
from communs.core.standards.documents import Document
from communs.core.standards.problems import Problem, Severity, in_order
from communs.core.standards.reading import FEED
from communs.core.standards.reading.csv_text import header_of, load_table
from communs.core.standards.scdl import words
from communs.core.standards.scdl.cells import fault_of, mended, number_of
from communs.core.standards.scdl.checking import SAME_TOLD_MAX, and_more
from communs.core.standards.scdl.schema import BY_NAME, VERSION, column_meant

NAME: Final = "scdl"
NEEDED: Final = ("nomAttribuant", "nomBeneficiaire", "montant")
TITLE_MAX: Final = 300
TEXT_MAX: Final = 2_000
HEADER_CHARACTERS: Final = 4_000
_STATED: Final = frozenset(BY_NAME) - {"montant"}


def recognise(sample: Any) -> bool:
    """A table whose header names a funder, a recipient, an amount and a purpose, by the names of now or before."""
    if sample.start[:1] in {"{", "[", "<"}:
        return False
    columns, _delimiter = header_of(sample.start[:HEADER_CHARACTERS])
    return {*NEEDED, "objet"} <= {column_meant(name) for name in columns}


def read(data: bytes | str) -> Document:
    """The awards of a table. Never raises for what the file holds."""
    table = load_table(data, FEED)
    meant = {name: column_meant(name) for name in table.columns}
    telling = _Telling({known: place for place, known in enumerate(meant.values(), 1)})
    for name in NEEDED:
        if name not in meant.values():
            telling.tell(1, name, "missing-column", "error", words.MISSING_COLUMN)
    records: dict[str, dict[str, Any]] = {}
    for row in table.rows() if not telling.problems else ():
        cells = {meant[name]: " ".join(cell.split()) for name, cell in row.cells.items() if meant[name]}
        record = _award(cells, row.line, telling)
        if record is None:
            continue
        own, number = record["id"], 2
        while record["id"] in records:
            record["id"], number = f"{own}-{number}", number + 1
        records[record["id"]] = record
    problems = in_order((*table.problems, *telling.all()))
    return Document(NAME, "awards", VERSION, tuple(records.values()), problems)


class _Telling:
    """The problems of a table; of what was repaired, the first twenty in each column, then how many more."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.places = places
        self.problems: list[Problem] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        self.untold: dict[tuple[str, str], Problem] = {}

    def tell(
        self,
        line: int,
        path: str,
        code: str,
        severity: Severity,
        said: tuple[str, str],
        value: str = "",
        meant: str = "",
    ) -> None:
        values = {"value": value[:200], "meant": meant[:200]}
        found = Problem(path, line, self.places.get(path, 1), code, severity, *said, values=values)
        self.counts[code, path] += 1
        if self.counts[code, path] <= SAME_TOLD_MAX or severity == "error":
            self.problems.append(found)
        else:
            self.untold.setdefault((code, path), found)

    def all(self) -> list[Problem]:
        """Everything told, and how much was not."""
        more = [and_more(first, self.counts[kind] - SAME_TOLD_MAX) for kind, first in self.untold.items()]
        return [*self.problems, *more]


def _award(cells: dict[str, str], line: int, telling: _Telling) -> dict[str, Any] | None:
    """The award, or None where the line names no funder, no recipient or no amount, or says that nothing was given."""
    absent = [name for name in NEEDED if not cells.get(name)]
    for name in absent:
        telling.tell(line, name, "missing", "error", words.MISSING)
    if absent:
        return None
    said = {name: _said(name, cells[name], line, telling) for name in cells if name in _STATED}
    if said.get("statutLabel") and said["statutLabel"] != "attribuée":
        telling.tell(line, "statutLabel", "not-awarded", "note", words.NOT_AWARDED, said["statutLabel"])
        return None
    minor = _minor(cells["montant"], said.get("pourcentageSubvention", ""))
    if minor is None:
        telling.tell(line, "montant", "not-an-amount", "error", words.NOT_AN_AMOUNT, cells["montant"])
        return None
    return _record(said, cells["montant"], minor)


def _record(said: Mapping[str, str], amount: str, minor: int) -> dict[str, Any]:
    recipient = {"kind": "organisation", "name": said["nomBeneficiaire"][:300], **_number(said, "idBeneficiaire")}
    if "org_id" not in recipient and said.get("rnaBeneficiaire"):
        recipient["org_id"] = f"FR-RNA-{said['rnaBeneficiaire']}"
    found: dict[str, Any] = {
        "id": _id(said, amount),
        "title": said.get("objet", "")[:TITLE_MAX],
        "description": said["objet"][:TEXT_MAX] if len(said.get("objet", "")) > TITLE_MAX else "",
        "currency": "EUR",
        "amount_minor": minor,
        "awarded_on": said.get("dateDecision") or said.get("dateConvention"),
        "starts_on": said.get("dateDebut"),
        "ends_on": said.get("dateFin"),
        "funder": {"name": said["nomAttribuant"][:300], **_number(said, "idAttribuant")},
        "recipient": recipient,
        "programmes": [{"title": said["dispositif"][:300]}] if said.get("dispositif") else [],
        "modified_on": said.get("dateMiseAJour"),
        "notes": {name: said[name][:300] for name in ("referenceDecision", "exerciceBudgetaire") if said.get(name)},
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _said(name: str, cell: str, line: int, telling: _Telling) -> str:
    """The cell as the schema would have it; a text that is too long stays, what cannot be read is left out and told."""
    fault = fault_of(BY_NAME[name], cell) if cell else None
    if fault is None or fault[0] == "too-long":
        return cell
    if meant := mended(BY_NAME[name], cell):
        telling.tell(line, name, "read-as", "note", words.READ_AS, cell, meant)
    else:
        telling.tell(line, name, "left-out", "warning", words.LEFT_OUT, cell)
    return meant


def _minor(cell: str, share: str) -> int | None:
    """Cents that this recipient got."""
    field = BY_NAME["montant"]
    euros = number_of(cell if fault_of(field, cell) is None else mended(field, cell))
    if euros is None or abs(euros) * 100 > MINOR_MAX:
        return None
    return int((euros * 100 * (number_of(share) or Decimal(1))).to_integral_value(ROUND_HALF_EVEN))


def _number(said: Mapping[str, str], name: str) -> dict[str, str]:
    """The number of an establishment starts with that of the body."""
    return {"org_id": f"FR-SIREN-{said[name][:9]}"} if said.get(name) else {}


def _id(said: Mapping[str, str], amount: str) -> str:
    """The funder's own number with the year, or one made of what the line says: the same line has the same again."""
    if said.get("idSubvention"):
        year = said.get("exerciceBudgetaire", "")
        return "-".join(part for part in ("scdl", said.get("idAttribuant", ""), said["idSubvention"], year) if part)[
            :280
        ]
    names = ("nomAttribuant", "idAttribuant", "dateConvention", "referenceDecision", "nomBeneficiaire",
             "idBeneficiaire", "rnaBeneficiaire", "objet", "exerciceBudgetaire")  # fmt: skip
    text = "\x1f".join([*(said.get(name, "") for name in names), amount])
    return f"scdl-{hashlib.sha256(text.encode()).hexdigest()[:24]}"
