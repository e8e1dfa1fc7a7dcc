"""The pages of sources, runs and contradictions: who may do what, and that it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from communs.apps.register.actions import appoint_steward
from communs.apps.register.models import Commons
from communs.kit.gates import NotThere, Refused, Right
from communs.kit.models import Listing, ReviewTask, Run, Source
from communs.kit.records.importing import ImportReport
from communs.kit.runs import actions, queries, reading, tasks

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FORM = {
    "name": "Daily list",
    "url": "https://list.example/all.jsonl",
    "format": "commons",
    "licence": "CC0-1.0",
    "trust": "60",
    "schedule": "daily",
}
EDITOR_PAGES = ("new/", "daily-list/edit/", "daily-list/file/")


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


@pytest.fixture
def source(db: None) -> Source:
    return actions.keep(None, {**FORM, "trust": 60})


def body(client: Client, path: str) -> str:
    return client.get(f"/en/sources/{path}").content.decode()


def test_anyone_reads_where_things_come_from(source: Source) -> None:
    page = body(Client(), "")
    assert "Daily list" in page
    assert "CC0-1.0" in page
    assert "not read yet" in page
    assert "Add a source" not in page
    assert "Read it now" not in body(Client(), "daily-list/")


def test_the_gate_gives_each_role_its_rights(source: Source, bob: Any, eva: Any, adam: Any) -> None:
    from django.contrib.auth.models import AnonymousUser

    for person in (AnonymousUser(), bob, eva, adam):
        assert queries.get_source(person, "daily-list") == source
    for person in (AnonymousUser(), bob):
        with pytest.raises(Refused):
            queries.get_source(person, "daily-list", Right.EDIT)
    for person in (eva, adam):
        assert queries.get_source(person, "daily-list", Right.EDIT) == source
    with pytest.raises(NotThere):
        queries.get_source(eva, "no-such")


def test_only_editors_change_anything(source: Source, bob: Any, eva: Any) -> None:
    visitor, member, editor = Client(), signed_in(bob), signed_in(eva)
    for page in EDITOR_PAGES:
        assert visitor.get(f"/en/sources/{page}").status_code == 302
        assert member.get(f"/en/sources/{page}").status_code == 403
        assert editor.get(f"/en/sources/{page}").status_code == 200
    for step in ("start", "pause"):
        assert visitor.post(f"/en/sources/daily-list/{step}/").status_code == 302
        assert member.post(f"/en/sources/daily-list/{step}/").status_code == 403
        assert editor.get(f"/en/sources/daily-list/{step}/").status_code == 405
    assert not Run.objects.exists()


def test_an_editor_adds_a_source_and_changes_it(eva: Any) -> None:
    editor = signed_in(eva)
    assert editor.post("/en/sources/new/", FORM).status_code == 302
    source = Source.objects.get(key="daily-list")
    assert (source.schedule, source.format, source.trust) == ("daily", "commons", 60)
    assert source.due_at is not None
    assert "already" in editor.post("/en/sources/new/", FORM).content.decode()
    editor.post("/en/sources/daily-list/edit/", {**FORM, "schedule": "none"})
    source.refresh_from_db()
    assert (source.schedule, source.due_at) == ("none", None)
    missing = editor.post("/en/sources/daily-list/edit/", {**FORM, "url": ""})
    assert "needs an address" in missing.content.decode()


def test_reading_now_is_left_to_the_worker_and_the_page_looks_again(
    source: Source, eva: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = signed_in(eva)
    answer = editor.post("/en/sources/daily-list/start/", {})
    run = Run.objects.get()
    assert answer["Location"] == f"/en/sources/runs/{run.pk}/"
    assert 'http-equiv="refresh"' in body(Client(), f"runs/{run.pk}/")
    assert editor.post("/en/sources/daily-list/start/", {}).status_code == 409
    monkeypatch.setattr(reading, "fetched", _silent)
    reading.carry_out_asked(run)
    page = body(Client(), f"runs/{run.pk}/")
    assert "It took too long" in page
    assert 'http-equiv="refresh"' not in page
    assert "One attempt has failed" in body(Client(), "daily-list/")


def _silent(*_asked: Any) -> Any:
    raise reading.Silent("It took too long to answer.")


def test_a_file_handed_in_is_read_and_then_dropped(source: Source, eva: Any) -> None:
    file = SimpleUploadedFile("list.jsonl", b'{"id": "map", "name": "Map"}\n{"id": "no name"}')
    signed_in(eva).post("/en/sources/daily-list/file/", {"file": file})
    run = Run.objects.select_related("source").get()
    tasks.carry_out.call(run.pk)
    run.refresh_from_db()
    assert (run.new, run.refused, run.origin) == (1, 1, "list.jsonl")
    assert not hasattr(Run.objects.get(), "file")
    page = body(Client(), f"runs/{run.pk}/")
    assert "list.jsonl:2" in page
    assert "/en/commons/map/history/1/" in page
    assert f"/en/sources/runs/{run.pk}/" in Client().get("/en/commons/map/history/1/").content.decode()


def test_pausing_and_going_on(source: Source, eva: Any) -> None:
    editor = signed_in(eva)
    editor.post("/en/sources/daily-list/pause/", {"pause": "1"})
    assert Source.objects.get().is_paused
    assert "paused" in body(Client(), "daily-list/")
    editor.post("/en/sources/daily-list/pause/", {"pause": "0"})
    assert not Source.objects.get().is_paused


def test_an_entry_says_how_fresh_it_is(record: Commons, load: Callable[..., ImportReport], eva: Any) -> None:
    load("map", {"homepage": "https://map.example"}, source="list")
    source = Source.objects.get(key="list")
    listing = Listing.objects.create(source=source, catalogue="commons", public_id="map", since=timezone.now())
    Source.objects.filter(pk=source.pk).update(read_at=timezone.now())
    page = Client().get("/en/commons/map/").content.decode()
    assert "confirmed by Eva" in page
    assert "last seen in list on" in page
    listing.gone_at = timezone.now()
    listing.save()
    for path in ("", "sources/"):
        assert "no longer listed" in Client().get(f"/en/commons/map/{path}").content.decode() or not path
    assert "list has not listed it any more since" in Client().get("/en/commons/map/").content.decode()


@pytest.fixture
def contradiction(record: Commons, load: Callable[..., ImportReport]) -> ReviewTask:
    load("map", {"name": "Plan"})
    return ReviewTask.objects.get()


def test_a_contradiction_is_seen_by_editors_and_by_the_steward_of_the_entry(
    contradiction: ReviewTask, record: Commons, eva: Any, alice: Any, bob: Any
) -> None:
    appoint_steward(record, alice, by=eva)
    path = f"/en/sources/reviews/{contradiction.pk}/"
    for person in (eva, alice):
        assert "map: Name" in body(signed_in(person), "reviews/")
        page = signed_in(person).get(path).content.decode()
        assert "Plan" in page
        assert "Map" in page
    assert "map: Name" not in body(signed_in(bob), "reviews/")
    assert signed_in(bob).get(path).status_code == 403
    assert Client().get(path).status_code == 302
    assert Client().get("/en/sources/reviews/").status_code == 302


@pytest.mark.parametrize(
    ("verb", "state", "name"), [("keep", "kept", "Map"), ("take", "taken", "Plan"), ("dismiss", "dismissed", "Map")]
)
def test_an_editor_decides_it(contradiction: ReviewTask, eva: Any, verb: str, state: str, name: str) -> None:
    editor = signed_in(eva)
    assert "contradicts" in editor.get("/en/commons/queue/").content.decode()
    path = f"/en/sources/reviews/{contradiction.pk}/"
    assert editor.post(path, {"verb": verb, "note": "asked them"}).status_code == 302
    contradiction.refresh_from_db()
    assert (contradiction.state, Commons.objects.get().values["name"]) == (state, name)
    assert "asked them" in editor.get("/en/commons/map/history/").content.decode()
    assert editor.post(path, {"verb": verb}).status_code == 409
    assert "contradicts" not in editor.get("/en/commons/queue/").content.decode()


def test_a_decision_that_is_none_changes_nothing(contradiction: ReviewTask, eva: Any) -> None:
    answer = signed_in(eva).post(f"/en/sources/reviews/{contradiction.pk}/", {"verb": "else"})
    assert answer.status_code == 409
    contradiction.refresh_from_db()
    assert contradiction.state == ReviewTask.State.OPEN
