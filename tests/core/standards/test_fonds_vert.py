"""Lines of the Fonds vert's exports as awards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.standards.documents import Document
from communs.core.standards.fonds_vert import read, recognise
from communs.core.standards.formats import Sample

HEADER = (
    "nom_region;code_departement;nom_departement;code_commune;nom_commune;axe;numero_demarche_ds;nom_demarche_ds;"
    "numero_dossier_ds;nom_du_projet;nom_beneficiaire_principal;siren;montant_engage"
)
LINE = "Région;1;Département;1004;Commune;3;69282;Biodiversité;12487592;Étude;Syndicat de rivière;200078004;21 667,00 €"


def table(*lines: str) -> Document:
    return read("\n".join([HEADER, *lines]))


def codes(document: Document) -> list[str]:
    return [found.code for found in document.problems]


def test_a_line_becomes_an_award_in_cents() -> None:
    document = table(LINE)
    assert document.problems == ()
    assert document.records == (
        {
            "id": "fonds-vert-12487592",
            "title": "Étude",
            "currency": "EUR",
            "amount_minor": 2_166_700,
            "funder": {"name": "Fonds vert"},
            "recipient": {"kind": "organisation", "name": "Syndicat de rivière", "org_id": "FR-SIREN-200078004"},
            "programmes": [{"title": "Biodiversité", "code": "69282"}],
            "places": [{"name": "Commune, Département, Région", "country": "FR", "code": "01004", "code_type": "COG"}],
            "notes": {"axe": "3"},
        },
    )


@pytest.mark.parametrize(
    ("siren", "org_id", "told"),
    [
        ("200 078 004", "FR-SIREN-200078004", []),
        ("20007800400017", "FR-SIREN-200078004", []),
        ("58502329", None, ["not-a-siren"]),
        ("", None, []),
    ],
)
def test_only_a_number_of_the_right_length_identifies(siren: str, org_id: str | None, told: list[str]) -> None:
    document = table(LINE.replace("200078004", siren))
    assert document.records[0]["recipient"].get("org_id") == org_id
    assert codes(document) == told


def test_one_file_with_several_lines_gives_several_awards() -> None:
    document = table(LINE, LINE.replace("21 667,00", "1 026 800,00"))
    assert [record["id"] for record in document.records] == ["fonds-vert-12487592", "fonds-vert-12487592-2"]
    assert [record["amount_minor"] for record in document.records] == [2_166_700, 102_680_000]
    assert codes(document) == ["repeated-file"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("21 667,00 €", "beaucoup", "not-an-amount"),
        ("12487592", "", "missing"),
        ("Syndicat de rivière", " ", "missing"),
    ],
)
def test_a_line_that_makes_no_award_is_refused_with_its_place(before: str, after: str, code: str) -> None:
    document = table(LINE.replace(before, after), LINE)
    assert len(document.records) == 1
    [problem] = document.problems
    assert (problem.code, problem.severity, problem.line) == (code, "error", 2)
    assert problem.say_fix()


def test_another_table_is_refused_in_words_and_not_recognised() -> None:
    assert set(codes(read("a;b\n1;2\n"))) == {"missing-column"}
    assert recognise(Sample(f"{HEADER}\n{LINE}\n"))
    for other in ("a;b\n1;2\n", "{}", "", "id,titre,porteurs\n"):
        assert not recognise(Sample(other))


@given(st.lists(st.text(st.sampled_from(';"\n€,0123456789 abé\x00'), max_size=40), max_size=6))
def test_nothing_in_a_file_breaks_the_reading(lines: list[str]) -> None:
    for problem in table(*lines).problems:
        assert problem.line >= 1
        assert problem.say()
        assert problem.say_fix()
