"""What a person left here: answers, proposals, comments, what they follow and what they changed."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.apps.funding import wording
from communs.apps.funding.models import (
    Answer,
    OpportunityComment,
    OpportunityProposal,
    OpportunityRevision,
    OpportunityWatch,
)

SHOWN_MAX = 50
Row = tuple[str, str, str]


def answers_of(person: Any, commons: Any) -> dict[str, str]:
    """What this person answered for this commons; nothing for someone who is not signed in."""
    if not person.is_authenticated:
        return {}
    rows = Answer.objects.filter(person=person, commons=commons).order_by("question")
    return {question: str(value) for question, value in rows.values_list("question", "value")}


def answers_given_by(person: Any) -> list[dict[str, Any]]:
    """Everything this person answered, for the export of what is theirs."""
    rows = Answer.objects.filter(person=person).select_related("commons").order_by("commons__public_id", "question")
    return [
        {"commons": row.commons.public_id, "question": row.question, "value": row.value, "at": row.at} for row in rows
    ]


def contributions_of(person: Any) -> list[dict[str, Any]]:
    """Proposals, comments, follows and changes of this person, for the export of what is theirs."""
    found: list[dict[str, Any]] = []
    for proposal in OpportunityProposal.objects.filter(person=person).select_related("subject"):
        about = proposal.subject.public_id if proposal.subject else ""
        found.append(
            {
                "what": "proposal",
                "opportunity": about,
                "values": proposal.values,
                "note": proposal.note,
                "evidence_url": proposal.evidence_url,
                "status": proposal.status,
                "at": proposal.created_at,
            }
        )
    for comment in OpportunityComment.objects.filter(person=person).select_related("subject"):
        said = {"what": "comment", "opportunity": comment.subject.public_id, "text": comment.text, "at": comment.at}
        found.append(said)
    watches = OpportunityWatch.objects.filter(person=person).select_related("subject")
    found.extend({"what": "follow", "opportunity": watch.subject.public_id, "at": watch.since} for watch in watches)
    for revision in OpportunityRevision.objects.filter(person=person).select_related("subject"):
        change = {"what": "change", "opportunity": revision.subject.public_id, "kind": revision.kind}
        found.append({**change, "note": revision.note, "diff": revision.diff, "at": revision.at})
    return found


def followed_by(person: Any) -> list[Row]:
    """The opportunities this person follows, as lines of their page."""
    watches = OpportunityWatch.objects.filter(person=person).select_related("subject").order_by("-since")[:SHOWN_MAX]
    return [(_title(watch.subject), reverse("funding:detail", args=[watch.subject.public_id]), "") for watch in watches]


def proposed_by(person: Any) -> list[Row]:
    """What this person proposed and what came of it."""
    proposals = OpportunityProposal.objects.filter(person=person).select_related("subject").order_by("-created_at")
    return [
        (
            _title(proposal.subject) if proposal.subject else _("A new opportunity"),
            reverse("funding:proposal", args=[proposal.pk]),
            proposal.get_status_display(),
        )
        for proposal in proposals[:SHOWN_MAX]
    ]


def answered_by(person: Any) -> list[Row]:
    """The commons for which this person answered questions."""
    counted = Answer.objects.filter(person=person).values("commons__public_id", "commons__name").annotate(n=Count("pk"))
    return [
        (
            row["commons__name"] or row["commons__public_id"],
            reverse("funding:for", args=[row["commons__public_id"]]),
            ngettext("{n} answer", "{n} answers", row["n"]).format(n=row["n"]),
        )
        for row in counted.order_by("commons__name")[:SHOWN_MAX]
    ]


def _title(opportunity: Any) -> str:
    return wording.title_of(opportunity.facts).value or str(opportunity.public_id)
