"""Edit, propose, decide, add a commons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communs.apps.register.models import Commons, CommonsProposal
from communs.kit.records import actions
from communs.kit.records.actions import Author

PAGE = "/en/commons/free-map/"
SignIn = Callable[[Any], Client]


def fresh(commons: Commons) -> Commons:
    return Commons.objects.get(pk=commons.pk)


def edit(client: Client, commons: Commons, only: str = "name", **data: str) -> Any:
    values = {"version": str(commons.version), **data}
    return client.post(f"/en/commons/{commons.public_id}/edit/?field={only}", values)


def test_what_a_steward_saves_is_shown_at_once_with_its_author(free_map: Commons, alice: Any, sign_in: SignIn) -> None:
    response = edit(
        sign_in(alice), free_map, name="Common Map", note="renamed", evidence_url="https://map.example/name"
    )
    assert response["Location"] == PAGE
    assert fresh(free_map).name == "Common Map"
    statement = free_map.statements.latest("id")
    assert (statement.person, statement.method, statement.values) == (alice, "steward", {"name": "Common Map"})
    assert statement.evidence == [{"ref": "https://map.example/name"}]
    assert statement.revision.note == "renamed"


def test_what_a_member_saves_is_a_proposal(free_map: Commons, bob: Any, sign_in: SignIn) -> None:
    edit(sign_in(bob), free_map, name="Common Map", note="its new name")
    proposal = free_map.proposals.get()
    assert (proposal.person, proposal.values, proposal.status) == (bob, {"name": "Common Map"}, "open")
    assert fresh(free_map).name == "Free Map"
    assert "Common" in Client().get(f"{PAGE}proposals/").content.decode()


def test_the_whole_form_sent_back_changes_only_what_was_touched(free_map: Commons, alice: Any, sign_in: SignIn) -> None:
    client = sign_in(alice)
    form = client.get(f"{PAGE}edit/").context["form"]
    data: dict[str, Any] = {}
    for bound in form:
        widget = bound.field.widget
        if hasattr(widget, "widgets"):
            data.update({f"{bound.html_name}_{number}": cell for number, cell in enumerate(bound.value()) if cell})
        elif bound.value() is not None:
            data[bound.html_name] = bound.value()
    response = client.post(f"{PAGE}edit/", {**data, "steward.country": "FR"})
    assert response.status_code == 302, response.context["form"].errors
    assert free_map.statements.latest("id").values == {"steward.country": "FR"}


def test_what_was_typed_is_kept_on_error(free_map: Commons, alice: Any, sign_in: SignIn) -> None:
    response = edit(sign_in(alice), free_map, only="homepage", homepage="not an address", note="typed note")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="not an address"' in page
    assert "typed note" in page
    assert 'href="#id_homepage"' in page


def test_two_people_at_once_do_not_overwrite_each_other(
    free_map: Commons, alice: Any, eva: Any, sign_in: SignIn
) -> None:
    started = fresh(free_map)
    actions.state(free_map, {"name": "Evas Map"}, Author(eva))
    response = edit(sign_in(alice), started, name="Alices Map")
    assert "Evas Map" in response.content.decode()
    assert fresh(free_map).name == "Evas Map"
    edit(sign_in(alice), fresh(free_map), name="Alices Map")
    assert fresh(free_map).name == "Alices Map"


@pytest.fixture
def proposal(free_map: Commons, bob: Any) -> CommonsProposal:
    made: CommonsProposal = actions.propose(
        free_map.proposals, {"name": "Common Map", "kind": "content"}, bob, subject=free_map, note="two things"
    )
    return made


def decide(client: Client, proposal: CommonsProposal, verb: str, **data: Any) -> Any:
    return client.post(f"/en/commons/proposal/{proposal.pk}/", {"verb": verb, **data})


def test_a_steward_accepts_a_part_and_the_words_stay_with_who_proposed(
    proposal: CommonsProposal, free_map: Commons, alice: Any, bob: Any, sign_in: SignIn
) -> None:
    decide(sign_in(alice), proposal, "accept", fields_taken=["name"])
    assert (fresh(free_map).name, fresh(free_map).kind) == ("Common Map", "data")
    revision = free_map.revisions.latest("id")
    assert (revision.person, revision.statements.get().person, revision.note) == (alice, bob, "two things")
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by) == ("accepted", alice)


def test_a_refusal_needs_a_reason_and_shows_it(
    proposal: CommonsProposal, free_map: Commons, eva: Any, sign_in: SignIn
) -> None:
    assert decide(sign_in(eva), proposal, "refuse").status_code == 409
    decide(sign_in(eva), proposal, "refuse", reason="The old name is right.")
    proposal.refresh_from_db()
    assert proposal.status == "refused"
    assert fresh(free_map).name == "Free Map"
    assert "The old name is right." in Client().get(f"{PAGE}proposals/").content.decode()


def test_nothing_ticked_is_not_an_acceptance(proposal: CommonsProposal, eva: Any, sign_in: SignIn) -> None:
    assert decide(sign_in(eva), proposal, "accept").status_code == 409
    proposal.refresh_from_db()
    assert proposal.status == "open"


def test_a_proposal_is_decided_once(proposal: CommonsProposal, eva: Any, sign_in: SignIn) -> None:
    decide(sign_in(eva), proposal, "accept", fields_taken=["name"])
    assert decide(sign_in(eva), proposal, "refuse", reason="late").status_code == 409


def test_only_its_author_takes_a_proposal_back_and_only_those_who_may_decide(
    proposal: CommonsProposal, bob: Any, eva: Any, make: Callable[..., Commons], sign_in: SignIn
) -> None:
    assert decide(sign_in(bob), proposal, "accept", fields_taken=["name"]).status_code == 403
    assert decide(sign_in(eva), proposal, "take_back").status_code == 409
    decide(sign_in(bob), proposal, "take_back")
    proposal.refresh_from_db()
    assert proposal.status == "withdrawn"


def test_a_member_describes_a_new_commons_and_an_editor_accepts_it(bob: Any, eva: Any, sign_in: SignIn) -> None:
    response = sign_in(bob).post(
        "/en/commons/new/", {"name": "Fab Lab Plans", "kind": "hardware", "note": "I use them"}
    )
    proposal = CommonsProposal.objects.get()
    assert response["Location"] == f"/en/commons/proposal/{proposal.pk}/"
    assert not Commons.objects.exists()
    assert Client().get(f"/en/commons/proposal/{proposal.pk}/").status_code == 404
    assert "Fab Lab Plans" in sign_in(eva).get("/en/commons/queue/").content.decode()
    decide(sign_in(eva), proposal, "accept", fields_taken=["name", "kind"])
    commons = Commons.objects.get()
    assert (commons.public_id, commons.kind, commons.is_public) == ("fab-lab-plans", "hardware", True)
    assert commons.statements.get().person == bob


def test_an_editor_adds_a_commons_at_once_and_it_gets_an_id_of_its_own(
    eva: Any, make: Callable[..., Commons], sign_in: SignIn
) -> None:
    make("atlas", name="Old one", homepage="https://one.example")
    for _time in range(2):
        sign_in(eva).post("/en/commons/new/", {"name": "Queue", "is_new": "1"})
    sign_in(eva).post("/en/commons/new/", {"name": "Atlas", "is_new": "1"})
    assert sorted(Commons.objects.values_list("public_id", flat=True)) == ["atlas", "atlas-2", "queue-2", "queue-3"]


def test_what_may_be_the_same_is_shown_before_a_new_one_is_made(free_map: Commons, eva: Any, sign_in: SignIn) -> None:
    response = sign_in(eva).post("/en/commons/new/", {"name": "The Free Map", "homepage": "http://www.map.example"})
    assert "Is it one of these?" in response.content.decode()
    assert Commons.objects.count() == 1


def test_what_is_the_same_by_its_identifiers_is_not_added_twice(
    make: Callable[..., Commons], eva: Any, sign_in: SignIn
) -> None:
    make("atlas", name="Atlas", identifiers__wikidata="Q936")
    data = {"name": "Another name", "identifiers.wikidata": "Q936", "is_new": "1"}
    assert sign_in(eva).post("/en/commons/new/", data).status_code == 409
    assert Commons.objects.count() == 1
