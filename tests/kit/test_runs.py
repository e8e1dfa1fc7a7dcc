"""Runs: what each reading of a source brings, that a second one writes nothing, and what a source no longer lists."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communs.apps.funding.models import Opportunity, OpportunityRevision
from communs.apps.register.models import Commons, CommonsRevision, CommonsStatement
from communs.kit import fetch as fetching
from communs.kit.models import Listing, ReviewTask, Run, Source
from communs.kit.records import actions as records
from communs.kit.records.actions import Author, Impossible
from communs.kit.runs import actions, reading
from communs.kit.runs.actions import Job
from communs.kit.runs.opening import Given

PUBLICCODE = """publiccodeYmlVersion: "0.4"
name: Free Map
url: https://github.com/example/free-map.git
description:
  en:
    shortDescription: A map of footpaths that walkers draw themselves.
legal:
  license: AGPL-3.0-or-later
"""


def file(name: str, data: str) -> Given:
    return Given(name, lambda: io.BytesIO(data.encode()))


def lines(*names: str, **more: Any) -> Given:
    """A record file of commons."""
    return file("list.jsonl", "\n".join(json.dumps({"id": name.lower(), "name": name, **more}) for name in names))


def read(*files: Given, source: str = "List", fewer: bool = False, vouches: bool = True, **job: Any) -> Run:
    of = actions.ensure_source(source, licence="CC0-1.0")
    run = actions.ask(of, Run.Trigger.COMMAND, accepts_fewer=fewer)
    return actions.carry_out(run, Job(files, **{"catalogue": "commons", "vouches": vouches, **job}))


def counts() -> tuple[int, ...]:
    tables = (Commons, CommonsStatement, CommonsRevision, Listing, ReviewTask, Source)
    return tuple(table._default_manager.count() for table in tables)


@pytest.mark.django_db
def test_a_run_says_what_was_new_and_each_revision_names_it() -> None:
    run = read(lines("Map", "Wiki"))
    assert (run.state, run.new, run.licence) == (Run.State.DONE, 2, "CC0-1.0")
    assert set(CommonsRevision.objects.values_list("run", flat=True)) == {run.pk}
    assert run.source.read_at is None
    run.source.refresh_from_db()
    assert run.source.read_at == run.ended_at


@pytest.mark.django_db
def test_a_second_run_of_the_same_writes_nothing_but_its_own_row() -> None:
    read(lines("Map", "Wiki", "Atlas"))
    before = counts()
    with CaptureQueriesContext(connection) as captured:
        run = read(lines("Map", "Wiki", "Atlas"))
    assert (run.state, run.unchanged, run.new + run.changed) == (Run.State.UNCHANGED, 3, 0)
    assert counts() == before
    written = [query["sql"] for query in captured if query["sql"].split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert all('"kit_run' in sql or '"kit_source"' in sql for sql in written), written


@pytest.mark.django_db
def test_the_queries_of_a_second_run_do_not_grow_with_its_records() -> None:
    def again(count: int) -> int:
        names = [f"M{number}" for number in range(count)]
        read(lines(*names), source=f"of {count}")
        with CaptureQueriesContext(connection) as captured:
            read(lines(*names), source=f"of {count}")
        return len(captured)

    assert again(5) == again(60)


@pytest.mark.django_db
def test_what_is_no_longer_listed_is_marked_and_comes_back() -> None:
    read(lines("A", "B", "C"))
    shown = Commons.objects.get(public_id="c").values
    run = read(lines("A", "B"))
    assert (run.state, run.gone, run.changed) == (Run.State.DONE, 1, 0)
    gone = Listing.objects.get(public_id="c")
    assert gone.gone_at == run.started_at
    assert gone.seen_at is not None
    assert Commons.objects.get(public_id="c").values == shown
    assert read(lines("A", "B")).state == Run.State.UNCHANGED
    run = read(lines("A", "B", "C"))
    assert (run.back, run.unchanged, run.gone) == (1, 3, 0)
    assert Listing.objects.get(public_id="c").gone_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("left", [(), ("A",)])
def test_a_source_that_lists_suspiciously_few_is_not_believed(left: tuple[str, ...]) -> None:
    read(lines("A", "B", "C", "D"))
    run = read(lines(*left))
    assert run.state == Run.State.FAILED
    assert f"{len(left)}" in run.problem
    assert "4" in run.problem
    assert not Listing.objects.exclude(gone_at=None).exists()
    source = Source.objects.get(key="list")
    assert (source.failures, source.problem) == (1, run.problem)
    assert read(lines("A"), fewer=True).gone == 3
    assert Source.objects.get(key="list").failures == 0


@pytest.mark.django_db
def test_a_refused_record_is_not_gone_and_a_line_that_cannot_be_read_keeps_all() -> None:
    read(lines("A", "B", "C"))
    run = read(file("list.jsonl", '{"id": "a", "name": "A"}\n{"id": "b", "name": "B"}\n{"id": "c", "name": 3}'))
    assert (run.state, run.refused, run.gone) == (Run.State.DONE, 1, 0)
    assert run.refusals == [["list.jsonl:3", '"name" is not a text', 'Write "name" as a text']]
    run = read(file("list.jsonl", '{"id": "a", "name": "A"}\n{"id": "b", "name": "B"}\n{broken'))
    assert (run.refused, run.gone) == (1, 0)


@pytest.mark.django_db
def test_refusals_are_bounded_and_the_rest_is_counted() -> None:
    run = read(file("list.jsonl", "[1]\n" * 1500))
    assert run.refused == 1500
    assert len(run.refusals) == actions.REFUSALS_KEPT_MAX


@pytest.mark.django_db
def test_a_file_of_another_kind_is_refused_with_the_remedy() -> None:
    run = read(file("publiccode.yml", PUBLICCODE), catalogue="opportunities", is_list=False)
    assert run.state == Run.State.FAILED
    assert "commons" in run.problem
    assert not Opportunity.objects.exists()
    assert not OpportunityRevision.objects.exists()


@pytest.mark.django_db
def test_a_run_that_breaks_says_so_and_what_it_wrote_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> Any:
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        read(lines("A", "B"), Given("other.jsonl", breaks))
    run = Run.objects.get()
    assert run.state == Run.State.FAILED
    assert "the disk is gone" in run.problem
    assert Commons.objects.count() == run.new == 2


@pytest.mark.django_db
def test_one_run_of_a_source_at_a_time_and_an_interrupted_one_does_not_block_for_ever() -> None:
    source = actions.ensure_source("List")
    waiting = actions.ask(source, Run.Trigger.PERSON)
    with pytest.raises(Impossible):
        actions.ask(source, Run.Trigger.PERSON)
    Run.objects.filter(pk=waiting.pk).update(asked_at=timezone.now() - timedelta(hours=7))
    assert actions.ask(source, Run.Trigger.PERSON).pk != waiting.pk
    waiting.refresh_from_db()
    assert waiting.state == Run.State.FAILED


@pytest.mark.django_db
def test_a_description_speaks_of_the_entry_with_the_same_repository(eva: Any) -> None:
    values = {"name": "The free map", "repository": "https://github.com/Example/free-map"}
    records.create(Commons, "the-free-map", values, Author(eva))
    run = read(file("publiccode.yml", PUBLICCODE), is_list=False)
    assert (run.new, run.changed) == (0, 1)
    commons = Commons.objects.get()
    assert commons.values["name"] == "The free map"
    assert commons.values["summaries.en"].startswith("A map of footpaths")
    assert read(file("publiccode.yml", PUBLICCODE), is_list=False).unchanged == 1


@pytest.mark.django_db
def test_two_files_of_one_source_about_the_same_stand_side_by_side() -> None:
    files = [file(f"{version}/publiccode.yml", PUBLICCODE.replace("A map", f"{version} map")) for version in "AB"]
    read(*files, is_list=False)
    assert CommonsStatement.objects.filter(superseded_at=None).count() == 2
    before = counts()
    assert read(*files, is_list=False).state == Run.State.UNCHANGED
    assert counts() == before


@pytest.mark.django_db
def test_a_source_goes_on_speaking_of_the_entry_whatever_others_make_of_it(eva: Any) -> None:
    read(file("publiccode.yml", PUBLICCODE), is_list=False)
    other = {"name": "Atlas", "repository": "https://github.com/somebody/else", "identifiers.wikidata": "Q52"}
    records.state(Commons.objects.get(), other, Author(eva))
    before = counts()
    assert read(file("publiccode.yml", PUBLICCODE), is_list=False).state == Run.State.UNCHANGED
    assert counts() == before


@pytest.mark.django_db
def test_another_commons_of_the_same_name_gets_an_id_of_its_own(eva: Any) -> None:
    values = {"name": "Free Map", "repository": "https://github.com/somebody/else"}
    records.create(Commons, "free-map", values, Author(eva))
    assert read(file("publiccode.yml", PUBLICCODE), is_list=False).new == 1
    assert read(file("publiccode.yml", PUBLICCODE), is_list=False).unchanged == 1
    assert Commons.objects.count() == 2
    assert Commons.objects.get(public_id="free-map").values["repository"].endswith("else")


class Forge:
    """Answers in place of the network: what `fetch` gives, and what it was asked with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.body, self.status, self.etag = b"", 200, '"1"'
        self.asked: list[tuple[str, str]] = []
        monkeypatch.setattr(reading, "fetch", self.fetch)

    def fetch(self, url: str, _policy: Any, etag: str = "", modified: str = "") -> Any:
        self.asked.append((etag, modified))
        if etag and etag == self.etag:
            return fetching.Answer(url, 304)
        return fetching.Answer(url, self.status, self.body, etag=self.etag, retry_after_s=None)


@pytest.fixture
def forge(monkeypatch: pytest.MonkeyPatch) -> Forge:
    return Forge(monkeypatch)


def scheduled() -> Source:
    values = {"url": "https://list.example/all.jsonl", "format": "commons", "licence": "CC0-1.0"}
    return actions.keep(None, {"name": "Daily list", "trust": 60, "schedule": "daily", **values})


def go(source: Source) -> Run:
    [run] = reading.read_due(timezone.now())
    run = Run.objects.select_related("source").get(pk=run.pk)
    reading.carry_out_asked(run)
    run.refresh_from_db()
    return run


def make_due(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(due_at=timezone.now())


@pytest.mark.django_db
def test_a_scheduled_source_is_asked_with_what_it_said_last_time(forge: Forge) -> None:
    source = scheduled()
    forge.body = b'{"id": "a", "name": "A"}\n{"id": "b", "name": "B"}'
    assert go(source).new == 2
    assert reading.read_due(timezone.now()) == []
    make_due(source)
    run = go(source)
    assert forge.asked == [("", ""), ('"1"', "")]
    assert (run.state, run.unchanged, run.catalogue) == (Run.State.UNCHANGED, 2, "commons")
    forge.body, forge.etag = b'{"id": "a", "name": "A2"}\n{"id": "b", "name": "B"}', '"2"'
    make_due(source)
    run = go(source)
    assert (run.changed, run.unchanged) == (1, 1)


@pytest.mark.django_db
def test_a_source_that_fails_keeps_its_last_state_says_so_and_waits_longer_each_time(forge: Forge) -> None:
    source = scheduled()
    forge.body = b'{"id": "a", "name": "A"}'
    go(source)
    source.refresh_from_db()
    good, forge.status, forge.etag = source.read_at, 503, ""
    waits = []
    for streak in (1, 2, 3):
        make_due(source)
        run = go(source)
        source.refresh_from_db()
        assert run.state == Run.State.FAILED
        assert "503" in source.problem
        assert (source.failures, source.read_at) == (streak, good)
        waits.append((source.due_at - source.tried_at).total_seconds() / 3600)
    assert [round(wait) for wait in waits] == [1, 2, 4]
    assert Commons.objects.get().name == "A"
    assert Listing.objects.get().gone_at is None
    forge.status = 200
    make_due(source)
    assert go(source).state == Run.State.UNCHANGED
    source.refresh_from_db()
    assert (source.failures, source.problem) == (0, "")


@pytest.mark.django_db
def test_a_paused_source_is_left_alone_and_each_due_source_is_taken_once(forge: Forge) -> None:
    source = scheduled()
    actions.pause(source, is_paused=True)
    assert reading.read_due(timezone.now()) == []
    actions.pause(source, is_paused=False)
    now = timezone.now()
    assert len(reading.read_due(now)) == 1
    assert reading.read_due(now) == []


@pytest.mark.django_db
def test_a_private_address_is_not_asked(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    with pytest.raises(reading.Silent, match="private"):
        reading.fetched("http://127.0.0.1:8080/list.jsonl")


@pytest.mark.django_db
def test_a_record_file_that_nobody_has_described_is_not_guessed_at(forge: Forge) -> None:
    source = scheduled()
    Source.objects.filter(pk=source.pk).update(format="")
    forge.body = b'{"id": "a", "name": "A"}'
    run = go(source)
    assert run.state == Run.State.FAILED
    assert not Commons.objects.exists()


@pytest.mark.django_db
def test_old_runs_that_found_nothing_are_forgotten() -> None:
    read(lines("A"))
    kept = read(lines("A", "B"))
    read(lines("A", "B"))
    Run.objects.update(ended_at=timezone.now() - timedelta(days=91))
    assert actions.drop_old(timezone.now()) == 1
    assert Run.objects.filter(pk=kept.pk).exists()
