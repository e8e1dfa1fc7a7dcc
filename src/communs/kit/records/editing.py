"""Pages to change a record: edit or propose, decide on what was proposed, revert, restore, lock."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from communs.kit.gates import NotThere, Refused, Right
from communs.kit.records import actions, taking_part
from communs.kit.records.forms import DecideForm, RecordForm, RevertForm
from communs.kit.records.history import changes_of, values_at
from communs.kit.records.models import Proposal
from communs.kit.records.shared import Pages


class Editing(Pages):
    """The pages that state, propose and decide."""

    def edit(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """One form for all: stated at once by those who may, a proposal by everyone else who is signed in."""
        record = self.record(request, public_id, Right.PROPOSE)
        may_edit = Right.EDIT in self.rights(request, record)
        form = self._form(request, record)
        if request.method == "POST" and form.is_valid():
            note, evidence_url = form.cleaned_data["note"], form.cleaned_data["evidence_url"]
            if may_edit:
                author = self.author(request, record)
                revision = actions.state(record, form.changes, author, note=note, evidence_url=evidence_url)
                self.announce(revision)
                return self.done(request, _("Saved. The page shows it now."), "detail", public_id)
            taking_part.propose(
                record.proposals, form.changes, request.user, subject=record, note=note, evidence_url=evidence_url
            )
            words = _("Thank you. Your proposal is public; those who look after this entry decide on it.")
            return self.done(request, words, "proposals", public_id)
        return self.render(request, "records/edit.html", record, "edit", form=form, may_edit=may_edit)

    def new(self, request: HttpRequest) -> HttpResponse:
        """Describe a record that is not there yet; what may be the same is shown before it is created."""
        if not request.user.is_authenticated:
            raise Refused(Right.PROPOSE, signed_in=False)
        at_once = self.kind.may_create(request.user)
        start = self.kind.prefill(request)
        form = RecordForm(self.kind.fields, {}, request.POST or None, start=start, check=partial(self.kind.check, ""))
        likely: Any = ()
        if request.method == "POST" and form.is_valid():
            likely = () if request.POST.get("is_new") else self.kind.likely(form.changes)
            if not likely:
                return self._take_new(request, form, at_once=at_once)
        context = {
            "form": form,
            "may_edit": at_once,
            "likely": likely,
            "title": self.kind.new_label,
            "crumbs": [(str(self.kind.list_label), self.url("list"))],
        }
        return render(request, "records/new.html", context)

    def proposals(self, request: HttpRequest, public_id: str) -> HttpResponse:
        record = self.record(request, public_id)
        rows = [
            {"proposal": proposal, "changes": self._changes(proposal), "url": self.url("proposal", proposal.pk)}
            for proposal in record.proposals.select_related("person", "decided_by").order_by("-created_at", "-id")[:100]
        ]
        return self.render(request, "records/proposals.html", record, "proposals", rows=rows)

    def proposal(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One proposal: read it, accept all or part of it, refuse it, take it back."""
        proposal = self.kind.get_proposal(request.user, pk)
        changes = self._changes(proposal)
        form = DecideForm([(change.field, change.label) for change in changes], request.POST or None)
        if request.method == "POST":
            return self._decide(request, proposal, form)
        context = {
            "proposal": proposal,
            "changes": changes,
            "form": form,
            "may_decide": self._may_decide(request, proposal) and proposal.status == Proposal.Status.OPEN,
            "may_take_back": proposal.person_id == request.user.pk and proposal.status == Proposal.Status.OPEN,
            "record_title": self.kind.title_of(proposal.subject) if proposal.subject else "",
            "record_url": self.url("detail", proposal.subject.public_id) if proposal.subject else "",
            "crumbs": self._proposal_crumbs(proposal),
        }
        return render(request, "records/proposal.html", context)

    def revert(self, request: HttpRequest, public_id: str, version: int) -> HttpResponse:
        """Undo one revision, with a note."""
        record = self.record(request, public_id, Right.EDIT)
        revision = record.revisions.filter(version=version).last()
        if revision is None:
            raise NotThere
        self.announce(self.kind.revert(revision, request.user, self._note(request)))
        return self.done(request, _("Undone. The history keeps both."), "history", public_id)

    def restore(self, request: HttpRequest, public_id: str, version: int) -> HttpResponse:
        """Show again what an earlier version showed."""
        record = self.record(request, public_id, Right.EDIT)
        if not record.revisions.filter(version=version).exists():
            raise NotThere
        revision = self.kind.restore(record, version, self.author(request, record), note=self._note(request))
        self.announce(revision)
        words = _("Restored.") if revision else _("That version says the same as today's.")
        return self.done(request, words, "history", public_id)

    def lock(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Lock the value of a field, or unlock it (`unlock` in the form)."""
        record = self.record(request, public_id, Right.MODERATE)
        field, note = request.POST.get("field", ""), self._note(request)
        if request.POST.get("unlock"):
            actions.unlock_field(record, field, request.user, note=note)
            return self.done(request, _("Unlocked."), "sources", public_id)
        actions.lock_field(record, field, request.user, note=note)
        return self.done(request, _("Locked: imports and other people cannot change it now."), "sources", public_id)

    def announce(self, revision: Any) -> None:
        """Tell those who watch, when something changed."""
        if revision is not None and revision.diff:
            self.kind.announce(revision)

    def _form(self, request: HttpRequest, record: Any) -> RecordForm:
        base, version = record.values, record.version
        asked = request.POST.get("version", "")
        if asked.isdecimal() and len(asked) < 10 and int(asked) < version:
            version = int(asked)
            base = values_at(record, version)
        only = frozenset(request.GET.getlist("field")) or None
        return RecordForm(
            self.kind.fields,
            base,
            request.POST or None,
            now=record.values,
            version=version,
            now_version=record.version,
            only=only,
            check=partial(self.kind.check, record.public_id),
        )

    def _take_new(self, request: HttpRequest, form: RecordForm, *, at_once: bool) -> HttpResponse:
        note, evidence_url = form.cleaned_data["note"], form.cleaned_data["evidence_url"]
        if at_once:
            record = self.kind.create(form.changes, self.author(request, None), note, evidence_url)
            return self.done(request, _("Created. You can go on completing it."), "detail", record.public_id)
        manager = self.kind.proposals()
        proposal = taking_part.propose(manager, form.changes, request.user, note=note, evidence_url=evidence_url)
        return self.done(request, _("Thank you. An editor will look at it."), "proposal", proposal.pk)

    def _decide(self, request: HttpRequest, proposal: Any, form: DecideForm) -> HttpResponse:
        verb = request.POST.get("verb")
        if verb == "take_back":
            taking_part.take_back(proposal, request.user)
            return self.done(request, _("Taken back."), "proposal", proposal.pk)
        if not self._may_decide(request, proposal):
            raise Refused(Right.EDIT, signed_in=request.user.is_authenticated)
        reason = request.POST.get("reason", "")[:500]
        if verb == "refuse":
            taking_part.refuse(proposal, request.user, reason=reason)
            return self.done(request, _("Refused, with your reason."), "proposal", proposal.pk)
        if not form.is_valid():
            return redirect(self.url("proposal", proposal.pk))
        fields = set(form.cleaned_data["fields_taken"])
        author = self.author(request, proposal.subject)
        if proposal.subject is None:
            record = taking_part.accept_new(
                proposal, author, self.kind.create, fields=fields, reason=reason, check=self._check
            )
            return self.done(request, _("Accepted: the entry is public."), "detail", record.public_id)
        self.announce(taking_part.accept(proposal, author, fields=fields, reason=reason, check=self._check))
        return self.done(request, _("Accepted: the page shows it now."), "detail", proposal.subject.public_id)

    def _check(self, public_id: str, values: Mapping[str, Any]) -> Mapping[str, str]:
        """What is wrong with values that come from a proposal: the form that made them may be long ago."""
        return {**self.kind.fields.misfits(values), **self.kind.check(public_id, values)}

    def _may_decide(self, request: HttpRequest, proposal: Any) -> bool:
        if proposal.subject is None:
            return self.kind.may_create(request.user)
        return Right.EDIT in self.kind.rights_on(request.user, proposal.subject)

    def _changes(self, proposal: Any) -> Any:
        shown = proposal.subject.values if proposal.subject else {}
        return changes_of(self.kind.fields, {name: [shown.get(name), new] for name, new in proposal.values.items()})

    def _proposal_crumbs(self, proposal: Any) -> list[tuple[str, str]]:
        crumbs = [(str(self.kind.list_label), self.url("list"))]
        if proposal.subject:
            public_id = proposal.subject.public_id
            crumbs.append((self.kind.title_of(proposal.subject), self.url("detail", public_id)))
            crumbs.append((_("Proposals"), self.url("proposals", public_id)))
        return crumbs

    def _note(self, request: HttpRequest) -> str:
        form = RevertForm(request.POST)
        return form.cleaned_data["note"] if form.is_valid() else ""
