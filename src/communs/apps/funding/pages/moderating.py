"""What waits for editors, and the steps they take."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communs.apps.funding import actions, linkcheck, queries, tasks, wording
from communs.apps.funding.fields import FIELDS, title_of
from communs.apps.funding.kind import KIND
from communs.apps.funding.pages.records import PAGES
from communs.kit.gates import Refused, Right
from communs.kit.records.forms import RevertForm
from communs.kit.records.merging import Alike, MergeVerbs, Merging
from communs.kit.runs.queries import waiting_in

SHOWN_MAX = 100


def _merge(duplicate: Any, into: Any, person: Any, *, note: str = "") -> None:
    KIND.announce(actions.merge(duplicate, into, person, note=note))


def _separate(duplicate: Any, person: Any, *, note: str = "") -> None:
    KIND.announce(actions.separate(duplicate, person, note=note))


def _suggested(opportunity: Any) -> list[Alike]:
    return [Alike(other, wording.likeness(reasons)) for other, reasons in queries.suggested_for(opportunity)]


MERGING = Merging(
    PAGES,
    MergeVerbs(
        merge=_merge,
        separate=_separate,
        distinct=actions.declare_distinct,
        suggested=_suggested,
        reasons=lambda one, other: wording.likeness(queries.reasons_between(one, other)),
    ),
)


def queue(request: HttpRequest) -> HttpResponse:
    """Proposals, unconfirmed opportunities, pairs that look alike, silent addresses."""
    _editors_only(request)
    context = {
        "proposals": [
            {
                "title": title_of(proposal.subject) if proposal.subject else _new_title(proposal),
                "is_new": proposal.subject is None,
                "url": reverse("funding:proposal", args=[proposal.pk]),
                "proposal": proposal,
                "fields": ", ".join(FIELDS.label_of(field) for field in sorted(proposal.values)[:8]),
            }
            for proposal in queries.open_proposals()[:SHOWN_MAX]
        ],
        "contradictions": waiting_in("opportunities"),
        "unconfirmed": [_line(row) for row in queries.unconfirmed()[:SHOWN_MAX]],
        "silent": [{**_line(check.subject), "check": check} for check in queries.flagged()[:SHOWN_MAX]],
        "alike": [
            {
                "one": _line(pair.one),
                "other": _line(pair.other),
                "reasons": wording.likeness(pair.reasons),
                "url": f"{reverse('funding:merge', args=[pair.one.public_id])}?with={pair.other.public_id}",
            }
            for pair in queries.likely_pairs()[:SHOWN_MAX]
        ],
        "crumbs": [(str(KIND.list_label), reverse("funding:list")), (_("What waits"), "")],
    }
    return render(request, "funding/queue.html", context)


@require_POST
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make an unconfirmed (or removed) opportunity public."""
    opportunity = queries.get_opportunity(request.user, public_id, Right.MODERATE)
    actions.confirm(opportunity, request.user, _note(request))
    messages.success(request, _("Confirmed: it is public now."))
    return redirect("funding:detail", public_id)


@require_POST
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an opportunity off public pages."""
    opportunity = queries.get_opportunity(request.user, public_id, Right.MODERATE)
    actions.remove(opportunity, request.user, _note(request))
    messages.success(request, _("Removed from public pages. Its history is kept, and you can confirm it again."))
    return redirect("funding:detail", public_id)


@require_POST
def check_links(request: HttpRequest) -> HttpResponse:
    """Leave a look at the addresses to the task worker."""
    _editors_only(request)
    tasks.check_links.enqueue(linkcheck.LIMIT)
    messages.success(request, _("The addresses will be looked at in a moment; what does not answer appears here."))
    return redirect("funding:queue")


@require_POST
def look_for_duplicates(request: HttpRequest) -> HttpResponse:
    """Leave a look through the whole catalogue to the task worker."""
    _editors_only(request)
    tasks.look_for_duplicates.enqueue()
    messages.success(request, _("The catalogue will be looked through in a moment; what looks alike appears here."))
    return redirect("funding:queue")


def _editors_only(request: HttpRequest) -> None:
    if not request.user.is_authenticated or not request.user.is_editor:
        raise Refused(Right.MODERATE, signed_in=request.user.is_authenticated)


def _line(record: Any) -> dict[str, Any]:
    return {"title": title_of(record), "url": reverse("funding:detail", args=[record.public_id]), "record": record}


def _new_title(proposal: Any) -> str:
    titles = (value for name, value in sorted(proposal.values.items()) if name.startswith("titles."))
    return str(next(titles, "")) or _("without a title")


def _note(request: HttpRequest) -> str:
    form = RevertForm(request.POST)
    return str(form.cleaned_data["note"]) if form.is_valid() else ""
