"""Bank statements in the manner of several banks: amounts, signs, details, returns, sums, and files that are broken."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycamt.parser import Camt053Parser

from communs.core.money import Money
from communs.core.standards.camt053 import Entry, Statement, Statements, read_statements
from communs.core.standards.creditor_reference import find_references
from communs.core.standards.reading.bounds import Bounds
from communs.core.standards.reading.xml_tree import pieces

FOLDER = Path(__file__).parent / "bank_files"
FRENCH, GERMAN, SWISS = (
    (FOLDER / f"{name}.xml").read_text(encoding="utf-8") for name in ("french-02", "german-08", "swiss-08")
)


def statement(data: str | bytes) -> Statement:
    found = read_statements(data)
    assert [one.render() for one in found.problems if one.severity == "error"] == []
    return found.statements[0]


def codes(found: Statements) -> list[str]:
    return [one.code for one in found.problems]


def entry(inner: str = "", amount: str = '<Amt Ccy="EUR">10.00</Amt>', sign: str = "CRDT") -> Statements:
    return read_statements(
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>1</Id>\n'
        "<Acct><Id><IBAN>BE72000000001616</IBAN></Id></Acct>\n"
        f"<Ntry>{amount}<CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>2026-05-04</Dt></BookgDt>{inner}</Ntry></Stmt></BkToCstmrStmt></Document>"
    )


def only(found: Statements) -> Entry:
    assert found.problems == ()
    return found.statements[0].entries[0]


def test_a_statement_has_its_account_balances_and_signed_entries() -> None:
    found = statement(FRENCH)
    assert (found.id, found.number, found.account) == ("REL-0087", "87", "FR1420041010050500013M02606")
    opening, closing = found.balance("OPBD"), found.balance("CLBD")
    assert opening is not None
    assert closing is not None
    assert (opening.amount, closing.amount, closing.on) == (
        *(Money(100000, "EUR"), Money(26240, "EUR"), date(2026, 5, 4)),
    )
    assert [one.amount.minor for one in found.entries] == [5000, 1240, -75000, -5000]
    assert [one.line for one in found.entries] == [19, 34, 44, 53]
    assert read_statements(FRENCH).problems == ()


def test_a_reference_is_found_where_the_payer_typed_it_over_two_lines() -> None:
    first, second, *_ = statement(FRENCH).entries
    assert first.payments[0].end_to_end == ""
    assert first.payments[0].counterparty.name == "Zoé Dupré"
    assert find_references(" ".join(first.payments[0].texts), 16) == ("RF18539007547034",)
    assert second.payments[0].reference == "RF18539007547034"
    assert second.payments[0].amount == Money(1240, "EUR")


def test_a_batch_without_its_payments_keeps_what_it_says_of_them() -> None:
    booked = statement(FRENCH).entries[2]
    assert booked.payments == ()
    assert (booked.batches[0].order, booked.batches[0].count, booked.batches[0].total) == (
        *("ROUND-3", 3, Money(-75000, "EUR")),
    )


def test_a_reversal_has_the_sign_it_has_on_the_account() -> None:
    reversal = statement(FRENCH).entries[3]
    assert (reversal.is_reversal, reversal.amount.minor, reversal.booked_on) == (True, -5000, date(2026, 5, 4))


def test_a_batch_with_its_payments_gives_each_with_on_whose_behalf_it_was_paid() -> None:
    first = statement(GERMAN).entries[0]
    assert [one.amount for one in first.payments] == [Money(3000, "EUR"), Money(399, "EUR")]
    assert (first.payments[0].counterparty.name, first.payments[0].counterparty.ultimate) == (
        *("Spendenportal", "Ada Groß"),
    )
    assert first.payments[1].counterparty.name == "Sparkasse Beispiel"
    assert first.bank_reference == ""


def test_a_payout_that_came_back_names_its_key_its_payee_and_the_reason() -> None:
    back = statement(GERMAN).entries[1].payments[0]
    assert (back.end_to_end, back.group) == ("6f1c7a52000040008000000000000001", "ROUND-3")
    assert (back.counterparty.name, back.counterparty.iban) == ("Open Maps e.V.", "BE72000000001616")
    assert back.returned is not None
    assert back.returned.say() == "The account is closed. (AC04: Konto aufgelöst)"


def test_a_direct_debit_that_came_back_is_a_return_without_a_reason() -> None:
    back = statement(GERMAN).entries[2].payments[0]
    assert (back.amount, back.counterparty.name, back.mandate) == (Money(-5000, "EUR"), "Émile Petit", "MANDATE-4")
    assert back.returned is not None
    assert back.returned.say() == "The bank gives no reason."


def test_an_entry_that_is_pending_is_no_money_yet() -> None:
    assert [one.is_booked for one in statement(GERMAN).entries] == [True, True, True, False]


def test_pages_other_currencies_and_several_statements_are_told_and_kept_apart() -> None:
    found = read_statements(SWISS)
    assert codes(found) == ["more-pages", "other-currency", "other-currency"]
    assert [one.amount for one in found.statements[0].entries[0].payments] == [None, None]
    assert found.statements[1].balances[0].amount == Money(1200, "JPY")
    assert found.statements[1].account == "0162-3852957"


def test_the_sums_of_one_page_of_several_are_not_held_against_it() -> None:
    for number, is_last, expected in (("2", "true", ["more-pages"]), ("1", "true", ["balances-differ"])):
        pages = f"<MsgPgntn><PgNb>{number}</PgNb><LastPgInd>{is_last}</LastPgInd></MsgPgntn></GrpHdr>"
        assert codes(read_statements(FRENCH.replace("</GrpHdr>", pages).replace("262.40", "999.00"))) == expected


def test_what_the_payer_instructed_is_not_taken_for_what_arrived() -> None:
    details = '<NtryDtls><TxDtls><AmtDtls><InstdAmt><Amt Ccy="EUR">12.00</Amt></InstdAmt></AmtDtls></TxDtls></NtryDtls>'
    assert only(entry(details)).payments[0].amount == Money(1000, "EUR")


def test_payments_that_do_not_add_up_to_their_entry_are_told() -> None:
    details = '<NtryDtls><TxDtls><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls></NtryDtls>'
    assert codes(entry(details)) == ["details-differ"]


def test_an_account_of_ours_decides_who_the_other_side_is() -> None:
    parties = (
        "<RltdPties><Dbtr><Pty><Nm>Us</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>BE72000000001616</IBAN></Id></DbtrAcct>"
        "<Cdtr><Pty><Nm>Them</Nm></Pty></Cdtr></RltdPties>"
    )
    details = f"<NtryDtls><TxDtls>{parties}</TxDtls></NtryDtls>"
    for sign in ("CRDT", "DBIT"):
        assert only(entry(details, sign=sign)).payments[0].counterparty.name == "Them"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('<Amt Ccy="EUR">750.00</Amt><CdtDbtInd>DBIT', '<Amt Ccy="EUR">750,00</Amt><CdtDbtInd>DBIT', "not-an-amount"),
        ('<Amt Ccy="EUR">750.00</Amt><CdtDbtInd>DBIT', '<Amt Ccy="EUR">-750.00</Amt><CdtDbtInd>DBIT', "not-an-amount"),
        ('<Amt Ccy="EUR">750.00</Amt><CdtDbtInd>DBIT', '<Amt Ccy="EUR">750.001</Amt><CdtDbtInd>DBIT', "not-an-amount"),
        ('<Amt Ccy="EUR">750.00</Amt><CdtDbtInd>DBIT', '<Amt Ccy="EURO">750.00</Amt><CdtDbtInd>DBIT', "not-a-currency"),
        ('<Amt Ccy="EUR">750.00</Amt><CdtDbtInd>DBIT', "<CdtDbtInd>DBIT", "missing"),
        ("<CdtDbtInd>DBIT</CdtDbtInd><Sts>", "<Sts>", "missing"),
        ("<CdtDbtInd>DBIT</CdtDbtInd><Sts>", "<CdtDbtInd>OUT</CdtDbtInd><Sts>", "not-a-sign"),
        ("<Sts>BOOK</Sts>", "", "missing"),
        ("<BookgDt><Dt>2026-05-04</Dt></BookgDt>", "", "no-day"),
        ("<Dt>2026-05-04</Dt>", "<Dt>04/05/2026</Dt>", "not-a-date"),
        ("<NbOfNtries>4<", "<NbOfNtries>5<", "count-differs"),
        (">262.40<", ">262.41<", "balances-differ"),
        ("camt.053.001.02", "camt.053.001.13", "other-version"),
        ("<Acct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id><Ccy>EUR</Ccy></Acct>", "", "missing"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_a_remedy(before: str, after: str, code: str) -> None:
    assert before in FRENCH
    found = read_statements(FRENCH.replace(before, after))
    told = next(one for one in found.problems if one.code == code)
    assert told.line >= 2
    assert told.say()
    assert told.say_fix()


def test_an_entry_that_is_left_out_makes_the_sums_differ() -> None:
    start = FRENCH.index("      <Ntry>")
    shorter = FRENCH[:start] + FRENCH[FRENCH.index("      <Ntry>", start + 1) :]
    found = read_statements(shorter)
    assert not found.is_valid
    assert set(codes(found)) == {"balances-differ", "count-differs"}


def test_a_file_that_is_windows_1252_in_truth_is_read_and_told() -> None:
    text = FRENCH.replace("Zoé Dupré", "Zoé Dupré – l’Œuvre")
    found = read_statements(text.encode("cp1252"))
    assert [(one.code, one.severity, one.line) for one in found.problems] == [("not-the-encoding", "warning", 28)]
    assert found.statements[0].entries[0].payments[0].counterparty.name == "Zoé Dupré – l’Œuvre"


def test_a_file_that_says_latin_1_and_is_windows_1252_is_read_as_it_was_meant() -> None:
    text = FRENCH.replace("UTF-8", "ISO-8859-1", 1).replace("Zoé Dupré", "Zoé – l’Œuvre")
    found = read_statements(text.encode("cp1252"))
    assert found.statements[0].entries[0].payments[0].counterparty.name == "Zoé – l’Œuvre"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_file_in_the_encoding_that_it_says_is_read_without_a_complaint(encoding: str) -> None:
    named = FRENCH.replace("UTF-8", encoding.upper().removesuffix("-SIG"), 1)
    found = read_statements(named.encode(encoding))
    assert found.problems == ()
    assert found.statements[0].entries[0].payments[0].counterparty.name == "Zoé Dupré"


@pytest.mark.parametrize("data", ["", "hello", "<Document/>", b"\x00\xff", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_what_is_no_statement_is_said_to_be_none(data: str | bytes) -> None:
    found = read_statements(data)
    assert not found.is_valid
    assert found.statements == ()


def test_a_file_without_a_statement_is_told() -> None:
    assert "no-statement" in codes(read_statements("<BkToCstmrStmt><GrpHdr/></BkToCstmrStmt>"))


def test_a_file_that_breaks_off_is_an_error_and_keeps_what_was_whole() -> None:
    found = read_statements(FRENCH[: FRENCH.index("<AddtlNtryInf>VIR")])
    assert not found.is_valid
    assert len(found.statements[0].entries) == 2


def test_a_second_reader_finds_the_same_entries_and_keys() -> None:
    for text in (FRENCH, GERMAN):
        theirs = Camt053Parser(text.encode()).get_transactions()
        ours = [
            (one.amount if one is not None and one.amount is not None else booked.amount, one.end_to_end if one else "")
            for booked in statement(text).entries
            for one in (booked.payments or (None,))
        ]
        said = [
            (
                Money(round(float(one["Amount"]) * 100) * (1 if one["CreditDebitIndicator"] == "CRDT" else -1), "EUR"),
                (one.get("EndToEndId") or "").replace("NOTPROVIDED", ""),
            )
            for one in theirs
        ]
        assert ours == said


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([FRENCH, GERMAN, SWISS]), st.integers(0, 4000), st.integers(0, 60), st.binary(max_size=8))
def test_reading_never_raises_whatever_a_file_holds(text: str, start: int, length: int, put: bytes) -> None:
    data = text.encode()
    found = read_statements(data[:start] + put + data[start + length :])
    assert isinstance(found, Statements)
    for one in found.problems:
        assert one.render()


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        (Bounds(100, 40, 1000), "too-much-size"),
        (Bounds(10_000, 5, 1000), "too-much-depth"),
        (Bounds(10_000, 40, 20), "too-much-nodes"),
    ],
)
def test_a_file_beyond_the_bounds_is_refused(bounds: Bounds, code: str) -> None:
    problems = []  # type: ignore[var-annotated]
    list(pieces(FRENCH, {"Stmt"}, problems, bounds))
    assert [one.code for one in problems] == [code]


def test_thousands_of_faults_are_not_all_kept() -> None:
    wrong = "<Ntry/>" * 3000
    assert len(read_statements(f"<BkToCstmrStmt><Stmt>{wrong}</Stmt></BkToCstmrStmt>").problems) <= 1001
