"""Two sites that exchange what they have dumped end with the same, whatever was said on either side meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.apps.funding.importing import import_opportunities
from communs.apps.funding.models import Opportunity
from communs.apps.register import actions as register
from communs.apps.register.exporting import beside
from communs.apps.register.importing import import_commons
from communs.apps.register.models import Commons, Relation
from communs.kit.records import actions
from communs.kit.records.actions import Author
from communs.kit.records.dumping import dump_lines
from communs.kit.records.files import read_records
from communs.kit.records.importing import ImportReport
from communs.kit.records.models import Method, Revision, Visibility

SEED = Path(__file__).resolve().parents[3] / "seed"
MODELS = [model for name in ("kit", "register", "funding") for model in apps.get_app_config(name).get_models()]


class Site:
    """The tables of one site, put aside while another one is at work."""

    def __init__(self) -> None:
        self.rows = "[]"

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            for model in MODELS:
                cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608 - our own names
        for row in serializers.deserialize("json", self.rows):
            row.save()
        connection.check_constraints()
        yield
        everything = [row for model in MODELS for row in model._default_manager.all()]
        self.rows = serializers.serialize("json", everything)

    def dump(self) -> list[str]:
        with self.at_work():
            return list(dump_lines(Commons, beside))

    def take(self, lines: list[str], folder: Path) -> ImportReport:
        path = folder / "dump.ndjson"
        path.write_text("".join(lines), encoding="utf-8")
        with self.at_work():
            return import_commons(read_records(path), now=timezone.now())


def record(public_id: str, **values: Any) -> dict[str, Any]:
    return {"id": public_id, "name": public_id.title(), "kind": "software", **values}


def read(folder: Path, *records: dict[str, Any]) -> None:
    path = folder / "file.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    import_commons(read_records(path), now=timezone.now())


def commons(public_id: str) -> Commons:
    return Commons.objects.get(public_id=public_id)


def say(public_id: str, method: Method = Method.EDITOR, **values: Any) -> Revision | None:
    return actions.state(commons(public_id), values, Author(None, method))


def exchange(one: Site, other: Site, folder: Path) -> None:
    """Each takes over what the other has, and once more: what came back must be no news."""
    for _round in range(2):
        other.take(one.dump(), folder)
        one.take(other.dump(), folder)


@pytest.fixture
def sites(db: None, tmp_path: Path) -> tuple[Site, Site]:
    """Two sites; the first knows a map, a wiki and their relation."""
    one, other = Site(), Site()
    with one.at_work():
        read(tmp_path, record("map", homepage="https://map.example"), record("wiki", depends_on=["map"]))
    return one, other


def test_a_new_site_ends_with_the_same_bytes_and_a_second_time_writes_nothing(
    sites: tuple[Site, Site], tmp_path: Path
) -> None:
    one, other = sites
    assert other.take(one.dump(), tmp_path).new == 2
    assert other.dump() == one.dump()
    again = other.take(one.dump(), tmp_path)
    assert (again.new, again.changed, again.unchanged, again.refused) == (0, 0, 2, [])
    back = one.take(other.dump(), tmp_path)
    assert (back.written, back.refused) == (0, [])
    with other.at_work():
        assert commons("map").values["homepage"] == "https://map.example"
        assert Relation.objects.get().to_commons.public_id == "map"


def test_what_both_said_meanwhile_is_known_to_both_and_shown_alike(sites: tuple[Site, Site], tmp_path: Path) -> None:
    one, other = sites
    other.take(one.dump(), tmp_path)
    with one.at_work():
        say("map", homepage="https://one.example")
        read(tmp_path, record("only-one"))
    with other.at_work():
        say("map", homepage="https://other.example", name="The Map")
        say("wiki", Method.STEWARD, homepage="https://wiki.example")
        register.add_relation(commons("map"), commons("wiki"), "similar", None)
    exchange(one, other, tmp_path)
    assert one.dump() == other.dump()
    for site in (one, other):
        with site.at_work():
            assert commons("map").values["homepage"] == "https://other.example"
            assert commons("map").values["name"] == "The Map"
            assert commons("only-one").is_public
            assert Relation.objects.filter(withdrawn_at=None).count() == 2


def test_what_one_side_takes_back_is_taken_back_on_both(sites: tuple[Site, Site], tmp_path: Path) -> None:
    one, other = sites
    with one.at_work():
        said = say("map", homepage="https://wrong.example")
        edge = register.add_relation(commons("map"), commons("wiki"), "similar", None)
    exchange(one, other, tmp_path)
    with one.at_work():
        actions.revert(fresh(said), None)
        register.remove_relation(Relation.objects.get(pk=edge.pk), None)
    exchange(one, other, tmp_path)
    assert one.dump() == other.dump()
    with other.at_work():
        assert commons("map").values["homepage"] == "https://map.example"
        assert not Relation.objects.filter(kind="similar", withdrawn_at=None).exists()
        assert commons("map").revisions.first().kind == Revision.Kind.IMPORTED


def fresh(revision: Any) -> Any:
    return type(revision)._default_manager.get(pk=revision.pk)


def test_the_later_word_of_a_source_replaces_the_earlier_one_and_never_the_other_way(
    sites: tuple[Site, Site], tmp_path: Path
) -> None:
    one, other = sites
    other.take(one.dump(), tmp_path)
    old = one.dump()
    with one.at_work():
        read(tmp_path, record("map", homepage="https://new.example"))
    assert other.take(one.dump(), tmp_path).changed == 1
    assert one.take(old, tmp_path).written == 0
    assert one.dump() == other.dump()
    with other.at_work():
        assert commons("map").values["homepage"] == "https://new.example"


def test_merged_entries_are_merged_on_both_and_what_is_not_public_stays_home(
    sites: tuple[Site, Site], tmp_path: Path
) -> None:
    one, other = sites
    other.take(one.dump(), tmp_path)
    with one.at_work():
        read(tmp_path, record("the-map", licences=[{"part": "data", "spdx": "ODbL-1.0"}]), record("rumour"))
        actions.merge(commons("the-map"), commons("map"), None)
        actions.set_visibility(commons("rumour"), Visibility.UNCONFIRMED, None)
    with other.at_work():
        actions.set_visibility(commons("wiki"), Visibility.REMOVED, None)
    exchange(one, other, tmp_path)
    with other.at_work():
        assert commons("the-map").merged_into == commons("map")
        assert commons("map").values["licences"] == [{"part": "data", "spdx": "ODbL-1.0"}]
        assert not Commons.objects.filter(public_id="rumour").exists()
        assert commons("wiki").visibility == Visibility.REMOVED
        actions.separate(commons("the-map"), None)
    other.take(one.dump(), tmp_path)
    with other.at_work():
        assert commons("the-map").merged_into is None


def test_nobody_is_named_and_locks_stay_at_home(sites: tuple[Site, Site], tmp_path: Path, eva: Any) -> None:
    one, _other = sites
    with one.at_work():
        actions.state(commons("map"), {"homepage": "https://eva.example"}, Author(eva, Method.EDITOR))
        actions.lock_field(commons("map"), "homepage", eva)
    text = "".join(one.dump())
    assert "https://eva.example" in text
    assert eva.email not in text
    assert "locked" not in text


def test_two_sites_that_read_the_same_seed_by_themselves_agree(db: None, tmp_path: Path) -> None:
    one, other = Site(), Site()
    lines = (SEED / "commons.jsonl").read_text(encoding="utf-8").splitlines()[:40]
    for site, ago in ((one, 3), (other, 1)):
        with site.at_work():
            path = tmp_path / "seed.jsonl"
            path.write_text("\n".join(lines), encoding="utf-8")
            import_commons(read_records(path), now=timezone.now() - timedelta(days=ago))
    exchange(one, other, tmp_path)
    assert one.dump() == other.dump()


def test_opportunities_travel_too(db: None, tmp_path: Path) -> None:
    one, other = Site(), Site()
    path = tmp_path / "calls.jsonl"
    with one.at_work():
        import_opportunities(list(read_records(SEED / "opportunities.jsonl"))[:30], now=timezone.now())
        lines = list(dump_lines(Opportunity))
    path.write_text("".join(lines), encoding="utf-8")
    with other.at_work():
        assert import_opportunities(read_records(path), now=timezone.now()).refused == []
        assert list(dump_lines(Opportunity)) == lines
        assert import_opportunities(read_records(path), now=timezone.now()).written == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line.pop("id"),
        lambda line: line["statements"].append({}),
        lambda line: line["statements"][0].update(method="king"),
        lambda line: line["statements"][0].update(stated_at="yesterday"),
        lambda line: line["statements"][0]["values"].update(name="Changed on the way"),
        lambda line: line["statements"][0].update(source={"name": "without key"}),
    ],
)
def test_a_line_that_was_spoilt_is_refused_with_its_place_and_nothing_of_it_is_written(
    sites: tuple[Site, Site], tmp_path: Path, spoil: Any
) -> None:
    one, other = sites
    first, second = (json.loads(line) for line in one.dump())
    spoil(first)
    report = other.take([json.dumps(first) + "\n", json.dumps(second) + "\n"], tmp_path)
    assert report.new == 1
    assert [place for place, _problem, _remedy in report.refused] == ["dump.ndjson:1"]


words = st.sampled_from(["One", "Two", "Three"])
one_edit = st.tuples(st.sampled_from(["say", "read", "revert"]), st.sampled_from(["map", "wiki"]), words)
edits = st.lists(one_edit, max_size=5)


def work(edit: tuple[str, str, str], folder: Path) -> None:
    verb, public_id, word = edit
    if verb == "say":
        say(public_id, name=word)
    elif verb == "read":
        read(folder, record(public_id, name=word))
    else:
        last = commons(public_id).revisions.filter(kind=Revision.Kind.CHANGED, reverted_by=None).first()
        if last is not None:
            actions.revert(last, None)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits, edits, edits)
def test_whatever_is_said_on_either_side_they_agree_after_an_exchange(
    sites: tuple[Site, Site], tmp_path: Path, first: Any, second: Any, third: Any
) -> None:
    one, other = Site(), Site()
    with one.at_work():
        read(tmp_path, record("map"), record("wiki"))
    exchange(one, other, tmp_path)
    for mine, theirs in ((first, second), (third, [])):
        for site, told in ((one, mine), (other, theirs)):
            with site.at_work():
                for edit in told:
                    work(edit, tmp_path)
        exchange(one, other, tmp_path)
        assert one.dump() == other.dump()
