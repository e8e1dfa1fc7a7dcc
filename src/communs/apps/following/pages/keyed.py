"""By the key in a letter: confirm, look after, mute, stop. Whoever has the key is its reader: nobody signs in.

Nothing changes by opening a page, since mail scanners follow links. Forms carry no token of their own: the key in the
address is what nobody else has, and no cookie is needed to stop a letter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.apps.following import actions, links, queries
from communs.apps.following.due import zone_of
from communs.apps.following.forms import PlaceForm, RhythmForm, often
from communs.apps.following.limits import CONFIRM_WITHIN
from communs.apps.following.pages import words
from communs.apps.following.pages.wishes import again_url
from communs.apps.following.queries import records
from communs.apps.following.vocabulary import OPPORTUNITIES, Standing, What
from communs.kit.api import absolute
from communs.kit.formats import language_name
from communs.kit.gates import NotThere
from communs.kit.paging import read_page
from communs.kit.records.actions import Impossible

TOLD_SHOWN = 5
View = Callable[..., HttpResponse]
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


def by_key(view: View) -> View:
    """A view of one subscription, in its reader's time; of one that is gone a page says so."""

    @csrf_exempt
    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, key: str, **named: Any) -> HttpResponse:
        try:
            subscription = queries.subscription_of(key)
        except NotThere:
            links.token_in(key)  # a key that was never given out stays "nothing here"
            return _gone(request)
        with timezone.override(zone_of(subscription.time_zone)):
            return view(request, subscription, **named)

    return wrapped


def only_active(view: View) -> View:
    """A view of a subscription that has been confirmed and not been stopped; of another one a page says what to do."""

    @wraps(view)
    def wrapped(request: HttpRequest, subscription: Any, **named: Any) -> HttpResponse:
        if subscription.state == Standing.STOPPED:
            return _gone(request, subscription)
        if subscription.state == Standing.ASKED:
            return redirect("following:confirm", links.key_of(subscription.token))
        return view(request, subscription, **named)

    return wrapped


@by_key
@read_or_send
def confirm(request: HttpRequest, subscription: Any) -> HttpResponse:
    """Say what was asked for, and begin when the button is pressed."""
    if request.method == "POST":
        try:
            actions.confirm(subscription, timezone.now())
        except Impossible:
            return _gone(request, subscription)
        return redirect("following:confirm", links.key_of(subscription.token))
    if subscription.state == Standing.STOPPED or _is_too_late(subscription):
        return _gone(request, subscription)
    is_done = subscription.state == Standing.ACTIVE
    title = _("Confirmed") if is_done else _("Confirm")
    return _render(request, "following/confirm.html", subscription, title, is_done=is_done)


@by_key
@read_or_send
@only_active
def mine(request: HttpRequest, subscription: Any) -> HttpResponse:
    """What is followed, how it stands, how often letters come, what is muted, what was told, and the way out."""
    kind = RhythmForm if subscription.email else PlaceForm
    form = kind(request.POST or None, initial=words.settings_of(subscription))
    if request.method == "POST" and form.is_valid():
        _change(subscription, form)
        messages.success(request, _("Changed."))
        return redirect("following:mine", links.key_of(subscription.token))
    context = {
        "form": form,
        "muted": queries.mutes_of(subscription),
        "told": queries.deliveries_of(subscription, 0, TOLD_SHOWN),
        "told_total": queries.count_deliveries(subscription),
        **_feeds(request, subscription),
    }
    return _render(request, "following/mine.html", subscription, _("What you follow"), **context)


@by_key
@require_safe
@only_active
def told(request: HttpRequest, subscription: Any) -> HttpResponse:
    """Everything that was told, or will be in the next letter, newest first."""
    page = read_page(request.GET.get("page"), queries.count_deliveries(subscription))
    rows = queries.deliveries_of(subscription, page.offset, page.rows)
    title = _("What you were told")
    return _render(request, "following/told.html", subscription, title, rows=rows, page=page, query="")


@by_key
@require_POST
@only_active
def unmute(request: HttpRequest, subscription: Any) -> HttpResponse:
    """Hear of an entry again."""
    public_id = request.POST.get("public_id", "").replace("\0", "")
    actions.unmute(subscription, request.POST.get("catalogue", ""), public_id)
    messages.success(request, _("You hear of it again from now on."))
    return redirect("following:mine", links.key_of(subscription.token))


@by_key
@read_or_send
@only_active
def mute(request: HttpRequest, subscription: Any, catalogue: str, public_id: str) -> HttpResponse:
    """Hear no more of one entry, without stopping the rest."""
    record = records.find(catalogue, public_id)
    if record is None:
        raise NotThere
    title, url = records.title_and_url(catalogue, record)
    if request.method == "POST":
        actions.mute(subscription, catalogue, public_id, timezone.now())
        messages.success(request, _("You hear no more of {title}.").format(title=title))
        return redirect("following:mine", links.key_of(subscription.token))
    is_all = subscription.interest.what in {What.COMMONS, What.OPPORTUNITY}
    entry = {"title": title, "url": url}
    return _render(request, "following/mute.html", subscription, _("Mute"), entry=entry, is_all=is_all)


@csrf_exempt
@never_cache
@read_or_send
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """Stop everything: a page that asks, or one click of a mail program (RFC 8058), which is never led elsewhere."""
    token = links.token_in(key)
    try:
        subscription = queries.subscription_of(key)
    except NotThere:  # stopped long ago: the second click is as good as the first
        return render(request, "following/stop.html", {"is_done": True, "again_url": reverse("following:follow")})
    if request.method == "POST":
        actions.stop(subscription, timezone.now())
    context = {
        "is_done": request.method == "POST" or subscription.state == Standing.STOPPED,
        "is_feed": not subscription.email,
        "again_url": again_url(subscription.interest),
        "followed": queries.followed(subscription),
        "mine_url": reverse("following:mine", args=[links.key_of(token)]),
    }
    return render(request, "following/stop.html", context)


def _change(subscription: Any, form: Any) -> None:
    zone, language = form.cleaned_data["time_zone"], form.cleaned_data["language"]
    rhythm, weekday = subscription.rhythm, subscription.weekday
    if subscription.email:
        rhythm, weekday = form.rhythm, form.weekday
    actions.change_rhythm(subscription, rhythm, weekday, zone, language, timezone.now())


def _feeds(request: HttpRequest, subscription: Any) -> dict[str, str]:
    """The short addresses; a calendar only where there are days."""
    atom = absolute(request, links.feed_path("atom", subscription.token))
    if subscription.interest.catalogue != OPPORTUNITIES:
        return {"atom_url": atom, "calendar_url": "", "webcal_url": ""}
    calendar = absolute(request, links.feed_path("calendar", subscription.token))
    return {"atom_url": atom, "calendar_url": calendar, "webcal_url": f"webcal:{calendar.partition(':')[2]}"}


def _is_too_late(subscription: Any) -> bool:
    is_asked = subscription.state == Standing.ASKED
    return bool(is_asked and timezone.now() - subscription.asked_at > CONFIRM_WITHIN)


def _gone(request: HttpRequest, subscription: Any = None) -> HttpResponse:
    """A link that has had its time: what that means, and how to ask again."""
    again = again_url(subscription.interest) if subscription is not None else reverse("following:follow")
    is_stopped = subscription is not None and subscription.state == Standing.STOPPED
    crumbs = [(_("Follow"), reverse("following:follow")), (_("A link that has had its time"), "")]
    context = {"again_url": again, "is_stopped": is_stopped, "crumbs": crumbs}
    return render(request, "following/gone.html", context, status=410)


def _render(request: HttpRequest, template: str, subscription: Any, title: str, **more: Any) -> HttpResponse:
    """A page of one subscription: what it follows and how it stands, for its template."""
    followed = queries.followed(subscription)
    key = links.key_of(subscription.token)
    mine_url = reverse("following:mine", args=[key])
    way = [(_("What you follow"), mine_url)] if template != "following/mine.html" else []
    context = {
        "subscription": subscription,
        "followed": followed,
        "hears": words.hears(subscription.interest.what, subscription.interest.catalogue),
        "often": often(subscription.rhythm, subscription.weekday),
        "place": words.here_and_now(),
        "in_language": language_name(subscription.language),
        "masked": words.masked(subscription.email),
        "key": key,
        "mine_url": mine_url,
        "stop_url": reverse("following:stop", args=[key]),
        "told_url": reverse("following:told", args=[key]),
        "crumbs": [*(way if subscription.state == Standing.ACTIVE else []), (title, "")],
        **more,
    }
    return render(request, template, context)
