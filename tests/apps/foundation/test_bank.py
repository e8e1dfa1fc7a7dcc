"""What comes from the bank, played by a process of its own: paid, refused, returned, wrong, twice, or nothing."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from communs.apps.foundation import naming
from communs.apps.foundation.actions import bank, books, payees, payouts, reconciling
from communs.apps.foundation.incoming import incoming
from communs.apps.foundation.models import BankAccount, BankFile, BankLine, BankStatement, LineDecision, Payout
from communs.apps.foundation.queries import bank as queries
from communs.apps.foundation.queries import payouts as payout_queries
from communs.apps.foundation.queries.books import account_balance, balances, verify_books
from communs.apps.foundation.queries.payout_check import money_out_problems
from communs.core.ledger import verify_payouts
from communs.core.standards.creditor_reference import make_reference
from communs.kit.gates import Refused
from communs.kit.records.actions import Impossible
from communs.testing import money_out as house
from communs.testing.money_out import NOW

pytestmark = pytest.mark.django_db
MAIN, MAPS = naming.bank("EUR").id, naming.commons("maps", "EUR").id
ASIDE = naming.unidentified("EUR").id


@pytest.fixture
def cast() -> dict[str, Any]:
    people = house.people()
    house.found(people, {"maps": 5_000, "music": 3_000, "words": 4_000})
    return people


@pytest.fixture
def theirs(cast: dict[str, Any], tmp_path: Path) -> house.Bank:
    return house.Bank(tmp_path)


def account() -> BankAccount:
    return payout_queries.bank_accounts()[0]


def take_in(cast: dict[str, Any], data: bytes) -> bank.Received:
    """Receive a file and decide what is exact; the books stay sound whatever it says."""
    received = bank.receive(cast["Tom"], "file.xml", data, NOW)
    reconciling.reconcile(account(), NOW)
    assert list(verify_books()) == []
    assert list(verify_payouts(payout_queries.steps())) == []
    assert list(money_out_problems()) == []
    return received


def states(*made: Payout) -> list[str]:
    return [payout_queries.state_of(one) for one in made]


def difference() -> int:
    latest = queries.latest_statement(account())
    assert latest is not None
    found = queries.compare(latest)
    assert found is not None
    assert found.unexplained == 0
    return found.difference


def waiting() -> list[BankLine]:
    return list(queries.lines(queries.TO_DECIDE))


def test_what_the_bank_has_paid_leaves_the_books(cast: dict[str, Any], theirs: house.Bank) -> None:
    batch, made = house.submitted(cast, "maps", "music")
    theirs.take(bytes(batch.data))
    take_in(cast, theirs.statement())
    assert states(*made) == ["confirmed", "confirmed"]
    assert account_balance(MAPS, "city") == -4_000
    assert difference() == 0
    assert waiting() == []


def test_a_statement_twice_or_overlapping_writes_each_line_once(cast: dict[str, Any], theirs: house.Bank) -> None:
    batch, made = house.submitted(cast, "maps", "music")
    theirs.take(bytes(batch.data))
    theirs.ask("deposit", "700", day="2026-03-05", name="Ada", text="for maps")
    theirs.ask("deposit", "700", day="2026-03-05", name="Ada", text="for maps")  # not the same one again
    first = theirs.statement("2026-03-01", "2026-03-04")
    assert take_in(cast, first).new_lines == 2
    assert take_in(cast, first).again
    overlapping = take_in(cast, theirs.statement("2026-03-02", "2026-03-06"))
    assert (overlapping.new_lines, overlapping.known_lines) == (2, 2)
    before = balances()
    whole = take_in(cast, theirs.statement())
    assert (whole.new_lines, whole.known_lines, balances()) == (0, 4, before)
    assert states(*made) == ["confirmed", "confirmed"]
    assert BankFile.objects.count() == 3
    assert difference() == 0


def of_the_day(number: int, opening: int, lines: int) -> bytes:
    """A statement of one day, with so many gifts of 5.00 that nobody can tell from each other."""

    def balance(kind: str, minor: int) -> str:
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{minor}.00</Amt>'
            "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-05</Dt></Dt></Bal>"
        )

    gift = (
        '<Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>2026-03-05</Dt></BookgDt><AddtlNtryInf>gift</AddtlNtryInf></Ntry>"
    )
    balances_ = balance("OPBD", opening) + balance("CLBD", opening + 5 * lines)
    return (
        f"<BkToCstmrStmt><Stmt><Id>S{number}-{opening}-{lines}</Id><ElctrncSeqNb>{number:05}</ElctrncSeqNb>"
        f"<Acct><Id><IBAN>{house.OURS}</IBAN></Id></Acct>{balances_}{gift * lines}</Stmt></BkToCstmrStmt>"
    ).encode()


def test_lines_alike_in_statements_that_go_on_from_each_other_are_not_the_same(cast: dict[str, Any]) -> None:
    for number, opening, lines in ((7, 100, 1), (8, 105, 2), (9, 115, 1)):
        assert take_in(cast, of_the_day(number, opening, lines)).new_lines == lines
    again = take_in(cast, of_the_day(8, 105, 2) + b"\n")
    assert (again.new_lines, again.known_lines) == (0, 2)
    whole_day = take_in(cast, of_the_day(3, 100, 4))
    assert (whole_day.new_lines, whole_day.known_lines) == (0, 4)
    part = take_in(cast, of_the_day(41, 105, 1))  # it goes on from none by its number: the same lines once more
    assert (part.new_lines, part.known_lines) == (0, 1)


def test_a_statement_that_the_bank_writes_anew_is_the_one_that_is_here(
    cast: dict[str, Any], theirs: house.Bank
) -> None:
    theirs.ask("deposit", "700", day="2026-03-05", name="Ada", text="for maps")
    data = theirs.statement()
    take_in(cast, data)
    again = take_in(cast, data + b"\n")
    assert (again.new_lines, again.known_lines) == (0, 1)
    assert (BankFile.objects.count(), BankStatement.objects.count()) == (2, 1)


def test_a_file_is_kept_byte_for_byte(cast: dict[str, Any], theirs: house.Bank) -> None:
    data = theirs.statement()
    take_in(cast, data)
    assert bytes(BankFile.objects.get().data) == data


def test_what_the_bank_refuses_is_owed_and_free_again(cast: dict[str, Any], theirs: house.Bank) -> None:
    batch, made = house.submitted(cast, "maps", "music")
    theirs.take(bytes(batch.data), reject=house.CLOSED)
    report = theirs.report(batch.ident)
    assert take_in(cast, report).refused == 1
    assert take_in(cast, report).again
    take_in(cast, theirs.statement())
    assert sorted(states(*made)) == ["confirmed", "refused"]
    refused = next(one for one in made if states(one) == ["refused"])
    assert "account is closed" in payout_queries.steps_of(refused)[-1].reason
    house.give(cast, "music", house.IBANS[3])  # the old ones were set aside
    house.reserved(cast, "music", minor=3_000, key="k2")


def test_what_comes_back_is_owed_again(cast: dict[str, Any], theirs: house.Bank) -> None:
    batch, (payout,) = house.submitted(cast, "maps")
    theirs.take(bytes(batch.data))
    theirs.ask("return", payout.public_id.hex, day="2026-03-04")
    take_in(cast, theirs.statement())
    assert states(payout) == ["returned"]
    assert account_balance(MAPS, "city") == -5_000
    assert difference() == 0
    house.give(cast, "maps", house.IBANS[3])  # the old ones were set aside
    house.reserved(cast, "maps", minor=5_000, key="k2")


def test_a_return_that_comes_before_its_payment_waits_for_it(cast: dict[str, Any], theirs: house.Bank) -> None:
    batch, (payout,) = house.submitted(cast, "maps")
    theirs.take(bytes(batch.data))
    theirs.ask("return", payout.public_id.hex, day="2026-03-04")
    take_in(cast, theirs.statement("2026-03-03", "2026-03-05"))
    assert states(payout) == ["submitted"]
    assert [queries.why_waiting(line) for line in waiting()] == ["not-booked"]
    take_in(cast, theirs.statement("2026-03-01", "2026-03-05"))
    assert states(payout) == ["returned"]
    assert waiting() == []


def test_a_return_less_a_fee_is_for_a_person_to_say(cast: dict[str, Any], theirs: house.Bank) -> None:
    batch, (payout,) = house.submitted(cast, "maps")
    theirs.take(bytes(batch.data))
    theirs.ask("return", payout.public_id.hex, day="2026-03-04", kept="150")
    take_in(cast, theirs.statement())
    (line,) = waiting()
    assert queries.why_waiting(line) == "amount"
    (suggested,) = queries.suggest(line)
    reconciling.decide(cast["Tom"], line.pk, reconciling.Said(suggested.what, suggested.target), NOW)
    assert states(payout) == ["returned"]
    assert account_balance(naming.fees("EUR").id, "city") == 150
    assert difference() == 0


@pytest.mark.parametrize("wrong", ["references", "no-references"])
def test_wrong_references_are_suggested_with_reasons_and_never_guessed(
    cast: dict[str, Any], theirs: house.Bank, wrong: str
) -> None:
    batch, (payout, other) = house.submitted(cast, "maps", "music")
    theirs.take(bytes(batch.data))
    take_in(cast, theirs.statement(wrong=wrong))
    assert states(payout, other) == ["submitted", "submitted"]
    assert len(waiting()) == 2
    for line in waiting():
        best = queries.suggest(line)[0]
        assert {"amount", "iban", "name"} <= set(best.reasons)
        reconciling.decide(cast["Tom"], line.pk, reconciling.Said(best.what, best.target, "seen"), NOW)
    assert states(payout, other) == ["confirmed", "confirmed"]
    assert difference() == 0


def test_a_payment_that_the_bank_makes_twice_is_not_ours_twice(cast: dict[str, Any], theirs: house.Bank) -> None:
    batch, (payout,) = house.submitted(cast, "maps")
    changed = bytes(batch.data).replace(batch.ident.encode(), b"OTHER")
    theirs.take(bytes(batch.data))
    theirs.take(changed, day="2026-03-03")
    take_in(cast, theirs.statement())
    (line,) = waiting()
    assert (states(payout), queries.why_waiting(line)) == (["confirmed"], "paid-already")
    reconciling.decide(cast["Tom"], line.pk, reconciling.Said("clearing"), NOW)
    assert account_balance(naming.clearing("bank", "EUR").id, "open") == 1_000
    assert difference() == 0


def test_a_lost_answer_is_unknown_until_the_bank_is_asked(cast: dict[str, Any], theirs: house.Bank) -> None:
    from communs.apps.foundation.actions import payout_news

    batch, (payout,) = house.submitted(cast, "words")
    theirs.take(bytes(batch.data))
    payout_news.unheard(datetime(2026, 3, 9, tzinfo=NOW.tzinfo))
    assert states(payout) == ["unknown"]
    assert theirs.take(bytes(batch.data))["answer"] == "duplicate"  # the same file again pays nothing
    take_in(cast, theirs.statement())
    assert states(payout) == ["confirmed"]
    assert theirs.ask("paid") == {payout.public_id.hex: 1}


def test_money_that_nobody_knows_is_put_aside_and_known_later(cast: dict[str, Any], theirs: house.Bank) -> None:
    for minor, name in ((700, "Ada"), (900, "Bob"), (300, "Eve")):
        theirs.ask("deposit", str(minor), name=name, text="bravo")
    take_in(cast, theirs.statement())
    assert account_balance(ASIDE, "open") == -1_900
    assert difference() == 0
    lines = {line.name: line for line in waiting()}
    say = reconciling.Said
    reconciling.decide(cast["Tom"], lines["Ada"].pk, say("income", "city"), NOW)
    reconciling.decide(cast["Tom"], lines["Bob"].pk, say("income", "open"), NOW)
    reconciling.decide(cast["Tom"], lines["Eve"].pk, say("give-back"), NOW)
    assert account_balance(ASIDE, "open") == 0
    assert account_balance(naming.income("EUR").id, "open") == -10_900
    assert account_balance(naming.donor("EUR").id, "open") == -300
    assert list(verify_books()) == []
    assert difference() == 0
    with pytest.raises(Impossible, match="decided already"):
        reconciling.decide(cast["Tom"], lines["Ada"].pk, say("income", "open"), NOW)


@pytest.fixture
def gifts() -> Any:
    """A part that knows gifts: one reference, for one amount, once."""
    known: dict[str, int] = {make_reference("GIFT0000000000001"): 2_500}

    def received(reference: str, minor: int, currency: str, on: date, line_key: str, now: datetime) -> bool:
        if known.get(reference) != minor:
            return False
        books.open_account(naming.income(currency), now=now)
        lines = [(MAIN, "city", minor, currency), (naming.income(currency).id, "city", -minor, currency)]
        books.record(books.entry(f"gift:{line_key}", books.EntryKind.PAY_IN, lines, on=on, now=now))
        return True

    before = list(incoming.handlers), set(incoming.lengths)
    incoming.handlers.clear()
    incoming.register(received, reference_length=21)
    yield next(iter(known))
    incoming.handlers[:], incoming.lengths = before


def test_a_gift_is_known_by_its_reference_wherever_it_stands(
    cast: dict[str, Any], theirs: house.Bank, gifts: str
) -> None:
    theirs.ask("deposit", "2500", name="Ada", ref=gifts)
    theirs.ask("deposit", "2500", name="Ada", text=f"my gift {gifts[:4]} {gifts[4:12]} {gifts[12:]} thanks")
    theirs.ask("deposit", "2400", name="Ada", ref=gifts)
    take_in(cast, theirs.statement())
    decided = sorted(LineDecision.objects.values_list("what", flat=True))
    assert decided == ["gift", "gift", "unidentified"]
    (line,) = waiting()
    with pytest.raises(Impossible, match="No gift with this reference"):
        reconciling.decide(cast["Tom"], line.pk, reconciling.Said("gift", gifts), NOW)
    assert account_balance(ASIDE, "open") == -2_400
    assert difference() == 0


def test_the_bank_takes_its_fee_from_the_fund_that_pays_them(cast: dict[str, Any], theirs: house.Bank) -> None:
    theirs.ask("fee", "250")
    take_in(cast, theirs.statement())
    assert account_balance(naming.fees("EUR").id, "open") == 250
    assert difference() == 0


def test_a_difference_to_the_bank_is_shown_with_what_explains_it(cast: dict[str, Any], theirs: house.Bank) -> None:
    theirs.ask("fee", "20000")  # more than the fund has that pays fees: it waits
    take_in(cast, theirs.statement())
    latest = queries.latest_statement(account())
    assert latest is not None
    found = queries.compare(latest)
    assert found is not None
    assert (found.difference, found.undecided, found.unexplained) == (-20_000, -20_000, 0)


def test_a_missing_statement_is_noticed(cast: dict[str, Any], theirs: house.Bank) -> None:
    for day in ("03", "05", "07"):
        theirs.ask("deposit", "100", day=f"2026-03-{day}", name="Ada")
    take_in(cast, theirs.statement("2026-03-01", "2026-03-04"))
    take_in(cast, theirs.statement("2026-03-07", "2026-03-08"))
    assert len(queries.gaps(account())) == 1
    take_in(cast, theirs.statement("2026-03-04", "2026-03-07"))
    assert queries.gaps(account()) == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<html>", "Nothing was taken|neither a statement"),
        (b"name;amount\n", "neither a statement|Nothing was taken"),
        (b'<?xml version="1.0"?><Document><CstmrCdtTrfInitn/></Document>', "neither a statement"),
    ],
)
def test_what_is_no_file_of_a_bank_is_refused_with_its_reason(cast: dict[str, Any], data: bytes, why: str) -> None:
    with pytest.raises(Impossible, match=why):
        bank.receive(cast["Tom"], "x", data, NOW)
    assert BankFile.objects.count() == 0


def test_a_statement_whose_sums_do_not_fit_is_refused(cast: dict[str, Any], theirs: house.Bank) -> None:
    theirs.ask("deposit", "100", name="Ada")
    with pytest.raises(Impossible, match="closing balance"):
        bank.receive(cast["Tom"], "x", theirs.statement().replace(b"10001.00", b"10002.00"), NOW)
    assert BankFile.objects.count() == BankLine.objects.count() == 0


def test_a_statement_of_another_account_is_refused(cast: dict[str, Any], theirs: house.Bank) -> None:
    other = theirs.statement().replace(house.OURS.encode(), house.IBANS[0].encode())
    with pytest.raises(Impossible, match="is not written down here"):
        bank.receive(cast["Tom"], "x", other, NOW)


@pytest.mark.parametrize("who", ["Bea", "Nobody", "Admin"])
def test_only_a_treasurer_takes_in_files_and_decides(cast: dict[str, Any], theirs: house.Bank, who: str) -> None:
    with pytest.raises(Refused):
        bank.receive(cast[who], "x", b"", NOW)
    with pytest.raises(Refused):
        reconciling.decide(cast[who], 1, reconciling.Said("fee"), NOW)


@pytest.mark.parametrize("table", ["bankfile", "bankline", "bankstatement", "linedecision"])
def test_what_the_bank_said_is_never_changed_or_deleted(cast: dict[str, Any], theirs: house.Bank, table: str) -> None:
    theirs.ask("deposit", "100", name="Ada")
    take_in(cast, theirs.statement())
    for statement in (f"DELETE FROM foundation_{table}", f"UPDATE foundation_{table} SET id = id + 100"):  # noqa: S608
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_report_about_a_file_of_somebody_else_changes_nothing(cast: dict[str, Any], theirs: house.Bank) -> None:
    batch, made = house.submitted(cast, "maps")
    theirs.take(bytes(batch.data), reject=house.IBANS[0])
    report = theirs.report(batch.ident).replace(batch.ident.encode(), b"ELSEWHERE")
    assert take_in(cast, report).refused == 0
    assert states(*made) == ["submitted"]


def test_a_refusal_after_the_payment_is_told_and_changes_nothing(cast: dict[str, Any], theirs: house.Bank) -> None:
    batch, made = house.submitted(cast, "maps")
    theirs.take(bytes(batch.data))
    take_in(cast, theirs.statement())
    theirs.ask("deposit", "1", name="x")
    report = theirs.report(batch.ident).replace(b"ACSP", b"RJCT")
    received = take_in(cast, report)
    assert (received.refused, len(received.said), states(*made)) == (0, 1, ["confirmed"])


def test_one_sum_for_a_whole_file_pays_all_of_it(cast: dict[str, Any], theirs: house.Bank) -> None:
    batch, made = house.submitted(cast, "maps", "music", "words")
    theirs.take(bytes(batch.data))
    take_in(cast, theirs.statement(wrong="one-sum"))
    assert states(*made) == ["confirmed"] * 3
    assert difference() == 0


def test_one_sum_of_which_a_part_was_refused_pays_the_rest(cast: dict[str, Any], theirs: house.Bank) -> None:
    batch, made = house.submitted(cast, "maps", "music", "words")
    theirs.take(bytes(batch.data), reject=house.CLOSED)
    statement = theirs.statement(wrong="one-sum")
    take_in(cast, statement)
    assert states(*made) == ["submitted"] * 3  # the sum does not fit yet: nothing is guessed
    take_in(cast, theirs.report(batch.ident))
    assert sorted(states(*made)) == ["confirmed", "confirmed", "refused"]
    assert difference() == 0


def test_money_is_given_back_to_who_sent_it(cast: dict[str, Any], theirs: house.Bank) -> None:
    theirs.ask("deposit", "700", name="Ada")
    take_in(cast, theirs.statement())
    (line,) = waiting()
    reconciling.decide(cast["Tom"], line.pk, reconciling.Said("give-back"), NOW)
    donor = payees.add_donor(cast["Tom"], "Ada", NOW)
    given = payees.give(cast["Tom"], donor.slug, payees.Given("Ada", house.IBANS[2], "Delft", "NL"), NOW)
    payees.confirm(cast["Bea"], given.pk, NOW)
    (payout,) = payouts.propose(cast["Tom"], "back", [payouts.Wanted(donor.slug, "open", 700)], NOW)
    for who in ("Bea", "Ben"):
        payouts.approve(cast[who], payout.public_id, NOW)
    wanted = payouts.FileWanted(MAIN, (payout.public_id,), date(2026, 3, 3))
    theirs.take(bytes(payouts.submit(cast["Tom"], "f", wanted, NOW).data), day="2026-03-03")
    take_in(cast, theirs.statement("2026-03-03", "2026-03-04"))
    assert states(payout) == ["confirmed"]
    assert account_balance(naming.donor("EUR").id, "open") == 0


def test_a_payout_without_its_entry_is_found(cast: dict[str, Any], theirs: house.Bank) -> None:
    _batch, (payout,) = house.submitted(cast, "maps")
    payouts.add_step(payout, "confirmed", NOW)
    assert [(one.invariant, one.place) for one in money_out_problems()] == [("paid-once", str(payout.public_id))]
