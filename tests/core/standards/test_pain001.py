"""Payment orders: valid against the schema of ISO 20022, the same when read back, and refused with every fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest
import sepaxml
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.money import Money
from communs.core.standards.documents import CannotWrite
from communs.core.standards.iso20022.characters import NoSuchLetter, is_identifier, to_sepa
from communs.core.standards.pain001 import Address, Party, PaymentOrder, Transfer, read_orders, stream, write

PAYER = Party("Fondation", "FR1420041010050500013M02606", Address("Paris", "FR", "75011", "rue Haute", "3 bis"))
PAYEE = Party("Open Maps", "BE72000000001616", Address("Gent", "BE"))
SHARE = Transfer(UUID(int=1), Money(1250, "EUR"), PAYEE, "Round 3")
ORDER = PaymentOrder("ROUND-3", datetime(2026, 5, 4, 10, tzinfo=UTC), date(2026, 5, 6), PAYER, (SHARE,))

SEPA = "abcXYZ019/-?:().,'+ "


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd")


def words(longest: int, least: int = 0) -> st.SearchStrategy[str]:
    return st.text(SEPA, min_size=least, max_size=longest).map(to_sepa).filter(
        lambda text: any(map(str.isalnum, text)) if text or least else True
    )  # fmt: skip


addresses = st.builds(Address, words(35, 1), st.just("FR"), words(16), words(70), words(16))
parties = st.builds(
    Party, words(70, 1), st.sampled_from([PAYER.iban, PAYEE.iban, "CH9300762011623852957"]),
    st.none() | addresses, st.sampled_from(["", "BPOTBEB1", "DEUTDEFF500"]),
)  # fmt: skip
transfers = st.builds(
    Transfer, st.uuids(), st.integers(1, 99_999_999_999).map(lambda cents: Money(cents, "EUR")), parties, words(140),
    st.just(""), st.sampled_from(["", "CHAR"]),
)  # fmt: skip
orders = st.builds(
    PaymentOrder, st.text("abcXYZ019-", min_size=1, max_size=35), st.datetimes(timezones=st.just(UTC)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.dates(), st.builds(replace, parties, address=addresses),
    st.lists(transfers, min_size=1, max_size=4, unique_by=lambda one: one.intent).map(tuple), st.booleans(),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(orders)
def test_an_order_is_valid_by_the_schema_and_read_back_the_same(order: PaymentOrder) -> None:
    made = write(order)
    schema().validate(made.decode())
    found = read_orders(made)
    assert found.problems == ()
    assert found.orders == (order,)


def test_a_reference_takes_the_place_of_a_text() -> None:
    order = replace(ORDER, transfers=(replace(SHARE, text="", reference="RF18539007547034"),))
    made = write(order)
    schema().validate(made.decode())
    assert read_orders(made).orders == (order,)


def test_the_key_of_a_payment_is_its_intent_without_hyphens() -> None:
    made = write(ORDER).decode()
    key = "00000000000000000000000000000001"
    assert f"<InstrId>{key}</InstrId><EndToEndId>{key}</EndToEndId>" in made


def test_the_control_sum_is_exact_over_many_small_amounts() -> None:
    shares = tuple(replace(SHARE, intent=UUID(int=number), amount=Money(10, "EUR")) for number in range(1, 1001))
    made = write(replace(ORDER, transfers=shares)).decode()
    assert made.count("<CtrlSum>100.00</CtrlSum>") == 2
    assert made.count("<NbOfTxs>1000</NbOfTxs>") == 2


def test_texts_are_written_with_the_characters_that_every_bank_takes() -> None:
    payee = replace(PAYEE, name="Søren & Łucja <Œuvre>", address=Address("Αθήνα", "GR", street="Бургас"))
    found = read_orders(write(replace(ORDER, transfers=(replace(SHARE, payee=payee),)))).orders[0].transfers[0].payee
    assert (found.name, found.address) == ("Soren + Lucja (OEuvre)", Address("Athina", "GR", street="Burgas"))


@given(st.text(max_size=40))
def test_any_text_becomes_characters_of_sepa_or_is_refused(text: str) -> None:
    try:
        written = to_sepa(text)
    except NoSuchLetter:
        return
    assert set(written) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
    assert to_sepa(written) == written


def test_identifiers_have_no_slash_at_an_end_and_no_two_in_a_row() -> None:
    assert is_identifier("A/B-1")
    assert not any(map(is_identifier, ["", "/A", "A/", "A//B", "é", "A" * 36, " A", "A\n"]))


def changed(**values: object) -> PaymentOrder:
    return replace(ORDER, transfers=(replace(SHARE, **values),))


@pytest.mark.parametrize(
    ("order", "word"),
    [
        (replace(ORDER, id="ROUND//3"), "identifier"),
        (replace(ORDER, transfers=()), "0 payments"),
        (replace(ORDER, made_at=datetime(2026, 5, 4)), "time zone"),  # noqa: DTZ001 - the fault that is tested
        (replace(ORDER, transfers=(SHARE, SHARE)), "twice"),
        (replace(ORDER, payer=replace(PAYER, iban="FR14")), "payer"),
        (changed(amount=Money(0, "EUR")), "0.01"),
        (changed(amount=Money(-5, "EUR")), "0.01"),
        (changed(amount=Money(5, "CHF")), "EUR"),
        (changed(amount=Money(10**11, "EUR")), "999999999.99"),
        (changed(payee=replace(PAYEE, name=" ")), "name is missing"),
        (changed(payee=replace(PAYEE, name="地図")), "Latin letters"),
        (changed(payee=replace(PAYEE, name="a" * 71)), "70"),
        (changed(payee=replace(PAYEE, iban="BE73000000001616")), "check digits"),
        (changed(payee=replace(PAYEE, iban="TR330006100519786457841326")), "payee: Accounts of TR"),
        (changed(payee=replace(PAYEE, bic="abc")), "BIC"),
        (changed(payee=replace(PAYEE, address=Address("", "FR"))), "town"),
        (changed(payee=replace(PAYEE, address=Address("Gent", "Belgium"))), "country"),
        (changed(text="é" * 141), "140"),
        (changed(text="***"), "signs"),
        (changed(reference="RF18539007547034"), "Keep one of them"),
        (changed(text="", reference="RF19539007547034"), "check digits"),
        (changed(purpose="charity"), "purpose"),
    ],
)
def test_what_a_bank_would_refuse_is_refused_with_place_and_remedy(order: PaymentOrder, word: str) -> None:
    with pytest.raises(CannotWrite, match=word):
        stream(order)


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(CannotWrite) as caught:
        write(replace(ORDER, id="/", transfers=(replace(SHARE, amount=Money(0, "EUR"), purpose="no purpose"),)))
    assert len(caught.value.missing) == 3
    said = caught.value.say_each(lambda text: text.replace("Payment", "Paiement"))
    assert said[1] == f"Paiement 1 ({SHARE.key}): 0.00 EUR cannot go by SEPA transfer. Give 0.01 to 999999999.99 EUR."


def test_accounts_outside_the_economic_area_need_the_address_of_the_payer() -> None:
    payee = replace(PAYEE, iban="CH93 0076 2011 6238 5295 7")
    with pytest.raises(CannotWrite, match="payer needs an address"):
        write(replace(ORDER, payer=replace(PAYER, address=None), transfers=(replace(SHARE, payee=payee),)))
    assert write(replace(ORDER, payer=replace(PAYER, address=None)))


def test_a_file_that_was_changed_is_not_taken_for_the_one_that_was_written() -> None:
    made = write(ORDER).decode()
    for before, after in (
        ('<InstdAmt Ccy="EUR">12.50', '<InstdAmt Ccy="EUR">12.60'),
        ("<NbOfTxs>1</NbOfTxs>", "<NbOfTxs>2</NbOfTxs>"),
        ("<EndToEndId>0000", "<EndToEndId>ROUN"),
        (PAYEE.iban, "BE73000000001616"),
        ("</PmtInf>", ""),
        ("12.50</InstdAmt>", "-12.50</InstdAmt>"),
    ):
        assert before in made
        assert not read_orders(made.replace(before, after)).is_valid


def test_another_kind_of_file_is_said_to_be_one() -> None:
    for data in ("<Document/>", "", "hello", b"\xff\xfe", "<!DOCTYPE a><a/>"):
        found = read_orders(data)
        assert not found.orders
        assert not found.is_valid
