"""Asking: what one will hear of and what that is now, by e-mail or as a feed; then "look into your mailbox"."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communs.apps.following import actions, links, queries
from communs.apps.following.due import HOME_ZONE
from communs.apps.following.forms import AskForm, RhythmForm
from communs.apps.following.interests import Wish
from communs.apps.following.limits import CLIENT_PERIOD, TooMany
from communs.apps.following.pages import words
from communs.apps.following.pages.preview import preview
from communs.apps.following.pages.wishes import Asked, read_asked
from communs.apps.following.queries.subscriptions import verified_person
from communs.apps.following.vocabulary import OPPORTUNITIES, Standing
from communs.kit.clients import client_of
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible
from communs.kit.runs import catalogues

Crumb = tuple[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask to hear of what the address names: by e-mail (a form), or as a feed and a calendar (a button)."""
    asked = read_asked(request)
    if asked is None:
        return render(request, "following/start.html", {"crumbs": [(_("Follow"), "")]})
    email = own_address(request.user)
    form = (RhythmForm if email else AskForm)(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, asked, form, email)
    reader = actions.Reader(
        email or form.cleaned_data["email"],
        form.cleaned_data["language"],
        form.cleaned_data["time_zone"],
        form.rhythm,
        form.weekday,
        request.user if email else None,
    )
    before = _own(request.user, asked.wish) if email else None
    try:
        actions.ask(asked.wish, reader, client=client_of(request.META), now=timezone.now())
    except TooMany as impossible:
        form.add_error(None, str(impossible))
        return _too_many(_page(request, asked, form, email))
    except Impossible as impossible:
        form.add_error(None if email else "email", str(impossible))
        return _page(request, asked, form, email)
    mine = _own(request.user, asked.wish) if email else None
    if mine is None:
        return redirect(f"{reverse('following:sent')}?{asked.query}")
    was_there = before is not None and before.state == Standing.ACTIVE
    messages.success(request, _("You follow this already.") if was_there else _("You follow this now."))
    return redirect("following:mine", links.key_of(mine.token))


@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make a feed, and a calendar where there are days: nobody's address is needed."""
    asked = read_asked(request)
    if asked is None:
        raise NotThere
    try:
        made = actions.ask_feed(
            asked.wish, get_language() or "en", HOME_ZONE, client=client_of(request.META), now=timezone.now()
        )
    except TooMany as impossible:
        email = own_address(request.user)
        context = {"feed_problem": str(impossible)}
        return _too_many(_page(request, asked, (RhythmForm if email else AskForm)(), email, **context))
    messages.success(request, _("The feed is made. Keep the address of this page: only here it is changed or stopped."))
    return redirect("following:mine", links.key_of(made.token))


@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """Look into your mailbox: the same for an address that is known here and for one that is not."""
    asked = read_asked(request)
    again = reverse("following:follow") + (f"?{asked.query}" if asked else "")
    crumbs = [*_way(asked), (_("Look into your mailbox"), "")] if asked else []
    context = {"label": asked.followed.label if asked else "", "again_url": again, "crumbs": crumbs}
    return render(request, "following/sent.html", context)


def own_address(person: Any) -> str:
    """The confirmed address of somebody signed in; "" for everybody else."""
    email = str(getattr(person, "email", "") or "").lower()
    return email if email and verified_person(email) == person.pk else ""


def _own(person: Any, wish: Wish) -> Any:
    """The subscription in which somebody signed in follows this with the address of the account."""
    rows = queries.subscriptions_of(person).filter(interest__digest=wish.digest, email=own_address(person))
    return rows.first()


def _page(request: HttpRequest, asked: Asked, form: Any, email: str, **more: Any) -> HttpResponse:
    wish = asked.wish
    context = {
        "asked": asked,
        "heading": words.heading(wish.what, asked.followed.label),
        "hears": words.hears(wish.what, wish.catalogue),
        "form": form,
        "email": email,
        "now": preview(asked),
        "has_days": wish.catalogue == OPPORTUNITIES,
        "crumbs": [*_way(asked), (_("Follow"), "")],
        **more,
    }
    return render(request, "following/follow.html", context)


def _way(asked: Asked) -> list[Crumb]:
    """The list, and the record where it is about one."""
    record = asked.record
    kind = catalogues.get(record.CATALOGUE if record is not None else asked.wish.catalogue).kind
    if kind is None:
        return []
    crumbs = [(str(kind.list_label), reverse(f"{kind.namespace}:list"))]
    if record is not None:
        crumbs.append((kind.title_of(record), reverse(f"{kind.namespace}:detail", args=[record.public_id])))
    return crumbs


def _too_many(response: HttpResponse) -> HttpResponse:
    response.status_code = 429
    response["Retry-After"] = str(int(CLIENT_PERIOD.total_seconds()))
    return response
