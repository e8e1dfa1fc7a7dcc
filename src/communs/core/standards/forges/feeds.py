"""The date of the last entry of an Atom or RSS feed of commits."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

CHARACTERS_MAX: Final = 262_144
_ATOM: Final = re.compile(r"<updated>\s*(\d{4}-\d\d-\d\d)T[^<]{0,40}</updated>")
_RSS: Final = re.compile(r"<pubDate>\s*([^<]{10,60})</pubDate>")


def last_entry_on(feed: str) -> str:
    """YYYY-MM-DD of the latest entry; empty where the text is no feed or has none.

    Only dates are looked for: no markup of the feed is ever interpreted.

    >>> last_entry_on("<feed><entry><updated>2026-11-20T08:00:00Z</updated></entry></feed>")
    '2026-11-20'
    """
    text = feed[:CHARACTERS_MAX]
    entries = re.split(r"<(?:entry|item)\b", text)[1:]
    days = [found[1] for entry in entries if (found := _ATOM.search(entry))]
    for entry in entries:
        if told := _RSS.search(entry):
            try:
                days.append(parsedate_to_datetime(told[1].strip()).astimezone(UTC).date().isoformat())
            except (ValueError, TypeError, OverflowError):
                continue
    return max(days, default="")
