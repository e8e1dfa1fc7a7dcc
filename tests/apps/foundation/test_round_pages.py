"""Pages of rounds in a browser's steps: prepare, approve, vote over several pages, cast, read the result and why."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communs.apps.foundation.actions import ballots, bundles, closing
from communs.apps.foundation.models import Ballot, Bundle, Round, RoundSecret
from communs.apps.foundation.queries import bundles as bundle_queries
from communs.apps.foundation.queries import rounds as queries
from communs.core import rounds as core
from communs.testing import money_out, votes
from communs.testing.money_out import NOW
from communs.testing.votes import AFTER, DURING

pytestmark = pytest.mark.django_db
MANY = [f"commons-{number:03d}" for number in range(45)]


@pytest.fixture
def cast() -> dict[str, Any]:
    people = money_out.people() | votes.voters()
    money_out.found(people, {})
    votes.commons("atlas", "wiki", "forge")
    return people


def now_open(cast: dict[str, Any], **changes: Any) -> Round:
    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9)}
    return votes.opened(cast, **{**dates, "expires_on": (now + timedelta(days=400)).date(), **changes})


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(name: str, *values: Any) -> str:
    return reverse(f"foundation:{name}", args=values)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_round_is_prepared_approved_by_two_and_open(cast: dict[str, Any]) -> None:
    tom = client_of(cast["Tom"])
    form = votes.form(costs="atlas; 10", parameters="up_to_costs = false")
    for _twice in range(2):
        assert tom.post(at("round-new"), form).status_code == 302
    assert Client().get(at("round", "spring")).status_code == 404
    page = tom.get(at("round-edit", "spring")).content.decode()
    assert "up_to_costs = false" in page
    assert "atlas; 10.00" in page
    assert tom.post(at("round-edit", "spring"), {**form, "pot": "900"}).status_code == 302
    tom.post(at("round-step", "spring", "propose"))
    assert tom.post(at("round-edit", "spring"), form).status_code == 409
    assert tom.post(at("round-step", "spring", "approve")).status_code == 403
    for name in ("Bea", "Ben"):
        board = client_of(cast[name])
        assert "Approve" in text(board.get(at("round", "spring")))
        board.post(at("round-step", "spring", "approve"))
    made = Round.objects.get()
    assert (made.state, made.pot_minor, made.points) == ("opened", 90_000, 10)
    page = text(Client().get(at("round", "spring")))
    assert made.opening_sha256 in page
    assert "3 commons can be chosen" in page
    assert "Spring" in text(Client().get(at("rounds")))
    assert "spring" in Client().get(at("rounds-export")).content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pot": "-5"}, "above 0"),
        ({"pot": "ten"}, "is no amount"),
        ({"costs": "atlas; x"}, "is no amount"),
        ({"parameters": "up_to_costs"}, "name = value"),
        ({"closes_at": "2020-01-01T00:00"}, "has to end after"),
        ({"roll_kind": "invited"}, "Name the people"),
        ({"roll_kind": "invited", "invited": "nobody"}, "is no e-mail address"),
        ({"colleges": "people; many"}, "a whole number"),
        ({"slug": "A B"}, "slug"),
    ],
)
def test_what_is_typed_wrongly_is_kept_and_told_beside_its_field(
    cast: dict[str, Any], changes: dict[str, str], said: str
) -> None:
    page = client_of(cast["Tom"]).post(at("round-new"), votes.form(**changes))
    assert page.status_code == 200
    assert said in page.content.decode()
    assert Round.objects.count() == 0


def test_the_ballot_keeps_what_was_filled_in_over_search_and_pages(cast: dict[str, Any]) -> None:
    votes.commons(*MANY, kind="data")
    now_open(cast)
    ana = client_of(cast["Ana"])
    page = text(ana.get(at("vote", "spring")))
    assert page.count('id="c-') == 20
    assert "0 of 3 chosen · 10 points left" in page
    sent = {"shown": ["atlas", "commons-000"], "c-atlas": "4", "c-commons-000": "", "q": "", "page": "1"}
    answer = ana.post(at("vote", "spring"), {**sent, "do": "page-2"})
    assert answer["Location"].endswith("?page=2#choices")
    sent = {"shown": "commons-030", "c-commons-030": "5", "q": "WIKI", "page": "2", "do": "search"}
    page = text(ana.post(at("vote", "spring"), sent, follow=True))
    assert page.count('id="c-') == 1
    assert "2 of 3 chosen · 1 point left" in page
    assert "<li>Atlas: 4 points</li>" in page
    assert 'value="4"' in text(ana.get(at("vote", "spring") + "?q=atl"))
    page = text(ana.get(at("vote", "spring") + "?chosen=1"))
    assert page.count('id="c-') == 2
    assert text(ana.get(at("vote", "spring") + "?kind=data&page=3")).count('id="c-') == 5
    assert Ballot.objects.count() == 0


def test_a_wrong_number_stays_and_is_told_beside_its_field(cast: dict[str, Any]) -> None:
    now_open(cast)
    ana = client_of(cast["Ana"])
    sent = {"shown": ["atlas", "wiki"], "c-atlas": "many", "c-wiki": "3", "do": "look"}
    page = text(ana.post(at("vote", "spring"), sent))
    assert 'value="many"' in page
    assert 'href="#c-atlas"' in page
    assert "7 points left" in page
    sent = {"shown": ["atlas", "wiki"], "c-atlas": "9", "c-wiki": "3", "do": "look"}
    page = text(ana.post(at("vote", "spring"), sent, follow=True))
    assert "2 points too many" in page
    assert "Cast my ballot" not in page
    assert ana.post(at("vote-look", "spring")).status_code == 302
    assert Ballot.objects.count() == 0


def test_a_ballot_is_checked_cast_changed_and_found_by_its_receipt(cast: dict[str, Any]) -> None:
    now_open(cast)
    ana = client_of(cast["Ana"])
    assert ana.get(at("vote-receipt", "spring")).status_code == 404
    sent = {"shown": ["atlas", "wiki"], "c-atlas": "6", "c-wiki": "4", "do": "look"}
    assert "Cast my ballot" in text(ana.post(at("vote", "spring"), sent, follow=True))
    page = text(ana.post(at("vote-look", "spring"), follow=True))
    cast_one = Ballot.objects.get()
    assert cast_one.voter.pseudonym in page
    sent = {"shown": ["atlas"], "c-atlas": "2", "do": "save"}
    assert "changed since you cast it" in text(ana.post(at("vote", "spring"), sent, follow=True))
    ana.post(at("vote-look", "spring"))
    assert Ballot.objects.get().points == [2, 4]
    secret = bytes(RoundSecret.objects.get().secret)
    assert Ballot.objects.get().voter.pseudonym == core.pseudonym(secret, f"person:{cast['Ana'].pk}")


@pytest.mark.parametrize(
    ("changes", "sent", "names", "points", "shown"),
    [
        ({"format": "approve", "points": 0}, {"c-wiki": "1", "c-atlas": "1"}, ["atlas", "wiki"], [], ()),
        ({}, {"c-wiki": "9", "c-atlas": "1"}, ["atlas", "wiki"], [1, 9], ("1 point<", "9 points<")),
        (
            {"format": "score"},
            {"c-wiki": "10", "c-atlas": "7"},
            ["atlas", "wiki"],
            [7, 10],
            ("7 points<", "10 points<"),
        ),
        (
            {"rule": "greedy", "format": "approve", "points": 0, "costs": {"wiki": 100, "atlas": 250_000, "forge": 1}},
            {"c-wiki": "1", "c-atlas": "1"},
            ["atlas", "wiki"],
            [],
            ("asks for €1<", "asks for €2,500<"),
        ),
        (
            {"rule": "mes", "format": "rank", "points": 0, "costs": {"wiki": 100, "atlas": 100, "forge": 100}},
            {"c-wiki": "1", "c-atlas": "2"},
            ["wiki", "atlas"],
            [],
            ("rank 1<", "rank 2<"),
        ),
        (
            {"rule": "median", "points": 100_000},
            {"c-wiki": "400,50", "c-atlas": "599.5"},
            ["atlas", "wiki"],
            [59_950, 40_050],
            ("€599.50<", "€400.50<"),
        ),
    ],
)
def test_every_form_of_ballot_is_filled_in_and_cast(
    cast: dict[str, Any],
    changes: dict[str, Any],
    sent: dict[str, str],
    names: list[str],
    points: list[int],
    shown: tuple[str, ...],
) -> None:
    now_open(cast, **changes)
    ana = client_of(cast["Ana"])
    ana.post(at("vote", "spring"), {"shown": ["atlas", "wiki", "forge"], **sent})
    page = text(ana.get(at("vote", "spring")))
    assert "2 of 3 chosen" in page
    page = text(ana.get(at("vote-look", "spring")))
    assert all(f"<strong>{said}" in page for said in shown)
    ana.post(at("vote-look", "spring"))
    page = text(ana.get(at("vote-receipt", "spring")))
    assert all(f"<strong>{said}" in page for said in shown)
    cast_one = Ballot.objects.get()
    assert (cast_one.names, cast_one.points) == (names, points)


def test_a_rank_given_twice_is_told_and_not_cast(cast: dict[str, Any]) -> None:
    now_open(cast, rule="mes", format="rank", points=0, costs={"wiki": 100, "atlas": 100, "forge": 100})
    ana = client_of(cast["Ana"])
    sent = {"shown": ["atlas", "wiki"], "c-atlas": "1", "c-wiki": "1", "do": "look"}
    assert "Rank 1 is given twice" in text(ana.post(at("vote", "spring"), sent, follow=True))
    assert ana.post(at("vote-look", "spring")).status_code == 409
    assert Ballot.objects.count() == 0


def test_who_may_not_vote_is_told_why(cast: dict[str, Any]) -> None:
    now_open(cast)
    assert Client().get(at("vote", "spring")).status_code == 302
    late = client_of(money_out.person("Late"))
    page = late.get(at("vote", "spring"))
    assert page.status_code == 409
    assert "joined after" in page.content.decode()


def decided(cast: dict[str, Any], **changes: Any) -> Round:
    bundles.accept_rule(votes.steward("Sam", "atlas"), "atlas", NOW)
    made = votes.opened(cast, **changes)
    ballots.cast(made, cast["Ana"], {"atlas": 10}, DURING)
    ballots.cast(made, cast["Dan"], {"wiki": 6}, DURING)
    return closing.close(made.slug, AFTER)


def test_the_result_says_who_is_paid_why_and_how_to_check_it(cast: dict[str, Any]) -> None:
    done = decided(cast)
    page = text(Client().get(at("round-results", "spring")))
    for said in ("€625", "€375", "wait to be accepted", done.opening_sha256, "2 of"):
        assert said in page
    assert "atlas,Atlas,1,62500" in Client().get(at("round-results-export", "spring")).content.decode()
    page = text(Client().get(at("round-why", "spring", "atlas")))
    assert "10 points" in page
    assert "Atlas" in page
    listed = text(Client().get(at("round-ballots", "spring")))
    pseudonym = done.ballots.get(names=["atlas"]).voter.pseudonym
    assert pseudonym in listed
    assert pseudonym in text(Client().get(at("round-ballots", "spring") + f"?q={pseudonym[:9]}"))
    place = queries.place_of(done, pseudonym)
    assert at("round-ballot", "spring", place) in listed
    page = text(Client().get(at("round-ballot", "spring", place)))
    assert pseudonym in page
    assert "Atlas" in page
    assert Client().get(at("round-ballot", "spring", 3)).status_code == 404
    assert Client().get(at("round-why", "spring", "nothing")).status_code == 404


def test_the_files_are_served_as_they_were_made(cast: dict[str, Any]) -> None:
    done = decided(cast)
    files = {name: Client().get(f"/rounds/spring/{name}") for name in ("round.json", "outcome.json")}
    assert core.verify_round(files["round.json"].content, files["outcome.json"].content, done.opening_sha256) == ()
    for name, answer in files.items():
        assert core.digest(answer.content) == done.files.get(name=name).sha256
        assert "immutable" in answer["Cache-Control"]
    assert Client().get("/rounds/spring/secret").status_code == 404


def test_the_api_tells_rounds_and_their_files(cast: dict[str, Any]) -> None:
    votes.prepared(cast, slug="hidden")
    done = decided(cast)
    listed = Client().get("/api/v1/foundation/rounds").json()
    assert [one["id"] for one in listed["items"]] == ["spring"]
    one = Client().get("/api/v1/foundation/rounds/spring").json()
    assert (one["state"], one["ballots"], one["paid_minor"]) == ("published", 2, 62_500)
    assert {file["name"] for file in one["files"]} == {"round.json", "outcome.json", "ballots.pb"}
    assert one["opening_sha256"] == done.opening_sha256
    assert Client().get("/api/v1/foundation/rounds/hidden").status_code == 404


def test_stewards_accept_propose_and_claim_on_pages(cast: dict[str, Any]) -> None:
    sam = client_of(votes.steward("Sam", "wiki"))
    made = votes.opened(cast)
    ballots.cast(made, cast["Ana"], {"wiki": 10}, DURING)
    closing.close(made.slug, AFTER)
    assert "Wiki" in text(sam.get(at("sharing")))
    page = text(sam.get(at("sharing-commons", "wiki")))
    assert "Accept the sharing rule" in page
    assert "Accept the sharing rule" not in text(Client().get(at("sharing-commons", "wiki")))
    assert client_of(cast["Ana"]).post(at("sharing-rule", "wiki"), {"do": "accept"}).status_code == 403
    sam.post(at("sharing-rule", "wiki"), {"do": "accept"})
    form = {"token": str(uuid4()), "starts_on": timezone.localdate().isoformat(), "upstream": "forge; 12,5"}
    assert "no commons of the register" in text(sam.post(at("bundle-new", "wiki"), {**form, "upstream": "no; 5"}))
    assert "per cent" in text(sam.post(at("bundle-new", "wiki"), {**form, "upstream": "forge; x"}))
    assert "more than 100" in text(
        sam.post(at("bundle-new", "wiki"), {**form, "upstream": "forge; 99", "reserves": "atlas; 9"})
    )
    assert sam.post(at("bundle-new", "wiki"), form).status_code == 302
    bundle = Bundle.objects.get()
    assert list(bundle.shares.order_by("ppm").values_list("party", "ppm")) == [("forge", 125_000), ("wiki", 875_000)]
    page = text(sam.get(at("bundle", bundle.public_id)))
    assert "has not accepted yet" in page
    assert "Accept for Wiki" in page
    sam.post(at("bundle-accept", bundle.public_id), {"party": "wiki"})
    client_of(votes.steward("Fox", "forge")).post(at("bundle-accept", bundle.public_id), {"party": "forge"})
    assert "accepted by all" in text(Client().get(at("bundle", bundle.public_id)))
    assert [one.minor for one in bundle_queries.waiting()] == [100_000]


def test_a_step_is_looked_at_once_more_before_it_is_taken(cast: dict[str, Any]) -> None:
    votes.prepared(cast)
    tom, bea = client_of(cast["Tom"]), client_of(cast["Bea"])
    place = at("round-step", "spring", "propose")
    assert place in text(tom.get(at("round", "spring")))
    page = text(tom.get(place))
    for said in ("Propose it to the board: Spring round", "nothing of it can be changed", "€1,000", "Divide 10 points"):
        assert said in page
    assert Round.objects.get().state == "draft"
    assert bea.get(place).headers["Location"] == at("round", "spring")
    tom.post(place)
    assert 'class="danger"' in text(tom.get(at("round-step", "spring", "withdraw")))
    assert tom.get(at("round-step", "spring", "open")).headers["Location"] == at("round", "spring")
    assert "With the second approval" in text(bea.get(at("round-step", "spring", "approve")))
    assert tom.get(at("round-step", "spring", "nothing")).status_code == 404
    assert Client().get(place).status_code == 302


def test_rounds_are_listed_by_their_stage(cast: dict[str, Any]) -> None:
    votes.prepared(cast, slug="draft", title={"en": "Hidden round"})
    now_open(cast)
    tom = client_of(cast["Tom"])
    page = text(tom.get(at("rounds")))
    assert "all (2)" in page
    assert "being prepared (1)" in page
    page = text(tom.get(at("rounds") + "?stage=open"))
    assert "One round" in page
    assert "Hidden round" not in page
    assert at("rounds-export") + "?stage=open" in page
    assert "spring" in Client().get(at("rounds-export") + "?stage=open").content.decode()
    assert "spring" not in Client().get(at("rounds-export") + "?stage=decided").content.decode()
    assert "being prepared" not in text(Client().get(at("rounds")))


@pytest.mark.parametrize("prepare", [votes.prepared, votes.opened])
def test_commons_of_a_round_are_found_by_name_and_taken_along(cast: dict[str, Any], prepare: Any) -> None:
    prepare(cast)
    tom = client_of(cast["Tom"])
    assert "One commons can be chosen" in text(tom.get(at("round-options", "spring") + "?q=WIK"))
    assert "No commons of this round" in text(tom.get(at("round-options", "spring") + "?q=nothing"))
    answer: Any = tom.get(at("round-options-export", "spring", "json"))
    rows = json.loads(b"".join(answer.streaming_content))
    assert sorted(row["commons"] for row in rows) == ["atlas", "forge", "wiki"]
    assert tom.get(at("round-options-export", "spring", "xml")).status_code == 404
