"""Feeds under short addresses: Atom and iCal, in the language and time zone of whoever made them.

A validator comes first, and costs five short queries: nothing is worked out for a reader who has it already.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseGone
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from communs.apps.following import calendars, links, queries
from communs.apps.following.due import zone_of
from communs.apps.following.queries import Feed
from communs.kit.records.feeds import atom

MAX_AGE_S = 300
PLAIN = "text/plain; charset=utf-8"


@require_safe
def atom_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """What was told, as Atom: the last fifty events."""
    return _answer(request, token, _as_atom)


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The days of all that is followed, as a calendar to subscribe to (iCal)."""
    return _answer(request, token, _as_calendar)


def _answer(request: HttpRequest, token: str, write: Callable[[Feed], HttpResponse]) -> HttpResponseBase:
    try:
        feed = queries.feed(token, timezone.now())
    except queries.FeedGone:
        return HttpResponseGone(
            _("This feed was stopped by its reader. Take it out of your program."), content_type=PLAIN
        )
    response: HttpResponseBase | None = get_conditional_response(request, etag=feed.etag)
    if response is None:
        subscription = feed.subscription
        with override(subscription.language), timezone.override(zone_of(subscription.time_zone)):
            response = write(feed)
        response["Content-Language"] = subscription.language
    response["ETag"] = feed.etag
    # Private: who passes the address on gives it away, but no cache between has to.
    response["Cache-Control"] = f"private, max-age={MAX_AGE_S}"
    response["X-Robots-Tag"] = "noindex"
    return response


def _as_atom(feed: Feed) -> HttpResponse:
    token = feed.subscription.token
    followed = queries.followed(feed.subscription)
    return atom(
        f"following/{token}",
        queries.feed_title(feed),
        followed.url or "/",
        links.feed_path("atom", token),
        queries.feed_entries(feed),
    )


def _as_calendar(feed: Feed) -> HttpResponse:
    response = HttpResponse(calendars.calendar_of(feed, feed.now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="communs.ics"'
    return response
