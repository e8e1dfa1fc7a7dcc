"""What those who watch a record are written when it changes: each in their own language, with one click to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from communs.kit.records.feeds import absolute
from communs.kit.records.fields import FieldSet, pair
from communs.kit.records.history import Change, changes_of, diff_since
from communs.kit.records.talking import unwatch_token
from communs.kit.records.wording import what_happened

CHANGES_MAX = 20
TEXT_MAX = 500


@dataclass(frozen=True, slots=True)
class ChangeLetter:
    """An e-mail: address, subject, text, headers."""

    to: str
    subject: str
    text: str
    headers: dict[str, str]


def change_letters(
    revision: Any, since: int | None = None, *, namespace: str, fields: FieldSet, title_of: Callable[[Any], str]
) -> Iterator[ChangeLetter]:
    """One letter for each active person who watches the revision's record, but the one who made the change.

    `since`: the version before the run that the revision ends, when the letter is to tell of several revisions.
    """
    diff = revision.diff if since is None else diff_since(revision, since)
    watches = revision.subject.watches.select_related("person").filter(person__is_active=True)
    for watch in watches.exclude(person=revision.person_id).order_by("pk"):
        with override(watch.person.language):
            title = title_of(revision.subject)
            yield _letter(revision, watch, namespace, title, changes_of(fields, diff))


def _letter(revision: Any, watch: Any, namespace: str, title: str, changes: list[Change]) -> ChangeLetter:
    record = revision.subject
    address = absolute(reverse(f"{namespace}:revision", args=(record.public_id, revision.version)))
    stop = absolute(reverse(f"{namespace}:unwatch", args=(unwatch_token(namespace, watch.pk),)))
    who = str(revision.person or revision.source or _("the site itself"))
    lines = [_line(change.label, change.before, change.after) for change in changes[:CHANGES_MAX]]
    if len(changes) > CHANGES_MAX:
        lines.append("…")
    text = "\n".join(
        [
            _("{title} has changed.").format(title=title),
            "",
            pair(who, what_happened(revision)) + (f" ({revision.note})" if revision.note else ""),
            "",
            *lines,
            "",
            _("See it, or undo it: {address}").format(address=address),
            "",
            _("You get this e-mail because you follow this entry. To stop: {address}").format(address=stop),
        ]
    )
    subject = pair(title, what_happened(revision))
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return ChangeLetter(watch.person.email, " ".join(subject.split())[:200], text, headers)


def _line(label: str, before: str, after: str) -> str:
    if not after:
        return "- " + pair(label, _("{value} (removed)").format(value=before[:TEXT_MAX]))
    if not before:
        return "- " + pair(label, after[:TEXT_MAX])
    return "- " + pair(label, f"{before[:TEXT_MAX]} → {after[:TEXT_MAX]}")
