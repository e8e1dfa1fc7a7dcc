"""Decisions as people read them: what is decided in one line, its facts, and where what it made is found."""

from __future__ import annotations

from collections.abc import Callable
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

Said = dict[str, Any]
Fact = tuple[str, str, str]
TONES: Final = {"done": "yes", "refused": "no", "withdrawn": "no", "approved": "ask", "proposed": "ask"}


def title_of(one: Any) -> str:
    """What is decided, in one line."""
    return _TITLES[one.kind](one.content)


def facts_of(one: Any) -> list[Fact]:
    """Label, words and an address (or "") of everything that is decided."""
    return [fact for fact in [*_FACTS[one.kind](one.content), (_("Why"), one.reason, "")] if fact[1]]


def made_by(one: Any, outcome: str) -> str:
    """The address of what a decision made; "" where it has none."""
    if one.kind == Kind.OPEN_FUND:
        return reverse("foundation:fund", args=[outcome])
    if one.kind == Kind.AGREEMENT:
        return reverse("foundation:agreement", args=[one.public_id])
    if one.kind in {Kind.RELEASE, Kind.RECLASSIFY, Kind.REVERSAL}:
        return reverse("foundation:entry", args=[outcome])
    return reverse("foundation:periods") if one.kind == Kind.CLOSE_PERIOD else reverse("foundation:bank")


def _opened(said: Said) -> str:
    return _("Open the fund “{title}”").format(title=_in_my_language(said["titles"]))


def _agreed(said: Said) -> str:
    return _("Agree with {funder}: “{title}”").format(funder=said["funder"], title=_in_my_language(said["titles"]))


def _released(said: Said) -> str:
    return _("Release {amount} from {source}").format(amount=_moved(said), source=_fund(said["source"]))


def _put_elsewhere(said: Said) -> str:
    words = _("Move {amount} from {source} to {target}")
    return words.format(amount=_moved(said), source=_fund(said["source"]), target=_fund(said["target"]))


def _taken_back(said: Said) -> str:
    return _("Take back the entry {number}").format(number=said["entry"][:8])


def _overdrawn(said: Said) -> str:
    limit = money(said["overdraft_minor"], said["currency"])
    return _("Open the account {name} with an overdraft of {amount}").format(name=said["name"], amount=limit)


def _closed(said: Said) -> str:
    return _("Close the period that began on {day}").format(day=formats.day(said["starts_on"]))


def _of_fund(said: Said) -> list[Fact]:
    return [(_("Its money is"), nature(said["nature"]), ""), *_conditions(said)]


def _of_agreement(said: Said) -> list[Fact]:
    label, currency, tranches = _("Due on {day}"), said["currency"], said["tranches"]
    return [
        *_conditions(said),
        (_("What may be funded with it"), said["eligible"], ""),
        (
            _("Which commons, as a list"),
            said.get("eligible_query", ""),
            reverse("commons:list") + said["eligible_query"] if said.get("eligible_query") else "",
        ),
        *((label.format(day=formats.day(day)), money(minor, currency), "") for day, minor in tranches),
        (_("Together"), money(sum(minor for _day, minor in tranches), currency), ""),
    ]


def _conditions(said: Said) -> list[Fact]:
    return [
        (_("Name in English"), said["titles"]["en"], ""),
        (_("Name in French"), said["titles"]["fr"], ""),
        (_("Purpose in English"), said["purposes"].get("en", ""), ""),
        (_("Purpose in French"), said["purposes"].get("fr", ""), ""),
        (_("Funder"), said["funder"], ""),
        (_("Agreement"), said["convention"], ""),
        (_("What becomes of unspent money"), said["return_clause"], ""),
        (_("Opens"), formats.day(said["opens_on"] or None), ""),
        (_("Closes"), formats.day(said["closes_on"] or None), ""),
    ]


def _of_move(said: Said) -> list[Fact]:
    return [
        (_("Amount"), _moved(said), ""),
        (_("Out of"), _fund(said["source"]), reverse("foundation:fund", args=[said["source"]])),
        (_("Into"), _fund(said["target"]), reverse("foundation:fund", args=[said["target"]])),
        (_("It lies, and stays, on"), said["account"], ""),
        (_("Document"), said["document"], ""),
    ]


def _of_reversal(said: Said) -> list[Fact]:
    place = reverse("foundation:entry", args=[said["entry"]])
    return [(_("Entry"), said["entry"], place), (_("Document"), said["document"], "")]


def _of_overdraft(said: Said) -> list[Fact]:
    limit = money(said["overdraft_minor"], said["currency"])
    return [(_("Agreed overdraft"), limit, ""), (_("Document"), said["document"], "")]


def _of_period(said: Said) -> list[Fact]:
    return [(_("First day"), formats.day(said["starts_on"]), reverse("foundation:periods"))]


def _moved(said: Said) -> str:
    return money(said["minor"], currency_of(said["account"]))


def _fund(slug: str) -> str:
    return fund_title(get_fund(slug))


def _in_my_language(said: dict[str, str]) -> str:
    return said.get(get_language() or "en") or said["en"]


_TITLES: Final[dict[str, Callable[[Said], str]]] = {
    Kind.OPEN_FUND: _opened, Kind.AGREEMENT: _agreed, Kind.RELEASE: _released, Kind.RECLASSIFY: _put_elsewhere,
    Kind.REVERSAL: _taken_back, Kind.OVERDRAFT: _overdrawn, Kind.CLOSE_PERIOD: _closed,
}  # fmt: skip
_FACTS: Final[dict[str, Callable[[Said], list[Fact]]]] = {
    Kind.OPEN_FUND: _of_fund, Kind.AGREEMENT: _of_agreement, Kind.RELEASE: _of_move, Kind.RECLASSIFY: _of_move,
    Kind.REVERSAL: _of_reversal, Kind.OVERDRAFT: _of_overdraft, Kind.CLOSE_PERIOD: _of_period,
}  # fmt: skip
