"""A foundation that takes gifts, by transfer and by providers that are played: for the tests of money in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from communs.apps.foundation import naming
from communs.apps.foundation.actions import bearing, books, gifts, hearing, inbox, settling
from communs.apps.foundation.actions.agreements import AgreementWanted
from communs.apps.foundation.identity import Identity
from communs.apps.foundation.queries import books as queries
from communs.core.ledger import Fund, Nature, Order, trial_balance, trial_text
from communs.core.providers import DisputeNews, PayInNews, RefundNews
from communs.core.providers.settings import HelloAssoSettings, ProviderSettings, StripeSettings
from communs.core.receipts import Address, Article, Body, Category, Signature
from communs.testing.payments import KEY, Simulation

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
OUR_BANK = naming.bank("EUR").id
BODY = Body(
    "Fondation des communs", Address("1 rue des Communs", "75011", "Paris"), "Funding digital commons",
    Category.GENERAL_INTEREST, frozenset({Article.INCOME, Article.COMPANIES}), siren="732829320",
)  # fmt: skip
IDENTITY = Identity("Fondation des communs", is_real=True, body=BODY, signature=Signature("Ada Treasurer", "Treasurer"))
ADA = gifts.GiverSaid(
    "fr", "ada@example.org", wants_receipt=True, given_names="Ada", name="Durand", street="2 rue Haute",
    postcode="69001", town="Lyon",
)  # fmt: skip


def funds() -> None:
    """An open fund, a fund of a city, and the year."""
    books.open_period(date(2026, 1, 1), date(2026, 12, 31))
    books.open_fund(Fund("open", Nature.UNRESTRICTED, "Open"), now=NOW)
    books.open_fund(Fund("city", Nature.RESTRICTED, "City", convention="2026-17"), now=NOW)


def gift(minor: int = 5_000, fund: str = "open", key: UUID | None = None, **more: Any) -> Any:
    """A gift as somebody means it."""
    return gifts.give(key or uuid4(), gifts.Wanted(fund, minor, **more), NOW)


def paid(minor: int, key: str = "line-1", on: date = DAY, **more: Any) -> Any:
    """A gift by transfer whose money has come."""
    made = gift(minor, **more)
    assert gifts.received_by_transfer(made.reference, minor, "EUR", on, key, NOW)  # noqa: S101 - for tests
    return made


def helloasso_settings(simulation: Simulation) -> ProviderSettings:
    """A site that is connected to the simulated HelloAsso."""
    made = HelloAssoSettings(
        "association-pour-les-communs", "client-of-the-test", "secret-of-the-test", KEY, simulation.url
    )
    return ProviderSettings(made, None, frozenset({"127.0.0.1"}))


def stripe_settings(simulation: Simulation) -> ProviderSettings:
    """A site that is connected to the simulated Stripe."""
    return ProviderSettings(None, StripeSettings("sk_of_the_test", KEY, simulation.url), frozenset({"127.0.0.1"}))


def news(made: Any, state: str = "settled", number: str = "p1", **more: Any) -> PayInNews:
    """What a provider says of the payment of a gift, without a provider."""
    total = sum(part.minor for part in made.parts.all())
    said = {"at": NOW, "fee": 0, **more}
    return PayInNews("stripe", number, "", made.public_id, state, said.pop("minor", total), "EUR", **said)


def from_elsewhere(number: str, minor: int = 5_000, **more: Any) -> Any:
    """A payment at Stripe that no gift of ours began."""
    said = {"fee": 0, "payer_email": "ada@example.org", "payer_name": "Ada Durand", **more}
    return hearing.hear(PayInNews("stripe", number, "", None, "settled", minor, "EUR", NOW, **said), NOW)


def hear(made: Any, state: str = "settled", **more: Any) -> Any:
    return hearing.hear(news(made, state, **more), NOW)


def refund(number: str, minor: int, state: str = "succeeded", intent: UUID | None = None) -> RefundNews:
    return RefundNews(number, state, minor, NOW, intent)


def dispute(number: str, minor: int, state: str = "opened") -> DisputeNews:
    return DisputeNews(number, state, minor, NOW)


def deliver(simulation: Simulation, provider: str) -> int:
    """What the provider has sent is kept and followed; how many notifications there were."""
    sent = simulation.notifications()
    for headers, body in sent:
        inbox.receive(provider, headers, body, simulation.now())
    work(simulation)
    return len(sent)


def work(simulation: Simulation) -> None:
    """What the worker does."""
    inbox.follow(simulation.now())
    settling.settle(simulation.now())
    bearing.cover(simulation.now())


def trial() -> str:
    """The trial balance as text: two runs are compared by it."""
    return trial_text(trial_balance(queries.read(Order.RECORDED), queries.books()))


def sound() -> None:
    """Every invariant of the books holds."""
    if found := [problem.render() for problem in queries.verify_books()]:
        raise AssertionError(found)


def balance(account: str, fund: str = "open") -> int:
    return queries.account_balance(account, fund)


# What pages are shown of, in tests of the whole site.
TOKEN = "rosas-gift-has-a-secret-address-of-its-own"  # noqa: S105 - of a gift that nobody made
SHOWN, REFUND, AGREED, TO_AGREE = UUID(int=70), UUID(int=71), UUID(int=72), UUID(int=73)


def agreement(year: int = 2026) -> AgreementWanted:
    """What a city agrees on with the foundation: two tranches, in a fund of its own."""
    return AgreementWanted(
        f"lyon-{year}", {"en": "Maps for Lyon", "fr": "Des cartes pour Lyon"}, {"en": "Maps", "fr": "Des cartes"},
        "Maps of the city", "City of Lyon", f"{year}-17", "It goes back to the city",
        ((f"{year}-09-01", 5_000_000), (f"{year + 1}-09-01", 2_000_050)),
    )  # fmt: skip
