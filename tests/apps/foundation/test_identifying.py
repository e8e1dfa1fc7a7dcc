"""Payments on a provider's own pages: put aside, suggested, said by a person, and posted where they belong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from communs.apps.foundation import naming
from communs.apps.foundation.actions import asking, back, gifts, identifying, reconciling
from communs.apps.foundation.actions import bank as bank_actions
from communs.apps.foundation.models import BankLine, Gift, Payer, PayIn, Receipt, Settlement
from communs.apps.foundation.payment_clients import clients, forget_clients
from communs.apps.foundation.queries import pay_ins as queries
from communs.apps.foundation.queries.books import balances, reserved
from communs.core.providers import Refunding
from communs.kit.gates import NotThere, Refused
from communs.kit.records.actions import Impossible
from communs.testing import money_in as house
from communs.testing import money_out
from communs.testing.money_in import NOW, balance
from communs.testing.payments import CONTRACT, KEY, Simulation, simulating

pytestmark = pytest.mark.django_db
INCOME, ASIDE, FEES = naming.income("EUR").id, naming.unidentified("EUR").id, naming.fees("EUR").id
HELD, WAY, BANK = naming.clearing("helloasso", "EUR").id, "clearing-on-its-way-eur", naming.bank("EUR").id
STARTS_WITH = 1_000
PAGES = "/en/foundation/payments/"
STRIPE = naming.clearing("stripe", "EUR").id
LOST = house.dispute("d1", 5_000, "lost")
TWICE = (house.refund("r1", 1_200), house.refund("r2", 1_200))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    if not CONTRACT.is_file():
        pytest.skip(f"no contract of HelloAsso in {CONTRACT.parent}: name the corpora's folder in COMMUNS_CORPORA")
    with simulating("helloasso", tmp_path_factory.mktemp("books") / "helloasso.sqlite3", CONTRACT, KEY) as simulation:
        yield simulation


@pytest.fixture
def theirs(running: Simulation, settings: Any) -> Iterator[Simulation]:
    running.admin("reset")
    forget_clients()
    settings.PAYMENT_PROVIDERS = house.helloasso_settings(running)
    settings.ALLOW_PRIVATE_ADDRESSES = True
    yield running
    forget_clients()


@pytest.fixture(scope="module")
def running_stripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    with simulating("stripe", tmp_path_factory.mktemp("books") / "stripe.sqlite3", KEY) as simulation:
        yield simulation


@pytest.fixture
def stripe(running_stripe: Simulation, settings: Any) -> Iterator[Simulation]:
    running_stripe.admin("reset")
    forget_clients()
    settings.PAYMENT_PROVIDERS = house.stripe_settings(running_stripe)
    settings.ALLOW_PRIVATE_ADDRESSES = True
    yield running_stripe
    forget_clients()


@pytest.fixture
def cast() -> dict[str, Any]:
    """People with offices, two funds, an account at the bank whose fund has what nobody claims."""
    house.funds()
    people = money_out.people()
    wanted = bank_actions.AccountWanted("open", "Fondation", money_out.OURS, "Paris", "FR")
    bank_actions.add_account(people["Tom"], wanted, NOW)
    house.paid(STARTS_WITH)  # the fund that has what nobody claims bears its fees
    return people


def given(theirs: Simulation, minor: int = 5_000, email: str = "ada@example.org", **how: Any) -> PayIn:
    """Somebody pays on a form of HelloAsso's own, and we hear of it."""
    number = theirs.admin("give", minor=minor, email=email, **how)["payments"][0]
    house.deliver(theirs, "helloasso")
    return PayIn.objects.get(object_id=str(number))


def stray(number: str = "p1", minor: int = 5_000, **more: Any) -> PayIn:
    """A payment at Stripe that no gift of ours began, with a fee."""
    made: PayIn = house.from_elsewhere(number, minor, **{"fee": 100, **more})
    return made


def standing(*accounts: str) -> list[tuple[int, int]]:
    """What has come on accounts since the beginning, in the open fund and in that of the city."""
    there = {BANK: STARTS_WITH, INCOME: -STARTS_WITH}
    return [(balance(one, "open") - there.get(one, 0), balance(one, "city")) for one in accounts]


def standing_everywhere() -> dict[tuple[str, str], int]:
    """What stands on every account, by fund."""
    return {place: minor for place, minor in balances().items() if minor}


def test_it_is_put_aside_and_made_a_gift_of(cast: dict[str, Any], theirs: Simulation) -> None:
    pay_in = given(theirs)
    assert (pay_in.form, pay_in.payer.email, pay_in.payer.name) == (
        "Donation/libre", "ada@example.org", "Ada Durand",
    )  # fmt: skip
    assert standing(ASIDE, HELD) == [(-5_000, 0), (5_000, 0)]
    identifying.make_gift(cast["Tom"], pay_in.pk, identifying.GiftWanted("city"), theirs.now())
    again = identifying.make_gift(cast["Tom"], pay_in.pk, identifying.GiftWanted("city"), theirs.now())
    assert standing(ASIDE, HELD, INCOME) == [(0, 0), (0, 5_000), (0, -5_000)]
    assert again.gift is not None
    assert (again.gift.fund.slug, again.gift.giver.email, Gift.objects.count()) == ("city", "ada@example.org", 2)
    assert not Payer.objects.exists()
    house.deliver(theirs, "helloasso")
    house.sound()


@pytest.mark.parametrize("when", ["before", "on-its-way", "at-the-bank"])
def test_whenever_it_is_identified_the_money_is_with_its_fund(
    cast: dict[str, Any], theirs: Simulation, tmp_path: Any, when: str
) -> None:
    pay_in, other = given(theirs, 5_000), given(theirs, 700)

    def say() -> None:
        identifying.make_gift(cast["Tom"], pay_in.pk, identifying.GiftWanted("city"), theirs.now())

    if when == "before":
        say()
    number = str(theirs.admin("cash-out")["cash_out"])
    house.deliver(theirs, "helloasso")
    if when == "on-its-way":
        say()
        assert standing(WAY, HELD) == [(700, 5_000), (0, 0)]
    bank = money_out.Bank(tmp_path)
    bank.ask("deposit", "5700", day="2026-03-04", name="HelloAsso", ref=number)
    bank_actions.receive(cast["Tom"], "file.xml", bank.statement(), NOW)
    line = BankLine.objects.get()
    assert reconciling.reconcile(line.bank_account, NOW).decided == 1
    assert line.decisions.get().what == "settlement"
    if when == "at-the-bank":
        say()
    assert standing(BANK, WAY, HELD, ASIDE, INCOME) == [(700, 5_000), (0, 0), (0, 0), (-700, 0), (0, -5_000)]
    assert other.gift is None
    house.sound()


def test_a_fee_goes_with_its_gift(cast: dict[str, Any]) -> None:
    pay_in = stray()
    assert standing(FEES, STRIPE) == [(100, 0), (4_900, 0)]
    identifying.make_gift(cast["Tom"], pay_in.pk, identifying.GiftWanted("city", "membership"), NOW)
    assert standing(FEES, STRIPE, INCOME) == [(0, 100), (0, 4_900), (0, -5_000)]
    stray(fee=100)
    assert standing(FEES) == [(0, 100)]
    house.sound()


def test_it_is_attached_to_a_gift_that_was_meant(cast: dict[str, Any], settings: Any) -> None:
    settings.FOUNDATION = house.IDENTITY
    meant = house.gift(5_000, "city", way="transfer", tip_minor=500, giver=house.ADA)
    pay_in = stray(minor=5_500)
    with pytest.raises(Impossible):
        identifying.attach(cast["Tom"], pay_in.pk, "RF00", NOW)
    identifying.attach(cast["Tom"], pay_in.pk, meant.reference, NOW)
    identifying.attach(cast["Tom"], pay_in.pk, meant.reference, NOW)
    assert balance(INCOME, "city") == -5_000
    assert balance(INCOME, "platform") == -500
    assert Receipt.objects.get().minor == 5_500
    with pytest.raises(Impossible):
        identifying.attach(cast["Tom"], pay_in.pk, house.gift(5_500).reference, NOW)
    house.sound()


def test_what_was_identified_goes_back_out_of_its_own_fund(cast: dict[str, Any]) -> None:
    pay_in = stray(fee=0)
    identifying.make_gift(cast["Tom"], pay_in.pk, identifying.GiftWanted("city"), NOW)
    stray(fee=0, refunds=(house.refund("r1", 1_200),))
    stray(fee=0, refunds=(house.refund("r1", 1_200), house.refund("r2", 3_800)))
    assert standing(ASIDE, INCOME, STRIPE) == [(0, 0), (0, 0), (0, 0)]
    house.sound()


def test_what_goes_back_wholly_is_not_identified(cast: dict[str, Any]) -> None:
    pay_in = stray()
    back.propose(cast["Tom"], uuid4(), pay_in.pk, 5_000, "please", NOW)
    with pytest.raises(Impossible, match="goes back"):
        identifying.make_gift(cast["Tom"], pay_in.pk, identifying.GiftWanted("open"), NOW)
    gone, lost = stray("p2", refunds=(house.refund("r1", 5_000),)), stray("p3", disputes=(LOST,))
    for one in (gone, lost):
        with pytest.raises(Impossible, match="nothing is left"):
            identifying.make_gift(cast["Tom"], one.pk, identifying.GiftWanted("open"), NOW)
        assert not Payer.objects.filter(pay_in=one).exists()
    assert {one.pk for one in queries.outside(queries.Asked("back"))} == {gone.pk, lost.pk}
    assert [one.pk for one in queries.outside()] == [pay_in.pk]


GOING: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "two refunds of the same amount": ({"refunds": TWICE}, {}),
    "a refund that succeeds afterwards": (
        {"refunds": (house.refund("r1", 1_200, "submitted"),)}, {"refunds": (house.refund("r1", 1_200),)},
    ),
    "a refund that fails afterwards": (
        {"refunds": (house.refund("r1", 1_200, "submitted"),)}, {"refunds": (house.refund("r1", 1_200, "failed"),)},
    ),
    "a refund, and all the rest afterwards": (
        {"refunds": TWICE[:1]}, {"refunds": (*TWICE[:1], house.refund("r3", 3_800))},
    ),
    "a dispute that is lost in part": ({"disputes": (house.dispute("d1", 900, "lost"),)}, {}),
    "a dispute that is lost afterwards": ({"disputes": (house.dispute("d1", 5_000),)}, {"disputes": (LOST,)}),
    "a dispute that is won afterwards": (
        {"disputes": (house.dispute("d1", 5_000),)}, {"disputes": (house.dispute("d1", 5_000, "won"),)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("tip", [0, 500])
@pytest.mark.parametrize("name", GOING)
def test_what_is_left_is_identified_and_ends_as_if_it_had_been_before(
    cast: dict[str, Any], name: str, tip: int
) -> None:
    before, after = GOING[name]
    house.paid(6_000, "line-2", fund="city")  # so that a loss of fees is the fund's own

    def end(identify_first: bool) -> object:
        meant = house.gift(5_000 - tip, "city", UUID(int=7), tip_minor=tip)
        pay_in = stray(fee=60)
        if identify_first:
            identifying.attach(cast["Tom"], pay_in.pk, meant.reference, NOW)
        stray(fee=60, **before)
        identifying.attach(cast["Tom"], pay_in.pk, meant.reference, NOW)
        assert balance(ASIDE) == 0
        stray(fee=60, **{**before, **after})
        house.sound()
        return standing_everywhere(), reserved()

    ends = []
    for identify_first in (True, False):
        with transaction.atomic():
            ends.append(end(identify_first))
            transaction.set_rollback(True)
    assert ends[0] == ends[1]


ACTS = ("pay-out", "refund", "arrive", "pay-out", "dispute", "pay-out", "won", "refund", "pay-out")


def test_whenever_it_is_identified_the_cash_follows_with_all_that_went_back(
    cast: dict[str, Any], stripe: Simulation, tmp_path: Any
) -> None:
    meant = house.gift(5_000, "city", UUID(int=7))
    ends = []
    for identified_after in range(len(ACTS) + 1):
        stripe.admin("reset")
        forget_clients()
        with transaction.atomic():
            ends.append(_play_and_identify(cast, stripe, meant, identified_after, tmp_path / str(identified_after)))
            transaction.set_rollback(True)
    assert ends == [ends[0]] * len(ends)
    # The dispute cost 15 euros and the other payments 1.40 in fees; the general fund had 10 in all.
    assert ends[0][(naming.uncovered("EUR").id, "open")] == 640
    assert ends[0][(INCOME, "city")] == -2_600


def _play_and_identify(
    cast: dict[str, Any], stripe: Simulation, meant: Gift, identified_after: int, folder: Any
) -> dict[tuple[str, str], int]:
    """What happens to a payment at Stripe, identified after so many acts of it: what stands in the end."""
    payment = str(stripe.admin("give", minor=5_000))
    house.deliver(stripe, "stripe")
    for number, act in enumerate((*ACTS, "")):
        if number == identified_after:
            identifying.attach(cast["Tom"], PayIn.objects.get(object_id=payment).pk, meant.reference, stripe.now())
        match act:
            case "pay-out":
                stripe.admin("give", minor=700)  # a payout is heard of by the payments that go with it
                stripe.admin("pay-out")
            case "refund":
                clients()["stripe"].refund(Refunding(UUID(int=number), payment, 1_200, "EUR"))
                stripe.admin("refund-done", payment=payment)
            case "dispute":
                stripe.admin("dispute", payment=payment)
            case "won":
                stripe.admin("dispute-end", payment=payment, status="won")
            case "arrive":
                arrived(cast, Settlement.objects.get(), folder, stripe.now())
        house.deliver(stripe, "stripe")
        house.sound()
    return standing_everywhere()


def arrived(cast: dict[str, Any], row: Settlement, folder: Any, now: datetime) -> None:
    """The payout of a provider stands on a statement of the bank."""
    folder.mkdir()
    bank = money_out.Bank(folder)
    bank.ask("deposit", str(row.minor), day="2026-03-04", name="Provider", ref=row.object_id)
    bank_actions.receive(cast["Tom"], "file.xml", bank.statement(), now)
    line = BankLine.objects.get()
    assert reconciling.reconcile(line.bank_account, NOW).decided == 1
    assert line.decisions.get().what == "settlement"


def test_what_goes_back_later_is_held_of_the_fund_it_was_identified_for(cast: dict[str, Any]) -> None:
    pay_in = stray(fee=0, disputes=(house.dispute("d1", 2_000),))
    key = uuid4()
    back.propose(cast["Tom"], key, pay_in.pk, 1_000, "please", NOW)
    back.approve(cast["Bea"], key, NOW)
    identifying.make_gift(cast["Tom"], pay_in.pk, identifying.GiftWanted("city"), NOW)
    assert reserved() == {("city", "EUR"): 3_000}
    stray(fee=0, refunds=(house.refund("r1", 1_000, intent=key),), disputes=(house.dispute("d1", 2_000, "lost"),))
    assert (reserved(), balance(INCOME, "city")) == ({}, -2_000)
    house.sound()


def test_only_who_keeps_the_books_says_so(cast: dict[str, Any]) -> None:
    pay_in = stray()
    for name in ("Nobody", "Bea", "Admin"):
        with pytest.raises(Refused):
            identifying.make_gift(cast[name], pay_in.pk, identifying.GiftWanted("open"), NOW)
    assert Gift.objects.count() == 1


def test_gifts_are_suggested_with_reasons_and_never_guessed(cast: dict[str, Any]) -> None:
    alike = house.gift(5_000, "city", giver=gifts.GiverSaid("fr", "ADA@example.org", name="Durand"))
    by_amount = house.gift(5_000)
    named = house.gift(5_000, giver=gifts.GiverSaid("fr", name="Durand"))
    house.gift(4_999, giver=gifts.GiverSaid("fr", name="Durand"))
    pay_in = stray()
    found = {one.gift: one.reasons for one in queries.suggest(pay_in)}
    assert found == {alike: ("email", "amount", "name"), named: ("amount", "name")}
    assert by_amount not in found
    assert pay_in.gift is None


def test_a_form_says_which_fund_its_payments_were_for(cast: dict[str, Any]) -> None:
    for number in ("a", "b"):
        one = stray(number, form="Event/fete")
        identifying.make_gift(cast["Tom"], one.pk, identifying.GiftWanted("city"), NOW)
    one = stray("c", form="Event/fete")
    usual = queries.usual_fund("stripe", "Event/fete")
    assert usual is not None
    assert (usual.fund.slug, usual.count) == ("city", 2)
    assert queries.usual_fund("stripe", "") is None
    assert queries.places() == [("stripe", "Event/fete", 1)]
    meant = house.gift(5_000, "city")
    assert queries.suggest(one)[0].reasons == ("amount", "form")
    assert meant.pay_ins.count() == 0


def test_nothing_is_written_where_the_books_refuse(cast: dict[str, Any]) -> None:
    pay_in = stray()
    before = house.trial()
    with pytest.raises(NotThere):
        identifying.make_gift(cast["Tom"], pay_in.pk, identifying.GiftWanted("nowhere"), NOW)
    pay_in.refresh_from_db()
    assert (pay_in.gift, house.trial(), Settlement.objects.count()) == (None, before, 0)


def test_raw_sql_gives_no_payment_to_another_gift(cast: dict[str, Any]) -> None:
    pay_in = stray()
    identifying.make_gift(cast["Tom"], pay_in.pk, identifying.GiftWanted("open"), NOW)
    other = house.gift()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_payin SET gift_id = %s", [other.pk])


def test_who_paid_is_erased_on_request(cast: dict[str, Any]) -> None:
    pay_in = stray()
    identifying.forget_payer(cast["Tom"], pay_in.pk)
    assert not Payer.objects.exists()
    assert asking.ask_providers(NOW) == 0


def as_one(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("path", ["", "export/csv", "export/json", "{number}/"])
def test_pages_are_for_offices(cast: dict[str, Any], path: str) -> None:
    at = PAGES + path.format(number=stray().pk)
    assert Client().get(at).status_code == 302
    assert as_one(cast["Nobody"]).get(at).status_code == 403
    assert as_one(cast["Bea"]).get(at).status_code == 200


def test_many_are_made_gifts_together_with_a_result_each(cast: dict[str, Any]) -> None:
    made = [stray(number, form="Event/fete", minor=1_000 + i) for i, number in enumerate("abc")]
    tom = as_one(cast["Tom"])
    page = text(tom.get(PAGES))
    assert "Of all 3 on this page" in page
    assert "Ada Durand · ada@example.org" in page
    assert "Nothing is ticked" in text(tom.post(PAGES, {"fund": "city", "kind": "donation"}))
    back.propose(cast["Tom"], uuid4(), made[1].pk, made[1].minor, "please", NOW)
    wish = {"fund": "city", "kind": "event", "pick": [one.pk for one in made]}
    done = text(tom.post(PAGES, wish))
    assert "2 of 3 are done." in done
    assert "goes back" in done
    assert balance(INCOME, "city") == -2_002
    assert text(tom.get(f"{PAGES}?standing=identified")).count("tag yes") == 2
    assert '<option value="city" selected>' in text(tom.get(f"{PAGES}?place=stripe+Event/fete"))
    house.sound()


def test_one_is_looked_at_and_said(cast: dict[str, Any]) -> None:
    meant = house.gift(5_000, "city", giver=gifts.GiverSaid("fr", "ada@example.org", name="Durand"))
    pay_in, tom = stray(), as_one(cast["Tom"])
    at = f"{PAGES}{pay_in.pk}/?amount=50"
    page = text(tom.get(at))
    assert "because of: the same e-mail address, the same amount, the same name" in page
    assert "Give it back, or a part" in page
    assert "There is no gift with this reference" in tom.post(at, {"do": "attach", "reference": "x"}).content.decode()
    assert as_one(cast["Bea"]).post(at, {"do": "attach", "reference": meant.reference}).status_code == 200
    assert tom.post(at, {"do": "attach", "reference": meant.reference}).headers["Location"] == f"{PAGES}?amount=50"
    page = text(tom.get(at))
    assert meant.reference in page
    assert "Attach it" not in page
    assert "Nothing waits" in text(tom.get(PAGES))


def test_filters_find_a_payment_and_the_exports_name_nobody(cast: dict[str, Any]) -> None:
    stray("a", form="Event/fete")
    stray("b", minor=700, payer_name="Bo")
    tom = as_one(cast["Tom"])
    for query, number in (
        ("q=bo", 1), ("q=durand", 1), ("amount=7", 1), ("place=stripe+Event/fete", 1), ("from=2026-03-02", 0),
        ("standing=all", 2), ("standing=nonsense&amount=x&from=y", 2), ("q=ada@", 2),
    ):  # fmt: skip
        assert text(tom.get(f"{PAGES}?{query}")).count("tag ask") == number, query
    for kind in ("csv", "json"):
        export = b"".join(tom.get(f"{PAGES}export/{kind}").streaming_content).decode()  # type: ignore[attr-defined]
        assert "Event/fete" in export
        assert "Ada" not in export
        assert "ada@" not in export


def test_the_list_of_gifts_and_the_start_page_lead_there(cast: dict[str, Any]) -> None:
    stray()
    tom = as_one(cast["Tom"])
    assert "1 payment from elsewhere is to be identified" in text(tom.get("/en/foundation/gifts/"))
    assert "1 payment to be identified" in text(tom.get("/en/foundation/keep/"))


def test_who_paid_is_erased_on_the_page(cast: dict[str, Any]) -> None:
    pay_in, tom = stray(), as_one(cast["Tom"])
    tom.post(f"{PAGES}{pay_in.pk}/", {"do": "forget"})
    assert "Ada" not in text(tom.get(f"{PAGES}{pay_in.pk}/"))
