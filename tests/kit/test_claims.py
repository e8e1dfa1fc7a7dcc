"""States, reverts, locks: nothing is overwritten and the view always follows from the statements."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.apps.register.models import Commons, CommonsRevision
from communs.kit.catalogue import sequences
from communs.kit.records import actions, resolve, taking_part
from communs.kit.records.actions import Author, Impossible
from communs.kit.records.history import values_at
from communs.kit.records.models import Method, Visibility


def fresh(record: Commons) -> Commons:
    return Commons.objects.get(pk=record.pk)


def recomputed(record: Commons) -> dict[str, Any]:
    return resolve.shown(resolve.resolve(actions.statements_of(record)))


def test_a_new_record_shows_what_was_said_and_keeps_who_said_it(record: Commons, eva: Any) -> None:
    assert record.values == {"name": "Map", "kind": "data"}
    statement = record.statements.get()
    assert (statement.person, statement.method, statement.revision.kind) == (eva, "editor", "created")
    assert (record.name, record.kind, record.version) == ("Map", "data", 1)


def test_stating_what_is_shown_already_writes_nothing(record: Commons, eva: Any) -> None:
    assert actions.state(record, {"name": "Map"}, Author(eva)) is None
    assert record.revisions.count() == 1


def test_a_change_moves_the_catalogue_and_the_version(record: Commons, eva: Any) -> None:
    before = sequences()["commons"]
    revision = actions.state(record, {"name": "Atlas"}, Author(eva), note="new name")
    assert revision is not None
    assert revision.diff == {"name": ["Map", "Atlas"]}
    assert fresh(record).version == 2
    assert fresh(record).sequence == sequences()["commons"] > before


def test_a_revert_brings_back_the_value_and_a_second_one_takes_it_away_again(record: Commons, eva: Any) -> None:
    changed = actions.state(record, {"name": "Atlas"}, Author(eva))
    undone = actions.revert(changed, eva)
    assert fresh(record).name == "Map"
    actions.revert(undone, eva)
    assert fresh(record).name == "Atlas"
    assert [revision.kind for revision in record.revisions.order_by("id")] == [
        "created",
        "changed",
        "reverted",
        "reverted",
    ]


def test_a_change_cannot_be_reverted_twice(record: Commons, eva: Any) -> None:
    changed = actions.state(record, {"name": "Atlas"}, Author(eva))
    actions.revert(changed, eva)
    with pytest.raises(Impossible, match="already"):
        actions.revert(changed, eva)


def test_a_locked_field_refuses_other_people_until_it_is_unlocked(record: Commons, eva: Any, bob: Any) -> None:
    actions.lock_field(record, "name", eva)
    with pytest.raises(Impossible, match="name"):
        actions.state(record, {"name": "Plan", "kind": "content"}, Author(bob, Method.STEWARD))
    assert fresh(record).values == {"name": "Map", "kind": "data"}
    actions.unlock_field(record, "name", eva)
    actions.state(record, {"name": "Plan"}, Author(bob, Method.STEWARD))
    assert fresh(record).name == "Plan"


def test_what_an_action_refuses_is_said_in_the_readers_language(record: Commons, eva: Any) -> None:
    with translation.override("fr"), pytest.raises(Impossible, match="Rien n’est connu"):
        actions.lock_field(record, "homepage", eva)


def test_an_earlier_version_can_be_read_and_restored(record: Commons, eva: Any) -> None:
    actions.state(record, {"name": "Atlas", "homepage": "https://atlas.example"}, Author(eva))
    actions.state(fresh(record), {"name": "Globe", "kind": None}, Author(eva))
    now = fresh(record)
    assert values_at(now, 2) == {"name": "Atlas", "kind": "data", "homepage": "https://atlas.example"}
    assert values_at(now, 1) == {"name": "Map", "kind": "data"}
    taking_part.restore(now, 1, Author(eva))
    assert fresh(record).values == {"name": "Map", "kind": "data"}


def test_a_removed_record_keeps_its_claims_and_comes_back(record: Commons, eva: Any) -> None:
    actions.set_visibility(record, Visibility.REMOVED, eva, note="spam")
    assert not fresh(record).is_public
    actions.set_visibility(record, Visibility.PUBLIC, eva)
    assert fresh(record).is_public
    assert fresh(record).values["name"] == "Map"


def test_an_id_is_given_once(record: Commons, eva: Any) -> None:
    with pytest.raises(Impossible, match="map"):
        actions.create(Commons, "map", {"name": "Another"}, Author(eva))


names = st.sampled_from(["name", "homepage", "languages"])
values = st.one_of(st.none(), st.sampled_from(["one", "two"]), st.just(["fr", "en"]))
people = st.sampled_from([Method.READER, Method.EDITOR, Method.STEWARD])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("state"), names, values, people),
        st.tuples(st.just("revert"), st.integers(0, 9)),
        st.tuples(st.just("lock"), names),
        st.tuples(st.just("unlock"), names),
        st.tuples(st.just("restore"), st.integers(1, 9)),
    ),
    max_size=7,
)


def take(record: Commons, step: tuple[Any, ...], person: Any) -> None:
    """One step on the record as it is now; what is impossible is refused without a trace."""
    record = fresh(record)
    verb, *arguments = step
    if verb == "state":
        field, value, method = arguments
        actions.state(record, {field: value}, Author(person, method))
    elif verb == "revert":
        revisions: list[CommonsRevision] = list(record.revisions.order_by("id"))
        actions.revert(revisions[arguments[0] % len(revisions)], person)
    elif verb == "lock":
        actions.lock_field(record, arguments[0], person)
    elif verb == "unlock":
        actions.unlock_field(record, arguments[0], person)
    else:
        taking_part.restore(record, min(arguments[0], record.version), Author(person))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=steps)
def test_after_any_sequence_of_actions_the_view_equals_a_recomputation(eva: Any, sequence: list[Any]) -> None:
    number = Commons.objects.count()
    record = actions.create(Commons, f"any-{number}", {"name": "start"}, Author(eva))
    for step in sequence:
        try:
            take(record, step, eva)
        except Impossible:
            continue
        now = fresh(record)
        assert now.values == recomputed(now)
        assert values_at(now, 0) == {}
        versions = list(now.revisions.order_by("version").values_list("version", flat=True))
        assert versions == list(range(1, now.version + 1))
