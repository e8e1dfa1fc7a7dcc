"""Lines of an export as awards, in the shape that `core.standards.threesixtygiving` describes.

A line names no day: the award has none. The recipient is known by its SIREN number, written `FR-SIREN-200078004`.
"""

from __future__ import annotations

import re
from typing import Any, Final

from communs.core.money import InvalidAmount, parse_amount
from communs.core.standards.documents import Document
from communs.core.standards.problems import Problem, Severity, in_order
from communs.core.standards.reading import FEED
from communs.core.standards.reading.csv_text import TableRow, header_of, load_table
from communs.core.texts import N_

NAME: Final = "fonds-vert"
FUNDER: Final = "Fonds vert"
NEEDED: Final = ("numero_dossier_ds", "nom_beneficiaire_principal", "montant_engage")
HEADER_CHARACTERS: Final = 2_000

MISSING_COLUMN: Final = (
    N_("The column “{value}” is missing."),
    N_("Give the export as the Fonds vert publishes it."),
)
MISSING: Final = (N_("“{path}” is missing."), N_("Every grant needs it: add it."))
NOT_AN_AMOUNT: Final = (N_("“{value}” is no amount in euros."), N_("Write it as 21 667,00 €."))
NOT_A_SIREN: Final = (
    N_("“{value}” is no SIREN number; it was left out."),
    N_("Write the nine digits of the recipient’s number."),
)
REPEATED: Final = (
    N_("The file number “{value}” stands here a second time; the line was kept under a number of its own."),
    N_("Nothing to do where one file has several beneficiaries or places."),
)


def recognise(sample: Any) -> bool:
    """A table whose header has the columns of the export."""
    if sample.start[:1] in {"{", "[", "<"}:
        return False
    columns, _delimiter = header_of(sample.start[:HEADER_CHARACTERS])
    return {*NEEDED, "siren"} <= set(columns)


def read(data: bytes | str) -> Document:
    """The awards of an export. Never raises for what the file holds."""
    table = load_table(data, FEED)
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        table.problems += [_tell(1, name, "missing-column", "error", MISSING_COLUMN, name) for name in missing]
        return Document(NAME, "awards", problems=in_order(table.problems))
    records: dict[str, dict[str, Any]] = {}
    for row in table.rows():
        record = _award(row, table.problems)
        if record is None:
            continue
        own, number = record["id"], 2
        while record["id"] in records:
            record["id"], number = f"{own}-{number}", number + 1
        if record["id"] != own:
            table.problems.append(_tell(row.line, NEEDED[0], "repeated-file", "note", REPEATED, own))
        records[record["id"]] = record
    return Document(NAME, "awards", records=tuple(records.values()), problems=in_order(table.problems))


def _award(row: TableRow, problems: list[Problem]) -> dict[str, Any] | None:
    """The award, or None where the line names no file, no beneficiary or no amount."""
    cells = {name: " ".join(cell.split()) for name, cell in row.cells.items()}
    absent = [name for name in NEEDED if not cells[name]]
    problems += [_tell(row.line, name, "missing", "error", MISSING, "") for name in absent]
    if absent:
        return None
    minor = _minor(cells["montant_engage"])
    if minor is None:
        said = cells["montant_engage"]
        problems.append(_tell(row.line, "montant_engage", "not-an-amount", "error", NOT_AN_AMOUNT, said))
        return None
    recipient = {"kind": "organisation", "name": cells["nom_beneficiaire_principal"][:300]}
    siren = re.sub(r"\s", "", cells.get("siren", ""))
    if re.fullmatch(r"\d{9}(?:\d{5})?", siren):
        # The number of an establishment (SIRET) starts with that of the body.
        recipient["org_id"] = f"FR-SIREN-{siren[:9]}"
    elif siren:
        problems.append(_tell(row.line, "siren", "not-a-siren", "warning", NOT_A_SIREN, siren))
    found: dict[str, Any] = {
        "id": f"fonds-vert-{cells['numero_dossier_ds']}"[:280],
        "title": cells.get("nom_du_projet", "")[:300],
        "currency": "EUR",
        "amount_minor": minor,
        "funder": {"name": FUNDER},
        "recipient": recipient,
        "programmes": [_programme(cells)],
        "places": [_place(cells)],
        "notes": {"axe": cells["axe"]} if cells.get("axe") else {},
    }
    return {name: value for name, value in found.items() if value not in ("", {}, [{}], [])}


def _programme(cells: dict[str, str]) -> dict[str, str]:
    found = {"title": cells.get("nom_demarche_ds", "")[:300], "code": cells.get("numero_demarche_ds", "")[:100]}
    return {name: value for name, value in found.items() if value}


def _place(cells: dict[str, str]) -> dict[str, str]:
    """The municipality; the export writes its official code without the leading zero."""
    names = (cells.get(name, "") for name in ("nom_commune", "nom_departement", "nom_region"))
    code = cells.get("code_commune", "")
    found = {
        "name": ", ".join(name for name in names if name)[:200],
        "country": "FR",
        "code": code.zfill(5)[:5] if code else "",
        "code_type": "COG" if code else "",
    }
    return {name: value for name, value in found.items() if value} if found["name"] or code else {}


def _minor(text: str) -> int | None:
    """Cents of an amount as the export writes it: "21 667,00 €"."""
    plain = re.sub(r"[\s\u00a0\u202f€]", "", text).replace(",", ".")
    try:
        return parse_amount(plain, "EUR").minor
    except InvalidAmount:
        return None


def _tell(line: int, path: str, code: str, severity: Severity, words: tuple[str, str], value: str) -> Problem:
    return Problem(path, line, 1, code, severity, *words, values={"value": value[:200]})
