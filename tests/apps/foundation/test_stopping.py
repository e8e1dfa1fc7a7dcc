"""No more of a gift that repeats: who gives says so, the provider is asked until it takes no more, and is looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from communs.apps.foundation.actions import asking, gifts, stopping
from communs.apps.foundation.models import Gift, Giver, Stop
from communs.apps.foundation.payment_clients import forget_clients
from communs.apps.foundation.queries.gate import Refused
from communs.kit.records.actions import Impossible
from communs.testing import money_in as house
from communs.testing import money_out
from communs.testing.payments import CONTRACT, KEY, Simulation, simulating

pytestmark = pytest.mark.django_db
HERE = asking.Addresses("https://communs.example.org/", "https://communs.example.org/", "https://communs.example.org/")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Simulation]]:
    books = tmp_path_factory.mktemp("books")
    with simulating("stripe", books / "stripe.sqlite3", KEY) as stripe:
        if not CONTRACT.is_file():
            yield {"stripe": stripe}
            return
        with simulating("helloasso", books / "helloasso.sqlite3", CONTRACT, KEY) as helloasso:
            yield {"stripe": stripe, "helloasso": helloasso}


@pytest.fixture(params=["stripe", "helloasso"])
def theirs(running: dict[str, Simulation], settings: Any, request: pytest.FixtureRequest) -> Iterator[Simulation]:
    """Each provider with empty books, connected to a site that has funds; afterwards it judges what it was asked."""
    if request.param not in running:
        pytest.skip(f"no contract of HelloAsso in {CONTRACT.parent}: name the corpora's folder in COMMUNS_CORPORA")
    provider: Simulation = running[request.param]
    provider.admin("reset")
    forget_clients()
    how: Callable[[Simulation], Any] = getattr(house, f"{request.param}_settings")
    settings.PAYMENT_PROVIDERS, settings.ALLOW_PRIVATE_ADDRESSES = how(provider), True
    house.funds()
    yield provider
    forget_clients()
    assert provider.admin("judge")["violations"] == []


def way(settings: Any) -> str:
    return "stripe" if settings.PAYMENT_PROVIDERS.stripe is not None else "helloasso"


@pytest.fixture
def monthly(theirs: Simulation, settings: Any) -> Gift:
    """A gift that repeats every month, of which the first payment has come."""
    provider = way(settings)
    made = house.gift(5_000, way=provider, every="month", times=None if provider == "stripe" else 12)
    begun = asking.begin(made, HERE, theirs.now())
    theirs.admin("pay", url=begun.begun_url)
    house.deliver(theirs, provider)
    assert money(begun) == 1
    return begun


def money(gift: Gift) -> int:
    """How many payments of a gift have come."""
    return gift.pay_ins.filter(state__in=("settled", "paid-out-to-bank")).count()


def take_next(theirs: Simulation, gift: Gift) -> bool:
    """The provider means to take the next payment; whether it did."""
    if gift.way == "stripe":
        return bool(theirs.admin("renew", url=gift.begun_url))
    coming = gift.pay_ins.exclude(state="settled").order_by("pk").first()
    assert coming is not None
    return bool(theirs.admin("step", payment=int(coming.object_id), state="Authorized", money="Transfered"))


def ask(theirs: Simulation) -> int:
    """What the worker does, some time after whatever was said."""
    theirs.admin("clock", minutes=2)
    return stopping.ask_to_stop(theirs.now())


def changes(theirs: Simulation) -> list[int]:
    return theirs.calls("DELETE", "/subscriptions/") + theirs.calls("POST", "/cancel")


def fault(theirs: Simulation, gift: Gift, what: str, **more: Any) -> None:
    verb = ("DELETE", "/subscriptions/") if gift.way == "stripe" else ("POST", "/cancel")
    theirs.admin("faults", what=what, method=verb[0], path=verb[1], **more)


def seen(client: Client, gift: Gift, language: str = "en") -> str:
    return " ".join(client.get(f"/{language}/foundation/gift/{gift.token}/").content.decode().split())


def test_a_gift_goes_on_by_itself_until_who_gives_says_no_more(
    theirs: Simulation, monthly: Gift, client: Client
) -> None:
    page = seen(client, monthly)
    assert "It ends" in page
    assert "This has been paid" not in page
    client.post(f"/en/foundation/gift/{monthly.token}/stop/")
    assert "to stop</h2>" in seen(client, monthly)
    assert ask(theirs) == 1
    assert ask(theirs) == 0
    page = seen(client, monthly)
    assert "takes no more</h2><p>It said so on" in page
    assert "I will give no more" not in page
    assert "Pay €50" not in page
    assert not take_next(theirs, monthly)
    assert changes(theirs) == [200]
    house.sound()


def test_a_payment_that_comes_nevertheless_is_heard_of_as_any(theirs: Simulation, monthly: Gift) -> None:
    assert take_next(theirs, monthly)
    stopping.stop(monthly, theirs.now())
    ask(theirs)
    house.deliver(theirs, monthly.way)
    assert money(monthly) == 2
    assert Stop.objects.get().state == "stopped"
    house.sound()


@pytest.mark.parametrize("what", ["lose-answer", "lose-request", "status"])
def test_a_provider_that_does_not_answer_is_asked_again_and_then_looked_up(
    theirs: Simulation, monthly: Gift, client: Client, what: str
) -> None:
    fault(theirs, monthly, what, times=4, status=429)
    stopping.stop(monthly, theirs.now())
    assert ask(theirs) == 0
    assert "It has not answered yet" in seen(client, monthly)
    row = Stop.objects.get()
    assert (row.state, row.tries) == ("asked", 1)
    assert row.problem
    for _time in range(4):
        stopping.ask_to_stop(Stop.objects.get().next_at)
    assert Stop.objects.get().state == "stopped"
    assert not take_next(theirs, monthly)


def test_a_provider_that_refuses_is_told_of_and_asked_once_more_by_the_treasurer(
    theirs: Simulation, monthly: Gift, client: Client
) -> None:
    cast = money_out.people()
    fault(theirs, monthly, "status", status=403)
    stopping.stop(monthly, theirs.now())
    assert ask(theirs) == 1
    page = seen(client, monthly)
    assert "has not stopped</h2>" in page
    assert "ask your bank to refuse" in page
    assert ask(theirs) == 0
    client.force_login(cast["Tom"])
    assert "Not stopped yet" in client.get("/en/foundation/gifts/").content.decode()
    at = f"/en/foundation/gifts/{monthly.public_id}/"
    assert "refuses to stop" in client.get(at).content.decode()
    client.post(f"{at}stop/")
    assert ask(theirs) == 1
    assert "takes no more" in client.get(at).content.decode()
    assert not take_next(theirs, monthly)
    with pytest.raises(Refused):
        stopping.stop_for(cast["Admin"], monthly.public_id, theirs.now())


def test_where_nobody_has_paid_nothing_repeats_and_who_pays_later_is_stopped_then(
    theirs: Simulation, settings: Any, client: Client
) -> None:
    made = house.gift(5_000, way=way(settings), every="month", times=None if way(settings) == "stripe" else 12)
    begun = asking.begin(made, HERE, theirs.now())
    stopping.stop(begun, theirs.now())
    assert ask(theirs) == 1
    assert "so nothing repeats" in seen(client, begun)
    begun.refresh_from_db()
    Gift.objects.filter(pk=begun.pk).update(begun_url="")
    with pytest.raises(Impossible):
        asking.begin(Gift.objects.get(pk=begun.pk), HERE, theirs.now())
    if not theirs.admin("pay", url=begun.begun_url):
        return  # Stripe has closed its page
    house.deliver(theirs, begun.way)
    assert ask(theirs) == 1
    assert Stop.objects.get().state == "stopped"
    assert changes(theirs) == [200]


def test_a_page_that_ended_unpaid_gives_way_to_another_one(theirs: Simulation, settings: Any, client: Client) -> None:
    if way(settings) == "helloasso":
        return  # its pages have no end that it tells
    first = asking.begin(house.gift(5_000, way="stripe"), HERE, theirs.now())
    old = first.begun_url
    theirs.admin("expire", url=old)
    theirs.admin("clock", hours=25)
    again = asking.begin(first, HERE, theirs.now())
    assert again.begun_url != old
    assert asking.begin(again, HERE, theirs.now()).begun_url == again.begun_url
    theirs.admin("pay", url=again.begun_url)
    house.deliver(theirs, "stripe")
    assert money(again) == 1
    assert theirs.admin("judge")["paid_per_intent"] == {str(again.public_id): 1}


def test_who_is_forgotten_gives_no_more(theirs: Simulation, monthly: Gift, client: Client) -> None:
    assert "asked to stop" in client.get(f"/en/foundation/gift/{monthly.token}/forget/").content.decode()
    client.post(f"/en/foundation/gift/{monthly.token}/forget/")
    assert Giver.objects.get().email == ""
    ask(theirs)
    assert not take_next(theirs, monthly)


def test_only_what_repeats_by_a_provider_is_asked_to_stop() -> None:
    house.funds()
    once, standing = house.gift(), house.gift(every="month", giver=gifts.GiverSaid("fr", "ada@example.org"))
    for one in (once, standing):
        stopping.stop(one, house.NOW)
    assert Stop.objects.count() == 0
    assert gifts.remind(house.NOW + timedelta(days=60)) == 0


def test_what_was_stopped_stays_so_whatever_raw_sql_says() -> None:
    house.funds()
    made = house.gift()
    stopping.stop(made, house.NOW)
    Stop.objects.create(gift=made, state="stopped", asked_at=house.NOW, told_at=house.NOW, next_at=house.NOW)
    for wrong in (
        "UPDATE foundation_gift SET stopped_at = NULL",
        "UPDATE foundation_stop SET state = 'asked', told_at = NULL",
        "UPDATE foundation_stop SET gift_id = gift_id + 1",
        "DELETE FROM foundation_stop",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(wrong)
    assert Stop.objects.get().state == "stopped"
