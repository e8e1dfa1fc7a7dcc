"""Calendars as two parsers read them: `icalendar`, and one of our own after RFC 5545."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import icalendar

from communs.apps.following import calendars, queries
from communs.apps.following.models import Subscription

from .conftest import NOW


def lines_of(text: bytes) -> Iterator[str]:
    """The content lines of RFC 5545, unfolded: at most 75 octets each before, ended by CRLF."""
    assert text.endswith(b"\r\n")
    unfolded: list[bytes] = []
    for line in text.split(b"\r\n")[:-1]:
        assert b"\n" not in line
        assert len(line) <= 75
        if line.startswith((b" ", b"\t")):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    yield from (line.decode() for line in unfolded)


def parse(text: bytes) -> list[dict[str, tuple[dict[str, str], str]]]:
    """The VEVENTs of a calendar by a parser of our own: `{name: (parameters, value)}`; every block is balanced."""
    blocks: list[str] = []
    found: list[dict[str, tuple[dict[str, str], str]]] = []
    for line in lines_of(text):
        match = re.fullmatch(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line)
        assert match is not None, line
        name, told, value = match[1], match[2], match[3]
        if name == "BEGIN":
            blocks.append(value)
            if value == "VEVENT":
                found.append({})
        elif name == "END":
            assert blocks.pop() == value
        elif blocks[-1] == "VEVENT":
            parameters = dict(part.split("=", 1) for part in told.split(";") if part)
            assert name not in found[-1], f"{name} stands twice"
            plain = re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], value)
            found[-1][name] = (parameters, plain)
    assert not blocks
    return found


def events_of(subscription: Subscription, now: datetime = NOW) -> list[dict[str, Any]]:
    """What a calendar holds in its order, as both parsers read it."""
    text = calendars.calendar_of(queries.feed(subscription.token, now), now)
    ours = {event["UID"][1]: event for event in parse(text)}
    theirs = icalendar.Calendar.from_ical(text)
    assert theirs.errors == []
    found = []
    for event in theirs.walk("VEVENT"):
        mine = ours.pop(str(event["UID"]))
        assert mine["SUMMARY"][1] == str(event["SUMMARY"])
        assert int(mine["SEQUENCE"][1]) == event["SEQUENCE"]
        assert mine["STATUS"][1] == str(event["STATUS"])
        found.append(
            {
                "uid": str(event["UID"]),
                "start": event["DTSTART"].dt,
                "raw": mine["DTSTART"],
                "sequence": event["SEQUENCE"],
                "status": str(event["STATUS"]),
                "summary": str(event["SUMMARY"]),
                "description": str(event.get("DESCRIPTION", "")),
            }
        )
    assert not ours
    return found
