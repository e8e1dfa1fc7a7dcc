"""What keeps a receipt from being issued, each by its name and with its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from communs.core.receipts import (
    RULES,
    Address,
    Article,
    Body,
    CannotReissue,
    Category,
    Donor,
    Nature,
    Receipt,
    Signature,
    cancel,
    check,
    reissue,
)  # fmt: skip

COMPANY = Donor(
    "Exemple", Address("2 quai du Port", "13002", "Marseille"), is_company=True, legal_form="SAS", siren="732829320"
)


def rules(receipt: Receipt) -> set[str]:
    return {problem.rule for problem in check(receipt)}


def with_body(receipt: Receipt, **changes: Any) -> Receipt:
    return replace(receipt, body=replace(receipt.body, **changes))


def with_donor(receipt: Receipt, **changes: Any) -> Receipt:
    return replace(receipt, donor=replace(receipt.donor, **changes))


def test_a_complete_receipt_has_no_problem(receipt: Receipt) -> None:
    assert check(receipt) == ()


def test_a_donor_who_pays_no_tax_in_france_gets_a_receipt_as_well(receipt: Receipt) -> None:
    assert check(with_donor(receipt, address=Address("Hauptstraße 1", "", "Wien", "Autriche"))) == ()


def test_a_membership_fee_without_counterpart_gets_one(receipt: Receipt) -> None:
    assert check(replace(receipt, is_membership=True)) == ()


def test_a_company_gets_one_under_its_own_article(receipt: Receipt) -> None:
    assert check(replace(receipt, donor=COMPANY, articles=frozenset({Article.COMPANIES}))) == ()


@pytest.mark.parametrize(
    ("changes", "rule", "place"),
    [
        ({"number": "2026-1"}, "number", "number"),
        ({"number": "2025-000001"}, "number", "number"),
        ({"minor": 0}, "amount", "minor"),
        ({"minor": -100}, "amount", "minor"),
        ({"minor": 100_000_000_000}, "amount", "minor"),
        ({"minor": True}, "amount", "minor"),
        ({"currency": "USD"}, "amount", "currency"),
        ({"is_membership": True, "counterpart": "Entrée au festival"}, "no-counterpart", "counterpart"),
        ({"counterpart": "Un livre"}, "no-counterpart", "counterpart"),
        ({"articles": frozenset()}, "complete", "articles"),
        ({"articles": frozenset({Article.REAL_ESTATE_WEALTH})}, "entitled", "articles"),
        ({"articles": frozenset({Article.COMPANIES})}, "entitled", "articles"),
        ({"donor": COMPANY}, "entitled", "articles"),
        ({"payment": None}, "complete", "payment"),
        ({"nature": Nature.IN_KIND, "payment": None}, "complete", "description"),
        ({"nature": Nature.IN_KIND, "description": "Ordinateur"}, "paid", "payment"),
        ({"given_until": date(2026, 2, 1)}, "days", "given_until"),
        ({"given_until": date(2026, 3, 31)}, "days", "issued_on"),
        ({"given_on": date(2026, 3, 5)}, "days", "issued_on"),
        ({"signature": Signature("", "Présidente")}, "complete", "signature.name"),
    ],
)
def test_what_is_wrong_has_a_name_a_place_and_a_remedy(
    changes: dict[str, Any], rule: str, place: str, receipt: Receipt
) -> None:
    found = check(replace(receipt, **changes))
    assert (rule, place) in {(problem.rule, problem.place) for problem in found}
    assert all(problem.say() and problem.say_fix() for problem in found)
    assert {problem.rule for problem in found} <= set(RULES)


def test_what_a_body_lacks_is_named(receipt: Receipt) -> None:
    assert "body.siren" in {problem.place for problem in check(with_body(receipt, siren=""))}
    assert check(with_body(receipt, siren="", rna="W751234567")) == ()
    for changes in ({"rna": "751234567"}, {"siren": "552100555"}):
        assert rules(with_body(receipt, **changes)) == {"identified"}
    for category in (Category.PUBLIC_UTILITY, Category.EUROPEAN, Category.OTHER):
        assert rules(with_body(receipt, category=category)) == {"complete"}
        assert check(with_body(receipt, category=category, category_detail="décret du 1er mars 1990")) == ()


def test_what_a_donor_lacks_is_named(receipt: Receipt) -> None:
    assert rules(with_donor(receipt, name=" ")) == {"complete"}
    assert rules(with_donor(receipt, address=Address("", "", ""))) == {"complete"}
    company = replace(receipt, donor=replace(COMPANY, siren="", legal_form=""), articles=frozenset({Article.COMPANIES}))
    assert {problem.place for problem in check(company)} == {"donor.siren", "donor.legal_form"}


@pytest.mark.parametrize("text", ["Zo\x00é", "Zo\u202eé", "Zo\ud800é", "Zo\né", "é" * 501])
def test_what_cannot_be_printed_is_named(text: str, receipt: Receipt) -> None:
    (problem,) = check(with_donor(receipt, given_names=text))
    assert (problem.rule, problem.place) == ("printable", "donor.given_names")
    assert text not in problem.render()


def test_cancelling_keeps_the_receipt_and_asks_for_a_reason(receipt: Receipt) -> None:
    gone = cancel(receipt, date(2026, 5, 1), "Remboursement")
    assert check(gone) == ()
    assert gone.minor == receipt.minor
    assert rules(cancel(receipt, date(2026, 5, 1), " ")) == {"complete"}
    assert rules(cancel(receipt, date(2026, 3, 1), "Remboursement")) == {"days"}
    with pytest.raises(CannotReissue, match="2026-000001 was cancelled on 2026-05-01"):
        cancel(gone, date(2026, 6, 1), "Encore")


def test_after_a_refund_of_a_part_both_receipts_are_kept_and_name_each_other(receipt: Receipt) -> None:
    old, new = reissue(receipt, "2027-000001", date(2027, 1, 4), "Remboursement partiel", 5_000)
    assert old.cancelled is not None
    assert (old.cancelled.replaced_by, new.replaces) == ("2027-000001", "2026-000001")
    assert (old.minor, new.minor, new.given_on) == (12_345, 5_000, receipt.given_on)
    assert check(old) == check(new) == ()


def test_a_body_has_numbers_of_its_own_by_what_identifies_it() -> None:
    address = Address("", "75011", "Paris")
    bare = Body("Fonds", address, "Objet", Category.GENERAL_INTEREST, frozenset())
    keys = [bare.key, replace(bare, rna="W751234567").key, replace(bare, rna="W751234567", siren="552100554").key]
    assert keys == ["Fonds", "W751234567", "552100554"]
