"""Days as iCal (RFC 5545): one event for the last day of a window and one for its opening day, the same ones for ever.

A UID names the opportunity, the window's number and which of the two, on every site and in every language; SEQUENCE
counts how often that day moved; a day that will not come after all is CANCELLED, so that calendars that copied it take
it out.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from communs.apps.following import links
from communs.apps.following.due import zone_of
from communs.apps.following.queries import DEADLINES_MAX, Day, Feed, days_of, feed_title, words_of
from communs.apps.following.vocabulary import Edge
from communs.apps.following.windows import moment_of, when_of
from communs.kit.records.feeds import absolute

PRODUCT = "-//communs//following//EN"
AGAIN_AFTER = timedelta(hours=6)
_A_YEAR = timedelta(days=366)


def calendar_of(feed: Feed, now: datetime) -> bytes:
    """The calendar of a subscription, in its reader's language and time zone."""
    subscription = feed.subscription
    with override(subscription.language), timezone.override(zone_of(subscription.time_zone)):
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("name", feed_title(feed))
        calendar.add("x-wr-calname", feed_title(feed))
        calendar.add("source", links.feed("calendar", subscription.token), parameters={"VALUE": "URI"})
        calendar.add("x-published-ttl", "PT6H")
        calendar.add("refresh-interval", AGAIN_AFTER, parameters={"VALUE": "DURATION"})
        days = days_of(feed)
        if len(days) == DEADLINES_MAX:
            more = _("The {count} nearest dates. To have all of them, follow something narrower.")
            calendar.add("description", more.format(count=DEADLINES_MAX))
        for day in days:
            calendar.add_component(_event(day))
        if days:
            first, last = days[0].deadline.day, days[-1].deadline.day
            calendar.add_missing_timezones(first - _A_YEAR, last + _A_YEAR)
        written: bytes = calendar.to_ical()
        return written


def uid_of(public_id: str, number: int, edge: str) -> str:
    """The name of a day of a window for ever: the last one, or the only one, bears the name of the window itself."""
    window = f"communs/opportunities/{public_id}/{number}"
    name = f"{window}/{edge}" if edge == Edge.OPENS else window
    return f"{uuid.uuid5(uuid.NAMESPACE_URL, name)}@communs"


def _event(day: Day) -> Event:
    deadline = day.deadline
    title, when, path = words_of(day)
    event = Event()
    event.add("uid", uid_of(day.public_id, deadline.number, deadline.edge))
    event.add("dtstamp", deadline.changed_at.astimezone(UTC))
    event.add("last-modified", deadline.changed_at.astimezone(UTC))
    event.add("sequence", deadline.moves)
    event.add("status", "CANCELLED" if deadline.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("summary", _summary(day, title))
    _add_time(event, day)
    if path:
        event.add("url", absolute(path))
        event.add("description", f"{when}\n{absolute(path)}")
    return event


def _summary(day: Day, title: str) -> str:
    if day.deadline.is_cancelled:
        return _("Cancelled: {title}").format(title=title)
    if _is_closing(day):
        return _("Deadline: {title}").format(title=title)
    return _("Opens: {title}").format(title=title)


def _is_closing(day: Day) -> bool:
    found = when_of(day.deadline.stated)
    return day.deadline.edge == Edge.CLOSES and (found is None or found[2])


def _add_time(event: Event, day: Day) -> None:
    """A moment in the zone that the source states, where it states one; otherwise the whole day."""
    moment = moment_of(day.deadline.stated)
    if moment is not None and _is_closing(day) and isinstance(moment.tzinfo, ZoneInfo):
        event.add("dtstart", moment)  # it takes no time, so it has no end
        return
    event.add("dtstart", day.deadline.day)
    event.add("dtend", day.deadline.day + timedelta(days=1))
