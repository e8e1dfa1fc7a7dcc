"""How the repository of a commons stands, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from communs.apps.register.models import CrawledRepository
from communs.core.standards.forges import MANIFESTS
from communs.kit import formats

STATES: Mapping[str, Any] = MappingProxyType(
    {
        "valid": gettext_lazy("valid"),
        "invalid": gettext_lazy("not valid; what can be used is used"),
        "unreadable": gettext_lazy("cannot be read; what it said before still counts"),
        "other": gettext_lazy("describes another repository; not used"),
        "absent": gettext_lazy("no longer there"),
    }
)
_TROUBLES: Mapping[str, Any] = MappingProxyType(
    {
        "wait": gettext_lazy("its forge wants to be asked later"),
        "slow": gettext_lazy("it took too long to answer"),
        "robots": gettext_lazy("its robots.txt asks programs to stay away"),
        "private": gettext_lazy("it lies in a private network"),
        "name": gettext_lazy("its host name leads nowhere"),
        "certificate": gettext_lazy("nobody vouches for its certificate"),
        "address": gettext_lazy("its address cannot be used"),
        "part": gettext_lazy("only part of its files could be read"),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line about a repository. `tone`: `ask` where somebody should do something, else empty."""

    text: str
    tone: str = ""


def lines_of(row: CrawledRepository | None) -> list[Line]:
    """What to tell about a repository; nothing where it was never looked at."""
    if row is None or row.checked_at is None:
        return []
    lines = [Line(_standing(row), "" if row.state == "active" else "ask")]
    if row.is_archived:
        lines.append(Line(_("Archived: its forge keeps it, and nobody can change it any more."), "ask"))
    if row.active_on and row.state == "active":
        lines.append(Line(_("Last activity: {date}.").format(date=formats.day(row.active_on))))
    lines += [Line(text, tone) for text, tone in _manifests(row)]
    checked = _("Last looked at: {date}.").format(date=formats.day(row.checked_at.date()))
    if row.trouble:
        reason = str(_TROUBLES.get(row.trouble) or _("no answer ({code})").format(code=row.trouble))
        since = formats.day(row.trouble_since.date()) if row.trouble_since else ""
        checked += " " + _("Since {date}: {reason}.").format(date=since, reason=reason)
    return [*lines, Line(checked)]


def _standing(row: CrawledRepository) -> str:
    since = formats.day(row.missing_since.date()) if row.missing_since else ""
    return {
        "new": _("It could not be reached yet."),
        "active": _("It is there."),
        "missing": _("It was not found; it is looked for again in a day."),
        "gone": _("It is no longer there (since {date}).").format(date=since),
        "replaced": _("Another repository stands at its address: what it says is not taken over."),
    }[row.state]


def _manifests(row: CrawledRepository) -> list[tuple[str, str]]:
    found = []
    for role in MANIFESTS:
        entry = row.files.get(role)
        if entry is None or entry.get("state") not in STATES:
            continue
        text = f"{entry['path']}: {STATES[entry['state']]}"
        errors = int(entry.get("errors") or 0)
        if errors and entry["state"] in {"invalid", "unreadable"}:
            text += " (" + ngettext("{n} error", "{n} errors", errors).format(n=errors) + ")"
        if entry["state"] == "invalid" and entry.get("valid_on"):
            text += "; " + _("last valid on {date}").format(date=formats.day(entry["valid_on"]))
        found.append((text, "" if entry["state"] == "valid" else "ask"))
    return found
