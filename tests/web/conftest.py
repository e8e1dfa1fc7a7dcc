"""A whole site for tests in the browser: the real seed data, the cast, and something of everything that pages show."""

from __future__ import annotations

import logging
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from communs.web.settings import CONFIG

SEED = Path(__file__).resolve().parents[2] / "seed"
COMMONS, OPPORTUNITY = "openstreetmap", "nlnet-ngi0-commons-fund"
PLACES = {"commons": COMMONS, "funding": OPPORTUNITY}
FOLLOWED, ASKED = "rosafollowed", "rosaasked222"  # the tokens of what Rosa follows, and has asked for
PUBLICCODE = b"""\
publiccodeYmlVersion: "0.2"
name: Free Map
url: https://example.org/free-map.git
platforms: web
developmentStatus: stable
legal:
  license: GPL-3.0
description:
  en:
    shortDescription: Draws maps that everyone may use
maintenance:
  contacts:
  - email: ""
"""
CODEMETA = b'{"@context": "https://w3id.org/codemeta/3.0", "@type": "SoftwareSourceCode", "name": "Freer Map"}'


@dataclass(frozen=True)
class Site:
    """A running site: its address, and a session cookie for each of the cast by first name."""

    url: str
    sessions: dict[str, str]

    def client(self, who: str) -> Client:
        """Django's client, signed in as one of the cast ("" for nobody)."""
        client = Client()
        if who:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client


@pytest.fixture(scope="session")
def test_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database for tests, also when no test of the run asks for `db`: pytest-django would make none."""
    if connection.settings_dict["NAME"] != CONFIG.database["NAME"]:
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        yield
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def site(test_database: None, django_db_blocker: Any) -> Iterator[Site]:
    """The site with seed data in a server of its own, for a whole module: filling it takes seconds."""
    from pytest_django.live_server_helper import LiveServer

    with django_db_blocker.unblock(), override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=3600):
        logging.disable(logging.WARNING)  # "Not Found" and the like are what some tests ask for
        sessions = _fill()
        server = LiveServer("localhost")
        with _requests_answered():
            yield Site(server.url, sessions)
        server.stop()
        _empty()
        logging.disable(logging.NOTSET)


@contextmanager
def _requests_answered() -> Iterator[None]:
    """Ends when no request is under way any more: a browser may ask for something up to the moment it is closed."""
    under_way = Counter[str]()

    def started(**_signal: Any) -> None:
        under_way["requests"] += 1

    def finished(**_signal: Any) -> None:
        under_way["requests"] -= 1

    request_started.connect(started)
    request_finished.connect(finished)
    yield
    for _attempt in range(100):
        if under_way["requests"] <= 0:
            break
        time.sleep(0.1)
    request_started.disconnect(started)
    request_finished.disconnect(finished)


def _fill() -> dict[str, str]:
    from communs.cli.import_ import import_seed
    from communs.web.demo import CAST, ensure_cast

    _empty()
    import_seed(SEED)
    _give()
    ensure_cast()
    _contradict()
    sessions = {character.name: _session(character.email) for character in CAST}
    _take_part(sessions)
    _hand_in()
    _secure()
    _follow()
    _pay_out()
    _decide()
    _take_gifts()
    _propose_a_move()
    _prove()
    return sessions


def _decide() -> None:
    """Rounds: one decided, one open in which Bob has voted, one being prepared; Alice looks after what was granted."""
    from communs.testing import votes

    votes.for_pages(_person("Alice"), _person("Bob"))


def _prove() -> None:
    """The books are verified, their entries put into the log, and the log signed. A log of other tests is put away."""
    from communs.apps.foundation import logfiles
    from communs.apps.foundation.actions import proof
    from communs.testing.money_out import NOW

    shutil.rmtree(logfiles.folder().path, ignore_errors=True)
    proof.verify_now(NOW)
    proof.put_into_log()
    proof.sign(NOW)


def _propose_a_move() -> None:
    """Eva proposes to release money of the city; nobody has decided yet. Somebody waits for an office."""
    from communs.apps.foundation.actions import deciding, offices
    from communs.apps.foundation.actions.moving import MoveWanted
    from communs.testing.money_out import NOW

    wanted = MoveWanted("bank-main-eur", "city", "open", 10_000, "Letter 3")
    deciding.propose(_person("Eva"), UUID("00000000-0000-4000-8000-000000000001"), "release", wanted, "Done", NOW)
    offices.appoint(_person("Adam"), _person("Alice"), "auditor", "", NOW)


def _pay_out() -> None:
    """Eva is treasurer, Adam of the board; one payout is paid, one waits, one line of the bank is to be decided."""
    from communs.apps.foundation import naming
    from communs.apps.foundation.actions import bank, payees, reconciling
    from communs.apps.foundation.queries.payouts import bank_accounts
    from communs.testing import money_out as house

    people = house.people()
    house.hold(_person("Eva"), "treasurer")
    house.hold(_person("Adam"), "board")
    house.found(people, {COMMONS: 300_000, "open-food-facts": 200_000})
    house.owe("debian", 100_000)
    house.reserved(people, "open-food-facts", key="waits")
    batch, _made = house.submitted(people, COMMONS)
    house.proposed(people, COMMONS, key="new")
    given = payees.Given("Association", house.IBANS[2], "Delft", "NL")
    payees.give(people["Tom"], naming.commons("open-food-facts", "EUR").id, given, house.NOW)
    with TemporaryDirectory() as folder:
        theirs = house.Bank(Path(folder))
        theirs.take(bytes(batch.data))
        theirs.ask("deposit", "2500", name="Ada", text="for maps")
        bank.receive(people["Tom"], "statement.xml", theirs.statement(), house.NOW)
    reconciling.reconcile(bank_accounts()[0], house.NOW)


def _take_gifts() -> None:
    """A gift that came, its receipt, a refund to approve, a payment from elsewhere, an agreement, one that waits."""
    from communs.apps.foundation.actions import back, deciding
    from communs.testing import money_in as house
    from communs.testing.money_out import person

    tom = person("Tom")
    with override_settings(FOUNDATION=house.IDENTITY):
        pay_in = _shown_gift()
    back.propose(tom, house.REFUND, pay_in, 2_000, "given twice", house.NOW)
    house.from_elsewhere("p1")
    for public_id, year in ((house.AGREED, 2026), (house.TO_AGREE, 2027)):
        deciding.propose(tom, public_id, "agreement", house.agreement(year), "As discussed", house.NOW)
    for name in ("Bea", "Ben"):
        deciding.approve(person(name), house.AGREED, house.NOW)


def _shown_gift() -> int:
    """A monthly gift whose first transfer came, at an address that is known, which it never is in real life."""
    from communs.apps.foundation.actions import gifts, receipts
    from communs.apps.foundation.models import Fund, Gift, GiftPart, Giver
    from communs.testing import money_in as house

    fund = Fund.objects.get(slug="open")
    made = Gift.objects.create(
        public_id=house.SHOWN, token=house.TOKEN, body_sha256="-", reference=gifts.reference_of(house.SHOWN),
        kind="donation", way="transfer", fund=fund, currency="EUR", every="month", made_at=house.NOW,
    )  # fmt: skip
    GiftPart.objects.create(gift=made, number=1, what="gift", fund=fund, minor=5_000)
    Giver.objects.create(gift=made, **asdict(house.ADA))
    gifts.received_by_transfer(made.reference, 5_000, "EUR", house.DAY, "line-of-a-gift", house.NOW)
    receipts.issue(list(made.pay_ins.all()), house.NOW)
    return int(made.pay_ins.get().pk)


def _give() -> None:
    """Awards of one funder over three years, one of them to the commons that pages are shown of, one to a person."""
    from communs.apps.funding.importing_awards import import_awards
    from communs.kit.records.files import Placed

    funder = {"name": "Example Foundation", "org_id": "GB-CHC-1000001"}
    recipients = ({"name": "OpenStreetMap"}, {"kind": "individual"}, {"name": "Other Map", "org_id": "GB-COH-0100"})
    grants = [
        {
            "id": f"360G-example-{number}",
            "title": f"Servers, part {number}",
            "description": "What it was given for.",
            "currency": "GBP",
            "amount_minor": 125_050 * number,
            "awarded_on": f"202{number}-06-05",
            "funder": funder,
            "recipient": recipient,
            "programmes": [{"title": "Open things"}],
            "places": [{"name": "Leeds", "country": "GB"}],
            "notes": {"Ward": "E05001429"},
        }
        for number, recipient in enumerate(recipients, 1)
    ]
    import_awards([Placed(grant["id"], grant) for grant in grants], now=timezone.now())


def _contradict() -> None:
    """A source says of the commons that pages are shown of something else than an editor has locked (task 1)."""
    from communs.apps.register.importing import import_commons
    from communs.apps.register.queries import get_commons
    from communs.kit.gates import Right
    from communs.kit.records.actions import lock_field
    from communs.kit.records.files import Placed

    eva = _person("Eva")
    lock_field(get_commons(eva, PLACES["commons"], Right.MODERATE), "name", eva)
    import_commons([Placed("other.jsonl:1", {"id": PLACES["commons"], "name": "Open Map"})], now=timezone.now())


def _session(email: str) -> str:
    """Sign in and give the password once more, which the pages about one's keys and codes ask for."""
    from communs.web.demo import PASSWORD

    client = Client()
    for path, data in (("login", {"login": email}), ("reauthenticate", {})):
        answer = client.post(f"/en/account/{path}/", {**data, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()[:2000]
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _person(name: str) -> Any:
    return get_user_model().objects.get(email=f"{name.lower()}@example.org")


def _secure() -> None:
    """Adam has an authenticator app and recovery codes, Alice a passkey (1, 2, 3 in the tables of addresses)."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP
    from allauth.mfa.webauthn.internal.auth import WebAuthn

    TOTP.activate(_person("Adam"), "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(_person("Adam"))
    WebAuthn.add(_person("Alice"), "Key on my desk", _credential())


def _credential() -> dict[str, Any]:
    """What a browser sends when a passkey is made, without attestation."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    attested = AttestedCredentialData.create(Aaguid(b"\0" * 16), b"key-on-my-desk-1", ES256.from_cryptography_key(key))
    data = AuthenticatorData.create(sha256(b"localhost").digest(), AuthenticatorData.FLAG.ATTESTED, 0, bytes(attested))
    client = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    return {
        "id": websafe_encode(b"key-on-my-desk-1"),
        "rawId": websafe_encode(b"key-on-my-desk-1"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(bytes(client)),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def _take_part(sessions: dict[str, str]) -> None:
    """A word in the discussion of a commons and of an opportunity, and a proposal to change each."""
    from communs.apps.funding.queries import get_opportunity
    from communs.apps.register.queries import get_commons
    from communs.kit.gates import Right
    from communs.kit.records.taking_part import propose

    bob = _person("Bob")
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = sessions["Bob"]
    for app, get in {"commons": get_commons, "funding": get_opportunity}.items():
        said = client.post(f"/en/{app}/{PLACES[app]}/discussion/", {"text": "Who keeps **this** page?"})
        assert said.status_code == 302, said.content.decode()[:2000]
        client.post(f"/en/{app}/{PLACES[app]}/watch/")
        record: Any = get(bob, PLACES[app], Right.PROPOSE)
        change = {"summaries.en": "Said in other words. Then in more words."}
        propose(record.proposals, change, bob, subject=record, note="shorter", evidence_url="https://example.org/")


def _hand_in() -> None:
    """What a description is started from: a file with faults, one that says otherwise, an address that is not asked."""
    from communs.apps.register.adding import intake

    files = {"publiccode.yml": PUBLICCODE, "codemeta.json": CODEMETA}
    problems = [{"place": "http://10.0.0.1/free-map", "code": "private", "detail": ""}]
    kept = intake.keep(_person("Bob"), files, link="https://example.org/free-map", problems=problems)
    kept.token = "what-bob-handed-in"
    kept.save(update_fields=["token"])


def _follow() -> None:
    """Rosa has no account: she follows all funding, hears nothing of one source, and a letter to her was given up."""
    from datetime import timedelta

    from communs.apps.following import actions, interests
    from communs.apps.following.models import Mailing, Subscription
    from communs.apps.funding.queries import get_opportunity
    from communs.kit.gates import Right
    from communs.kit.records.actions import Author, state

    now, everything = timezone.now(), interests.search("opportunities", {})
    actions.note_events(now)
    for token, wish in ((FOLLOWED, everything), (ASKED, interests.search("commons", {}, "map"))):
        actions.ask(wish, actions.Reader("rosa@example.net"), client="", now=now)
        Subscription.objects.filter(interest__digest=wish.digest).update(token=token)
    actions.confirm(Subscription.objects.get(token=FOLLOWED), now)
    eva = _person("Eva")
    for public_id in ("prototype-fund-de", "nlnet-ngi-fediversity"):
        state(get_opportunity(eva, public_id, Right.EDIT), {"programme": "Open things"}, Author(eva))
    actions.note_events(now)
    actions.spread_events(now)
    actions.post_due(now + timedelta(days=1))
    refused = "550 <rosa@example.net>: nobody of this name"
    Mailing.objects.filter(kind="digest").update(state="dead", attempts=1, problem=refused)
    actions.mute(Subscription.objects.get(token=FOLLOWED), "opportunities", OPPORTUNITY, now)


def _empty() -> None:
    call_command("flush", interactive=False, verbosity=0)
    cache.clear()
