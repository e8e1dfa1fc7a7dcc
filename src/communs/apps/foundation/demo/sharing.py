"""The rounds of the story: one that is decided and published, one that is open; and how OpenStreetMap shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from communs.apps.foundation.actions import ballots, bundles, closing, rounds
from communs.apps.foundation.actions.bundles import Part
from communs.apps.foundation.demo.giving import CITY, MINISTRY
from communs.apps.foundation.demo.people import STEWARDS, Calendar, key, someone
from communs.apps.foundation.queries.rounds import get_round
from communs.apps.register.queries import names_of

FIRST, NOW_OPEN = "first-round", "open-round"
COSTS = {
    "openstreetmap": 1_200_000, "open-food-facts": 900_000, "leaflet": 400_000, "postgis": 600_000,
    "libreoffice": 1_000_000, "peertube": 700_000, "mobilizon": 300_000, "nextcloud": 1_500_000, "cryptpad": 500_000,
    "panoramax": 450_000, "jitsi-meet": 650_000, "openssl": 800_000,
}  # fmt: skip
"""What commons are said to ask for, in cents: invented, as the votes are."""


def accept_sharing(calendar: Calendar) -> None:
    """Stewards accept the sharing rule, and OpenStreetMap shares with what its map is drawn and kept with."""
    alice, now = someone("Alice"), calendar.at(44)
    for public_id in ("openstreetmap", "open-food-facts"):
        bundles.accept_rule(alice, public_id, now)
    for name, public_id in STEWARDS.items():
        bundles.accept_rule(someone(name), public_id, now)
    parts = [
        Part("openstreetmap", "community", 800_000),
        Part("leaflet", "commons", 120_000),
        Part("postgis", "commons", 80_000),
    ]
    made = bundles.propose(alice, key("bundle"), "openstreetmap", calendar.day(44), parts, now)
    bundles.accept(alice, made.public_id, "openstreetmap", now)
    for name, public_id in STEWARDS.items():
        bundles.accept(someone(name), made.public_id, public_id, now)


def first_round(calendar: Calendar, voters: Sequence[Any]) -> None:
    """Equal shares of the city's money among twelve commons, decided three weeks ago."""
    known = names_of(COSTS)
    wanted = rounds.Wanted(
        slug=FIRST,
        title={"en": "First round of Belleville", "fr": "Premier scrutin de Belleville"},
        description={
            "en": "What should the city help to keep? Everybody with an account could choose five commons.",
            "fr": "Que doit aider à entretenir la ville\u00a0? Toute personne inscrite pouvait choisir cinq communs.",
        },
        fund=CITY,
        currency="EUR",
        pot_minor=4_500_000,
        rule="mes",
        parameters={},
        format="approve",
        most=5,
        points=0,
        opens_at=calendar.at(41),
        closes_at=calendar.at(22),
        expires_on=calendar.day(-150),
        costs={name: minor for name, minor in COSTS.items() if name in known},
    )
    _open(wanted, calendar, 43, ("Stella", "Carlo"))
    names = sorted(wanted.costs)
    for place, voter in enumerate(voters):
        chosen = {names[(place * 5 + step * step) % len(names)]: 1 for step in range(2 + place % 3)}
        chosen |= {"openstreetmap": 1} if place % 2 else {"open-food-facts": 1}
        # Whatever the seed says of ties: one gets money that nobody looks after here, and its share waits.
        chosen |= {"cryptpad": 1} if place % 3 == 0 else {}
        ballots.cast(_round(FIRST), voter, chosen, calendar.at(40 - place % 15))
    closing.close(FIRST, calendar.at(22, 10))


def open_round(calendar: Calendar, voters: Sequence[Any]) -> None:
    """The ministry's money, to be divided with ten points; a tenth flows on to dependencies. It closes in a month."""
    wanted = rounds.Wanted(
        slug=NOW_OPEN,
        title={"en": "What public services build on", "fr": "Ce qui porte les services publics"},
        description={
            "en": "Give ten points to the software you rely on. A tenth flows on to what it is built with.",
            "fr": "Donnez dix points aux logiciels qui vous servent. Un dixième va à ce sur quoi ils reposent.",
        },
        fund=MINISTRY,
        currency="EUR",
        pot_minor=6_000_000,
        rule="proportional",
        parameters={},
        format="divide",
        most=10,
        points=10,
        opens_at=calendar.at(10),
        closes_at=calendar.at(-30),
        expires_on=calendar.day(-210),
        ppm=100_000,
        eligible="?kind=software",
    )
    _open(wanted, calendar, 12, ("Stella", "Mina"))
    made = _round(NOW_OPEN)
    names = list(made.options.order_by("commons").values_list("commons", flat=True))
    for place, voter in enumerate(voters):
        first, second = names[place * 7 % len(names)], names[(place * 11 + 3) % len(names)]
        ballots.cast(made, voter, {first: 6, second: 4} if first != second else {first: 10}, calendar.at(9 - place % 8))


def _open(wanted: rounds.Wanted, calendar: Calendar, ago: int, board: Sequence[str]) -> None:
    tessa = someone("Tessa")
    rounds.prepare(tessa, key(wanted.slug), wanted, calendar.at(ago))
    rounds.propose(tessa, wanted.slug)
    for name in board:
        rounds.approve(someone(name), wanted.slug, calendar.at(ago - 1))
    rounds.open_round(wanted.slug, wanted.opens_at)


def _round(slug: str) -> Any:
    return get_round(someone("Tessa"), slug)
