"""Account numbers, creditor references, and the text of the QR code that starts a transfer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.money import Money
from communs.core.standards.creditor_reference import (
    InvalidReference,
    check_reference,
    find_references,
    format_reference,
    make_reference,
)
from communs.core.standards.documents import CannotWrite
from communs.core.standards.epc_qr import TransferRequest, payload
from communs.core.standards.iban import InvalidIban, check_iban, format_iban, is_in_eea, is_sepa

IBAN = "BE72000000001616"
BASES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=21)


@pytest.mark.parametrize(
    "text",
    [
        "FR14 2004 1010 0505 0001 3M02 606",
        "fr1420041010050500013m02606",
        "DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000",
        "MT84MALT011000012345MTLCAST001S",
        "NO93 8601 1117 947",
        "GB29-NWBK-6016-1331-9268-19",
    ],
)
def test_ibans_of_several_countries_hold_however_they_are_typed(text: str) -> None:
    assert re.fullmatch("[A-Z0-9]+", check_iban(text))
    assert check_iban(format_iban(text)) == check_iban(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "characters"),
        ("hello", "characters"),
        ("FR1x 2004", "characters"),
        ("FR１４20041010050500013M02606", "characters"),
        ("FR14" + "2" * 200, "characters"),
        ("XX1420041010050500013", "country"),
        ("US64SVBKUS6S3300958879", "country"),
        ("FR142004101005050001", "length"),
        ("FR1420041010050500013M02607", "check-digits"),
        ("DE88370400440532013000", "check-digits"),
        ("DE00370400440532013000", "check-digits"),
    ],
)
def test_what_is_no_iban_is_refused_with_the_reason(text: str, code: str) -> None:
    with pytest.raises(InvalidIban) as caught:
        check_iban(text)
    assert caught.value.code == code
    assert str(caught.value).endswith(".")


def test_a_letter_where_digits_belong_is_found_behind_fitting_check_digits() -> None:
    from stdnum.iso7064 import mod_97_10

    number = "3704004405320130A0"
    with pytest.raises(InvalidIban) as caught:
        check_iban(f"DE{mod_97_10.calc_check_digits(number + 'DE')}{number}")
    assert caught.value.code == "structure"


@settings(max_examples=100, deadline=None)
@given(st.integers(4, 21), st.integers(1, 9))
def test_one_wrong_digit_never_passes(place: int, shift: int) -> None:
    right = "DE89370400440532013000"
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    with pytest.raises(InvalidIban):
        check_iban(wrong)


def test_where_a_transfer_can_go_is_told_by_the_country() -> None:
    assert is_sepa("CH93")
    assert not is_in_eea("CH93")
    assert is_in_eea(" fr14")
    assert not is_sepa("TR33")


@settings(max_examples=100, deadline=None)
@given(BASES)
def test_a_reference_that_was_made_holds_and_is_found_in_what_a_payer_types(base: str) -> None:
    made = make_reference(base.lower())
    assert check_reference(format_reference(made).lower()) == made
    if len(made) >= 5:
        assert made in find_references(f"gift {format_reference(made)} thanks", len(made))


@settings(max_examples=100, deadline=None)
@given(BASES, st.data())
def test_a_reference_with_one_other_character_is_refused(base: str, data: st.DataObject) -> None:
    made = make_reference(base)
    place = data.draw(st.integers(4, len(made) - 1))
    other = data.draw(st.sampled_from([one for one in "0123456789" if one != made[place]]))
    if not made[place].isdigit():
        return  # a digit for a letter shifts the number; one in 97 of these passes, in any scheme modulo 97
    with pytest.raises(InvalidReference):
        check_reference(made[:place] + other + made[place + 1 :])


def test_references_from_the_standard_hold() -> None:
    assert make_reference("539007547034") == "RF18539007547034"
    assert check_reference("RF45 G72U UR") == "RF45G72UUR"


@pytest.mark.parametrize("text", ["", "RF18", "RF18é", "RF98539007547034", "RF00539007547034", "RF18" + "1" * 60])
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(InvalidReference):
        check_reference(text)


def test_no_reference_is_made_of_other_characters_or_of_too_many() -> None:
    for base in ("", "a b", "é", "1" * 22):
        with pytest.raises(InvalidReference):
            make_reference(base)


def test_the_code_holds_the_lines_of_the_guideline() -> None:
    made = payload(
        TransferRequest("Red Cross of Belgium", IBAN, Money(100, "EUR"), purpose="CHAR", text="Urgency fund", note="Hi")
    )
    assert made.decode().split("\n") == [
        *("BCD", "002", "1", "SCT", "", "Red Cross of Belgium", IBAN, "EUR1.00", "CHAR", "", "Urgency fund", "Hi")
    ]


def test_empty_lines_at_the_end_are_left_out_and_the_reference_has_its_own() -> None:
    lines = payload(TransferRequest("Cartes", IBAN, reference="RF18 5390 0754 7034")).decode().split("\n")
    assert lines[7:] == ["", "", "RF18539007547034"]
    assert payload(TransferRequest("Cartes", IBAN)).endswith(IBAN.encode())


@pytest.mark.parametrize(
    ("request_", "word"),
    [
        (TransferRequest("", IBAN), "name"),
        (TransferRequest("a\nb", IBAN), "line break"),
        (TransferRequest("a" * 71, IBAN), "70"),
        (TransferRequest("a", "BE73000000001616"), "check digits"),
        (TransferRequest("a", "TR330006100519786457841326"), "SEPA"),
        (TransferRequest("a", "GB29NWBK60161331926819"), "BIC"),
        (TransferRequest("a", IBAN, bic="x"), "BIC"),
        (TransferRequest("a", IBAN, Money(0, "EUR")), "0.01"),
        (TransferRequest("a", IBAN, Money(10**11, "EUR")), "999999999.99"),
        (TransferRequest("a", IBAN, Money(100, "CHF")), "EUR"),
        (TransferRequest("a", IBAN, reference="RF18539007547034", text="b"), "Keep one"),
        (TransferRequest("a", IBAN, reference="RF19539007547034"), "check digits"),
        (TransferRequest("a", IBAN, purpose="char"), "purpose"),
        (TransferRequest("é" * 70, IBAN, text="é" * 140), "331"),
    ],
)
def test_what_a_code_cannot_hold_is_refused_with_the_remedy(request_: TransferRequest, word: str) -> None:
    with pytest.raises(CannotWrite, match=word):
        payload(request_)


@settings(max_examples=100, deadline=None)
@given(
    st.text(min_size=1, max_size=70).filter(str.strip), st.integers(1, 99_999_999_999), st.text(max_size=140),
    st.text(max_size=70),
)  # fmt: skip
def test_a_code_never_holds_more_lines_or_bytes_than_it_may(name: str, cents: int, text: str, note: str) -> None:
    try:
        made = payload(TransferRequest(name, IBAN, Money(cents, "EUR"), text=text, note=note))
    except CannotWrite:
        return
    lines = made.decode().split("\n")
    assert len(made) <= 331
    assert len(lines) <= 12
    assert lines[5:8] == [name, IBAN, f"EUR{cents // 100}.{cents % 100:02}"]
