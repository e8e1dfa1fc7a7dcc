"""Many at once: gifts, grants, payouts, reversals, reservations, a closing; the books are sound in their order."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from communs.apps.foundation.actions import books as actions
from communs.apps.foundation.models import Entry as EntryRow
from communs.apps.foundation.models import Period, Posting
from communs.apps.foundation.queries import books as queries
from communs.core.ledger import Account, AccountKind, EntryKind, Fund, Nature, Order

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
FUNDS = ("city", "open")
COMMONS = ("maps", "music", "words")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def places() -> None:
    actions.open_period(date(2026, 1, 1), date(2026, 6, 30))
    actions.open_period(date(2026, 7, 1), date(2026, 12, 31))
    actions.open_fund(Fund("city", Nature.RESTRICTED, convention="2026-17"), now=NOW)
    actions.open_fund(Fund("open", Nature.UNRESTRICTED), now=NOW)
    kinds = {"bank": AccountKind.BANK, "income": AccountKind.INCOME, "grants": AccountKind.GRANTS}
    for name, kind in {**kinds, **dict.fromkeys(COMMONS, AccountKind.COMMONS)}.items():
        actions.open_account(Account(name, kind, "EUR"), now=NOW)


def clients() -> int:
    """Sixteen where the server lets them in together; SQLite lets one write at a time."""
    return 16 if connection.vendor == "postgresql" else 4


def at_once(count: int, work: Callable[[int], object]) -> list[Any]:
    """What each client gives, or the error that it met; each has a connection of its own."""
    start, found = threading.Barrier(count), dict[int, Any]()

    def run(number: int) -> None:
        try:
            start.wait(timeout=30)
            found[number] = work(number)
        except Exception as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    return [found[number] for number in range(count)]


def entry(key: str, kind: EntryKind, debit: str, credit: str, fund: str, minor: int, **more: Any) -> Any:
    lines = [(debit, fund, minor, "EUR"), (credit, fund, -minor, "EUR")]
    return actions.entry(key, kind, lines, **{"on": DAY, "now": NOW, **more})


def gift(key: str, minor: int, fund: str = "city") -> Any:
    return entry(key, EntryKind.PAY_IN, "bank", "income", fund, minor)


def granted(key: str, minor: int, commons: str = "maps", fund: str = "city") -> Any:
    return entry(key, EntryKind.GRANT, "grants", commons, fund, minor)


class Client:
    """Does this and that, forty times; counts what was recorded and what was refused."""

    def __init__(self, number: int) -> None:
        self.number, self.chance = number, random.Random(number)  # noqa: S311 - repeatable on purpose
        self.gifts: list[Any] = []
        self.done: Counter[str] = Counter()

    def run(self) -> Counter[str]:
        for step in range(40):
            name = self.chance.choice(("gift", "grant", "payout", "back", "promise", "batch", "grant", "payout"))
            try:
                getattr(self, name)(f"{name}:{self.number}:{step}")
            except actions.NotRecorded as error:
                self.done[error.problems[0].invariant] += 1
            else:
                self.done[name] += 1
        return self.done

    def minor(self) -> int:
        return self.chance.randint(1, 900)

    def gift(self, key: str) -> None:
        self.gifts.append(gift(key, self.minor(), self.chance.choice(FUNDS)))
        actions.record(self.gifts[-1])

    def grant(self, key: str) -> None:
        actions.record(granted(key, self.minor(), self.chance.choice(COMMONS), self.chance.choice(FUNDS)))

    def payout(self, key: str) -> None:
        commons, fund = self.chance.choice(COMMONS), self.chance.choice(FUNDS)
        actions.record(entry(key, EntryKind.PAYOUT, commons, "bank", fund, self.minor()))

    def back(self, key: str) -> None:
        if self.gifts:
            one = self.chance.choice(self.gifts)
            fund, minor = one.postings[0].fund, one.postings[0].minor
            part = self.chance.randint(1, minor)
            actions.record(entry(key, EntryKind.REVERSAL, "income", "bank", fund, part, reverses=one.id))

    def promise(self, key: str) -> None:
        actions.reserve(key, self.chance.choice(FUNDS), self.minor(), "EUR", NOW)
        if self.chance.random() < 0.7:
            actions.give_up(key, NOW)

    def batch(self, key: str) -> None:
        """Several entries in whatever order: two of these may wait for each other."""
        places = [(commons, fund) for commons in COMMONS for fund in FUNDS]
        self.chance.shuffle(places)
        actions.record_all([granted(f"{key}:{name}:{fund}", 3, name, fund) for name, fund in places])


def test_whatever_many_do_at_once_the_books_are_sound_in_their_order() -> None:
    actions.record_all([gift("first", 5_000), gift("second", 5_000, "open")])
    found = at_once(clients(), lambda number: Client(number).run())
    assert [one for one in found if isinstance(one, Exception)] == []
    done: Counter[str] = sum(found, Counter())
    assert list(queries.verify_books()) == []
    assert {"gift", "grant", "payout", "back", "promise", "batch", "floor"} <= set(done)
    in_order = [row.key for row in queries.entries()]
    assert [one.key for one in queries.read(Order.RECORDED)] == in_order
    assert EntryRow.objects.filter(sealed=False).count() == 0
    assert len(in_order) == 2 + done["gift"] + done["grant"] + done["payout"] + reversals() + 6 * done["batch"]


def reversals() -> int:
    return EntryRow.objects.filter(kind=EntryKind.REVERSAL).count()


def test_one_key_asked_for_by_eight_at_once_is_one_entry() -> None:
    found = at_once(8, lambda _number: actions.record(gift("same", 500)))
    assert len({one.id for one in found}) == 1
    assert sum(not one.again for one in found) == 1
    assert queries.account_balance("bank", "city") == 500
    assert list(queries.verify_books()) == []


def test_one_key_in_batches_of_many_at_once_is_one_entry_and_no_batch_is_lost() -> None:
    def work(number: int) -> list[actions.Recorded]:
        made = [gift(f"own:{number}", 7), gift("same", 500), gift(f"own:{number}:2", 7)]
        return actions.record_all(made if number % 2 else made[::-1])

    found = at_once(8, work)
    assert [len(one) for one in found] == [3] * 8
    assert EntryRow.objects.count() == 17
    assert queries.account_balance("bank", "city") == 500 + 16 * 7
    assert list(queries.verify_books()) == []


def test_one_key_with_eight_bodies_at_once_is_one_entry_and_seven_refusals() -> None:
    found = at_once(8, lambda number: actions.record(gift("same", 500 + number)))
    assert sum(isinstance(one, actions.KeyTaken) for one in found) == 7
    assert EntryRow.objects.count() == 1


def test_the_last_money_is_spent_once() -> None:
    actions.record(gift("first", 1_000))
    found = at_once(clients(), lambda number: actions.record(granted(f"grant:{number}", 400)))
    assert sum(isinstance(one, actions.Recorded) for one in found) == 2
    assert {type(one) for one in found} == {actions.Recorded, actions.NotRecorded}
    assert queries.owned() == {("city", "EUR"): 200}


def test_what_is_promised_to_many_at_once_is_there() -> None:
    actions.record(gift("first", 1_000))

    def take(number: int) -> object:
        if number % 2:
            return actions.record(granted(f"grant:{number}", 300))
        return actions.reserve(f"round:{number}", "city", 300, "EUR", NOW)

    found = at_once(clients(), take)
    assert sum(not isinstance(one, Exception) for one in found) == 3
    assert {type(one) for one in found if isinstance(one, Exception)} == {actions.NotRecorded}
    assert list(queries.verify_books()) == []


def test_a_gift_is_not_taken_back_more_than_once() -> None:
    first = gift("first", 1_000)
    actions.record_all([first, gift("second", 10_000)])

    def undo(number: int) -> object:
        return actions.record(
            entry(f"back:{number}", EntryKind.REVERSAL, "income", "bank", "city", 400, reverses=first.id)
        )

    found = at_once(clients(), undo)
    assert sum(isinstance(one, actions.Recorded) for one in found) == 2
    assert list(queries.verify_books()) == []


def test_nothing_comes_into_a_period_while_it_is_closed() -> None:
    period = queries.open_period(DAY)
    assert period is not None
    closed, names = list[int](), list[str]()

    def give(number: int) -> int:
        """How many were recorded before the period was closed."""
        if number == 0:
            actions.close_period(period, NOW)
            closed.append(EntryRow.objects.filter(sealed=True).count())
            return 0
        for step in range(30):
            try:
                actions.record(gift(f"gift:{number}:{step}", 5))
            except actions.NotRecorded as error:
                names.extend(problem.invariant for problem in error.problems)
                return step
        return 30

    found = at_once(clients(), give)
    assert EntryRow.objects.filter(sealed=True).count() == sum(found) == closed[0]
    assert set(names) <= {"open-period"}
    assert Period.objects.exclude(closed_at=None).count() == 1


def test_two_batches_that_wait_for_each_other_are_both_recorded() -> None:
    actions.record_all([gift("first", 10_000), gift("second", 10_000, "open")])

    def share(number: int) -> list[Any]:
        places = [(commons, fund) for commons in COMMONS for fund in FUNDS][:: 1 if number % 2 else -1]
        return actions.record_all([granted(f"{number}:{name}:{fund}", 3, name, fund) for name, fund in places])

    found = at_once(clients(), share)
    assert [len(one) for one in found] == [6] * clients()
    assert list(queries.verify_books()) == []


def test_who_looks_at_old_books_does_not_record() -> None:
    """A transaction that does not see what others have done since could overlook a closing or a reversal."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(actions.NotRecorded) as refused:
            actions.record(gift("first", 5))
    assert {problem.invariant for problem in refused.value.problems} == {"sealing"}


def test_a_posting_does_not_slip_into_an_entry_while_it_is_sealed() -> None:
    """One seals, another adds to the same entry by bare statements: whoever is second is refused, or was counted."""
    actions.record(gift("first", 1_000))
    row = EntryRow.objects.create(key="x", kind="pay-in", effective_on=DAY, recorded_at=NOW, body_sha256="0" * 64)
    lines = list(Posting.objects.values("position", "account_id", "fund_id", "minor", "currency"))
    Posting.objects.bulk_create(Posting(entry=row, **line) for line in lines)

    def act(number: int) -> object:
        with transaction.atomic(), connection.cursor() as cursor:
            if number:
                return Posting.objects.create(entry_id=row.pk, **{**lines[0], "position": 1 + number})
            order = ", sequence = id" if connection.vendor == "sqlite" else ""
            return cursor.execute(f"UPDATE foundation_entry SET sealed = true{order} WHERE id = %s", [row.pk])  # noqa: S608

    at_once(4, act)
    there = EntryRow.objects.get(pk=row.pk)
    assert there.sealed == (there.postings.count() == 2)
