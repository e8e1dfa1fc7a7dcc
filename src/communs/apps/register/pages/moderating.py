"""What editors and stewards do: the queue, confirm, remove, merge, separate, stewardship, relations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from communs.apps.register import actions, queries
from communs.apps.register.fields import FIELDS
from communs.apps.register.forms import RelationForm, RemoveForm, StewardForm
from communs.apps.register.pages.shared import pages
from communs.kit.gates import Refused, Right
from communs.kit.records.forms import RevertForm
from communs.kit.records.merging import Alike, MergeVerbs, Merging
from communs.kit.runs.queries import waiting_in

MERGING = Merging(
    pages,
    MergeVerbs(
        merge=actions.merge,
        separate=actions.separate,
        distinct=actions.declare_distinct,
        suggested=lambda commons: [Alike(other) for other in queries.suggest_duplicates(commons)],
    ),
)


def queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits for an editor."""
    if not (request.user.is_authenticated and request.user.is_editor):
        raise Refused(Right.MODERATE, signed_in=request.user.is_authenticated)
    waiting = queries.queue()
    proposals = [
        {
            "proposal": proposal,
            "title": pages.kind.title_of(proposal.subject) if proposal.subject else proposal.values.get("name", ""),
            "fields": ", ".join(FIELDS.label_of(name) for name in list(proposal.values)[:5]),
        }
        for proposal in waiting.proposals
    ]
    contradictions = waiting_in("commons")
    crumbs = [(_("Commons"), pages.url("list"))]
    context = {"queue": waiting, "proposals": proposals, "contradictions": contradictions, "crumbs": crumbs}
    return render(request, "commons/queue.html", context)


def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make an entry public."""
    commons = pages.record(request, public_id, Right.MODERATE)
    actions.confirm(commons, request.user, note=_note(request))
    return pages.done(request, _("Confirmed: the entry is public."), "detail", public_id)


def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an entry off the public pages."""
    commons = pages.record(request, public_id, Right.MODERATE)
    form = RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.remove(commons, request.user, note=form.cleaned_data["note"])
        return pages.done(request, _("Removed from public pages. Editors can bring it back."), "detail", public_id)
    return pages.render(request, "commons/remove.html", commons, "remove", form=form)


def steward(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who looks after it; ask to be one of them, or stop."""
    commons = pages.record(request, public_id, Right.PROPOSE)
    mine = queries.stewardship_of(request.user, commons)
    form = StewardForm(request.POST or None)
    if request.method == "POST" and request.POST.get("end"):
        if mine is not None:
            actions.end_stewardship(mine, by=request.user)
        return pages.done(request, _("You do not look after it any more."), "detail", public_id)
    if request.method == "POST" and form.is_valid():
        actions.ask_stewardship(commons, request.user, form.cleaned_data["message"])
        return pages.done(request, _("Thank you. An editor will answer."), "detail", public_id)
    return pages.render(
        request, "commons/steward.html", commons, "steward", form=form, mine=mine, stewards=queries.stewards_of(commons)
    )


def decide_steward(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Grant, decline or end a stewardship."""
    commons = pages.record(request, public_id, Right.MODERATE)
    stewardship = queries.get_stewardship(commons, pk)
    verb: Any = {
        "grant": actions.grant_stewardship,
        "decline": actions.decline_stewardship,
        "end": actions.end_stewardship,
    }.get(request.POST.get("verb", ""))
    if verb is None:
        messages.error(request, _("Choose what to do."))
        return redirect(pages.url("queue"))
    verb(stewardship, request.user)
    return pages.done(request, _("Done."), "queue")


def relate(request: HttpRequest, public_id: str) -> HttpResponse:
    """State a relation to another commons."""
    commons = pages.record(request, public_id, Right.EDIT)
    form = RelationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        other = pages.record(request, form.cleaned_data["other"])
        data = form.cleaned_data
        actions.add_relation(commons, other, data["kind"], request.user, source_ref=data["source_ref"])
        return pages.done(request, _("Saved. The page shows it now."), "detail", public_id)
    stated = [edge for edge in queries.relations_of(commons) if edge.is_outgoing]
    return pages.render(request, "commons/relate.html", commons, "relate", form=form, stated=stated)


def unrelate(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Take back a relation that a person stated, or that nobody has verified."""
    commons = pages.record(request, public_id, Right.EDIT)
    actions.remove_relation(queries.get_relation(commons, pk), request.user)
    return pages.done(request, _("Taken back."), "relate", public_id)


def _note(request: HttpRequest) -> str:
    form = RevertForm(request.POST)
    return form.cleaned_data["note"] if form.is_valid() else ""
