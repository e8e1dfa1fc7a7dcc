"""Writes on the register beyond those of every record: create, import one, stewards, relations, duplicates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from communs.apps.register import tasks
from communs.apps.register.models import Commons, Distinct, Relation, Stewardship
from communs.apps.register.queries import relations_at, relations_told
from communs.core.identity import Identity, same_commons
from communs.kit.records import actions as records
from communs.kit.records import taking_part
from communs.kit.records.actions import Author, Impossible
from communs.kit.records.kinds import RESERVED_IDS
from communs.kit.records.models import Revision, Visibility

ID_LENGTH_MAX = 100


def create_commons(values: Mapping[str, Any], author: Author, note: str = "", evidence_url: str = "") -> Commons:
    """Add a commons, public at once; its id comes from its name.

    Raises `Impossible` without a name, or when an entry is shown to be the same by its identifiers.
    """
    name = str(values.get("name") or "").strip()
    if not name:
        raise Impossible(_("Give it a name: everything else can follow."))
    with transaction.atomic():
        _refuse_same(values)
        commons: Commons = records.create(Commons, _free_id(name), values, author, note=note, evidence_url=evidence_url)
    return commons


def announce(revision: Revision) -> None:
    """Tell those who watch, once the change is stored. A queue that fails is logged and never undoes the change."""

    def tell() -> None:
        tasks.tell_watchers.enqueue(revision.pk)

    transaction.on_commit(tell, robust=True)


def confirm(commons: Commons, person: Any, *, note: str = "") -> None:
    """Show on public pages what was known from general knowledge only, or had been removed."""
    records.set_visibility(commons, Visibility.PUBLIC, person, note=note)


def remove(commons: Commons, person: Any, *, note: str) -> None:
    """Take a commons off the public pages; claims and history stay. Raises `Impossible` without a reason."""
    if not note.strip():
        raise Impossible(_("Say why it is removed: the history shows it."))
    records.set_visibility(commons, Visibility.REMOVED, person, note=note)


def merge(duplicate: Commons, into: Commons, person: Any, *, note: str = "") -> None:
    """Fold one entry into another; `separate` undoes it exactly."""
    announce(records.merge(duplicate, into, person, note=note))


def separate(duplicate: Commons, person: Any, *, note: str = "") -> None:
    """Undo a merge."""
    announce(records.separate(duplicate, person, note=note))


def declare_distinct(one: Commons, other: Commons, person: Any) -> None:
    """Remember that two entries which look alike are not the same."""
    first, second = sorted((one, other), key=lambda commons: commons.pk)
    if first.pk == second.pk:
        raise Impossible(_("These two are the same entry already."))
    Distinct.objects.get_or_create(one=first, other=second, defaults={"person": person, "at": timezone.now()})


def appoint_steward(commons: Commons, person: Any, by: Any) -> Stewardship:
    """Let a person look after a commons; `by` is None for the site's own commands."""
    stewardship, _created = Stewardship.objects.update_or_create(
        commons=commons,
        person=person,
        defaults={"status": Stewardship.Status.ACTIVE, "since": timezone.now(), "decided_by": by},
    )
    return stewardship


def ask_stewardship(commons: Commons, person: Any, message: str) -> Stewardship:
    """Ask to look after a commons; an editor decides. Raises `Impossible` when asked or granted already."""
    with transaction.atomic():
        existing = Stewardship.objects.select_for_update().filter(commons=commons, person=person).first()
        if existing and existing.status == Stewardship.Status.ACTIVE:
            raise Impossible(_("You look after it already."))
        if existing and existing.status == Stewardship.Status.ASKED:
            raise Impossible(_("You have asked already: an editor will answer."))
        if not message.strip():
            raise Impossible(_("Say in a sentence what ties you to it."))
        stewardship = existing or Stewardship(commons=commons, person=person)
        stewardship.status, stewardship.message = Stewardship.Status.ASKED, message.strip()[:500]
        stewardship.since, stewardship.decided_by = timezone.now(), None
        stewardship.save()
    return stewardship


def grant_stewardship(stewardship: Stewardship, by: Any) -> None:
    """Grant what a person asked for. Raises `Impossible` when nothing is asked any more."""
    _decide(stewardship, Stewardship.Status.ACTIVE, by)


def decline_stewardship(stewardship: Stewardship, by: Any) -> None:
    """Decline what a person asked for."""
    _decide(stewardship, Stewardship.Status.ENDED, by)


def end_stewardship(stewardship: Stewardship, by: Any) -> None:
    """End a stewardship: by an editor, or by the person."""
    stewardship.status, stewardship.decided_by = Stewardship.Status.ENDED, by
    stewardship.save(update_fields=["status", "decided_by"])


def add_relation(commons: Commons, other: Commons, kind: str, person: Any, *, source_ref: str = "") -> Relation:
    """State a relation to another commons: a change like any other, unless the person's word stands already.

    Raises `Impossible` for a relation with itself or an unknown kind.
    """
    if kind not in Relation.Kind.values:
        raise Impossible(_("There is no such relation."))
    if commons.pk == other.pk:
        raise Impossible(_("A commons has no relation with itself."))
    with transaction.atomic():
        commons = records.lock_row(commons)
        stated = Relation.objects.filter(from_commons=commons, to_commons=other, kind=kind, source=None)
        if (there := stated.filter(withdrawn_at=None).first()) is not None:
            return there
        relation = Relation(from_commons=commons, to_commons=other, kind=kind, person=person)
        relation.source_ref, relation.seen_as_of = source_ref[:300], timezone.localdate().isoformat()
        revision = records.refresh(commons, Revision.Kind.CHANGED, timezone.now(), person=person)
        _note_relations(revision, stated=[relation], withdrawn=[])
        announce(revision)
        relation.revision_id = revision.pk
        relation.save()
    return relation


def remove_relation(relation: Relation, person: Any) -> None:
    """Take back a relation that a person stated. Raises `Impossible` for one that a source gives, or that is gone."""
    if relation.source_id is not None and relation.verified:
        raise Impossible(_("A source says so: correct it there, or discuss it."))
    with transaction.atomic():
        commons = records.lock_row(relation.from_commons)
        now = timezone.now()
        revision = records.refresh(commons, Revision.Kind.CHANGED, now, person=person)
        mine = Relation.objects.filter(pk=relation.pk, withdrawn_at=None)
        if not mine.update(withdrawn_at=now, withdrawn_in=revision.pk):
            raise Impossible(_("This relation has been taken back already."))
        _note_relations(revision, stated=[], withdrawn=[relation])
        announce(revision)


def revert(revision: Any, person: Any, note: str = "") -> Revision:
    """Undo one revision, of values or of relations. Raises `Impossible` when there is nothing to undo."""
    with transaction.atomic():
        commons = records.lock_row(revision.subject)
        origin, undo = records.origin_of(revision)
        stated, taken_back = origin.relations.all(), origin.relations_withdrawn.all()
        if not stated and not taken_back:
            return records.revert(revision, person, note)
        gone, back = (stated, taken_back) if undo else (taken_back, stated)
        gone, back = gone.filter(withdrawn_at=None), back.exclude(withdrawn_at=None)
        now = timezone.now()
        made = records.refresh(commons, Revision.Kind.REVERTED, now, person=person, note=note, reverts=revision)
        _note_relations(made, stated=back.select_related("to_commons"), withdrawn=gone.select_related("to_commons"))
        # Both sets are read before either is written: they are told apart by what is about to change.
        ending, returning = [row.pk for row in gone], [row.pk for row in back]
        Relation.objects.filter(pk__in=ending).update(withdrawn_at=now)
        Relation.objects.filter(pk__in=returning).update(withdrawn_at=None)
    return made


def restore(commons: Commons, version: int, author: Author, *, note: str = "") -> Revision | None:
    """State again what an earlier version showed, values and relations; None when nothing differs.

    Relations that came since are taken back, those that went since are the author's word now: two changes in the
    history where both values and relations differ, each of which can be undone. The last one is returned; the first
    one is announced here.
    """
    with transaction.atomic():
        values = taking_part.restore(commons, version, author, note=note)
        relations = _restore_relations(commons, version, author, note)
        if values is not None and relations is not None:
            announce(values)
    return relations or values


def _restore_relations(commons: Commons, version: int, author: Author, note: str) -> Revision | None:
    commons = records.lock_row(commons)
    all_of_it = Relation.objects.filter(from_commons=commons).select_related("to_commons").order_by("pk")
    then = relations_at(commons, version)
    was = {(row.kind, row.to_commons_id): row for row in all_of_it if row.pk in then}
    now = {(row.kind, row.to_commons_id) for row in all_of_it if row.withdrawn_at is None}
    gone = [r for r in all_of_it if r.withdrawn_at is None and (r.kind, r.to_commons_id) not in was]
    back = [
        Relation(
            from_commons=commons, to_commons=row.to_commons, kind=row.kind, detail=row.detail, person=author.person
        )
        for edge, row in was.items()
        if edge not in now
    ]
    if not gone and not back:
        return None
    moment = timezone.now()
    revision = records.refresh(commons, Revision.Kind.CHANGED, moment, person=author.person, note=note)
    _note_relations(revision, stated=back, withdrawn=gone)
    for relation in back:
        relation.seen_as_of, relation.revision_id = timezone.localdate().isoformat(), revision.pk
    Relation.objects.bulk_create(back)
    ending = Relation.objects.filter(pk__in=[relation.pk for relation in gone])
    ending.update(withdrawn_at=moment, withdrawn_in=revision.pk)
    return revision


def _note_relations(revision: Any, *, stated: Iterable[Relation], withdrawn: Iterable[Relation]) -> None:
    """Note in a revision which relations it brought and which it took back."""
    before, after = relations_told(withdrawn), relations_told(stated)
    revision.diff |= {field: [before.get(field), after.get(field)] for field in sorted(before.keys() | after.keys())}
    revision.save(update_fields=["diff"])


def _decide(stewardship: Stewardship, status: str, by: Any) -> None:
    with transaction.atomic():
        locked = Stewardship.objects.select_for_update().get(pk=stewardship.pk)
        if locked.status != Stewardship.Status.ASKED:
            raise Impossible(_("This request has been decided already."))
        locked.status, locked.decided_by, locked.since = status, by, timezone.now()
        locked.save()


def _refuse_same(values: Mapping[str, Any]) -> None:
    draft = Commons(public_id="draft", values={key: value for key, value in values.items() if value is not None})
    draft.project()
    identity = Identity.from_record(draft.facts)
    keys = {
        "wikidata_key": draft.wikidata_key,
        "repository_key": draft.repository_key,
        "homepage_key": draft.homepage_key,
    }
    for column, value in keys.items():
        others = Commons.objects.filter(**{column: value}, merged_into=None) if value else []
        for other in others:
            if same_commons(identity, Identity.from_record(other.facts)):
                raise Impossible(_("It is there already, as {name}: complete that entry.").format(name=other.name))


def _free_id(name: str) -> str:
    """An id made of the name that no entry has: `map`, `map-2` …"""
    base = re.sub(r"[^a-z0-9-]", "", slugify(name))[:ID_LENGTH_MAX].strip("-") or "commons"
    taken = set(Commons.objects.filter(public_id__startswith=base).values_list("public_id", flat=True)) | RESERVED_IDS
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
