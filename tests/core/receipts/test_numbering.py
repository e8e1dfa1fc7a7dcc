"""Numbers without gaps; every invariant of a series is kept by an honest one and broken by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.receipts import (
    INVARIANTS,
    Cancellation,
    InvalidNumber,
    Receipt,
    cancel,
    in_order,
    next_number,
    read_number,
    reissue,
    verify,
    write_number,
)  # fmt: skip


def series(receipt: Receipt, count: int) -> list[Receipt]:
    return [
        replace(receipt, number=write_number(2026, order), issued_on=date(2026, 3, 1 + order), gifts=(f"g{order}",))
        for order in range(1, count + 1)
    ]


def broken(receipts: list[Receipt]) -> set[str]:
    found = list(verify(in_order(receipts)))
    assert all(problem.say() and problem.say_fix() for problem in found)
    return {problem.rule for problem in found}


@given(st.integers(1000, 9999), st.integers(1, 999_999_999))
def test_a_number_is_read_as_it_was_written_and_has_one_way_to_be_written(year: int, order: int) -> None:
    number = write_number(year, order)
    assert read_number(number) == (year, order)
    assert next_number(number, year) == write_number(year, order + 1) if order < 999_999_999 else True


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-1", "2026-000000", "2026-0000001", "26-000001", "2026-00000x", "2026-٠٠٠٠٠١", " 2026-000001"],
)
def test_what_is_no_number_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidNumber, match="2026-000001"):
        read_number(text)


def test_each_year_begins_at_one() -> None:
    assert next_number("", 2027) == "2027-000001"
    assert next_number("2026-000009", 2026) == "2026-000010"
    assert next_number("2026-999999", 2026) == "2026-1000000"
    with pytest.raises(InvalidNumber):
        next_number("2026-000009", 2027)


def test_an_honest_series_keeps_every_invariant(receipt: Receipt) -> None:
    receipts = series(receipt, 9)
    receipts[2], new = reissue(receipts[2], "2026-000010", date(2026, 4, 1), "Remboursement partiel", 100)
    receipts[3] = cancel(receipts[3], date(2026, 4, 2), "Remboursement")
    other = replace(receipts[0], body=replace(receipt.body, siren="732829320"))
    later = replace(receipts[0], number="2027-000001", issued_on=date(2027, 1, 2), gifts=("g11",))
    assert broken([new, later, *reversed(receipts), other]) == set()


def test_each_invariant_is_broken_by_its_name(receipt: Receipt) -> None:
    receipts = series(receipt, 6)
    old, new = reissue(receipts[5], "2026-000007", date(2026, 4, 1), "Remboursement partiel", 100)
    early = replace(receipts[5], issued_on=date(2026, 3, 1))
    ways = {
        "numbered": [*receipts[:5], replace(receipts[5], issued_on=date(2027, 3, 1))],
        "no-gap": receipts[1:],
        "no-double": [*receipts, replace(receipts[5], gifts=("other",))],
        "in-time": [*receipts[:5], early],
        "kept": [*receipts[:5], cancel(receipts[5], date(2026, 5, 1), "")],
        "points-back": [*receipts[:5], old, replace(new, replaces="")],
        "one-in-force": [*receipts[:5], replace(receipts[5], gifts=("g1",))],
    }
    assert ways.keys() == {invariant.name for invariant in INVARIANTS}
    for name, way in ways.items():
        assert broken(way) == {name}


def test_a_receipt_that_was_deleted_leaves_a_gap_wherever_it_stood(receipt: Receipt) -> None:
    for gone in range(5):
        receipts = series(receipt, 6)
        del receipts[gone]
        (problem,) = verify(in_order(receipts))
        assert problem.rule == "no-gap"
        assert write_number(2026, gone + 1) in problem.render()


def test_a_receipt_issued_instead_of_one_in_force_is_found(receipt: Receipt) -> None:
    receipts = series(receipt, 3)
    old, new = reissue(receipts[1], "2026-000004", date(2026, 4, 1), "Remboursement partiel", 100)
    assert broken([receipts[0], receipts[1], receipts[2], new]) == {"points-back", "one-in-force"}
    elsewhere = replace(old, cancelled=Cancellation(date(2026, 4, 1), "Remboursement", "2026-000003"))
    assert broken([receipts[0], elsewhere, receipts[2], new]) == {"points-back"}
    assert broken([receipts[0], old, receipts[2], new]) == set()


@given(st.lists(st.tuples(st.sampled_from(["issue", "cancel", "reissue"]), st.integers(0, 999)), max_size=40))
def test_whatever_is_issued_cancelled_and_reissued_the_series_holds(steps: list[tuple[str, int]]) -> None:
    day, last = date(2025, 12, 20), ""
    receipts: dict[str, Receipt] = {}
    for number, (step, which) in enumerate(steps):
        day += timedelta(1)
        if last[:4] != str(day.year):
            last = ""
        in_force = [receipt for receipt in receipts.values() if receipt.cancelled is None]
        if step == "cancel" and in_force:
            gone = cancel(in_force[which % len(in_force)], day, "Remboursement")
            receipts[gone.number] = gone
            continue
        last = next_number(last, day.year)
        if step == "reissue" and in_force:
            old, new = reissue(in_force[which % len(in_force)], last, day, "Correction", 100)
            receipts |= {old.number: old, new.number: new}
        else:
            receipts[last] = replace(_PLAIN, number=last, issued_on=day, gifts=(f"g{number}",))
    assert broken(list(receipts.values())) == set()


def _plain() -> Receipt:
    from communs.core.receipts import Address, Body, Category, Donor, Signature

    address = Address("", "75011", "Paris")
    body = Body("Fonds", address, "Objet", Category.GENERAL_INTEREST, frozenset(), siren="552100554")
    signature = Signature("Ada Martin", "Présidente")
    donor = Donor("Lefèvre", address)
    return Receipt("", body, donor, frozenset(), 100, date(2025, 1, 1), date(2025, 1, 1), signature)


_PLAIN = _plain()
