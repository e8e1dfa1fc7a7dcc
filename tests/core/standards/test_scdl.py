"""Grants under SCDL: written by the schema or refused, checked cell by cell, read as they are published."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.standards.formats import recognise
from communs.core.standards.problems import Problem
from communs.core.standards.scdl import COLUMNS, CannotPublish, Conditions, Grant, check, faults_of, lines, read, write
from communs.core.standards.scdl.cells import fault_of, mended
from communs.core.standards.scdl.schema import BY_NAME, FIELDS, column_meant

GRANT = Grant(
    funder_name="Fonds des communs",
    funder_siret="23350001600040",
    recipient_name="Carte libre",
    purpose="Documentation et hébergement",
    minor=4_780_020,
    agreed_on=date(2026, 6, 27),
    conditions=Conditions.IN_PARTS,
    conditions_text="Trois versements sur remise de rapports",
    paid_from=date(2026, 7, 1),
    paid_until=date(2027, 6, 30),
    recipient_siret="38047555800058",
)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def table(**cells: str) -> str:
    """The one line of the grant with some cells written otherwise."""
    (row,) = rows(write([GRANT]))
    out = io.StringIO()
    writer = csv.DictWriter(out, [*row, *(name for name in cells if name not in row)])
    writer.writeheader()
    writer.writerow(row | cells)
    return out.getvalue()


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str, int, int]]:
    return [(found.code, found.path, found.line, found.column) for found in problems]


def test_a_grant_is_written_by_the_schema() -> None:
    text = write([GRANT])
    (row,) = rows(text)
    assert tuple(row) == COLUMNS
    assert {name: cell for name, cell in row.items() if cell} == {
        "nomAttribuant": "Fonds des communs",
        "idAttribuant": "23350001600040",
        "idServiceInstructeur": "23350001600040",
        "nomBeneficiaire": "Carte libre",
        "idBeneficiaire": "38047555800058",
        "dateConvention": "2026-06-27",
        "statutLabel": "attribuée",
        "objet": "Documentation et hébergement",
        "nature": "aide en numéraire",
        "montant": "47800.20",
        "conditionsVersement": "échelonné",
        "descriptionConditionsVersement": "Trois versements sur remise de rapports",
        "datesPeriodeVersement": "2026-07-01/2027-06-30",
        "notificationUE": "non",
        "pourcentageSubvention": "1",
    }
    assert check(text) == ()


def test_everything_that_can_be_said_is_written() -> None:
    full = replace(
        GRANT, id="2026-7", service_name="Bureau", service_siret="21860194600013", budget_year=2026,
        decided_on=date(2026, 6, 1), reference="D-7", starts_on=date(2026, 7, 1), ends_on=date(2026, 12, 31),
        scheme="Communs 2026", asked_minor=5_000_000, in_kind=True, is_cofunded=True, cofunders=("Ville", "Région"),
        share=Decimal("0.45"), recipient_rna="W380475558", updated_on=date(2026, 12, 31), paid_until=None,
        more={"ej": "2102368447", "pluriannualite": "non"},
    )  # fmt: skip
    (row,) = rows(write([full]))
    assert row["nature"] == "aide en numéraire;aide en nature"
    assert row["datesPeriodeVersement"] == "2026-07-01"
    assert row["attribuantsCofinanceurs"] == "Ville,Région"
    assert (row["montantDemande"], row["pourcentageSubvention"], row["ej"]) == ("50000.00", "0.45", "2102368447")
    assert check(write([full])) == ()


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"funder_siret": "23350001600041"}, "idAttribuant", "not-a-siret"),
        ({"recipient_siret": "380475558"}, "idBeneficiaire", "not-a-siret"),
        ({"recipient_siret": ""}, "idBeneficiaire", "no-recipient-number"),
        ({"recipient_rna": "380475558"}, "rnaBeneficiaire", "not-a-rna"),
        ({"recipient_name": ""}, "nomBeneficiaire", "missing"),
        ({"purpose": "x" * 257}, "objet", "too-long"),
        ({"conditions_text": ""}, "descriptionConditionsVersement", "missing"),
        ({"in_money": False}, "nature", "missing"),
        ({"share": Decimal("1.01")}, "pourcentageSubvention", "out-of-range"),
        ({"share": Decimal(0)}, "pourcentageSubvention", "out-of-range"),
        ({"paid_until": date(2026, 1, 1)}, "datesPeriodeVersement", "not-a-period"),
        ({"more": {"idRAE": "123456"}}, "idRAE", "too-long"),
        ({"more": {"statutLabel": "accordée"}}, "statutLabel", "not-in-list"),
    ],
)
def test_what_the_schema_forbids_is_not_written(changes: dict[str, Any], column: str, code: str) -> None:
    with pytest.raises(CannotPublish) as refused:
        write([GRANT, replace(GRANT, **changes)])
    assert (code, column, 3, COLUMNS.index(column) + 1) in told(refused.value.problems)
    assert all(refused.value.say_each())


def test_a_column_that_there_is_not_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError, match="colour"):
        write([replace(GRANT, more={"colour": "red"})])


def test_a_recipient_without_siret_is_known_by_its_rna() -> None:
    assert check(write([replace(GRANT, recipient_siret="", recipient_rna="W380475558")])) == ()


@pytest.mark.parametrize(
    ("column", "cell", "code", "remedy"),
    [
        ("montant", "40 000,00", "not-a-number", "Write “40000.00”."),
        ("montant", "1,234.50", "not-a-number", "Write “1234.50”."),
        ("montant", "NC", "not-a-number", "Write digits and a point, as 47800.20."),
        ("montant", "1e3", "not-a-number", "Write digits and a point, as 47800.20."),
        ("montant", "NaN", "not-a-number", "Write digits and a point, as 47800.20."),
        ("dateConvention", "08/09/2017", "not-a-date", "Write “2017-09-08”."),
        ("dateConvention", "2017/09/08", "not-a-date", "Write “2017-09-08”."),
        ("dateConvention", "31/02/2017", "not-a-date", "Write YYYY-MM-DD."),
        ("dateConvention", "2017-13-01", "not-a-date", "Write YYYY-MM-DD."),
        ("dateConvention", "", "missing", "Each grant has to state it: add it."),
        ("datesPeriodeVersement", "2018-01-01_2018-03-31", "not-a-period", "Write “2018-01-01/2018-03-31”."),
        ("datesPeriodeVersement", "01/02/2018 au 03/04/2018", "not-a-period", ""),
        ("datesPeriodeVersement", "2018-02-30", "not-a-period", ""),
        ("nature", "Aide en numéraire", "not-in-list", "Write “aide en numéraire”."),
        ("nature", "Aide en Nature; aide en numéraire", "not-in-list", "Write “aide en nature;aide en numéraire”."),
        ("conditionsVersement", "Unique", "not-in-list", "Write “unique”."),
        ("conditionsVersement", "jamais", "not-in-list", "Write one of these: unique, échelonné, autre."),
        ("notificationUE", "NON", "not-in-list", "Write “non”."),
        ("pourcentageSubvention", "45 %", "not-a-number", "Write “0.45”."),
        ("pourcentageSubvention", "45", "out-of-range", "Write the share as 0.45 for 45 %."),
        ("exerciceBudgetaire", "2017.0", "not-an-integer", "Write “2017”."),
        ("idBeneficiaire", "380 475 558 00058", "not-a-siret", "Write “38047555800058”."),
        ("idBeneficiaire", "45032466000000.0", "not-a-siret", ""),
        ("idBeneficiaire", "45032466000000", "not-a-siret", ""),
        ("idRAE", "123456", "too-long", "Shorten it."),
    ],
)
def test_a_cell_is_told_with_its_place_and_what_to_write(column: str, cell: str, code: str, remedy: str) -> None:
    found = [problem for problem in check(table(**{column: cell})) if problem.path == column]
    assert told(tuple(found)) == [(code, column, 2, COLUMNS.index(column) + 1)]
    assert found[0].say()
    assert found[0].say_fix() == remedy or not remedy


def test_columns_are_held_to_the_schema() -> None:
    text = table(couleur="rouge").replace("nomAttribuant,idAttribuant", "idAttribuant,NomAttribuant")
    text = (
        text.replace("objet", "sub_objet").replace("rnaBeneficiaire", "idBeneficiaire").replace("notificationUE", "UE")
    )
    assert {row[:2] for row in told(check(text)) if row[2] == 1} == {
        ("missing-column", "notificationUE"),
        ("other-order", "nomAttribuant"),
        ("other-name", "nomAttribuant"),
        ("repeated-column", "idBeneficiaire"),
        ("other-name", "objet"),
        ("unknown-column", "UE"),
        ("unknown-column", "couleur"),
    }


def test_the_same_is_told_twenty_times_and_then_counted_where_it_begins() -> None:
    grants = [replace(GRANT, purpose="x" * 300)] * 50
    problems = check("".join(lines(grants)))
    assert [found.code for found in problems] == ["too-long"] * 20 + ["too-long-more"]
    assert (problems[-1].line, problems[-1].values["count"], problems[-1].severity) == (22, "30", "error")


def test_what_is_no_such_table_is_said_once() -> None:
    for text in ("", "a,b\n1,2\n", "\x00", "{}"):
        assert "no-table" in [found.code for found in check(text)]
        assert read(text).records == ()
        assert not read(text).is_valid


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).map(str.strip).filter(bool)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
GRANTS = st.builds(
    Grant,
    funder_name=TEXTS, funder_siret=st.sampled_from(["23350001600040", "21860194600013"]), recipient_name=TEXTS,
    purpose=TEXTS, minor=st.integers(0, 10**14), agreed_on=DAYS, conditions=st.sampled_from(Conditions),
    conditions_text=TEXTS, paid_from=DAYS, recipient_siret=st.sampled_from(["38047555800058", "52499120500013"]),
    recipient_rna=st.sampled_from(["", "W380475558"]), id=TEXTS | st.just(""), decided_on=DAYS | st.none(),
    budget_year=st.integers(2000, 2100) | st.none(),
    share=st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("0.01")]),
    in_kind=st.booleans(), is_cofunded=st.none() | st.booleans(),
)  # fmt: skip


@given(st.lists(GRANTS, max_size=4))
def test_whatever_is_written_is_valid_and_reads_back_to_the_cent(grants: list[Grant]) -> None:
    text = write(grants)
    assert [found.render() for found in check(text) if found.severity == "error"] == []
    records = read(text).records
    assert [record["amount_minor"] for record in records] == [
        int((grant.minor * grant.share).to_integral_value()) for grant in grants
    ]
    for record, grant in zip(records, grants, strict=True):
        assert record["awarded_on"] == (grant.decided_on or grant.agreed_on).isoformat()
        assert record["funder"]["org_id"] == f"FR-SIREN-{grant.funder_siret[:9]}"
    assert len({record["id"] for record in records}) == len(records)


@given(st.data())
def test_nothing_in_a_cell_breaks_checking_reading_or_mending(data: st.DataObject) -> None:
    cells = data.draw(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=12) | TEXTS, max_size=8))
    text = table(**cells)
    for found in (*check(text), *read(text).problems):
        assert found.line >= 1
        assert found.column >= 1
        assert found.say()
        assert found.say_fix()
    for name, cell in cells.items():
        meant = mended(BY_NAME[name], cell)
        assert not meant or fault_of(BY_NAME[name], meant) is None


@given(st.dates(date(1000, 1, 1)), st.integers(0, 400))
def test_a_period_is_one_where_its_days_are_in_order(first: date, days: int) -> None:
    field = BY_NAME["datesPeriodeVersement"]
    last = min(first, date(9990, 1, 1)) + timedelta(days)
    first = min(first, date(9990, 1, 1))
    assert fault_of(field, f"{first}/{last}") is None
    assert (fault_of(field, f"{last}/{first}") is None) is (first == last)


def test_a_published_table_is_recognised_and_read() -> None:
    text = (
        "COLL_NOM;COLL_SIRET;ACTE_DATE;ACTE_REF;ATTRIB_NOM;ATTRIB_SIRET;SUB_OBJ;SUB_MONTANT\n"
        "Ville;21860194600013;05/12/2016;2016-0391;LE CLUB;45032466000000.0;Fonctionnement;10 000,5\n"
        "Ville;21860194600013;05/12/2016;2016-0391;LE CLUB;45032466000000.0;Fonctionnement;10 000,5\n"
        "Ville;21860194600013;05/12/2016;2016-0391;AUTRE;;Fonctionnement;NC\n"
    )
    found = recognise(text)
    assert found is not None
    assert found.name == "scdl"
    document = found.read(text)
    first, second = document.records
    assert first == {
        "id": first["id"],
        "title": "Fonctionnement",
        "currency": "EUR",
        "amount_minor": 1_000_050,
        "awarded_on": "2016-12-05",
        "funder": {"name": "Ville", "org_id": "FR-SIREN-218601946"},
        "recipient": {"kind": "organisation", "name": "LE CLUB"},
        "notes": {"referenceDecision": "2016-0391"},
    }
    assert second == {**first, "id": f"{first['id']}-2"}
    assert [(error.code, error.line) for error in document.problems if error.severity == "error"] == [
        ("not-an-amount", 4)
    ]
    assert read(text).records == document.records


def test_what_was_refused_or_is_not_decided_is_no_award() -> None:
    for status in ("refusée", "ineligible", "en cours d'intruction"):
        document = read(table(statutLabel=status))
        assert document.records == ()
        assert [found.code for found in document.problems] == ["not-awarded"]


def test_only_such_tables_are_recognised() -> None:
    for text in ("a,b,c\n", "{}", "nomAttribuant,objet\n", "[]", "<a/>", ""):
        found = recognise(text)
        assert found is None or found.name != "scdl"
    assert recognise(write([GRANT])) is not None


def test_names_of_columns_are_understood_in_other_capitals_and_as_before() -> None:
    assert all(column_meant(field.name.upper()) == field.name for field in FIELDS)
    assert column_meant("ATTRIB_SIRET") == "idBeneficiaire"
    assert column_meant("couleur") == ""


def test_faults_come_one_by_one_for_tables_of_any_length() -> None:
    endless = (replace(GRANT, funder_name="") for _ in range(10**9))
    assert next(iter(faults_of(endless))).path == "nomAttribuant"
    assert next(lines(replace(GRANT) for _ in range(10**9))).startswith("idSubvention,")
