"""The printed receipt: what it says, that it can be read aloud, is always the same, and that nothing in it is code."""

from __future__ import annotations

import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.core.receipts import Address, Article, Category, Donor, Form, Nature, Payment, Receipt, reissue
from communs.core.receipts.printing.contents import contents, figures
from communs.core.receipts.printing.labels import ARTICLES, TEXTS, VALUES
from communs.core.receipts.printing.printer import CannotPrint, Printer

PRINTER = Printer()
COMPANY = Donor("Exemple", Address("", "13002", "Marseille"), is_company=True, legal_form="SAS", siren="732829320")


def said(receipt: Receipt, language: str = "fr") -> str:
    """All words of the page, a line each."""
    page = contents(receipt, language)
    rows = [f"{label}{page['separator']}{value}" for part in page["sections"] for label, value in part["rows"]]
    return "\n".join([page["heading"], *page["number"], page["stamp"], *page["notices"], *rows, page["certified"]])


def unpacked(pdf: bytes) -> bytes:
    """A file with its compressed streams beside it, as far as they are of the usual kind."""
    streams = []
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            streams.append(zlib.decompressobj().decompress(found[1]))
        except zlib.error:
            streams.append(found[1])
    return pdf + b"\n".join(streams)


def text_of(pdf: bytes) -> str:
    """Tags and metadata as they stand in the file; the words of the page are glyphs and not among them."""
    return unpacked(pdf).decode("latin-1")


def test_the_capacity_that_nobody_set_is_said_in_the_language_of_the_receipt(receipt: Receipt) -> None:
    unset = replace(receipt, signature=replace(receipt.signature, role="Treasurer"))
    assert "Qualité\u00a0: Trésorier" in said(unset)
    assert "Capacity: Treasurer" in said(unset, "en")


def test_it_says_everything_that_the_form_asks_for(receipt: Receipt) -> None:
    assert said(receipt).replace("\u00a0", " ").replace("\u202f", " ").splitlines() == [
        TEXTS["fr"]["title-people"],
        "Numéro d’ordre du reçu",
        "2026-000001",
        "",
        "Nom ou dénomination : Fonds des communs",
        "Numéro SIREN : 552100554",
        "Adresse : 1 rue des Lilas, 75011 Paris, France",
        "Objet : Financer des communs numériques ouverts à tous",
        "Qualité de l’organisme : Œuvre ou organisme d’intérêt général",
        "Nom : Lefèvre",
        "Prénoms : Zoé Marie",
        "Adresse : 3 place du Marché, 69001 Lyon, France",
        "Montant : *** 123,45 € ***",
        "Somme en toutes lettres : cent vingt-trois euros et quarante-cinq centimes",
        "Date du versement ou du don : 1er mars 2026",
        "Forme du don : Déclaration de don manuel",
        "Nature du don : Numéraire",
        "Mode de versement : Virement, prélèvement, carte bancaire",
        "Date : 4 mars 2026",
        "Signataire : Ada Martin",
        "Qualité : Présidente",
        TEXTS["fr"]["certified"].format(articles="à l’article 200"),
    ]


def test_a_company_has_the_form_for_companies(receipt: Receipt) -> None:
    words = said(replace(receipt, donor=COMPANY, articles=frozenset({Article.COMPANIES}))).replace("\u00a0", " ")
    for part in (
        "par les entreprises au titre de l’article 238 bis",
        "Forme juridique : SAS",
        "Numéro SIREN : 732829320",
    ):
        assert part in words


def test_several_articles_are_all_named(receipt: Receipt) -> None:
    both = replace(receipt, articles=frozenset({Article.INCOME, Article.REAL_ESTATE_WEALTH}))
    assert "prévue aux articles 200 et 978 du" in said(both)
    assert "of articles 200 and 978 of" in said(both, "en")


def test_gifts_of_a_period_say_from_when_to_when(receipt: Receipt) -> None:
    year = replace(receipt, given_on=date(2026, 1, 1), given_until=date(2026, 12, 31), issued_on=date(2027, 1, 5))
    assert "du 1er janvier 2026 au 31 décembre 2026" in said(year).replace("\u00a0", " ")


def test_the_english_one_says_that_the_french_one_counts(receipt: Receipt) -> None:
    words = said(receipt, "en").replace("\u00a0", " ")
    assert "This is a translation for information. Only the receipt in French" in words
    assert "Amount in words: one hundred and twenty-three euros and forty-five cents" in words
    assert "Amount: *** €123.45 ***" in words


def test_a_cancelled_one_is_marked_and_both_name_each_other(receipt: Receipt) -> None:
    old, new = reissue(receipt, "2026-000002", date(2026, 5, 1), "Remboursement partiel.", 5_000)
    words = said(old).replace("\u00a0", " ")
    assert "ANNULÉ" in words
    assert "Ce reçu a été annulé le 1er mai 2026 : Remboursement partiel. Il ne donne droit" in words
    assert "remplacé par le reçu n° 2026-000002" in words
    assert "annule et remplace le reçu n° 2026-000001" in said(new).replace("\u00a0", " ")
    assert len({PRINTER.pdf(one, language) for one in (old, new) for language in ("fr", "en")}) == 4


def test_every_word_exists_once_in_both_languages() -> None:
    assert TEXTS["fr"].keys() == TEXTS["en"].keys()
    everything = {*Category, *Form, *Nature, *Payment}
    assert len(everything) == len(Category) + len(Form) + len(Nature) + len(Payment)  # none stands for another
    assert all(VALUES[language].keys() == everything for language in ("fr", "en"))
    assert ARTICLES.keys() == set(Article)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_screen_readers_find_language_title_and_structure(language: str, receipt: Receipt) -> None:
    pdf = text_of(PRINTER.pdf(receipt, language))
    assert f"/Lang({language})" in pdf.replace("/Lang (", "/Lang(")
    assert "/Marked true" in pdf
    assert "/DisplayDocTitle true" in pdf
    assert "/StructTreeRoot" in pdf
    assert "<pdfuaid:part>1<" in pdf
    assert "<pdfaid:part>2<" in pdf
    assert "<pdfaid:conformance>A<" in pdf
    assert pdf.count("/S/H1") == 1
    assert pdf.count("/S/H2") == 4
    assert pdf.count("/S/LI") == sum(len(part["rows"]) for part in contents(receipt, language)["sections"])
    assert re.search(r"<dc:title>.*2026-000001", pdf, re.DOTALL)


def test_the_same_receipt_is_the_same_file_by_another_printer_and_after_others(receipt: Receipt) -> None:
    first = PRINTER.pdf(receipt)
    PRINTER.pdf(replace(receipt, minor=99))
    assert PRINTER.pdf(receipt) == Printer().pdf(receipt) == first
    assert b"2026-03-04T00:00:00" in unpacked(first)


def test_one_printer_serves_several_threads(receipt: Receipt) -> None:
    receipts = [replace(receipt, minor=cents) for cents in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(PRINTER.pdf, receipts)) == [PRINTER.pdf(one) for one in receipts]


CODE = [
    "#panic(\"x\")", "#read(\"/etc/passwd\")", "]#import \"@preview/x:0.1.0\": *[", "#{", "$ 1/0 $", "*b* _it_ `raw`",
    "\\", "// comment", "/* ", "\"}", "\"); panic(\"", "= Heading", "@label", "<label>", "#eval(\"1\")", "{number}",
]  # fmt: skip


@pytest.mark.parametrize("code", CODE)
def test_nothing_that_a_donor_writes_is_carried_out(code: str, receipt: Receipt) -> None:
    """The file of the code is the file of any name of the same letters: it is set as it stands, and nothing else."""
    written = replace(receipt, donor=replace(receipt.donor, name=code), body=replace(receipt.body, object=code))
    page = contents(written, "fr")
    assert [value for part in page["sections"] for _label, value in part["rows"]].count(code) == 2
    pdf = text_of(PRINTER.pdf(written))
    assert (pdf.count("/S/H1"), pdf.count("/S/H2"), pdf.count("/S/LI")) == (1, 4, 17)
    assert "/S/Formula" not in pdf
    assert "/S/Code" not in pdf


LETTERS = st.text(st.characters(codec="latin-1", exclude_categories=["C"]), max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=LETTERS, given_names=LETTERS, street=LETTERS, cents=st.integers(1, 10**11 - 1))
def test_whatever_people_are_called_it_prints(
    name: str, given_names: str, street: str, cents: int, receipt: Receipt
) -> None:
    donor = Donor(name, Address(street, "69001", "Lyon"), given_names)
    assert PRINTER.pdf(replace(receipt, donor=donor, minor=cents)).startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["Ωμέγα", "Иванова", "Őry Ždař", "עברית", "O’Neill-D’Arcy"])
def test_alphabets_of_the_union_and_some_more_print(name: str, receipt: Receipt) -> None:
    assert PRINTER.pdf(replace(receipt, donor=replace(receipt.donor, name=name)))


@pytest.mark.parametrize(("name", "character"), [("中文", "中"), ("Zoé 😀", "😀")])
def test_a_letter_without_a_font_is_named(name: str, character: str, receipt: Receipt) -> None:
    with pytest.raises(CannotPrint, match=f"No font at hand shows “{character}”"):
        PRINTER.pdf(replace(receipt, donor=replace(receipt.donor, name=name)))
    assert PRINTER.pdf(receipt)


@pytest.mark.parametrize(
    ("cents", "french", "english"),
    [
        (1, "0,01 €", "€0.01"),
        (100_000, "1 000,00 €", "€1,000.00"),
        (99_999_999_999, "999 999 999,99 €", "€999,999,999.99"),
    ],
)
def test_figures_stand_between_asterisks(cents: int, french: str, english: str) -> None:
    plain: Any = str.maketrans({"\u00a0": " ", "\u202f": " "})
    assert figures(cents, "fr").translate(plain) == f"*** {french} ***"
    assert figures(cents, "en").translate(plain) == f"*** {english} ***"
