"""What the shared pages, the feeds and the e-mails need to know of opportunities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communs.apps.funding import actions, queries, tasks
from communs.apps.funding.fields import FIELDS, title_of
from communs.kit.records.actions import Author
from communs.kit.records.kinds import Link, RecordKind
from communs.kit.records.models import Method
from communs.kit.search import fold


def author_of(person: Any, _opportunity: Any) -> Author:
    """Nobody speaks as the funder here: what people state is an editor's or a reader's word."""
    return Author(person, Method.EDITOR if person.is_editor else Method.READER)


def likely(values: Mapping[str, Any]) -> Sequence[Link]:
    """Opportunities that may be the same: the same page of the funder, or the same title."""
    titles = {fold(str(value)) for name, value in values.items() if name.startswith("titles.")}
    return [
        (title_of(row), reverse("funding:detail", args=[row.public_id]))
        for row in queries.likely_same(titles, str(values.get("url") or ""))
    ]


def announce(revision: Any) -> None:
    """Tell those who follow the opportunity, once the change is stored. A full queue never undoes a change."""
    transaction.on_commit(lambda: tasks.tell_watchers.enqueue(revision.pk), robust=True)


KIND = RecordKind(
    namespace="funding",
    list_label=_("Funding"),
    new_label=_("Propose a source of funding"),
    fields=FIELDS,
    get=queries.get_opportunity,
    rights_on=queries.rights_on,
    get_proposal=queries.get_proposal,
    proposals=queries.proposals,
    author_of=author_of,
    title_of=title_of,
    may_create=queries.may_create,
    create=actions.create_opportunity,
    announce=announce,
    check=actions.what_is_wrong,
    likely=likely,
)
