"""Sources and their runs, which anyone may read; what editors do with them; and the contradictions to decide."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communs.core.standards.formats import FORMATS
from communs.kit.gates import Refused, Right
from communs.kit.models import ReviewTask, Run, Source
from communs.kit.paging import read_page
from communs.kit.records.actions import Impossible
from communs.kit.records.kinds import RecordKind
from communs.kit.records.models import Method
from communs.kit.runs import actions, catalogues, queries, reviewing, tasks
from communs.kit.runs.forms import DecisionForm, RunForm, SourceForm, UploadForm, format_choices

CHANGED_SHOWN = 40
Crumb = tuple[str, str]


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Every source: what it is, how it stands, how much it lists."""
    rows = queries.sources()
    page = read_page(request.GET.get("page"), rows.count())
    shown = [{"source": row, "state": state_of(row)} for row in rows[page.offset : page.offset + page.rows]]
    rights = queries.rights_on_sources(request.user)
    context = {
        "rows": shown,
        "page": page,
        "query": "",
        "may_edit": Right.EDIT in rights,
        "waiting": queries.tasks_for(request.user).count() if request.user.is_authenticated else 0,
        "crumbs": [(_("Sources"), "")],
    }
    return render(request, "runs/sources.html", context)


@require_GET
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One source with its runs."""
    source = queries.get_source(request.user, key)
    return _detail(request, source)


def new(request: HttpRequest) -> HttpResponse:
    """Add a source."""
    queries.allow(request.user, Right.EDIT)
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            source = actions.keep(None, form.cleaned_data)
        except Impossible as impossible:
            form.add_error("name", str(impossible))
        else:
            messages.success(request, _("Saved. It can be read now."))
            return redirect("sources:detail", source.key)
    crumbs = [*_home(), (_("Add a source"), "")]
    return render(request, "runs/form.html", {"form": form, "title": _("Add a source"), "crumbs": crumbs})


def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change what is known of a source, and when it is read."""
    source = queries.get_source(request.user, key, Right.EDIT)
    names = ("name", "url", "format", "licence", "trust", "schedule")
    form = SourceForm(request.POST or None, initial={name: getattr(source, name) for name in names})
    if request.method == "POST" and form.is_valid():
        actions.keep(source, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("sources:detail", source.key)
    crumbs = [*_home(), (_(source.name), _url(source)), (_("Edit"), "")]
    title = _("Edit: {name}").format(name=_(source.name))
    return render(request, "runs/form.html", {"form": form, "title": title, "source": source, "crumbs": crumbs})


@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Read it now: the worker does."""
    source = queries.get_source(request.user, key, Right.EDIT)
    if not source.url:
        raise Impossible(_("This source has no address: hand in a file, or give it one."))
    form = RunForm(request.POST)
    fewer = bool(form.is_valid() and form.cleaned_data["accepts_fewer"])
    run = actions.ask(source, Run.Trigger.PERSON, accepts_fewer=fewer)
    tasks.carry_out.enqueue(run.pk)
    return redirect("sources:run", run.pk)


def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Read a file that is handed in."""
    source = queries.get_source(request.user, key, Right.EDIT)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        run = actions.ask(
            source,
            Run.Trigger.UPLOAD,
            accepts_fewer=form.cleaned_data["accepts_fewer"],
            file=(file.name, file.read()),
        )
        tasks.carry_out.enqueue(run.pk)
        return redirect("sources:run", run.pk)
    title = _("Read a file of: {name}").format(name=_(source.name))
    crumbs = [*_home(), (_(source.name), _url(source)), (_("Hand in a file"), "")]
    context = {"form": form, "title": title, "source": source, "crumbs": crumbs, "is_upload": True}
    return render(request, "runs/form.html", context)


@require_POST
def pause(request: HttpRequest, key: str) -> HttpResponse:
    """Leave it alone, or go on."""
    source = queries.get_source(request.user, key, Right.EDIT)
    is_paused = request.POST.get("pause") == "1"
    actions.pause(source, is_paused=is_paused)
    words = _("It is left alone until you go on.") if is_paused else _("It is read again.")
    messages.success(request, words)
    return redirect("sources:detail", source.key)


@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: its figures, what it changed, what it refused and why."""
    found = queries.get_run(request.user, pk)
    catalogue = catalogues.find(found.catalogue)
    kind = catalogue.kind if catalogue else None
    changed = queries.changed_by(found, CHANGED_SHOWN)
    context = {
        "run": found,
        "source": found.source,
        "catalogue": catalogue.label if catalogue else found.catalogue,
        "changed": [_changed(kind, revision) for revision in changed] if kind else [],
        "more": max(0, found.new + found.changed - len(changed)),
        "not_shown": found.refused - len(found.refusals),
        "crumbs": [*_home(), (_(found.source.name), _url(found.source)), (_("Run {n}").format(n=found.pk), "")],
    }
    return render(request, "runs/run.html", context)


@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """What sources contradict, for those who may decide it."""
    if not request.user.is_authenticated:
        raise Refused(Right.EDIT, signed_in=False)
    rows = queries.tasks_for(request.user)
    page = read_page(request.GET.get("page"), rows.count())
    shown = [_task(task) for task in rows[page.offset : page.offset + page.rows]]
    crumbs = [*_home(), (_("Contradictions"), "")]
    return render(request, "runs/reviews.html", {"rows": shown, "page": page, "query": "", "crumbs": crumbs})


def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One contradiction: both values with who says so and since when; what to do about it."""
    task, record, kind = queries.get_task(request.user, pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _decide(request, task, record, kind, form.cleaned_data["note"])
        messages.success(request, _("Decided. It stands in the history of the entry."))
        return redirect("sources:reviews")
    crumbs = [*_home(), (_("Contradictions"), reverse("sources:reviews")), (kind.title_of(record), "")]
    now_shown = kind.fields.say(task.field, record.values.get(task.field)) or _("there is none")
    context = {**_task(task), "record": record, "form": form, "now_shown": now_shown, "crumbs": crumbs}
    return render(request, "runs/review.html", context)


def state_of(source: Any) -> dict[str, Any]:
    """How a source stands, in words: tone and sentence."""
    if source.is_paused:
        return {"tone": "", "words": _("paused")}
    if source.failures:
        return {"tone": "no", "words": _("cannot be read")}
    if source.read_at is None:
        return {"tone": "", "words": _("named by records") if not source.url else _("not read yet")}
    return {"tone": "yes", "words": _("read")}


def format_label(source: Source) -> str:
    """What it holds, in words."""
    if not source.format and not source.url:
        return ""
    return dict(format_choices()).get(source.format, source.format) if source.format else _("recognised")


def _detail(request: HttpRequest, source: Source) -> HttpResponse:
    rows = queries.runs_of(source)
    page = read_page(request.GET.get("page"), rows.count())
    context = {
        "source": source,
        "state": state_of(source),
        "format": format_label(source),
        "format_known": source.format in FORMATS,
        "listed": source.listings.filter(gone_at=None).count(),
        "gone": source.listings.filter(gone_at__isnull=False).count(),
        "runs": rows[page.offset : page.offset + page.rows],
        "page": page,
        "query": "",
        "may_edit": Right.EDIT in queries.rights_on_sources(request.user),
        "run_form": RunForm(),
        "crumbs": [*_home(), (_(source.name), "")],
    }
    return render(request, "runs/source.html", context)


def _decide(request: HttpRequest, task: ReviewTask, record: Any, kind: RecordKind, note: str) -> None:
    verb = request.POST.get("verb", "")
    if verb == "take":
        revision = reviewing.take_over(
            task,
            record,
            kind.author_of(request.user, record),
            may_unlock=Right.MODERATE in kind.rights_on(request.user, record),
            note=note or _("taken over from {source}").format(source=task.source),
            evidence_url=task.source.url,
        )
        if revision is not None:
            kind.announce(revision)
    elif verb in {"keep", "dismiss"}:
        (reviewing.keep if verb == "keep" else reviewing.dismiss)(task, record, request.user, note=note)
    else:
        raise Impossible(_("Choose what to do."))


def _task(task: ReviewTask) -> dict[str, Any]:
    kind = catalogues.get(task.catalogue).kind
    if kind is None:
        return {"task": task}
    return {
        "task": task,
        "label": kind.fields.label_of(task.field),
        "shown": kind.fields.say(task.field, task.shown) or _("there is none"),
        "shown_by": Method(task.shown_by).label,
        "claimed": kind.fields.say(task.field, task.claimed) or _("there is none"),
        "record_url": reverse(f"{kind.namespace}:detail", args=(task.public_id,)),
    }


def _changed(kind: RecordKind, revision: Any) -> dict[str, Any]:
    subject = revision.subject
    return {
        "title": kind.title_of(subject),
        "url": reverse(f"{kind.namespace}:revision", args=(subject.public_id, revision.version)),
        "is_new": revision.version == 1,
        "fields": ", ".join(kind.fields.label_of(name) for name in list(revision.diff)[:5]),
    }


def _home() -> list[Crumb]:
    return [(_("Sources"), reverse("sources:list"))]


def _url(source: Source) -> str:
    return reverse("sources:detail", args=(source.key,))
