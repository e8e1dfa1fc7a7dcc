"""Rounds in the database: prepared, approved by two others, opened and frozen, voted in, closed, in the books."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from communs.apps.foundation import naming, sql
from communs.apps.foundation.actions import ballots, bundles, closing, rounds
from communs.apps.foundation.actions.books import NotRecorded
from communs.apps.foundation.models import (
    Account,
    Ballot,
    BallotDraft,
    RollVoter,
    Round,
    RoundFile,
    RoundResult,
    RoundSecret,
)
from communs.apps.foundation.queries import books as book_queries
from communs.apps.foundation.queries import rounds as queries
from communs.core import rounds as core
from communs.kit.gates import NotThere, Refused
from communs.kit.records.actions import Impossible
from communs.testing import money_out, votes
from communs.testing.money_out import NOW
from communs.testing.votes import AFTER, CLOSES, DURING

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> dict[str, Any]:
    people = money_out.people() | votes.voters()
    money_out.found(people, {})
    votes.commons("atlas", "wiki", "forge", "engine")
    return people


def vote(cast: dict[str, Any], who: str, **said: int) -> ballots.Receipt:
    return ballots.cast(Round.objects.get(), cast[who], said, DURING)


def voted(cast: dict[str, Any], **changes: Any) -> Round:
    made = votes.opened(cast, **changes)
    vote(cast, "Ana", atlas=10)
    vote(cast, "Cyd", atlas=5, wiki=5)
    vote(cast, "Dan", wiki=10)
    return made


def test_the_whole_way_from_a_draft_to_the_books_and_a_stranger_who_checks_it(cast: dict[str, Any]) -> None:
    bundles.accept_rule(votes.steward("Sam", "atlas"), "atlas", NOW)
    made = voted(cast)
    done = closing.close(made.slug, AFTER)
    assert (done.state, done.result.ballots) == ("published", 3)
    assert book_queries.account_balance(naming.commons("atlas", "EUR").id, "city") == -50_000
    (waits,) = Account.objects.filter(kind="unclaimed")
    assert (waits.owner, waits.destination, waits.expires_on) == ("commons:wiki", "city", made.expires_on)
    assert book_queries.account_balance(waits.slug, "city") == -50_000
    files = {one.name: bytes(one.data) for one in done.files.all()}
    assert set(files) == {"round.json", "outcome.json", "ballots.pb"}
    assert core.verify_round(files["round.json"], files["outcome.json"], done.opening_sha256) == ()
    assert json.loads(files["outcome.json"])["totals"]["pot"] == 100_000
    assert list(book_queries.verify_books()) == []
    assert book_queries.reserved() == {}


def test_the_question_is_the_same_in_whatever_order_commons_are_listed(cast: dict[str, Any]) -> None:
    made = votes.opened(cast)
    backwards = list(made.options.order_by("-commons"))
    assert queries.question_of(made, backwards) == queries.question_of(made)
    assert core.opening_hash(queries.question_of(made, backwards), queries.roll_of(made)) == made.opening_sha256


def test_what_is_not_granted_stays_in_the_fund(cast: dict[str, Any]) -> None:
    made = votes.opened(cast)
    has = book_queries.owned()
    assert book_queries.reserved() == {("city", "EUR"): 100_000}
    done = closing.close(made.slug, AFTER)
    assert (done.result.entry, done.result.carried_minor) == (None, 100_000)
    assert (book_queries.owned(), book_queries.reserved()) == (has, {})


def test_money_flows_on_along_what_the_register_knew_at_the_opening(cast: dict[str, Any]) -> None:
    votes.depends("atlas", "engine")
    made = votes.opened(cast, ppm=200_000, eligible="?q=&kind=software")
    vote(cast, "Ana", atlas=10)
    votes.depends("wiki", "engine")
    closing.close(made.slug, AFTER)
    outcome = json.loads(bytes(RoundFile.objects.get(name="outcome.json").data))
    assert outcome["received"] == {"atlas": 80_000, "engine": 20_000}
    assert list(book_queries.verify_books()) == []


def test_a_secret_round_ends_with_nobody_knowing_whose_pseudonym_is_whose(cast: dict[str, Any]) -> None:
    made = voted(cast)
    ballots.save_draft(RollVoter.objects.filter(ballot=None)[0], {"forge": 3})
    assert RoundSecret.objects.count() == 1
    closing.close(made.slug, AFTER)
    assert (RoundSecret.objects.count(), BallotDraft.objects.count()) == (0, 0)
    assert queries.voter_of(made, cast["Ana"]) is None


def test_a_person_is_given_what_is_theirs_as_long_as_the_site_can_tell(cast: dict[str, Any]) -> None:
    made = voted(cast)
    (mine,) = queries.rows_of_person(cast["Ana"])
    assert mine["ballot"] == {"names": ["atlas"], "points": [10]}
    assert [row["round"] for row in queries.rows_of_person(cast["Bea"]) if "approved_at" in row] == ["spring"]
    closing.close(made.slug, AFTER)
    assert queries.rows_of_person(cast["Ana"]) == []


def test_a_public_round_still_tells_people_which_ballot_is_theirs(cast: dict[str, Any]) -> None:
    made = voted(cast, is_secret=False)
    closing.close(made.slug, AFTER)
    voter = queries.voter_of(made, cast["Ana"])
    assert voter is not None
    assert voter.ballot.names == ["atlas"]


def test_closing_twice_is_once_and_never_before_the_end(cast: dict[str, Any]) -> None:
    made = voted(cast)
    with pytest.raises(Impossible):
        closing.close(made.slug, DURING)
    first = closing.close(made.slug, AFTER)
    files = {one.name: one.sha256 for one in RoundFile.objects.all()}
    again = closing.close(made.slug, AFTER + timedelta(days=9))
    assert (again.result.entry, again.state) == (first.result.entry, "published")
    assert {one.name: one.sha256 for one in RoundFile.objects.all()} == files
    assert closing.close_due(AFTER) == {}


def test_rounds_whose_end_has_come_are_closed_by_themselves(cast: dict[str, Any]) -> None:
    made = voted(cast)
    assert closing.close_due(DURING) == {}
    assert list(closing.close_due(AFTER)) == [made.slug]
    assert RoundResult.objects.count() == 1


def test_a_round_opens_only_with_two_of_the_board_and_enough_money(cast: dict[str, Any]) -> None:
    made = votes.prepared(cast)
    with pytest.raises(Refused):
        rounds.propose(cast["Bea"], made.slug)
    with pytest.raises(Impossible):
        rounds.approve(cast["Bea"], made.slug, NOW)
    rounds.propose(cast["Tom"], made.slug)
    for _twice in range(2):
        rounds.approve(cast["Bea"], made.slug, NOW)
    with pytest.raises(Impossible, match="Two members"):
        rounds.open_round(made.slug, NOW)
    with pytest.raises(Refused):
        rounds.approve(cast["Tina"], made.slug, NOW)
    rounds.approve(cast["Bo"], made.slug, NOW)
    opened = rounds.open_round(made.slug, NOW)
    assert (opened.state, opened.voters, len(opened.opening_sha256)) == ("opened", len(queries.people_for(made)), 64)
    poor = votes.approved(cast, slug="poor", pot_minor=950_000)
    with pytest.raises(NotRecorded):
        rounds.open_round(poor.slug, NOW)
    assert Round.objects.get(slug="poor").state == "proposed"


def test_what_cannot_be_counted_is_told_before_it_is_proposed(cast: dict[str, Any]) -> None:
    made = votes.prepared(cast, rule="mes", format="approve", points=0)
    with pytest.raises(Impossible, match="Nothing can be chosen"):
        rounds.propose(cast["Tom"], made.slug)
    rounds.change(cast["Tom"], made.slug, replace(votes.WANTED, rule="proportional", eligible="kind=none"))
    assert [one.code for one in rounds.faults(Round.objects.get())] == ["no-option"]


def test_a_list_of_people_votes_in_colleges_and_the_addresses_are_forgotten(cast: dict[str, Any]) -> None:
    invited = [rounds.Invited("Ana@example.org", "people"), rounds.Invited("later@example.org", "states")]
    wanted = {"roll_kind": "invited", "colleges": (("people", 2), ("states", 1)), "invited": invited}
    made = votes.opened(cast, **wanted, is_secret=False)
    assert made.invitations.count() == 0
    assert made.voters == 2
    later = money_out.person("Later")
    assert ballots.cast(made, later, {"wiki": 10}, DURING).pseudonym
    vote(cast, "Ana", atlas=10)
    with pytest.raises(Impossible, match="people of a list"):
        vote(cast, "Dan", atlas=1)
    closing.close(made.slug, AFTER)
    outcome = json.loads(bytes(RoundFile.objects.get(name="outcome.json").data))
    assert outcome["granted"]["atlas"] == 66_667


def test_nobody_votes_in_secret_in_a_college_of_their_own(cast: dict[str, Any]) -> None:
    """The roll names the college of each pseudonym: everybody could see how its only member voted."""
    invited = [rounds.Invited(f"{name}@example.org", "people") for name in ("ana", "dan")]
    invited.append(rounds.Invited("cyd@example.org", "states"))
    wanted = {"roll_kind": "invited", "colleges": (("people", 2), ("states", 1)), "invited": invited}
    made = votes.prepared(cast, **wanted)
    with pytest.raises(Impossible, match="One person alone would vote for states"):
        rounds.propose(cast["Tom"], made.slug)
    both = [*invited, rounds.Invited("eli@example.org", "states")]
    assert votes.opened(cast, slug="two", **{**wanted, "invited": both}).voters == 4


def test_ballots_are_not_numbered_in_the_order_in_which_people_voted(cast: dict[str, Any]) -> None:
    made = votes.opened(cast)
    receipts = [vote(cast, name, atlas=10) for name in ("Ana", "Cyd", "Dan", "Eli", "Fay")] * 2
    order = {one.voter.pseudonym: one.pk for one in Ballot.objects.select_related("voter")}
    numbers = [order[one.pseudonym] for one in receipts[:5]]
    assert made.ballots.count() == 5
    assert max(numbers) - min(numbers) > 1_000_000, "they count up"


def test_who_joins_after_the_opening_is_told_why_they_cannot_vote(cast: dict[str, Any]) -> None:
    made = votes.opened(cast)
    with pytest.raises(Impossible, match="joined after"):
        ballots.cast(made, money_out.person("Late"), {"atlas": 1}, DURING)


def test_a_ballot_may_be_changed_until_the_end_and_says_what_is_wrong_with_it(cast: dict[str, Any]) -> None:
    made = votes.opened(cast)
    vote(cast, "Ana", atlas=4)
    one = vote(cast, "Ana", wiki=9)
    assert vote(cast, "Ana", wiki=9) == one
    with pytest.raises(ballots.InvalidBallot) as wrong:
        vote(cast, "Ana", wiki=9, atlas=9)
    assert [problem.code for problem in wrong.value.problems] == ["too-much"]
    assert Ballot.objects.get().names == ["wiki"]
    for moment in (CLOSES, AFTER, made.opens_at - timedelta(seconds=1)):
        with pytest.raises(Impossible):
            ballots.cast(made, cast["Ana"], {"wiki": 1}, moment)


def test_what_is_not_open_yet_is_seen_by_those_with_an_office_alone(cast: dict[str, Any]) -> None:
    made = votes.prepared(cast)
    assert queries.get_round(cast["Bea"], made.slug) == made
    with pytest.raises(NotThere):
        queries.get_round(cast["Nobody"], made.slug)


RAW = [
    "UPDATE foundation_round SET pot_minor = pot_minor + 1",
    "UPDATE foundation_round SET closes_at = '2027-01-01 00:00:00+00:00'",
    "UPDATE foundation_round SET state = 'draft'",
    "UPDATE foundation_round SET state = 'published'",
    "UPDATE foundation_round SET opening_sha256 = 'x'",
    "UPDATE foundation_round SET voters = 1",
    "DELETE FROM foundation_round",
    "UPDATE foundation_roundoption SET cost_minor = 1",
    "DELETE FROM foundation_roundoption",
    "UPDATE foundation_rollvoter SET college = 'x'",
    "DELETE FROM foundation_rollvoter",
    "INSERT INTO foundation_rollvoter (round_id, pseudonym, college) SELECT id, 'x', 'all' FROM foundation_round",
    """INSERT INTO foundation_roundoption (round_id, commons, name, cost_minor, kind, search_text)
    SELECT id, 'x', 'x', 0, '', '' FROM foundation_round""",
    "DELETE FROM foundation_ballot",
    "DELETE FROM foundation_roundsecret",
    "UPDATE foundation_roundsecret SET seed = 'x'",
    "DELETE FROM foundation_roundapproval",
]


@pytest.mark.parametrize("statement", RAW)
def test_the_database_keeps_what_was_opened(cast: dict[str, Any], statement: str) -> None:
    voted(cast)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


AFTERWARDS = [
    "UPDATE foundation_ballot SET names = '[]'",
    """INSERT INTO foundation_ballot (round_id, voter_id, names, points)
    SELECT round_id, id, '[]', '[]' FROM foundation_rollvoter v
    WHERE NOT EXISTS (SELECT 1 FROM foundation_ballot b WHERE b.voter_id = v.id)""",
    "UPDATE foundation_roundresult SET paid_minor = 1",
    "DELETE FROM foundation_roundfile",
    "INSERT INTO foundation_roundfile (round_id, name, sha256, data) SELECT id, 'x', 'x', 'x' FROM foundation_round",
]


@pytest.mark.parametrize("statement", AFTERWARDS)
def test_the_database_keeps_what_was_decided(cast: dict[str, Any], statement: str) -> None:
    closing.close(voted(cast).slug, AFTER)
    if connection.vendor == "postgresql":
        statement = statement.replace("'x', 'x', 'x' FROM", "'x', 'x', CAST('x' AS bytea) FROM")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_round_whose_frozen_rows_were_changed_is_not_counted(cast: dict[str, Any]) -> None:
    made = voted(cast)
    with sql.without(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_roundoption SET cost_minor = 7")
    with pytest.raises(closing.Tampered):
        closing.close(made.slug, AFTER)
    assert isinstance(closing.close_due(AFTER)[made.slug], closing.Tampered)
    assert RoundResult.objects.count() == 0
