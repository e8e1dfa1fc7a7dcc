"""What in the register is a person's own, for the export of personal data and the person's page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from communs.apps.register.models import (
    CommonsComment,
    CommonsProposal,
    CommonsRevision,
    CommonsStatement,
    CommonsWatch,
    Relation,
    Stewardship,
)

ROWS_MAX = 100


def proposals_of(person: Any) -> list[dict[str, Any]]:
    """Everything a person proposed."""
    names = ("subject__public_id", "values", "note", "evidence_url", "status", "created_at", "reason")
    return _rows(CommonsProposal.objects.filter(person=person), *names)


def changes_by(person: Any) -> list[dict[str, Any]]:
    """Every change a person made."""
    names = ("subject__public_id", "kind", "at", "note", "diff", "version")
    return _rows(CommonsRevision.objects.filter(person=person), *names)


def statements_by(person: Any) -> list[dict[str, Any]]:
    """Everything a person stated."""
    names = ("subject__public_id", "method", "values", "evidence", "stated_at")
    return _rows(CommonsStatement.objects.filter(person=person), *names)


def comments_of(person: Any) -> list[dict[str, Any]]:
    """Everything a person said in discussions."""
    return _rows(CommonsComment.objects.filter(person=person), "subject__public_id", "text", "at")


def watches_of(person: Any) -> list[dict[str, Any]]:
    """What a person follows."""
    return _rows(CommonsWatch.objects.filter(person=person), "subject__public_id", "since")


def stewardships_of(person: Any) -> list[dict[str, Any]]:
    """What a person looks after, looked after, or asked to."""
    return _rows(Stewardship.objects.filter(person=person), "commons__public_id", "status", "message", "since")


def relations_by(person: Any) -> list[dict[str, Any]]:
    """The relations a person stated."""
    names = ("from_commons__public_id", "kind", "to_commons__public_id", "source_ref", "withdrawn_at")
    return _rows(Relation.objects.filter(person=person), *names)


def _rows(rows: QuerySet[Any], *names: str) -> list[dict[str, Any]]:
    plain = {name: name.replace("__public_id", "").replace("subject", "commons") for name in names}
    return [{plain[name]: value for name, value in row.items()} for row in rows.values(*names)]


def proposed_by(person: Any) -> list[tuple[str, str, str]]:
    """The last proposals of a person: (text, address, where it stands)."""
    rows = CommonsProposal.objects.filter(person=person).select_related("subject").order_by("-created_at")[:ROWS_MAX]
    return [
        (
            str(row.subject.name if row.subject else row.values.get("name", "")),
            reverse("commons:proposal", args=(row.pk,)),
            str(row.get_status_display()),
        )
        for row in rows
    ]


def watched_by(person: Any) -> list[tuple[str, str, str]]:
    """The commons a person follows by e-mail."""
    rows = CommonsWatch.objects.filter(person=person).select_related("subject").order_by("subject__name")[:ROWS_MAX]
    return [(row.subject.name, reverse("commons:detail", args=(row.subject.public_id,)), "") for row in rows]


def ids_looked_after_by(person: Any) -> list[str]:
    """The public ids of the commons a person looks after, for lists of what waits for them."""
    mine = Stewardship.objects.filter(person=person, status=Stewardship.Status.ACTIVE)
    return list(mine.values_list("commons__public_id", flat=True)[:ROWS_MAX])


def looked_after_by(person: Any) -> list[tuple[str, str, str]]:
    """The commons a person looks after, or has asked to."""
    rows = Stewardship.objects.filter(person=person).exclude(status=Stewardship.Status.ENDED)
    return [
        (
            row.commons.name,
            reverse("commons:detail", args=(row.commons.public_id,)),
            "" if row.status == Stewardship.Status.ACTIVE else str(row.get_status_display()),
        )
        for row in rows.select_related("commons").order_by("commons__name")[:ROWS_MAX]
    ]
