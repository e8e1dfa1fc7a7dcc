"""A commons as the shared pages of records know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communs.apps.register import actions, queries
from communs.apps.register.adding.starting import prefill
from communs.apps.register.fields import FIELDS, title_of
from communs.kit.records.actions import Author
from communs.kit.records.kinds import RecordKind
from communs.kit.records.models import Method


def author_of(person: Any, commons: Any) -> Author:
    """Stewards speak as stewards of theirs, editors as editors, everyone else as a reader."""
    if commons is not None and queries.is_steward(person, commons):
        return Author(person, Method.STEWARD)
    return Author(person, Method.EDITOR if person.is_editor else Method.READER)


def may_create(person: Any) -> bool:
    """Editors add a commons at once; what members describe waits for an editor."""
    return bool(person.is_authenticated and person.is_editor)


def likely(values: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Entries that may be the same as one with these values."""
    found = queries.likely_same(values)
    return [(commons.name, reverse("commons:detail", args=(commons.public_id,))) for commons in found]


KIND = RecordKind(
    namespace="commons",
    list_label=_("Commons"),
    new_label=_("Add a commons"),
    fields=FIELDS,
    get=queries.get_commons,
    rights_on=queries.rights_on,
    get_proposal=queries.get_proposal,
    proposals=queries.proposals,
    author_of=author_of,
    title_of=title_of,
    may_create=may_create,
    create=actions.create_commons,
    announce=actions.announce,
    revert=actions.revert,
    restore=actions.restore,
    likely=likely,
    prefill=prefill,
)
