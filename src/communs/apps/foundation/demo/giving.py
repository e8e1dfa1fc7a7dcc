"""The money of the story: three funds, two grants of invented institutions, gifts of invented people."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from communs.apps.foundation import naming
from communs.apps.foundation.actions import bank, deciding, gifts, periods, reconciling
from communs.apps.foundation.actions.agreements import AgreementWanted
from communs.apps.foundation.actions.funds import FundWanted
from communs.apps.foundation.actions.gifts import GiverSaid
from communs.apps.foundation.demo.people import Calendar, key, someone
from communs.apps.foundation.demo.statement import Line, statement
from communs.apps.foundation.identity import TEST_IBAN
from communs.apps.foundation.queries import bank as bank_queries
from communs.apps.foundation.queries.agreements import agreements
from communs.apps.foundation.queries.decisions import Kind as Decision
from communs.kit.texts import plain

OPEN, CITY, MINISTRY = "open-pot", "city-of-belleville", "ministry"
HOLDER = "Fondation des communs (demonstration)"
BOARD = ("Stella", "Mina")
RECEIPT = GiverSaid(
    "fr", "camille@example.org", wants_receipt=True, given_names="Camille", name="Exemple", street="1 rue des Communs",
    postcode="69001", town="Lyon",
)  # fmt: skip
GIFTS: tuple[tuple[str, int, int, gifts.Wanted], ...] = (
    ("camille", 66, 12_000, gifts.Wanted(OPEN, 12_000, giver=RECEIPT)),
    ("yves", 64, 5_000, gifts.Wanted(OPEN, 5_000)),
    ("zoe", 61, 2_000, gifts.Wanted(OPEN, 2_000, every="month")),
    ("samir", 58, 25_000, gifts.Wanted(OPEN, 25_000)),
    ("cooperative", 55, 150_000, gifts.Wanted(OPEN, 150_000, tip_minor=0)),
    ("tipped", 52, 3_300, gifts.Wanted(OPEN, 3_000, tip_minor=300)),
    ("member", 50, 4_000, gifts.Wanted(OPEN, 4_000, "membership")),
)
"""Name, days ago, what came, what was meant."""


def open_everything(calendar: Calendar) -> None:
    """The years, the open pot, the account at the bank."""
    tessa, now = someone("Tessa"), calendar.at(78)
    while periods.open_next(tessa, now).ends_on.year <= calendar.today.year:
        now = calendar.at(0)
    wanted = FundWanted(
        OPEN,
        "unrestricted",
        {"en": "Open pot", "fr": "Pot ouvert"},
        {
            "en": "For whatever digital commons need most.",
            "fr": "Pour ce dont les communs numériques ont le plus besoin.",
        },
    )
    _decide(key(OPEN), Decision.OPEN_FUND, wanted, "The first fund.", calendar, 78)
    bank.add_account(tessa, bank.AccountWanted(OPEN, HOLDER, TEST_IBAN, "Paris", "FR"), calendar.at(77))


def agree(calendar: Calendar) -> None:
    """A city and a ministry give under an agreement: each opens a fund of its own."""
    city = AgreementWanted(
        CITY,
        {"en": "City of Belleville", "fr": "Ville de Belleville"},
        {"en": "Digital commons that the city works with.", "fr": "Les communs numériques dont la ville se sert."},
        "Commons of the register",
        "Ville de Belleville (demonstration)",
        "Convention 2026-17 (demonstration)",
        "What is not granted within two years goes back to the city.",
        ((calendar.day(70).isoformat(), 6_000_000), (calendar.day(-100).isoformat(), 4_000_000)),
    )
    ministry = AgreementWanted(
        MINISTRY,
        {"en": "Ministry of Digital Affairs", "fr": "Ministère du Numérique"},
        {"en": "Upkeep of what public services build on.", "fr": "L’entretien de ce qui porte les services publics."},
        "Free software and libraries that public services build on",
        "Ministry of Digital Affairs (demonstration)",
        "Agreement DA-4 (demonstration)",
        "What is not granted within three years goes back to the ministry.",
        ((calendar.day(68).isoformat(), 12_000_000),),
        eligible_query="?kind=software",
    )
    for said in (city, ministry):
        _decide(key(said.slug), Decision.AGREEMENT, said, "", calendar, 76)


def _decide(public_id: UUID, kind: str, wanted: deciding.Wanted, why: str, calendar: Calendar, ago: int) -> None:
    """Proposed so many days ago, approved by two of the board on the next."""
    deciding.propose(someone("Tessa"), public_id, kind, wanted, why, calendar.at(ago))
    for name in BOARD:
        deciding.approve(someone(name), public_id, calendar.at(ago - 1))


def first_statement(calendar: Calendar) -> int:
    """The grants and gifts come; somebody forgets the reference, and the bank takes its fee. The closing balance."""
    lines = [*_grants(calendar), *_gifts(calendar)]
    lines.append(Line(calendar.day(49), 7_500, "Dominique Exemple", text="Merci pour les communs"))
    lines.append(Line(calendar.day(46), -450, text="Account fee", family="CHRG"))
    return take_in(calendar, 1, 0, 45, 71, lines)


def take_in(calendar: Calendar, number: int, opening: int, ago: int, since: int, lines: list[Line]) -> int:
    """Take in a statement that ends so many days ago, and decide what is exact. The closing balance."""
    data = statement(number, TEST_IBAN, opening, calendar.day(since), calendar.day(ago), lines)
    bank.receive(someone("Tessa"), f"statement-{number}.xml", data, calendar.at(ago - 1))
    reconciling.reconcile(bank_queries.get_bank_account(naming.bank("EUR").id), calendar.at(ago - 1, 10))
    return opening + sum(one.minor for one in lines)


def _grants(calendar: Calendar) -> Iterator[Line]:
    for agreement in agreements().order_by("pk"):
        tranche, gift = agreement.tranches.get(number=1), agreement.gift
        yield Line(tranche.due_on, tranche.minor, plain(gift.fund.title)["en"], gift.reference)


def _gifts(calendar: Calendar) -> Iterator[Line]:
    for name, ago, minor, wanted in GIFTS:
        gift = gifts.give(key(f"gift-{name}"), wanted, calendar.at(ago + 2))
        yield Line(calendar.day(ago), minor, f"{name.title()} Exemple", gift.reference)
