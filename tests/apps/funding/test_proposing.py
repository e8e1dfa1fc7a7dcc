"""Proposing a source or a correction, and what editors do with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from communs.apps.funding import actions, queries
from communs.apps.funding.fields import FIELDS
from communs.apps.funding.models import Opportunity, OpportunityProposal
from communs.kit.records.actions import Author, Impossible
from communs.kit.records.forms import RecordForm
from communs.kit.records.models import Method
from communs.kit.records.widgets import RowsField

NEW = "/en/funding/new/"
EDIT = "/en/funding/open-fund/edit/"


def test_a_visitor_is_asked_to_sign_in(client: Client, open_fund: Any) -> None:
    for path in (NEW, EDIT):
        response = client.get(path)
        assert response.status_code == 302
        assert "login" in response["Location"]


def test_a_members_source_waits_for_an_editor(signed_in: Any, client: Client, bob: Any, eva: Any) -> None:
    signed_in(bob).post(NEW, {"titles.en": "Fund for atlases", "kind": "grant", "recipients": ["association"]})
    proposal = OpportunityProposal.objects.get()
    assert proposal.subject is None
    assert not Opportunity.objects.exists()
    queue = signed_in(eva).get("/en/funding/queue/").content.decode()
    assert "Fund for atlases" in queue
    signed_in(eva).post(
        f"/en/funding/proposal/{proposal.pk}/",
        {"verb": "accept", "fields_taken": ["titles.en", "kind", "recipients"]},
    )
    created = Opportunity.objects.get()
    assert (created.public_id, created.title, created.is_public) == ("fund-for-atlases", "Fund for atlases", True)
    assert client.get("/en/funding/fund-for-atlases/").status_code == 200


def test_an_empty_source_says_what_is_missing(signed_in: Any, bob: Any) -> None:
    response = signed_in(bob).post(NEW, {"note": ""})
    assert list(response.context["form"].errors) == ["titles.en"]
    assert "Nothing was changed" not in response.content.decode()


def test_a_correction_that_would_break_the_matching_is_refused_when_it_is_decided(
    signed_in: Any, open_fund: Any, bob: Any, eva: Any
) -> None:
    from communs.kit.records.taking_part import propose

    proposal = propose(open_fund.proposals, {"countries": ["Atlantis"]}, bob, subject=open_fund)
    decide = {"verb": "accept", "fields_taken": ["countries"]}
    response = signed_in(eva).post(f"/en/funding/proposal/{proposal.pk}/", decide)
    assert response.status_code == 409
    assert "Use INT, EU27" in response.content.decode()
    assert Opportunity.objects.get().values["countries"] == ["INT"]


def test_an_editors_source_is_public_at_once(signed_in: Any, eva: Any) -> None:
    signed_in(eva).post(NEW, {"titles.fr": "Fonds des atlas", "windows": "", "countries": "FR\nEU27"})
    created = Opportunity.objects.get()
    assert created.public_id == "fonds-des-atlas"
    assert created.values["countries"] == ["FR", "EU27"]


def test_a_members_correction_is_a_proposal_and_an_editors_is_stated(
    signed_in: Any, open_fund: Any, bob: Any, eva: Any
) -> None:
    url = f"{EDIT}?field=funder.name"
    signed_in(bob).post(url, {"funder.name": "City of Bob", "version": open_fund.version})
    open_fund.refresh_from_db()
    assert open_fund.funder_name == ""
    assert OpportunityProposal.objects.get().values == {"funder.name": "City of Bob"}
    signed_in(eva).post(url, {"funder.name": "City of Eva", "version": open_fund.version})
    open_fund.refresh_from_db()
    assert open_fund.funder_name == "City of Eva"


def test_what_the_matcher_could_not_read_stays_in_the_form_with_the_remedy_beside_it(
    signed_in: Any, open_fund: Any, bob: Any, eva: Any
) -> None:
    typed = {"countries": "France", "amount.currency": "euros", "note": "from their page", "version": open_fund.version}
    for person in (bob, eva):
        response = signed_in(person).post(EDIT, {**kept(open_fund), **typed})
        form = response.context["form"]
        assert response.status_code == 200
        assert "Use INT, EU27" in str(form.errors["countries"])
        assert set(form.errors) <= {"countries", "amount.currency"}
        shown = response.content.decode()
        assert ">\nFrance</textarea>" in shown
        assert 'value="from their page"' in shown
    open_fund.refresh_from_db()
    assert open_fund.values["countries"] == ["INT"]
    assert not OpportunityProposal.objects.exists()


def test_a_new_source_that_cannot_be_read_comes_back_as_it_was_typed(signed_in: Any, bob: Any) -> None:
    response = signed_in(bob).post(NEW, {"titles.en": "Fund", "countries": "Atlantis"})
    assert set(response.context["form"].errors) == {"countries"}
    assert 'value="Fund"' in response.content.decode()
    response = signed_in(bob).post(NEW, {"kind": "grant"})
    assert set(response.context["form"].errors) == {"titles.en"}
    assert not OpportunityProposal.objects.exists()


def test_a_field_that_is_not_asked_is_blamed_above_the_form(signed_in: Any, open_fund: Any, eva: Any) -> None:
    Opportunity.objects.filter(pk=open_fund.pk).update(values={**open_fund.values, "countries": ["France"]})
    data = {"programme": "Maps", "version": open_fund.version}
    response = signed_in(eva).post(f"{EDIT}?field=programme", data)
    assert "Where they fund: " in str(response.context["form"].non_field_errors())


def kept(opportunity: Any) -> dict[str, Any]:
    """The form of an opportunity as a browser sends it back untouched."""
    form = RecordForm(FIELDS, opportunity.values)
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if isinstance(bound.field, RowsField):
            sent |= {f"{bound.name}_{place}": cell or "" for place, cell in enumerate(value)}
        elif value is not None:
            sent[bound.name] = value
    return sent


def test_the_bounds_of_a_criterion_survive_an_edit_of_the_others(signed_in: Any, make: Any, eva: Any) -> None:
    bounds = {"min": 2, "max": 7}
    criteria = [
        {"dimension": "team_size", "statement": "Two to seven people", "force": "hard", "accepts": bounds},
        {"dimension": "place", "statement": "In France", "force": "hard", "accepts": ["FR"]},
    ]
    fund = make("team-fund", titles__en="Team fund", criteria=criteria)
    url = "/en/funding/team-fund/edit/?field=criteria"
    sent = {name: value for name, value in kept(fund).items() if name.startswith("criteria")}
    signed_in(eva).post(url, {**sent, "criteria_1": "From two to seven people", "version": fund.version})
    fund.refresh_from_db()
    assert fund.values["criteria"] == [{**criteria[0], "statement": "From two to seven people"}, criteria[1]]
    signed_in(eva).post(url, {**sent, "criteria_3": "min: 3, max: 7.5", "version": fund.version})
    fund.refresh_from_db()
    assert fund.values["criteria"][0]["accepts"] == {"min": 3, "max": 7.5}
    wrong = signed_in(eva).post(url, {**sent, "criteria_3": "three", "version": fund.version})
    assert "min: 5, max: 10" in str(wrong.context["form"].errors["criteria"])


def test_a_source_without_title_or_with_unreadable_values_is_not_created(eva: Any) -> None:
    author = Author(eva, Method.EDITOR)
    with pytest.raises(Impossible, match="title"):
        actions.create_opportunity({"kind": "grant"}, author, "", "")
    with pytest.raises(Impossible, match="Atlantis"):
        actions.create_opportunity({"titles.en": "X", "countries": ["Atlantis"]}, author, "", "")


def test_ids_are_free_and_never_a_word_of_the_addresses(eva: Any, make: Any) -> None:
    author = Author(eva, Method.EDITOR)
    ids = [actions.create_opportunity({"titles.en": "New"}, author, "", "").public_id for _ in range(2)]
    assert ids == ["new-2", "new-3"]
    assert actions.create_opportunity({"titles.en": "中文"}, author, "", "").public_id == "opportunity"


def test_one_that_may_be_there_already_is_shown_first(signed_in: Any, make: Any, bob: Any) -> None:
    make("known", titles__en="Fund for maps", summaries__en="x", url="https://example.org/maps")
    for data in ({"titles.en": "fund for MAPS"}, {"titles.en": "Other", "url": "https://example.org/maps"}):
        response = signed_in(bob).post(NEW, data)
        assert "/en/funding/known/" in response.content.decode()
    assert not OpportunityProposal.objects.exists()


def test_the_queue_is_for_editors(client: Client, signed_in: Any, bob: Any, eva: Any) -> None:
    assert client.get("/en/funding/queue/").status_code == 302
    assert signed_in(bob).get("/en/funding/queue/").status_code == 403
    assert signed_in(eva).get("/en/funding/queue/").status_code == 200


def test_those_who_follow_are_told_of_a_change_in_their_language(
    signed_in: Any, open_fund: Any, bob: Any, eva: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from django_tasks_db.models import DBTaskResult

    from communs.apps.accounts.models import Letter
    from communs.apps.funding.tasks import tell_watchers

    bob.language = "fr"
    bob.save()
    signed_in(bob).post("/en/funding/open-fund/watch/")
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(eva).post(f"{EDIT}?field=programme", {"programme": "Maps", "version": open_fund.version})
    assert DBTaskResult.objects.filter(task_path__endswith="funding.tasks.tell_watchers").count() == 1
    tell_watchers.func(open_fund.revisions.latest("id").pk)
    letter = Letter.objects.get()
    assert letter.to == bob.email
    assert "Programme : Maps" in letter.text.replace("\xa0", " ") or "Programme: Maps" in letter.text
    assert "/fr/funding/open-fund/history/" in letter.text


def test_what_is_theirs_is_in_a_persons_export(
    signed_in: Any, open_fund: Any, atlas: Any, bob: Any, alice: Any
) -> None:
    reader = signed_in(bob)
    reader.post("/en/funding/for/atlas/answers/", {"answer.hosted": "no"})
    reader.post(f"{EDIT}?field=programme", {"programme": "Maps", "version": open_fund.version})
    reader.post("/en/funding/open-fund/discussion/", {"text": "Hello"})
    reader.post("/en/funding/open-fund/watch/")
    kinds = sorted(item["what"] for item in queries.contributions_of(bob))
    assert kinds == ["comment", "follow", "proposal"]
    assert [item["question"] for item in queries.answers_given_by(bob)] == ["hosted"]
    assert queries.contributions_of(alice) == queries.answers_given_by(alice) == []
    assert queries.answered_by(bob)[0][2] == "1 answer"
