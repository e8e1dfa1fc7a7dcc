"""Pages to read: history, one revision word by word, where each value comes from, the feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from communs.kit.gates import NotThere, Right
from communs.kit.paging import read_page
from communs.kit.records import resolve
from communs.kit.records.actions import statements_of
from communs.kit.records.feeds import Entry, atom
from communs.kit.records.fields import FieldSet, pair
from communs.kit.records.forms import RevertForm
from communs.kit.records.freshness import Freshness, freshness_of
from communs.kit.records.history import Change, changes_of
from communs.kit.records.models import Revision
from communs.kit.records.shared import Pages
from communs.kit.records.wording import said_by, what_happened

FEED_ENTRIES_MAX = 50
CHANGES_SHOWN = 4
NOT_LISTED = Freshness()


@dataclass(frozen=True, slots=True)
class Known:
    """One field on the sources page: its claims, the one shown first, and whether others say otherwise."""

    name: str
    label: str
    claims: list[Told]
    is_contested: bool
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One claim in words."""

    text: str
    by: str
    licence: str
    seen: str  # YYYY, YYYY-MM, YYYY-MM-DD or ""
    stated_at: Any
    evidence: list[str]
    is_shown: bool
    fresh: str
    is_gone: bool


class Reading(Pages):
    """The pages that anyone may read who may see the record."""

    def history(self, request: HttpRequest, public_id: str) -> HttpResponse:
        record = self.kind.get(request.user, public_id, Right.SEE)
        revisions = record.revisions.select_related("person", "source").order_by("-version", "-id")
        page = read_page(request.GET.get("page"), revisions.count())
        rows = [self._row(revision) for revision in revisions[page.offset : page.offset + page.rows]]
        return self.render(request, "records/history.html", record, "history", rows=rows, page=page, query="")

    def revision(self, request: HttpRequest, public_id: str, version: int) -> HttpResponse:
        record = self.kind.get(request.user, public_id, Right.SEE)
        revision = self.find(record, version)
        return self.render(
            request,
            "records/revision.html",
            record,
            "history",
            row=self._row(revision, all_changes=True),
            revision=revision,
            statements=[said_by(statement) for statement in revision.statements.select_related("source", "person")],
            can_revert=_can_be_reverted(revision),
            form=RevertForm(initial={"version": record.version}),
        )

    def find(self, record: Any, version: int) -> Any:
        """The revision that made this version. Raises `NotThere`."""
        revision = record.revisions.select_related("person", "source", "reverts", "run").filter(version=version).last()
        if revision is None:
            raise NotThere
        return revision

    def sources(self, request: HttpRequest, public_id: str) -> HttpResponse:
        record = self.record(request, public_id)
        rights = self.rights(request, record)
        claims = resolve.resolve(statements_of(record))
        fresh = freshness_of(record, claims)
        known = known_fields(self.kind.fields, claims, show_evidence=Right.MODERATE in rights, fresh=fresh)
        listings = list(fresh.listings.values())
        return self.render(request, "records/sources.html", record, "sources", known=known, listings=listings)

    def feed(self, request: HttpRequest, public_id: str) -> HttpResponse:
        record = self.record(request, public_id)
        revisions = record.revisions.select_related("person", "source").order_by("-version", "-id")
        title = self.kind.title_of(record)
        return atom(
            f"{self.kind.namespace}/{public_id}",
            title,
            self.url("detail", public_id),
            self.url("feed", public_id),
            [self.entry(record, title, revision) for revision in revisions[:FEED_ENTRIES_MAX]],
        )

    def entry(self, record: Any, title: str, revision: Any) -> Entry:
        """One revision as an entry of a feed."""
        changes = changes_of(self.kind.fields, revision.diff)
        lines = [pair(change.label, change.after or _("removed")) for change in changes]
        return Entry(
            key=f"{self.kind.namespace}/{record.public_id}/{revision.version}",
            title=pair(title, what_happened(revision)),
            url=self.url("revision", record.public_id, revision.version),
            summary="\n".join([*([revision.note] if revision.note else []), *lines]),
            at=revision.at,
            author=str(revision.person or revision.source or ""),
        )

    def _note_of(self, revision: Any) -> str:
        """What was written beside it; a lock without a word of its own holds the field that it locks."""
        locks = revision.kind in {Revision.Kind.LOCKED, Revision.Kind.UNLOCKED}
        names = locks and (self.kind.fields.get(revision.note) or revision.note in revision.subject.values)
        return self.kind.fields.label_of(revision.note) if names else str(revision.note)

    def _row(self, revision: Any, *, all_changes: bool = False) -> dict[str, Any]:
        changes: list[Change] = changes_of(self.kind.fields, revision.diff)
        shown = changes if all_changes else changes[:CHANGES_SHOWN]
        return {
            "revision": revision,
            "what": what_happened(revision),
            "note": self._note_of(revision),
            "url": self.url("revision", revision.subject.public_id, revision.version),
            "changes": shown,
            "more": len(changes) - len(shown),
        }


def _can_be_reverted(revision: Any) -> bool:
    """Whether it stated something, here or in a row beside the record."""
    beside = any(name.partition(".")[0] in revision.subject.BESIDE for name in revision.diff)
    return beside or revision.reverts_id is not None or revision.statements.exists()


def known_fields(
    fields: FieldSet,
    claims: dict[str, list[resolve.Claim]],
    *,
    show_evidence: bool,
    fresh: Freshness = NOT_LISTED,
) -> list[Known]:
    """Every field with its claims in words, in the order of the form."""
    order = {field.name: place for place, field in enumerate(fields)}
    names = sorted(claims, key=lambda name: (order.get(name, order.get(name.partition(".")[0], 999)), name))
    contested = resolve.conflicts(claims)
    return [
        Known(
            name,
            fields.label_of(name),
            [
                _told(fields, claim, fresh, is_shown=place == 0, show_evidence=show_evidence)
                for place, claim in enumerate(claims[name])
            ],
            is_contested=name in contested,
            is_locked=claims[name][0].locked,
        )
        for name in names
    ]


def _told(fields: FieldSet, claim: resolve.Claim, fresh: Freshness, *, is_shown: bool, show_evidence: bool) -> Told:
    statement = claim.statement
    return Told(
        text=fields.say(claim.field, claim.value) or _("there is none"),
        by=said_by(statement),
        licence=statement.source.licence if statement.source else "",
        seen=statement.seen_as_of,
        stated_at=statement.stated_at,
        evidence=[str(item["ref"]) for item in statement.evidence if item.get("ref")] if show_evidence else [],
        is_shown=is_shown,
        fresh=fresh.of(claim),
        is_gone=fresh.is_gone(claim),
    )
