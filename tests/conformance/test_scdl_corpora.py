"""SCDL against the published schema itself, and against what French public bodies published, as it is."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from communs.core.standards.formats import Sample
from communs.core.standards.reading.csv_text import load_table
from communs.core.standards.scdl import COLUMNS, FIELDS, Conditions, Grant, check, read, recognise, write
from communs.core.standards.scdl.cells import fault_of
from communs.core.standards.scdl.schema import BY_NAME, VERSION

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
FOLDER = CORPORA / "fund" / "scdl-subventions"
GRANT = Grant(
    "Fonds des communs", "23350001600040", "Carte libre", "Documentation", 4_780_020, date(2026, 6, 27),
    Conditions.AT_ONCE, "En une fois", date(2026, 7, 1), recipient_siret="38047555800058",
)  # fmt: skip
# Rows that become awards, and rows that name no recipient or no amount.
FILES = {
    "DEP_Lot_Subventions_2017_DONNEES.xlsx_pour_exemple.csv": (13, 0),
    "DEP_Nievre_CD58_SUBVENTIONS_2016.csv": (90, 7),
    "DEP_Somme_TB_20180302_DONNEES_CONVENTIONS.csv": (41, 0),
    "DEP_Somme_TB_20180330_DONNEES_CONVENTIONS.csv": (11, 0),
    "SCDL_COM_Poitiers_citoyennete-subventions-directes-attribuees-aux-associations-2017-ville-de-poiti.csv": (562, 0),
    "SCDL_DEP_Haute_Garonne_datalocale-subvention.csv": (68, 1),
    "exemple_valide.csv": (29, 0),
}

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]


@cache
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "schema-v2.json").read_text(encoding="utf-8"))
    return found


def broken(name: str, cell: str) -> bool:
    """Whether a cell breaks a constraint of the published file, as the Table Schema standard defines them."""
    field = next(field for field in schema()["fields"] if field["name"] == name)
    rules = field.get("constraints", {})
    if not cell:
        return bool(rules.get("required", False))
    try:
        value = {"date": date.fromisoformat, "number": Decimal, "integer": int, "string": str}[field["type"]](cell)
    except (ValueError, ArithmeticError):
        return True
    return (
        ("pattern" in rules and re.fullmatch(rules["pattern"].removeprefix("^").removesuffix("$"), cell) is None)
        or ("enum" in rules and cell not in rules["enum"])
        or ("maxLength" in rules and len(cell) > rules["maxLength"])
        or ("minimum" in rules and not Decimal(str(rules["minimum"])) <= value <= Decimal(str(rules["maximum"])))
    )


def test_the_table_of_columns_is_the_published_schema() -> None:
    published = schema()
    assert published["version"] == VERSION
    assert tuple(field["name"] for field in published["fields"]) == COLUMNS
    for field, ours in zip(published["fields"], FIELDS, strict=True):
        rules = field.get("constraints", {})
        said = {
            "type": ours.type, "required": ours.required, "enum": list(ours.values), "maxLength": ours.length,
            "minimum": Decimal(ours.minimum or 0), "maximum": Decimal(ours.maximum or 0),
            "pattern": ours.pattern is not None,
        }  # fmt: skip
        assert said == {
            "type": field["type"], "required": rules.get("required", False), "enum": rules.get("enum", []),
            "maxLength": rules.get("maxLength"), "minimum": Decimal(str(rules.get("minimum", 0))),
            "maximum": Decimal(str(rules.get("maximum", 0))), "pattern": "pattern" in rules,
        }, field["name"]  # fmt: skip
    sirets = {one["params"]["column"] for one in published["custom_checks"] if one["name"] == "french-siret-value"}
    assert sirets == {field.name for field in FIELDS if field.is_siret}


def test_what_we_write_keeps_every_constraint_of_the_published_schema() -> None:
    rows = list(csv.DictReader(io.StringIO(write([GRANT]), newline="")))
    assert [name for row in rows for name, cell in row.items() if broken(name, cell)] == []


def cells() -> Iterator[tuple[str, str]]:
    """Every cell that was published under a name of the schema, as the table is read."""
    for path in sorted(FOLDER.glob("*.csv")):
        table = load_table(path.read_bytes())
        for row in table.rows():
            yield from ((name, cell) for name, cell in row.cells.items() if name in BY_NAME)


def test_the_verdict_on_every_published_cell_is_that_of_the_schema_but_for_check_digits_and_days() -> None:
    stricter = {"not-a-siret", "not-a-period"}
    seen = set(cells())
    assert len(seen) > 500
    for name, cell in seen:
        fault = fault_of(BY_NAME[name], cell)
        if broken(name, cell):
            assert fault is not None, (name, cell)
        elif fault is not None:
            assert fault[0] in stricter, (name, cell)


@pytest.mark.parametrize(("name", "counts"), FILES.items())
def test_published_tables_are_told_what_is_wrong_and_read_nevertheless(name: str, counts: tuple[int, int]) -> None:
    data = (FOLDER / name).read_bytes()
    assert recognise(Sample(data))
    problems = check(data)
    assert {found.code for found in problems if found.severity == "error"} >= {"missing-column"}
    assert all(found.say() and found.say_fix() and found.line >= 1 and found.column >= 1 for found in problems)
    document = read(data)
    lost = {found.line for found in document.problems if found.severity == "error"}
    assert (len(document.records), len(lost)) == counts
    assert len({record["id"] for record in document.records}) == len(document.records)
    assert read(data).records == document.records
    assert all(record["currency"] == "EUR" and record["awarded_on"] for record in document.records)


def test_no_other_published_table_is_taken_for_one() -> None:
    others = [path for path in CORPORA.rglob("*.csv") if path.parent != FOLDER and path.stat().st_size < 4_000_000]
    assert [path.name for path in others if recognise(Sample(path.read_bytes()))] == []
