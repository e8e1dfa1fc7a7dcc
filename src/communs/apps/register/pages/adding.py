"""Start the description of a commons from what it has published: a link, files, a folder."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communs.apps.register.adding import intake
from communs.apps.register.adding.drafts import Draft, FileRead, draft_of, read_file
from communs.apps.register.adding.starting import picked_of, read_all
from communs.apps.register.crawling.looking import Found, look
from communs.apps.register.fields import FIELDS
from communs.apps.register.forms import StartForm
from communs.apps.register.kind import likely
from communs.core.standards.formats import FORMATS, by_name
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible

PROBLEMS_SHOWN = 40
BODY_BYTES_MAX = 32 * 1024 * 1024


def start(request: HttpRequest) -> HttpResponse:
    """Ask for a link or files; what was understood stands on the page that follows."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES_MAX:
        raise Impossible(_("This is more than 32 MiB: choose fewer files, or a smaller folder."))
    form = StartForm(request.POST or None, request.FILES or None, initial={"link": request.GET.get("link", "")[:500]})
    if request.method == "POST" and form.is_valid():
        link = form.cleaned_data["link"]
        files = _uploaded(form)
        found = look(link) if link else Found()
        files = {**found.files, **files}
        problems = [{"place": one.place, "code": one.code, "detail": one.detail} for one in found.problems]
        if not files and not problems and not found.record():
            form.add_error(None, _("None of these files is of a format that can be read."))
        else:
            kept = intake.keep(request.user, files, link=link, record=found.record(), problems=problems)
            return redirect("commons:started", kept.token)
    names = [one.title for one in FORMATS.values() if one.kind == "commons" and one.names]
    return render(request, "commons/start.html", {"form": form, "formats": names, "crumbs": _crumbs()})


@require_GET
def started(request: HttpRequest, token: str) -> HttpResponse:
    """What was understood of it: every problem with place and fix, and the description to go on with."""
    kept = intake.get(token)
    reads = read_all(kept)
    picked = picked_of(request)
    draft = draft_of(reads, kept.record, picked)
    context = {
        "intake": kept,
        "files": [
            {**_file(read, kept, number), "is_apart": read.name in draft.apart} for number, read in enumerate(reads)
        ],
        "not_fetched": [{**one, "said": _said(one)} for one in kept.problems],
        "rows": _rows(draft),
        "others": _others(draft, reads, picked),
        "picked": picked,
        "likely": likely(draft.initial) if draft.values else (),
        "go_on_url": f"{reverse('commons:new')}?from={kept.token}&record={picked}",
        "crumbs": [*_crumbs(), (_("From what it has published"), reverse("commons:start"))],
    }
    return render(request, "commons/started.html", context)


@require_GET
def fixed(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """The repaired file to take home."""
    files = intake.files_of(intake.get(token))
    if number >= len(files):
        raise NotThere
    name, data = files[number]
    read = read_file(name, data)
    if read.repaired is None:
        raise NotThere
    response = HttpResponse(read.repaired, content_type="text/plain; charset=utf-8")
    safe = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name)[-80:]
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response


def _uploaded(form: StartForm) -> dict[str, bytes]:
    """The files chosen; of a folder only those that bear the name of a format."""
    files = {file.name: file.read(intake.BYTES_MAX) for file in form.cleaned_data["chosen"]}
    for file in form.cleaned_data["folder"]:
        if by_name(file.name) is not None:
            files.setdefault(file.name, file.read(intake.BYTES_MAX))
    return files


def _file(read: FileRead, kept: Any, number: int) -> dict[str, Any]:
    problems = read.checked.problems
    return {
        "name": read.name,
        "format": _(read.checked.format.title) if read.checked.format else "",
        "is_valid": read.checked.is_valid,
        "errors": sum(found.severity == "error" for found in problems),
        "problems": [
            {
                "line": found.line,
                "column": found.column,
                "severity": found.severity,
                "said": found.say(_),
                "fix": found.say_fix(_),
                "assumed": found.assumed,
            }
            for found in problems[:PROBLEMS_SHOWN]
        ],
        "more": max(0, len(problems) - PROBLEMS_SHOWN),
        "fixed_url": reverse("commons:fixed", args=(kept.token, number)) if read.repaired is not None else "",
        "is_valid_repaired": read.is_valid_repaired,
    }


def _rows(draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "label": FIELDS.label_of(name),
            "said": FIELDS.say(name, found.value),
            "file": found.file,
            "others": [(file, FIELDS.say(name, value)) for file, value in found.others],
        }
        for name, found in draft.values.items()
        if name != "identifiers.repo"  # the source repository in one spelling, for programs
    ]


def _others(draft: Draft, reads: list[FileRead], picked: int) -> list[tuple[str, str, bool]]:
    """The commons of the leading file where it describes several: (name, address, whether it is the one shown)."""
    leading = draft.values["name"].file if "name" in draft.values else ""
    several = next((read.records for read in reads if read.name == leading and len(read.records) > 1), ())
    return [
        (str(record.get("name") or number + 1), f"?record={number}", number == picked)
        for number, record in enumerate(several)
    ]


def _said(problem: dict[str, str]) -> str:
    """Why something could not be fetched, in words."""
    words = {
        "left-out": _("It is too large, or there are too many files: at most 1 MiB each."),
        "private": _("The address lies in a private network: it is not asked."),
        "name": _("There is no such host."),
        "address": _("This is not an address that can be asked: it starts with https://."),
        "slow": _("It took too long to answer."),
        "certificate": _("Its certificate is not valid."),
        "nothing": _("Nothing was found there that describes a commons."),
    }
    return words.get(problem["code"]) or _("It did not answer as expected (%(detail)s).") % {
        "detail": problem.get("detail") or problem["code"]
    }


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Commons"), reverse("commons:list")), (_("Add a commons"), reverse("commons:new"))]
