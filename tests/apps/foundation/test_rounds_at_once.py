"""Rounds under stress: ballots cast while the round closes, two who close at once, a process that is killed."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from communs.apps.foundation.actions import ballots, closing, rounds
from communs.apps.foundation.actions.books import NotRecorded
from communs.apps.foundation.models import Ballot, Entry, Reservation, Round, RoundFile, RoundResult
from communs.apps.foundation.queries import books as book_queries
from communs.core import rounds as core
from communs.core.ledger import EntryKind
from communs.kit.records.actions import Impossible
from communs.testing import money_out, votes
from communs.testing.at_once import at_once
from communs.testing.kills import run_and_kill
from communs.testing.money_out import NOW
from communs.testing.votes import AFTER, DURING

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> dict[str, Any]:
    people = money_out.people() | votes.voters()
    money_out.found(people, {})
    votes.commons("atlas", "wiki", "forge")
    return people


def holds(done: Round) -> None:
    files = {one.name: bytes(one.data) for one in RoundFile.objects.filter(round=done)}
    assert core.verify_round(files["round.json"], files["outcome.json"], done.opening_sha256) == ()
    assert list(book_queries.verify_books()) == []


def test_a_ballot_that_is_answered_is_counted_and_one_that_is_not_is_refused(cast: dict[str, Any]) -> None:
    made = votes.opened(cast)
    names = list(votes.VOTERS)
    works = [partial(ballots.cast, made, cast[who], {"atlas": 10}, DURING) for who in names]
    answers = at_once(*works, lambda: closing.close(made.slug, AFTER))
    counted = {one["voter"] for one in json.loads(bytes(RoundFile.objects.get(name="round.json").data))["ballots"]}
    answered = {one.pseudonym for one in answers[:-1] if not isinstance(one, Impossible)}
    assert counted == answered
    assert Ballot.objects.count() == len(counted)
    holds(Round.objects.get())


def test_two_who_close_at_once_decide_once(cast: dict[str, Any]) -> None:
    made = votes.opened(cast)
    ballots.cast(made, cast["Ana"], {"atlas": 10}, DURING)
    one, other = at_once(*[lambda: closing.close(made.slug, AFTER)] * 2)
    assert one == other
    assert RoundResult.objects.count() == Entry.objects.filter(kind=EntryKind.GRANT).count() == 1
    holds(Round.objects.get())


def test_one_voter_twice_at_once_has_one_ballot(cast: dict[str, Any]) -> None:
    made = votes.opened(cast)
    at_once(*[lambda: ballots.cast(made, cast["Ana"], {"wiki": 10}, DURING)] * 2)
    assert Ballot.objects.count() == 1


def test_two_rounds_do_not_promise_the_same_money(cast: dict[str, Any]) -> None:
    both = [votes.approved(cast, slug=slug, pot_minor=600_000).slug for slug in ("one", "two")]
    at_once(*(partial(_opens, slug) for slug in both))
    assert Round.objects.filter(state="opened").count() == Reservation.objects.count() == 1


def _opens(slug: str) -> bool:
    try:
        rounds.open_round(slug, NOW)
    except NotRecorded:
        return False
    return True


@pytest.mark.parametrize("first", range(4))
def test_a_round_that_is_killed_again_and_again_while_it_closes_is_decided_once(
    cast: dict[str, Any], first: int
) -> None:
    made = votes.opened(cast)
    ballots.cast(made, cast["Ana"], {"atlas": 7, "wiki": 3}, DURING)
    killed = 0
    while not run_and_kill(lambda: closing.close(made.slug, AFTER), 1 + first + 4 * killed, is_done=killed % 2 == 0):
        killed += 1
    assert killed > 3
    done = Round.objects.get()
    assert done.state == "published"
    assert RoundResult.objects.count() == Entry.objects.filter(kind=EntryKind.GRANT).count() == 1
    assert Reservation.objects.filter(ended_at=None).count() == 0
    holds(done)
