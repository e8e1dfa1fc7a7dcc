"""Bundles: proposed by stewards, accepted by all parties, shared by, claimed, expired; never in a circle."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from communs.apps.foundation import naming
from communs.apps.foundation.actions import ballots, bundles, closing
from communs.apps.foundation.actions.bundles import Part
from communs.apps.foundation.models import Bundle, Entry, Round
from communs.apps.foundation.queries import books as book_queries
from communs.apps.foundation.queries import bundles as queries
from communs.core import bundles as core
from communs.core.ledger import EntryKind
from communs.kit.gates import Refused
from communs.kit.records.actions import Impossible
from communs.testing import money_out, votes
from communs.testing.money_out import NOW
from communs.testing.votes import AFTER, DURING

pytestmark = pytest.mark.django_db
EXPIRED = datetime(2026, 9, 20, 8, tzinfo=NOW.tzinfo)


@pytest.fixture
def cast() -> dict[str, Any]:
    people = money_out.people() | votes.voters()
    money_out.found(people, {})
    votes.commons("atlas", "wiki", "engine", "pool")
    return people | {f"{one} steward": votes.steward(f"S{one}", one) for one in ("atlas", "wiki", "engine", "pool")}


def shares(engine: int = 300_000) -> list[Part]:
    return [Part("atlas", "community", 1_000_000 - engine), Part("engine", "commons", engine)]


def proposed(cast: dict[str, Any], commons: str = "atlas", parts: list[Part] | None = None, **more: Any) -> Bundle:
    day = more.get("on", NOW.date())
    return bundles.propose(cast[f"{commons} steward"], uuid4(), commons, day, parts or shares(), NOW)


def accepted(cast: dict[str, Any], bundle: Bundle, *parties: str) -> None:
    for party in parties:
        bundles.accept(cast[f"{party} steward"], bundle.public_id, party, NOW)


def decided(cast: dict[str, Any], **said: int) -> Round:
    made = votes.opened(cast)
    ballots.cast(made, cast["Ana"], said, DURING)
    return closing.close(made.slug, AFTER)


def owed(name: str) -> int:
    return -book_queries.account_balance(naming.commons(name, "EUR").id, "city")


def test_a_bundle_that_all_accepted_shares_what_a_round_grants(cast: dict[str, Any]) -> None:
    for one in ("atlas", "engine"):
        bundles.accept_rule(cast[f"{one} steward"], one, NOW)
    accepted(cast, proposed(cast), "atlas", "engine")
    decided(cast, atlas=10)
    assert (owed("atlas"), owed("engine")) == (70_000, 30_000)
    assert list(book_queries.verify_books()) == []


def test_until_all_have_accepted_everything_waits_and_is_then_claimed_once(cast: dict[str, Any]) -> None:
    bundle = proposed(cast)
    accepted(cast, bundle, "atlas")
    bundles.accept_rule(cast["atlas steward"], "atlas", NOW)
    decided(cast, atlas=10)
    assert (owed("atlas"), [one.minor for one in queries.waiting(["atlas"])]) == (0, [100_000])
    assert bundles.claim(cast["atlas steward"], "atlas", AFTER) == 0
    bundles.accept(cast["engine steward"], bundle.public_id, "engine", AFTER)
    assert bundles.claim(cast["atlas steward"], "atlas", AFTER) == 100_000
    assert bundles.claim(cast["atlas steward"], "atlas", AFTER) == 0
    assert (owed("atlas"), [(one.commons, one.minor) for one in queries.waiting()]) == (70_000, [("engine", 30_000)])
    bundles.accept_rule(cast["engine steward"], "engine", AFTER)
    assert bundles.claim(cast["engine steward"], "engine", AFTER) == 30_000
    assert Entry.objects.filter(kind=EntryKind.CLAIM).count() == 2
    assert list(book_queries.verify_books()) == []


def test_only_stewards_claim_and_only_once_they_accepted_the_rule(cast: dict[str, Any]) -> None:
    decided(cast, atlas=10)
    with pytest.raises(Refused):
        bundles.claim(cast["wiki steward"], "atlas", AFTER)
    with pytest.raises(Impossible, match="sharing rule first"):
        bundles.claim(cast["atlas steward"], "atlas", AFTER)
    bundles.accept_rule(cast["atlas steward"], "atlas", AFTER)
    assert bundles.claim(cast["atlas steward"], "atlas", AFTER) == 100_000


def test_what_nobody_claims_goes_where_it_was_said_it_goes(cast: dict[str, Any]) -> None:
    has = book_queries.owned()["city", "EUR"]
    decided(cast, atlas=10)
    assert bundles.expire(EXPIRED - timedelta(days=1)) == 0
    assert (bundles.expire(EXPIRED), bundles.expire(EXPIRED)) == (1, 0)
    assert book_queries.owned()["city", "EUR"] == has
    bundles.accept_rule(cast["atlas steward"], "atlas", EXPIRED)
    assert bundles.claim(cast["atlas steward"], "atlas", EXPIRED) == 0
    assert list(book_queries.verify_books()) == []


def test_unclaimed_shares_may_go_to_a_shared_reserve(cast: dict[str, Any]) -> None:
    made = votes.opened(cast, destination="commons:pool")
    ballots.cast(made, cast["Ana"], {"atlas": 10}, DURING)
    closing.close(made.slug, AFTER)
    bundles.expire(EXPIRED)
    assert owed("pool") == 100_000


def test_circles_depth_and_strangers_are_refused_when_they_are_proposed(cast: dict[str, Any]) -> None:
    proposed(cast)
    with pytest.raises(Impossible, match="come back"):
        proposed(cast, "engine", [Part("engine", "community", 500_000), Part("atlas", "commons", 500_000)])
    with pytest.raises(Impossible, match="no commons of the register"):
        proposed(cast, "wiki", [Part("nothing", "commons", 1_000_000)])
    with pytest.raises(Impossible, match="millionths together"):
        proposed(cast, "wiki", [Part("engine", "commons", 999_999)])
    with pytest.raises(Impossible, match="from today on"):
        proposed(cast, "wiki", on=date(2025, 1, 1))
    with pytest.raises(Refused):
        bundles.propose(cast["wiki steward"], uuid4(), "atlas", NOW.date(), shares(), NOW)


def test_bundles_that_came_to_lead_in_a_circle_make_shares_wait_and_stop_nothing(cast: dict[str, Any]) -> None:
    for one in ("atlas", "engine"):
        bundles.accept_rule(cast[f"{one} steward"], one, NOW)
    first = proposed(cast)
    accepted(cast, first, "atlas", "engine")
    parts = [Part("engine", "community", 500_000), Part("wiki", "commons", 500_000)]
    accepted(cast, proposed(cast, "engine", parts), "engine", "wiki")
    wanted = core.Bundle("wiki", NOW.date(), (core.Share("atlas", core.Kind.COMMONS, 1_000_000),))
    by = cast["wiki steward"]
    # As if two had proposed at the same moment, neither seeing the other.
    third = Bundle.objects.create(
        token=uuid4(), commons="wiki", starts_on=NOW.date(), terms=wanted.terms, proposed_by=by, proposed_at=NOW
    )
    third.shares.create(party="atlas", kind="commons", ppm=1_000_000)
    third.acceptances.create(party="atlas", terms=wanted.terms, person=by, at=NOW)
    done = decided(cast, atlas=10)
    assert (done.result.paid_minor, done.result.unclaimed_minor) == (0, 100_000)


def test_the_database_keeps_what_was_accepted(cast: dict[str, Any]) -> None:
    bundle = proposed(cast)
    accepted(cast, bundle, "atlas")
    bundles.accept_rule(cast["atlas steward"], "atlas", NOW)
    bundles.end_rule(cast["atlas steward"], "atlas", NOW)
    for statement in (
        "UPDATE foundation_bundleshare SET ppm = 1",
        "DELETE FROM foundation_bundleacceptance",
        "UPDATE foundation_bundle SET starts_on = '2020-01-01'",
        "DELETE FROM foundation_bundle",
        "UPDATE foundation_sharingrule SET ended_at = NULL",
        """INSERT INTO foundation_bundleshare (bundle_id, party, kind, ppm)
        SELECT id, 'x', 'commons', 1 FROM foundation_bundle""",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_proposal_is_withdrawn_only_while_somebody_has_not_accepted(cast: dict[str, Any]) -> None:
    bundle = proposed(cast)
    bundles.withdraw(cast["atlas steward"], bundle.public_id, NOW)
    with pytest.raises(Impossible):
        bundles.accept(cast["engine steward"], bundle.public_id, "engine", NOW)
    again = proposed(cast, parts=shares(100_000))
    accepted(cast, again, "atlas", "engine")
    with pytest.raises(Impossible, match="All have accepted"):
        bundles.withdraw(cast["atlas steward"], again.public_id, NOW)


def test_a_proposal_is_helped_by_what_is_known(cast: dict[str, Any]) -> None:
    votes.depends("wiki", "engine")
    assert queries.builds_on("wiki") == [("Engine", "engine")]
    assert queries.builds_on("engine") == []
    client = Client()
    client.force_login(cast["wiki steward"])
    assert "<code>engine</code>" in client.get("/en/foundation/sharing/wiki/bundle/").content.decode()


def test_one_request_makes_one_bundle(cast: dict[str, Any]) -> None:
    token = uuid4()
    made = [bundles.propose(cast["atlas steward"], token, "atlas", NOW.date(), shares(), NOW) for _twice in range(2)]
    assert made[0] == made[1]
