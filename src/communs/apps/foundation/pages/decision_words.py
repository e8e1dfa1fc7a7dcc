"""Decisions as people read them: what is decided in one line, its facts, and where what it made is found."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communs.apps.foundation.pages.answering import money
from communs.apps.foundation.pages.funds import fund_title
from communs.apps.foundation.pages.public_words import nature
from communs.apps.foundation.queries.books import get_fund
from communs.apps.foundation.queries.decisions import Kind
from communs.apps.foundation.queries.keeping import currency_of
from communs.kit import formats

TONES: Final = {"done": "yes", "refused": "no", "withdrawn": "no", "approved": "ask", "proposed": "ask"}


def title_of(one: Any) -> str:
    """What is decided, in one line."""
    said = one.content
    if one.kind == Kind.OPEN_FUND:
        return _("Open the fund “{title}”").format(title=_in_my_language(said["titles"]))
    if one.kind == Kind.RELEASE:
        return _("Release {amount} from {source}").format(amount=_moved(said), source=_fund(said["source"]))
    if one.kind == Kind.RECLASSIFY:
        words = _("Move {amount} from {source} to {target}")
        return words.format(amount=_moved(said), source=_fund(said["source"]), target=_fund(said["target"]))
    if one.kind == Kind.REVERSAL:
        return _("Take back the entry {number}").format(number=said["entry"][:8])
    if one.kind == Kind.OVERDRAFT:
        limit = money(said["overdraft_minor"], said["currency"])
        return _("Open the account {name} with an overdraft of {amount}").format(name=said["name"], amount=limit)
    return _("Close the period that began on {day}").format(day=formats.day(said["starts_on"]))


def facts_of(one: Any) -> list[tuple[str, str, str]]:
    """Label, words and an address (or "") of everything that is decided."""
    said = one.content
    if one.kind == Kind.OPEN_FUND:
        facts = _of_fund(said)
    elif one.kind in {Kind.RELEASE, Kind.RECLASSIFY}:
        facts = [
            (_("Amount"), _moved(said), ""),
            (_("Out of"), _fund(said["source"]), reverse("foundation:fund", args=[said["source"]])),
            (_("Into"), _fund(said["target"]), reverse("foundation:fund", args=[said["target"]])),
            (_("It lies, and stays, on"), said["account"], ""),
            (_("Document"), said["document"], ""),
        ]
    elif one.kind == Kind.REVERSAL:
        place = reverse("foundation:entry", args=[said["entry"]])
        facts = [(_("Entry"), said["entry"], place), (_("Document"), said["document"], "")]
    elif one.kind == Kind.OVERDRAFT:
        facts = [
            (_("Agreed overdraft"), money(said["overdraft_minor"], said["currency"]), ""),
            (_("Document"), said["document"], ""),
        ]
    else:
        facts = [(_("First day"), formats.day(said["starts_on"]), reverse("foundation:periods"))]
    return [fact for fact in [*facts, (_("Why"), one.reason, "")] if fact[1]]


def made_by(one: Any, outcome: str) -> str:
    """The address of what a decision made; "" where it has none."""
    if one.kind == Kind.OPEN_FUND:
        return reverse("foundation:fund", args=[outcome])
    if one.kind in {Kind.RELEASE, Kind.RECLASSIFY, Kind.REVERSAL}:
        return reverse("foundation:entry", args=[outcome])
    return reverse("foundation:periods") if one.kind == Kind.CLOSE_PERIOD else reverse("foundation:bank")


def _of_fund(said: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (_("Name in English"), said["titles"]["en"], ""),
        (_("Name in French"), said["titles"]["fr"], ""),
        (_("Its money is"), nature(said["nature"]), ""),
        (_("Purpose in English"), said["purposes"].get("en", ""), ""),
        (_("Purpose in French"), said["purposes"].get("fr", ""), ""),
        (_("Funder"), said["funder"], ""),
        (_("Agreement"), said["convention"], ""),
        (_("What becomes of unspent money"), said["return_clause"], ""),
        (_("Opens"), formats.day(said["opens_on"] or None), ""),
        (_("Closes"), formats.day(said["closes_on"] or None), ""),
    ]


def _moved(said: dict[str, Any]) -> str:
    return money(said["minor"], currency_of(said["account"]))


def _fund(slug: str) -> str:
    return fund_title(get_fund(slug))


def _in_my_language(said: dict[str, str]) -> str:
    return said.get(get_language() or "en") or said["en"]
