"""Headings, links and deadlines of the list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from communs.core.standards import shapes
from communs.core.standards.documents import Document
from communs.core.standards.problems import Problem, in_order
from communs.core.standards.reading import FEED, TooMuch, decode
from communs.core.texts import N_

NAME: Final = "open-funding"
# A list shows what it is long before this many bytes.
RECOGNISED_IN: Final = 1_048_576
SOURCE: Final = "https://github.com/ralphtheninja/open-funding"
FUNDERS_MAX: Final = 2_000
GRANTS: Final = "grants"
CLOSED: Final = "currently not applicable"

_HEADING: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_FUNDER: Final = re.compile(r"^(?:[^\[`]{0,30}\s)?\[`?(?P<name>[^\]`]{1,300})`?\]\((?P<url>[^)\s]*)\)\s*(?P<flag>.*)$")
_LINK: Final = re.compile(r"<(https?://[^>\s]+)>|\]\((https?://[^)\s]+)\)|(?<![(<])\b(https?://[^\s)>]+)")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_DAYS: Final = (
    re.compile(r"\b(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTH}),? (?P<y>20\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b(?P<m>{_MONTH}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>20\d\d)\b", re.IGNORECASE),
)
_ALWAYS: Final = re.compile(r"no deadline|year[- ]round|rolling|ongoing|any ?time|continuous", re.IGNORECASE)
# A day beside these words is not the last one: when a phase opens, or as of when something was seen.
_NO_CLOSING: Final = re.compile(r"\bstarts?\b|\bopens?\b|\bas of\b", re.IGNORECASE)
_COUNTRIES: Final = {
    "denmark": "DK", "netherlands": "NL", "sweden": "SE", "de": "DE", "fr": "FR", "uk": "GB", "gb": "GB", "us": "US",
    "it": "IT", "es": "ES", "austria": "AT", "germany": "DE", "finland": "FI", "norway": "NO", "belgium": "BE",
    "switzerland": "CH", "canada": "CA", "ireland": "IE", "portugal": "PT", "poland": "PL", "estonia": "EE",
    "india": "IN", "australia": "AU", "jp": "JP", "eu": "EU",
}  # fmt: skip

NO_FUNDERS: Final = (
    N_("The file holds no list of funders: headings with a name and a link, under “Grants”."),
    N_("Give the README of the list."),
)
NO_LINK: Final = (
    N_("“{value}” has no address of a page; it was left out."),
    N_("Link the name in the heading to the funder’s page."),
)
REPEATED: Final = (N_("“{value}” stands here a second time; it was left out."), N_("Keep one of the two."))
DATE_NOT_READ: Final = (
    N_("What is said of the deadline of “{value}” holds no day that could be its last."),
    N_("Look at the funder’s page; write the day as YYYY-MM-DD."),
)


@dataclass(slots=True)
class _Funder:
    """One funder of the list; `said` are the lines of each of its parts, by the heading in lower case."""

    name: str
    url: str
    flag: str
    line: int
    is_closed: bool
    said: dict[str, list[str]] = field(default_factory=dict)


def recognise(sample: Any) -> bool:
    """Markdown with headings of funders, each with parts called “Eligibility…”, “Application” and “Deadline”."""
    data = sample.data
    if sample.start[:1] not in {"#", "<"} and not sample.start.startswith("\ufeff"):
        return False
    start = data[:RECOGNISED_IN]
    text = start.decode("utf-8", errors="replace") if isinstance(start, bytes) else start
    return bool(
        re.search(r"^#{2,4} .*\[`?[^\]`]+`?\]\(http", text, re.MULTILINE)
        and re.search(r"^#{3,6} Deadline\s*$", text, re.MULTILINE)
        and re.search(r"^#{3,6} (?:Application|Eligibility)", text, re.MULTILINE)
    )


def read(data: bytes | str) -> Document:
    """The funders of the list as opportunities to be confirmed. Never raises for what the file holds."""
    try:
        text, problems = decode(data, FEED)
    except TooMuch as much:
        return Document(NAME, "opportunities", problems=(much.problem,))
    told = list(problems)
    records: dict[str, dict[str, Any]] = {}
    for found in _funders(text):
        if not shapes.web_address(found.url):
            told.append(_tell(found, "no-link", NO_LINK))
            continue
        record = _record(found, told)
        if record["id"] in records:
            told.append(_tell(found, "repeated-record", REPEATED))
        else:
            records[record["id"]] = record
    if not records:
        told.append(Problem("", 1, 1, "no-records", "error", *NO_FUNDERS))
    return Document(NAME, "opportunities", "", tuple(records.values()), in_order(told))


def _funders(text: str) -> Iterator[_Funder]:
    """Those under “Grants” and “Currently Not Applicable”; other sections list projects, hosts, reading."""
    section, level, part = "", 0, ""
    current: _Funder | None = None
    count = 0
    for number, line in enumerate(text.splitlines(), 1):
        heading = _HEADING.match(line[:1_000])
        if heading is None:
            if current is not None:
                current.said.setdefault(part, []).append(line[:1_000])
            continue
        depth, words = len(heading[1]), heading[2]
        found = _FUNDER.match(words)
        if depth <= 2:
            section, part = words.casefold(), ""
        if depth <= 2 or (found and depth <= level) or (found and current is None):
            if current is not None:
                yield current
            current = None
        if found and current is None and section in {GRANTS, CLOSED} and count < FUNDERS_MAX:
            count, level, part = count + 1, depth, ""
            current = _Funder(found["name"].strip(), found["url"], found["flag"], number, section == CLOSED)
        elif current is not None:
            part = words.casefold()
    if current is not None:
        yield current


def _record(found: _Funder, told: list[Problem]) -> dict[str, Any]:
    funder = {"name": found.name, "url": found.url, "country": _country(found.flag)}
    applying = _first_link(found.said.get("application", []))
    record = {
        "id": f"open-funding-{shapes.slug(found.name)}"[:120].strip("-"),
        "title": found.name,
        "funder": {name: value for name, value in funder.items() if value},
        "url": found.url,
        "application_url": applying if applying != found.url else "",
        "window": _window(found, told),
        "confidence": "low",
        "to_be_confirmed": True,
        "evidence": [
            {
                "source_url_or_repo_path": SOURCE,
                "what": "name, links and deadline as listed; CC BY-SA 4.0",
                "seen_as_of": None,
            }
        ],
    }
    return {name: value for name, value in record.items() if value not in (None, "", {})}


def _window(found: _Funder, told: list[Problem]) -> dict[str, Any] | None:
    """What the part called “Deadline” says: a last day, none at all, or nothing that can be read."""
    if found.is_closed:
        return {"model": "closed", "opens": None, "closes": None, "precision": "unknown"}
    lines = [line for line in found.said.get("deadline", []) if line.strip(" -*")]
    said = " ".join(lines).strip()
    if not said or said.casefold() in {"n/a", "tbd", "unknown", "open", "-"}:
        return None
    if _ALWAYS.search(said):
        return {"model": "permanent", "opens": None, "closes": None, "precision": "unknown"}
    days = [day for line in lines if not _NO_CLOSING.search(line) for day in _days(line)]
    if not days:
        told.append(_tell(found, "deadline-not-read", DATE_NOT_READ))
        return None
    return {"model": "one_off", "opens": None, "closes": max(days), "precision": "day"}


def _days(text: str) -> Iterator[str]:
    for pattern in _DAYS:
        for match in pattern.finditer(text):
            month = match["m"]
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
            try:
                yield date(int(match["y"]), number, int(match["d"])).isoformat()
            except ValueError:
                continue


def _first_link(lines: list[str]) -> str:
    for line in lines:
        found = _LINK.search(line)
        if found and (address := shapes.web_address(found[1] or found[2] or found[3])):
            return address
    return ""


def _country(flag: str) -> str:
    """The country of a flag: two regional indicator letters, or a name between colons."""
    letters = "".join(chr(ord(mark) - 0x1F1E6 + ord("A")) for mark in flag if 0x1F1E6 <= ord(mark) <= 0x1F1FF)
    named = re.search(r":(?:flag-)?([a-z_]+):", flag)
    return letters if len(letters) == 2 else _COUNTRIES.get(named[1], "") if named else ""


def _tell(found: _Funder, code: str, words: tuple[str, str]) -> Problem:
    return Problem("", found.line, 1, code, "warning", *words, values={"value": found.name[:200]})
