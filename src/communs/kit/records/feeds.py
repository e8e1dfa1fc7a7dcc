"""Atom feeds (RFC 4287) of changes: ids that never change, whatever the address of the site or the language."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

# Characters that XML 1.0 cannot hold, even escaped.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. `key` names it for ever, e.g. "commons/openstreetmap/3"; `url` is a path on this site."""

    key: str
    title: str
    url: str
    summary: str
    at: datetime
    author: str = ""


def stable_id(key: str) -> str:
    """The same key gives the same id on every site and in every language."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"communs/{key}").urn


def absolute(path: str) -> str:
    """A full address for a path, for readers who are not on the site (feeds, e-mails)."""
    return (settings.PUBLIC_URL or settings.LOCAL_ADDRESS) + path


def atom(key: str, title: str, url: str, feed_url: str, entries: Iterable[Entry]) -> HttpResponse:
    """A feed as an answer. `url` and `feed_url` are paths."""
    feed = Atom1Feed(
        title=clean(title),
        link=absolute(url),
        description=None,
        language=get_language(),
        author_name="communs",
        feed_url=absolute(feed_url),
        feed_guid=stable_id(key),
    )
    for entry in entries:
        feed.add_item(
            title=clean(entry.title),
            link=absolute(entry.url),
            description=_as_html(clean(entry.summary) or clean(entry.title)),
            unique_id=stable_id(entry.key),
            pubdate=entry.at,
            updateddate=entry.at,
            author_name=clean(entry.author) or "communs",
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _as_html(text: str) -> str:
    """A plain text, line by line: readers of feeds take what Django writes for HTML, and would obey what it says."""
    return escape(text, quote=False).replace("\n", "<br>")


def clean(text: str) -> str:
    """The text without characters that would make the feed unreadable."""
    return FORBIDDEN.sub("", text)
