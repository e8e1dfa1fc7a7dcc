"""What two people decide about the books: funds, releases, reversals, closed periods; and what the databases refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from communs.apps.foundation import naming, sql
from communs.apps.foundation.actions import bank, books, deciding, offices, periods
from communs.apps.foundation.actions.funds import FundWanted, OverdraftWanted
from communs.apps.foundation.actions.moving import BackWanted, MoveWanted
from communs.apps.foundation.models import Account, Decision, DecisionStep, Entry, Fund, Period
from communs.apps.foundation.queries import books as queries
from communs.apps.foundation.queries.decisions import State, decisions, to_approve
from communs.apps.foundation.queries.moves import between, moves
from communs.apps.foundation.queries.periods import closing_checks
from communs.core.ledger import Decided, EntryKind, verify_moves
from communs.kit.gates import NotThere, Refused
from communs.kit.records.actions import Impossible
from communs.kit.texts import texts
from communs.testing import money_out as house

pytestmark = pytest.mark.django_db
NOW, LATER = house.NOW, datetime(2027, 1, 10, 9, tzinfo=UTC)
MAIN = naming.bank("EUR").id
KEY = UUID(int=1)
MINISTRY = FundWanted(
    "ministry", "restricted", {"en": "Ministry", "fr": "Ministère"}, {"en": "Maps", "fr": "Cartes"},
    funder="Ministry of Maps", convention="2026-4", return_clause="Unspent money goes back.",
)  # fmt: skip
RELEASE = MoveWanted(MAIN, "city", "open", 20_000, "Letter of 3 March")


@pytest.fixture
def cast() -> dict[str, Any]:
    people = house.people()
    house.found(people, {"maps": 5_000})
    return people


def proposed(cast: dict[str, Any], kind: str = "open-fund", wanted: Any = MINISTRY, key: UUID = KEY) -> Decision:
    return deciding.propose(cast["Tom"], key, kind, wanted, "as agreed", NOW)


def decided(cast: dict[str, Any], kind: str, wanted: Any, now: datetime = NOW) -> DecisionStep:
    one = proposed(cast, kind, wanted, uuid4())
    assert deciding.approve(cast["Bea"], one.public_id, now) == State.APPROVED
    assert deciding.approve(cast["Ben"], one.public_id, now) == State.DONE
    return DecisionStep.objects.exclude(outcome="").latest("pk")


def test_a_fund_opens_when_two_of_the_board_have_approved_it(cast: dict[str, Any]) -> None:
    one = proposed(cast)
    assert deciding.approve(cast["Bea"], one.public_id, NOW) == State.APPROVED
    assert deciding.approve(cast["Bea"], one.public_id, NOW) == State.APPROVED  # twice is once
    assert not Fund.objects.filter(slug="ministry").exists()
    assert deciding.approve(cast["Ben"], one.public_id, NOW) == State.DONE
    assert deciding.approve(cast["Ben"], one.public_id, NOW) == State.DONE
    fund = Fund.objects.get(slug="ministry")
    assert (fund.convention, fund.purpose) == ("2026-4", texts(en="Maps", fr="Cartes"))
    assert [step.outcome for step in one.steps.order_by("number")] == ["", "ministry"]


def test_the_same_form_sent_twice_is_one_decision_and_never_another(cast: dict[str, Any]) -> None:
    assert proposed(cast).pk == proposed(cast).pk
    with pytest.raises(books.KeyTaken):
        deciding.propose(cast["Tom"], KEY, "open-fund", MINISTRY, "for another reason", NOW)


def test_nobody_decides_alone_and_no_role_on_the_site_replaces_an_office(cast: dict[str, Any]) -> None:
    for name in ("Bea", "Nobody", "Admin"):
        with pytest.raises(Refused):
            deciding.propose(cast[name], uuid4(), "open-fund", MINISTRY, "", NOW)
    one = proposed(cast)
    for name in ("Tom", "Tina", "Nobody", "Admin"):
        with pytest.raises(Refused):
            deciding.approve(cast[name], one.public_id, NOW)
    house.hold(cast["Tom"], "board")
    with pytest.raises(Impossible, match="Somebody else"):
        deciding.approve(cast["Tom"], one.public_id, NOW)
    assert not to_approve(cast["Tom"]).exists()
    assert list(to_approve(cast["Bea"])) == [one]


def test_what_is_refused_or_withdrawn_is_over(cast: dict[str, Any]) -> None:
    one = proposed(cast)
    deciding.approve(cast["Bea"], one.public_id, NOW)
    with pytest.raises(Impossible, match="had your say"):
        deciding.refuse(cast["Bea"], one.public_id, "no", NOW)
    deciding.refuse(cast["Ben"], one.public_id, "the agreement is not signed", NOW)
    with pytest.raises(Impossible, match="refused"):
        deciding.approve(cast["Bo"], one.public_id, NOW)
    other = proposed(cast, key=uuid4())
    with pytest.raises(Refused):
        deciding.withdraw(cast["Tina"], other.public_id, "", NOW)
    deciding.withdraw(cast["Tom"], other.public_id, "a mistake", NOW)
    with pytest.raises(Impossible, match="withdrawn"):
        deciding.approve(cast["Bea"], other.public_id, NOW)
    assert [one.state for one in decisions()] == ["withdrawn", "refused"]
    with pytest.raises(NotThere):
        deciding.approve(cast["Bea"], uuid4(), NOW)


def test_a_restricted_fund_without_an_agreement_is_not_proposed(cast: dict[str, Any]) -> None:
    with pytest.raises(Impossible, match="agreement"):
        proposed(cast, wanted=FundWanted("bound", "restricted", {"en": "Bound"}))
    with pytest.raises(Impossible, match="another name"):
        proposed(cast, wanted=FundWanted("city", "unrestricted", {"en": "City"}))


def test_released_money_belongs_to_the_other_fund_and_lies_where_it_lay(cast: dict[str, Any]) -> None:
    before = queries.account_balance(MAIN, "city") + queries.account_balance(MAIN, "open")
    step = decided(cast, "release", RELEASE)
    assert queries.account_balance(MAIN, "open") == 30_000
    assert queries.account_balance(MAIN, "city") + queries.account_balance(MAIN, "open") == before
    row = Entry.objects.get(public_id=step.outcome)
    assert (row.kind, row.document, row.actor) == ("release", "Letter of 3 March", f"person:{cast['Ben'].pk}")


BETWEEN = naming.transfer("EUR").id


def moved(minor: int = 20_000, account: str = MAIN) -> list[tuple[str, str, int, str]]:
    """What `RELEASE` posts, or nearly."""
    return [
        (account, "city", -minor, "EUR"), (BETWEEN, "city", minor, "EUR"), (account, "open", minor, "EUR"),
        (BETWEEN, "open", -minor, "EUR"),
    ]  # fmt: skip


def posted(key: str, lines: list[tuple[str, str, int, str]], **said: Any) -> None:
    kind = EntryKind(said.pop("kind", "release"))
    said = {"on": house.DAY, "now": NOW, "document": "Letter of 3 March", **said}
    books.record(books.entry(key, kind, lines, **said))


def approved_but_not_carried_out(cast: dict[str, Any], kind: str, wanted: Any) -> str:
    """Two have approved it, and nothing was posted: by bare statements, since the two go together."""
    one = proposed(cast, kind, wanted, uuid4())
    for number, (name, outcome) in enumerate((("Bea", ""), ("Ben", "made")), 1):
        run(f"{{step}} {number}, 'approved', {{{name}}}, '{outcome}')", cast, one)
    return f"decision:{one.public_id}"


def test_money_does_not_move_between_funds_without_its_decision(cast: dict[str, Any]) -> None:
    step = decided(cast, "release", RELEASE)
    alone, other = (proposed(cast, kind, RELEASE, uuid4()) for kind in ("release", "reclassify"))
    deciding.approve(cast["Bea"], alone.public_id, NOW)
    once = Entry.objects.get(public_id=step.outcome)
    for key in ("nobody decided", f"decision:{alone.public_id}", f"decision:{other.public_id}"):
        with pytest.raises(books.NotRecorded, match="two of the board"), transaction.atomic():
            posted(key, moved())
    for name in (once.key.replace("-", ""), once.key.upper(), once.key + "-"):  # no other way to write the number
        with pytest.raises((books.NotRecorded, DatabaseError)), transaction.atomic():
            posted(name, moved())
    assert list(verify_moves(moves(), between())) == []
    assert Entry.objects.filter(kind="release").count() == 1


def test_what_was_decided_is_all_that_moves_under_its_key(cast: dict[str, Any]) -> None:
    key = approved_but_not_carried_out(cast, "release", RELEASE)
    second = naming.bank("EUR", "second")
    for account in (second, naming.transfer("EUR")):
        books.open_account(account, now=NOW)
    for fund in ("city", "open"):
        there = [(second.id, fund, 30_000, "EUR"), (naming.income("EUR").id, fund, -30_000, "EUR")]
        books.record(books.entry(f"there-{fund}", EntryKind.PAY_IN, there, on=house.DAY, now=NOW))
    swapped = [*moved()[::2], *((second.id, fund, -minor, "EUR") for _account, fund, minor, _currency in moved()[::2])]
    for lines in (moved(19_999), moved(20_001), moved(account=second.id), [*moved(), *moved(5)], swapped):
        with pytest.raises(books.NotRecorded, match="decided:"), transaction.atomic():
            posted(key, lines)
    for said in ({"document": "Letter of 4 March"}, {"kind": "reclassify"}):
        with pytest.raises(books.NotRecorded, match="decided:"), transaction.atomic():
            posted(key, moved(), **said)
    posted(key, moved())
    assert queries.account_balance(MAIN, "open") == 30_000


def test_a_move_is_taken_back_by_a_decision_of_its_own(cast: dict[str, Any]) -> None:
    one, two = (Entry.objects.get(public_id=decided(cast, "release", RELEASE).outcome) for _ in range(2))
    key = approved_but_not_carried_out(cast, "reversal", BackWanted(str(one.public_id), "Minutes 9"))
    back = [(account, fund, -minor, currency) for account, fund, minor, currency in moved()]
    for name, of in (("nobody decided", one), (key, two), (one.key + ":back", one)):
        with pytest.raises(books.NotRecorded, match="decided:"), transaction.atomic():
            posted(name, back, kind="reversal", reverses=str(of.public_id))
    posted(key, back, kind="reversal", reverses=str(one.public_id))
    decided(cast, "reversal", BackWanted(str(two.public_id), "Minutes 9"))
    assert list(verify_moves(moves(), between())) == []


def test_money_that_moved_while_the_rules_were_away_is_found(cast: dict[str, Any]) -> None:
    alone = proposed(cast, "release", RELEASE, uuid4())
    deciding.approve(cast["Bea"], alone.public_id, NOW)
    keys = ("nobody decided", f"decision:{alone.public_id}")
    entries = [books.entry(key, EntryKind.RELEASE, moved(), on=house.DAY, now=NOW) for key in keys]
    said = {f"decision:{alone.public_id}": Decided("release", 1, "Letter of 3 March")}
    found = list(verify_moves(((one, said.get(one.key)) for one in entries), between()))
    assert [one.invariant for one in found] == ["decided"] * 2
    assert [one.message[:20] for one in found] == ["It moves money betwe", "It was approved by {"]


def test_an_entry_with_another_amount_than_was_decided_is_found(cast: dict[str, Any]) -> None:
    step = decided(cast, "release", RELEASE)
    (entry, said), *_none = moves()
    assert (entry.id, said is not None) == (step.outcome, True)
    more = [*entry.postings, *(replace(one, minor=one.minor // 2) for one in entry.postings)]
    changed = [
        replace(entry, document="Letter of 4 March"), replace(entry, postings=entry.postings[:1]),
        replace(entry, postings=tuple(more)),
    ]  # fmt: skip
    assert [one.message for one in verify_moves(((one, said) for one in changed), between())] == [
        "It is not what was decided under its key."
    ] * 3


def test_a_second_approval_that_the_books_refuse_is_not_given(cast: dict[str, Any]) -> None:
    one = proposed(cast, "release", MoveWanted(MAIN, "city", "open", 10**9, "Letter"))
    deciding.approve(cast["Bea"], one.public_id, NOW)
    with pytest.raises(books.NotRecorded, match="city"):
        deciding.approve(cast["Ben"], one.public_id, NOW)
    assert one.steps.count() == 1
    # What is not restricted is not released, but put elsewhere.
    other = proposed(cast, "release", MoveWanted(MAIN, "open", "city", 100, "Letter"), uuid4())
    deciding.approve(cast["Bea"], other.public_id, NOW)
    with pytest.raises(books.NotRecorded):
        deciding.approve(cast["Ben"], other.public_id, NOW)
    decided(cast, "reclassify", MoveWanted(MAIN, "open", "city", 100, "Letter"))
    assert queries.account_balance(MAIN, "open") == 9_900


def test_moving_names_a_document_two_funds_and_a_place_that_holds_money(cast: dict[str, Any]) -> None:
    for wanted in (
        MoveWanted(MAIN, "city", "open", 5, " "), MoveWanted(MAIN, "city", "city", 5, "x"),
        MoveWanted(MAIN, "city", "open", 0, "x"),
    ):  # fmt: skip
        with pytest.raises(Impossible):
            proposed(cast, "release", wanted)
    for wanted in (
        MoveWanted("income-eur", "city", "open", 5, "x"), MoveWanted(MAIN, "city", "nowhere", 5, "x"),
    ):  # fmt: skip
        with pytest.raises(NotThere):
            proposed(cast, "release", wanted)


def test_an_entry_is_taken_back_once_by_a_reversal_that_points_to_it(cast: dict[str, Any]) -> None:
    grant = Entry.objects.get(key="grant-maps")
    step = decided(cast, "reversal", BackWanted(str(grant.public_id), "Minutes 7"))
    back = Entry.objects.get(public_id=step.outcome)
    assert (back.reverses_id, back.document) == (grant.pk, "Minutes 7")
    assert queries.account_balance(naming.commons("maps", "EUR").id, "city") == 0
    for entry in (grant, back, Entry.objects.get(key="gift-city")):
        with pytest.raises(Impossible):
            proposed(cast, "reversal", BackWanted(str(entry.public_id)), uuid4())


def test_only_what_is_left_of_an_entry_is_taken_back(cast: dict[str, Any]) -> None:
    grant, account = Entry.objects.get(key="grant-maps"), naming.commons("maps", "EUR").id
    part = [(naming.capital("EUR").id, "city", -2_000, "EUR"), (account, "city", 2_000, "EUR")]
    back = str(grant.public_id)
    books.record(books.entry("part", EntryKind.REVERSAL, part, on=house.DAY, now=NOW, reverses=back))
    decided(cast, "reversal", BackWanted(back))
    assert queries.account_balance(account, "city") == 0
    assert list(queries.verify_books()) == []


def test_an_account_with_an_overdraft_opens_as_agreed(cast: dict[str, Any]) -> None:
    wanted = OverdraftWanted("credit", "EUR", 50_000, "Agreement with the bank, 2 March")
    assert decided(cast, "overdraft", wanted).outcome == "bank-credit-eur"
    assert Account.objects.get(slug="bank-credit-eur").overdraft_minor == 50_000
    with pytest.raises(Impossible, match="another name"):
        proposed(cast, "overdraft", wanted, uuid4())


def test_a_year_is_closed_when_the_bank_says_what_the_books_say(cast: dict[str, Any], tmp_path: Any) -> None:
    year = Period.objects.get()
    one = proposed(cast, "close-period", periods.PeriodWanted("2026-01-01"))
    deciding.approve(cast["Bea"], one.public_id, LATER)
    with pytest.raises(Impossible, match=r"No later period is open.*no statement reaches"):
        deciding.approve(cast["Ben"], one.public_id, LATER)
    assert periods.open_next(cast["Tom"], LATER).ends_on == date(2027, 12, 31)
    theirs = house.Bank(tmp_path)
    bank.receive(cast["Tom"], "year.xml", theirs.statement("2026-01-01", "2026-12-31"), LATER)
    assert deciding.approve(cast["Ben"], one.public_id, LATER) == State.DONE
    assert all(check.holds for check in closing_checks(year, LATER))
    with pytest.raises(books.NotRecorded, match="period"):
        house.owe("maps", 10, "late")


def test_a_year_with_a_difference_at_the_bank_stays_open(cast: dict[str, Any], tmp_path: Any) -> None:
    periods.open_next(cast["Tom"], LATER)
    theirs = house.Bank(tmp_path)
    theirs.ask("deposit", "2500", name="Ada", text="for maps")
    bank.receive(cast["Tom"], "year.xml", theirs.statement("2026-01-01", "2026-12-31"), LATER)
    one = proposed(cast, "close-period", periods.PeriodWanted("2026-01-01"))
    deciding.approve(cast["Bea"], one.public_id, LATER)
    with pytest.raises(Impossible, match="Decide the lines that wait"):
        deciding.approve(cast["Ben"], one.public_id, LATER)
    assert not closing_checks(Period.objects.get(starts_on=date(2026, 1, 1)), NOW)[0].holds


def test_the_next_year_opens_and_the_one_after_it_waits(cast: dict[str, Any]) -> None:
    assert periods.open_next(cast["Tom"], NOW).starts_on == date(2027, 1, 1)
    with pytest.raises(Impossible, match="can wait"):
        periods.open_next(cast["Tom"], NOW)
    with pytest.raises(Refused):
        periods.open_next(cast["Admin"], NOW)


STEP = (
    "INSERT INTO foundation_decisionstep (decision_id, at, reason, number, what, person_id, outcome) "
    "VALUES ({one}, '2026-03-01', '',"
)
REFUSED: dict[str, tuple[str, str]] = {
    "its content changes": ("append-only", "UPDATE foundation_decision SET content = '{}'"),
    "it is deleted": ("append-only", "DELETE FROM foundation_decision"),
    "by its proposer": ("decided-by-two", "{step} 1, 'approved', {Tom}, '')"),
    "withdrawn by another": ("decided-by-two", "{step} 1, 'withdrawn', {Bea}, '')"),
    "by the treasurer": ("office", "{step} 1, 'approved', {Tina}, '')"),
    "by an administrator": ("office", "{step} 1, 'approved', {Admin}, '')"),
    "carried out by one": ("decided-by-two", "{step} 1, 'approved', {Bea}, 'ministry')"),
    "out of order": ("decided-once", "{step} 2, 'approved', {Bea}, '')"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_raw_sql_is_refused(cast: dict[str, Any], case: str) -> None:
    one = proposed(cast)
    refuse(*REFUSED[case], cast, one)


def test_raw_sql_is_refused_after_the_first_word_and_after_the_last(cast: dict[str, Any]) -> None:
    one = proposed(cast)
    deciding.approve(cast["Bea"], one.public_id, NOW)
    refuse("append-only", "UPDATE foundation_decisionstep SET person_id = {Ben}", cast, one)
    refuse("append-only", "DELETE FROM foundation_decisionstep", cast, one)
    refuse("decided-by-two", "{step} 2, 'approved', {Ben}, '')", cast, one)
    with pytest.raises(DatabaseError, match=r"(?i)unique"), transaction.atomic():
        run("{step} 2, 'approved', {Bea}, 'ministry')", cast, one)
    deciding.approve(cast["Ben"], one.public_id, NOW)
    refuse("decided-once", "{step} 3, 'approved', {Bo}, 'again')", cast, one)
    refuse("decided-once", "{step} 3, 'withdrawn', {Tom}, '')", cast, one)


def test_raw_sql_makes_nobody_an_officer(cast: dict[str, Any]) -> None:
    new = (
        "INSERT INTO foundation_appointment (given_because, person_id, office, college, appointed_by_id, appointed_at, "
        "confirmed_by_id, confirmed_at, ended_at) VALUES ('', {Nobody}, 'board', '', "
    )
    refuse("office", new + "{Tom}, '2026-03-01', NULL, NULL, NULL)", cast)
    refuse("appointed", new + "{Admin}, '2026-03-01', {Bea}, '2026-03-01', NULL)", cast)
    waiting = offices.appoint(cast["Admin"], cast["Nobody"], "board", "states", NOW)
    cast["this"] = waiting
    confirm = "UPDATE foundation_appointment SET confirmed_at = '2026-03-02', confirmed_by_id = {by} WHERE id = {this}"
    refuse("appointed", confirm.replace("{by}", "{Admin}"), cast)
    refuse("appointed", confirm.replace("{by}", "{Nobody}"), cast)
    refuse("office", confirm.replace("{by}", "{Tom}"), cast)
    refuse("append-only", "UPDATE foundation_appointment SET person_id = {Tina} WHERE id = {this}", cast)
    refuse("append-only", "DELETE FROM foundation_appointment WHERE id = {this}", cast)
    offices.confirm(cast["Bea"], waiting.pk, NOW)
    refuse("appointed", confirm.replace("{by}", "{Ben}"), cast)
    offices.end(cast["Bea"], waiting.pk, NOW)
    refuse("appointed", "UPDATE foundation_appointment SET ended_at = NULL WHERE id = {this}", cast)


def test_every_trigger_is_there() -> None:
    assert sql.missing(connection) == []


def refuse(rule: str, statement: str, cast: dict[str, Any], one: Decision | None = None) -> None:
    with pytest.raises(DatabaseError, match=f"^{rule}: "), transaction.atomic():
        run(statement, cast, one)


def run(statement: str, cast: dict[str, Any], one: Decision | None) -> None:
    said = {"step": STEP, **{name: str(row.pk) for name, row in {**cast, "one": one or Decision()}.items()}}
    for name, value in said.items():
        statement = statement.replace("{" + name + "}", value)
    with connection.cursor() as cursor:
        cursor.execute(statement)
