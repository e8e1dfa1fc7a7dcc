"""A foundation for the mills: offices, money at the bank, commons that can be paid, voters, rounds at their end."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid5

from communs.apps.foundation import naming
from communs.apps.foundation.actions import bank, books, payees
from communs.core.ledger import EntryKind, Fund, Nature
from communs.testing import money_out, votes

CITY_MINOR, OPEN_MINOR = 50_000_000, 2_000_000
POT_MINOR = 30_000
IN_A_BALLOT = 3


def found(now: datetime) -> dict[str, Any]:
    """Those who hold an office; two funds with money at the bank."""
    cast = {name: money_out.hold(money_out.person(name), office) for name, office in
            (("Bea", "board"), ("Ben", "board"), ("Tom", "treasurer"))}  # fmt: skip
    for year in range(now.year - 2, now.year + 1):
        books.open_period(date(year, 1, 1), date(year, 12, 31))
    books.open_fund(Fund("city", Nature.RESTRICTED, "City", convention="2026-17"), now=now)
    books.open_fund(Fund("open", Nature.UNRESTRICTED, "Open"), now=now)
    wanted = bank.AccountWanted("open", "Fondation des communs", money_out.OURS, "Paris", "FR")
    bank.add_account(cast["Tom"], wanted, now)
    for account in (naming.income("EUR"), naming.grants("EUR")):
        books.open_account(account, now=now)
    main, income = naming.bank("EUR").id, naming.income("EUR").id
    for fund, minor in (("city", CITY_MINOR), ("open", OPEN_MINOR)):
        lines = [(main, fund, minor, "EUR"), (income, fund, -minor, "EUR")]
        books.record(books.entry(f"begun-{fund}", EntryKind.PAY_IN, lines, on=first_day(now), now=now))
    return cast


def first_day(now: datetime) -> date:
    """The bank's first day: long ago, so that it can have a day for every statement."""
    return max(date(now.year - 2, 1, 1), now.date() - timedelta(days=900))


def sessions(cast: Mapping[str, Any]) -> dict[str, str]:
    """A session for each, as if they had signed in."""
    from django.test import Client

    made = {}
    for name, person in cast.items():
        client = Client()
        client.force_login(person)
        made[name] = client.cookies["sessionid"].value
    return made


def payees_and_voters(cast: Mapping[str, Any], size: tuple[int, int], now: datetime) -> dict[str, str]:
    """So many commons that can be paid, and voters: the IBAN of each commons by its account in the books."""
    from allauth.account.models import EmailAddress

    from communs.apps.accounts.models import Person
    from communs.apps.foundation.models import SharingRule
    from communs.apps.register.models import Commons

    names = [f"commons-{number:03d}" for number in range(size[0])]
    Commons.objects.bulk_create(
        Commons(public_id=one, name=one.capitalize(), created_at=now, updated_at=now) for one in names
    )
    steward = money_out.person("Steward")
    SharingRule.objects.bulk_create(SharingRule(commons=one, person=steward, accepted_at=now) for one in names)
    ibans = {}
    for number, one in enumerate(names):
        account = naming.commons(one, "EUR")
        books.open_account(account, now=now)
        ibans[account.id] = iban(number)
        given = payees.Given(f"Association {number}", ibans[account.id], "Lyon", "FR")
        payees.confirm(cast["Bea"], payees.give(cast["Tom"], account.id, given, now).pk, now)
    people = Person.objects.bulk_create(Person(email=f"v{number}@example.net") for number in range(size[1]))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in people
    )
    return ibans


def iban(number: int) -> str:
    """An account of a German bank, with the right check digits."""
    rest = f"37040044{number:010d}"
    return f"DE{98 - int(rest + '131400') % 97:02d}{rest}"


def round_over(cast: Mapping[str, Any], number: int, now: datetime) -> str:
    """A round whose end has just come, with a ballot of everybody; its name in the address."""
    from communs.apps.foundation.actions import rounds
    from communs.apps.foundation.models import Ballot

    slug, closes_at = f"round-{number}", now - timedelta(seconds=1)
    before = closes_at - timedelta(days=2)
    wanted = replace(
        votes.WANTED, slug=slug, pot_minor=POT_MINOR, opens_at=before + timedelta(hours=1), closes_at=closes_at,
        expires_on=now.date() + timedelta(days=200), most=IN_A_BALLOT,
    )  # fmt: skip
    rounds.prepare(cast["Tom"], uuid5(votes.NAMES, slug), wanted, before)
    rounds.propose(cast["Tom"], slug)
    for name in ("Bea", "Ben"):
        rounds.approve(cast[name], slug, before)
    opened = rounds.open_round(slug, before + timedelta(hours=2))
    chance = random.Random(number)  # noqa: S311 - repeatable
    options = sorted(opened.options.values_list("commons", flat=True))
    Ballot.objects.bulk_create(
        Ballot(round=opened, voter=voter, names=sorted(chance.sample(options, IN_A_BALLOT)), points=[4, 3, 3])
        for voter in opened.roll.all()
    )
    return slug
