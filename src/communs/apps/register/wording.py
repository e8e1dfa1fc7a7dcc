"""Codes of the register in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from communs.kit.texts import Text, pick

if TYPE_CHECKING:
    from communs.kit.records.fields import Words

KINDS: Mapping[str, Words] = MappingProxyType(
    {
        "software": _("software"),
        "data": _("data"),
        "content": _("content"),
        "knowledge": _("knowledge"),
        "standard": _("standard"),
        "model": _("model"),
        "hardware": _("hardware"),
        "service": _("service"),
        "suite": _("suite"),
    }
)
VERDICTS: Mapping[str, Words] = MappingProxyType(
    {
        "commons": _("commons"),
        "open_resource": _("open resource"),
        "closed": _("not open"),
        "unknown": _("not known yet"),
        "open_at_least": _("open, the rest not known yet"),
    }
)
VERDICT_TONES: Mapping[str, str] = MappingProxyType(
    {"commons": "yes", "open_resource": "plain", "closed": "no", "unknown": "asks"}
)
VERDICT_SIGNS: Mapping[str, str] = MappingProxyType(
    {"commons": "✓", "open_resource": "○", "closed": "✗", "unknown": "?", "open_at_least": "?"}
)
FORMS: Mapping[str, Words] = MappingProxyType(
    {
        "informal": _("no legal form"),
        "association": _("association"),
        "foundation": _("foundation"),
        "cooperative": _("cooperative"),
        "company": _("company"),
        "social_enterprise": _("social enterprise"),
        "public_body": _("public body"),
        "university": _("university"),
        "individual": _("one person"),
    }
)
LICENCE_FAMILIES: Mapping[str, Words] = MappingProxyType(
    {
        "copyleft": _("share alike"),
        "weak_copyleft": _("share alike, file by file"),
        "permissive": _("permissive"),
        "public_domain": _("no rights reserved"),
        "restricted": _("restricted"),
        "other": _("another licence"),
        "unknown": _("licence not known"),
    }
)
CONFIDENCES: Mapping[str, Words] = MappingProxyType(
    {"strong": _("fully"), "partial": _("in part"), "adjacent": _("nearby uses")}
)
RELATIONS_OUT: Mapping[str, Words] = MappingProxyType(
    {
        "depends_on": _("Depends on"),
        "part_of": _("Part of"),
        "fork_of": _("Fork of"),
        "similar": _("Similar to"),
    }
)
RELATIONS_IN: Mapping[str, Words] = MappingProxyType(
    {
        "depends_on": _("Depended on by"),
        "part_of": _("Has as parts"),
        "fork_of": _("Forked as"),
        "similar": _("Similar to"),
    }
)


def finer(verdict: str, headline: str) -> str:
    """The verdict, told apart where its licence is open and only the rest is not known."""
    return headline if headline == "open_at_least" else verdict


def said(names: Mapping[str, Words], code: str) -> str:
    """The words for a code; a code without words as it is."""
    return str(names.get(code, code))


def name_of(values: Mapping[str, Any], fallback: str = "") -> str:
    """What a commons is called in the reader's language."""
    language = get_language() or "en"
    return str(values.get(f"names.{language}") or values.get("name") or values.get("names.en") or fallback)


def summary_of(values: Mapping[str, Any]) -> Text:
    """Its summary in the reader's language, or the best other one."""
    prefix = "summaries."
    texts = {name.removeprefix(prefix): text for name, text in values.items() if name.startswith(prefix)}
    return pick(texts, get_language() or "en")


DEVELOPMENT = {
    "concept": _("concept"),
    "development": _("in development"),
    "beta": _("beta"),
    "stable": _("stable"),
    "obsolete": _("given up"),
}
MAINTENANCE = {
    "internal": _("by those who own it"),
    "contract": _("under a contract"),
    "community": _("by a community"),
    "none": _("nobody maintains it"),
}
FREQUENCIES = {
    "one-time": _("once"),
    "weekly": _("every week"),
    "fortnightly": _("every two weeks"),
    "monthly": _("every month"),
    "yearly": _("every year"),
    "other": _("at other times"),
}
