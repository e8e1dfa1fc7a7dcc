"""Relations are claims too: told in the history, undone like other changes, never deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from communs.apps.register import actions, queries
from communs.apps.register.fields import FIELDS
from communs.apps.register.importing import import_commons, import_dependencies
from communs.apps.register.models import Commons, Relation
from communs.kit.catalogue import sequences
from communs.kit.records import taking_part
from communs.kit.records.actions import Author, Impossible, state
from communs.kit.records.files import Placed
from communs.kit.records.history import changes_of, values_at
from communs.kit.records.models import Method

Make = Callable[..., Commons]
SignIn = Callable[[Any], Client]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def tiles(make: Make) -> Commons:
    return make("tiles", name="Tiles")


def ends(commons: Commons) -> list[str]:
    return [edge.other.public_id for edge in queries.relations_of(commons)]


def last(commons: Commons) -> Any:
    return commons.revisions.latest("version")


def test_stating_a_relation_is_a_change_that_reads_well_in_both_languages(
    free_map: Commons, tiles: Commons, alice: Any
) -> None:
    relation = actions.add_relation(free_map, tiles, "depends_on", alice)
    revision = last(free_map)
    assert (relation.revision, revision.person, revision.kind) == (revision, alice, "changed")
    assert revision.diff == {"relations.depends_on": [None, [{"id": "tiles", "name": "Tiles"}]]}
    (change,) = changes_of(FIELDS, revision.diff)
    assert (change.label, change.before, change.after) == ("Depends on", "", "Tiles")
    with override("fr"):
        assert changes_of(FIELDS, revision.diff)[0].label == "Dépend de"


def test_a_relation_moves_the_version_the_moment_and_the_number_of_the_catalogue(
    free_map: Commons, tiles: Commons, alice: Any
) -> None:
    free_map.refresh_from_db()
    before, number = (free_map.version, free_map.updated_at, free_map.sequence), sequences()["commons"]
    actions.add_relation(free_map, tiles, "similar", alice)
    free_map.refresh_from_db()
    assert all(
        now > then for now, then in zip((free_map.version, free_map.updated_at, free_map.sequence), before, strict=True)
    )
    assert sequences()["commons"] > number


def test_stating_the_same_relation_again_changes_nothing(free_map: Commons, tiles: Commons, alice: Any) -> None:
    actions.add_relation(free_map, tiles, "depends_on", alice)
    version = last(free_map).version
    actions.add_relation(free_map, tiles, "depends_on", alice)
    assert (last(free_map).version, Relation.objects.count()) == (version, 1)


def test_a_relation_taken_back_stays_in_the_table_and_in_the_history(
    free_map: Commons, tiles: Commons, alice: Any
) -> None:
    relation = actions.add_relation(free_map, tiles, "depends_on", alice)
    actions.remove_relation(relation, alice)
    relation.refresh_from_db()
    assert relation.withdrawn_at is not None
    assert relation.withdrawn_in == last(free_map)
    assert last(free_map).diff == {"relations.depends_on": [[{"id": "tiles", "name": "Tiles"}], None]}
    assert ends(free_map) == ends(tiles) == []
    with pytest.raises(Impossible, match="taken back already"):
        actions.remove_relation(relation, alice)
    actions.add_relation(free_map, tiles, "depends_on", alice)
    assert ends(free_map) == ["tiles"]


def test_stating_and_taking_back_are_undone_and_done_again(free_map: Commons, tiles: Commons, alice: Any) -> None:
    relation = actions.add_relation(free_map, tiles, "depends_on", alice)
    undone = actions.revert(last(free_map), alice)
    assert (undone.kind, ends(free_map)) == ("reverted", [])
    with pytest.raises(Impossible, match="reverted already"):
        actions.revert(relation.revision, alice)
    actions.revert(undone, alice)
    assert ends(free_map) == ["tiles"]
    actions.remove_relation(Relation.objects.get(), alice)
    undone = actions.revert(last(free_map), alice)
    assert ends(free_map) == ["tiles"]
    assert undone.diff == {"relations.depends_on": [None, [{"id": "tiles", "name": "Tiles"}]]}
    actions.revert(undone, alice)
    assert ends(free_map) == []


def test_the_pages_show_the_change_and_undo_it(free_map: Commons, tiles: Commons, alice: Any, sign_in: SignIn) -> None:
    steward = sign_in(alice)
    steward.post("/en/commons/free-map/relations/", {"kind": "depends_on", "other": "tiles"})
    version = last(free_map).version
    address = f"/en/commons/free-map/history/{version}/"
    assert "Depends on" in Client().get("/en/commons/free-map/history/").content.decode()
    assert "Tiles" in Client().get(address).content.decode()
    assert f'action="{address}revert/"' in steward.get(address).content.decode()
    steward.post(f"{address}revert/", {"note": "a mistake"})
    assert ends(free_map) == []
    assert last(free_map).note == "a mistake"


def test_going_back_to_an_earlier_version_states_no_relation_as_a_value(
    free_map: Commons, tiles: Commons, alice: Any
) -> None:
    author = Author(alice, Method.STEWARD)
    relation = actions.add_relation(free_map, tiles, "depends_on", alice)
    version = last(free_map).version
    actions.remove_relation(relation, alice)
    state(free_map, {"name": "Other"}, author)
    free_map.refresh_from_db()
    assert not [name for name in values_at(free_map, version) if name.startswith("relations")]
    taking_part.restore(free_map, version, author)
    free_map.refresh_from_db()
    assert free_map.name == "Free Map"
    assert not [name for name in free_map.values if name.startswith("relations")]


def test_those_who_watch_are_told_of_a_relation(
    free_map: Commons, tiles: Commons, alice: Any, bob: Any, django_capture_on_commit_callbacks: Any
) -> None:
    taking_part.watch(free_map, bob)
    with django_capture_on_commit_callbacks() as callbacks:
        actions.add_relation(free_map, tiles, "depends_on", alice)
    assert len(callbacks) == 1


def record(public_id: str, **others: Any) -> Placed:
    sources = [{"origin": "debian", "ref": "x", "supports": ["name", "depends_on"]}]
    return Placed(public_id, {"id": public_id, "name": public_id.title(), "sources": sources, **others})


def test_imported_relations_are_one_change_a_commons_and_none_the_second_time(db: None) -> None:
    read = [record("map", depends_on=["one", "two"]), record("one"), record("two")]
    import_commons(read, now=NOW)
    made = Commons.objects.get(public_id="map")
    told = last(made).diff["relations.depends_on"][1]
    assert ({item["id"] for item in told}, made.version) == ({"one", "two"}, 2)
    assert {relation.revision for relation in Relation.objects.all()} == {last(made)}
    import_commons(read, now=NOW)
    made.refresh_from_db()
    assert made.version == 2


def test_an_import_does_not_bring_back_what_a_person_took_back(db: None, alice: Any, tmp_path: Path) -> None:
    read = [record("map", depends_on_unverified=["one"]), record("one")]
    import_commons(read, now=NOW)
    actions.remove_relation(Relation.objects.get(), alice)
    import_commons(read, now=NOW)
    assert ends(Commons.objects.get(public_id="map")) == []
    path = tmp_path / "edges.csv"
    path.write_text("from_id,to_id,relation,source\nmap,one,package dependency,debian\n", encoding="utf-8")
    assert import_dependencies(path).new == 1
    assert ends(Commons.objects.get(public_id="map")) == ["one"]


def test_going_back_to_an_earlier_version_brings_its_relations_back_too(
    free_map: Commons, tiles: Commons, make: Make, alice: Any
) -> None:
    renderer = make("renderer", name="Renderer")
    author = Author(alice, Method.STEWARD)
    kept = actions.add_relation(free_map, tiles, "depends_on", alice)
    version = last(free_map).version
    actions.remove_relation(kept, alice)
    actions.add_relation(free_map, renderer, "similar", alice)
    state(free_map, {"name": "Freer Map"}, author)
    restored = actions.restore(free_map, version, author, note="as it was")
    free_map.refresh_from_db()
    assert (free_map.name, ends(free_map), restored) == ("Free Map", ["tiles"], last(free_map))
    assert last(free_map).diff == {
        "relations.depends_on": [None, [{"id": "tiles", "name": "Tiles"}]],
        "relations.similar": [[{"id": "renderer", "name": "Renderer"}], None],
    }
    actions.revert(last(free_map), alice)
    assert ends(free_map) == ["renderer"]
    assert actions.restore(free_map, last(free_map).version, author) is None


def test_an_earlier_version_is_told_through_changes_undone_and_done_again(
    free_map: Commons, tiles: Commons, alice: Any
) -> None:
    actions.add_relation(free_map, tiles, "depends_on", alice)
    undone = actions.revert(last(free_map), alice)
    again = actions.revert(undone, alice)
    actions.remove_relation(Relation.objects.get(), alice)
    gone = last(free_map)
    back = actions.revert(gone, alice)
    in_force = {
        revision.version: bool(queries.relations_at(free_map, revision.version))
        for revision in (undone, again, gone, back)
    }
    assert in_force == {undone.version: False, again.version: True, gone.version: False, back.version: True}
    assert queries.relations_at(free_map, undone.version - 2) == set()


def test_the_button_of_a_version_restores_relations(
    free_map: Commons, tiles: Commons, alice: Any, sign_in: SignIn
) -> None:
    relation = actions.add_relation(free_map, tiles, "depends_on", alice)
    version = last(free_map).version
    actions.remove_relation(relation, alice)
    page = sign_in(alice).post(f"/en/commons/free-map/history/{version}/restore/", follow=True)
    assert "Restored." in page.content.decode()
    assert ends(free_map) == ["tiles"]
