"""Rounds in words: what each rule does, what a ballot asks for, how the state of a round is said."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from communs.apps.foundation.queries.rounds import RollKind, RoundRow, State, commons_names
from communs.core.money import Money
from communs.core.rounds import Format
from communs.kit import formats
from communs.kit.texts import Text, pick

RULES: Final = {
    "proportional": (
        gettext_lazy("Proportional division"),
        gettext_lazy("The pot is divided in proportion to what the ballots say."),
    ),
    "mes": (
        gettext_lazy("Equal shares"),
        gettext_lazy(
            "Everybody who votes has the same part of the pot. Those who want the same commons pay together what it "
            "asks for; the one that costs each of them least comes next."
        ),
    ),
    "phragmen": (
        gettext_lazy("Sequential Phragmén"),
        gettext_lazy(
            "Everybody earns money at the same pace. As soon as those who want a commons have what it asks for, it is "
            "paid."
        ),
    ),
    "greedy": (
        gettext_lazy("Most votes first"),
        gettext_lazy("The commons with the most votes is paid what it asks for, then the next, while the pot lasts."),
    ),
    "maximin": (
        gettext_lazy("Maximin support"),
        gettext_lazy("What is asked for is spread so that whoever carries most carries as little as possible."),
    ),
    "lottery": (
        gettext_lazy("Lottery"),
        gettext_lazy(
            "Commons are drawn by lot from a public seed, each vote being a ticket, and are paid what they ask for."
        ),
    ),
    "quadratic": (
        gettext_lazy("Quadratic funding"),
        gettext_lazy("Many people who give a little count for more than few who give much."),
    ),
    "median": (
        gettext_lazy("Median"),
        gettext_lazy(
            "Everybody divides the whole pot as they would; each commons is granted what the one in the middle says."
        ),
    ),
}
"""By the name in `core.allocation`: what it is called, and what it does."""
PAGES: Final = {"mes": "equal-shares", "maximin": "maximin-support"}
FORMATS: Final = {
    "approve": gettext_lazy("choose commons"),
    "score": gettext_lazy("give points to each commons"),
    "rank": gettext_lazy("rank commons"),
    "divide": gettext_lazy("divide points, or money, between commons"),
}


def rule_page(rule: str) -> str:
    """The file of the source code that describes a rule with worked examples."""
    return f"docs/rules/{PAGES.get(rule, rule)}.md"


def title_of(round_: RoundRow) -> Text:
    """What a round is called in the reader's language."""
    return pick(round_.title, get_language() or "en")


def phase(round_: RoundRow, now: datetime) -> tuple[str, str]:
    """How a round stands: words, and their tone."""
    state = State(round_.state)
    if state == State.OPENED:
        if now < round_.opens_at:
            return _("frozen; voting begins {day}").format(day=formats.moment(round_.opens_at)), "ask"
        if now >= round_.closes_at:
            return _("voting is over, about to be counted"), "ask"
        return _("voting until {day}").format(day=formats.moment(round_.closes_at)), "yes"
    return str(state.label), "yes" if state == State.PUBLISHED else ""


def asked(round_: RoundRow) -> str:
    """What people are asked to do on their ballot."""
    most = formats.number(round_.most)
    if round_.rule == "median":
        return _("Divide {pot} between at most {most} commons.").format(pot=money(round_.pot_minor, round_), most=most)
    points = formats.number(round_.points)
    sentences = {
        "approve": _("Choose at most {most} commons."),
        "score": _("Give at most {most} commons 0 to {points} points each."),
        "rank": _("Rank at most {most} commons: 1 for the one you want most."),
        "divide": _("Divide {points} points between at most {most} commons."),
    }
    said = sentences[round_.format].format(most=most, points=points)
    if round_.within_pot:
        said += " " + _("Together they may not ask for more than the pot of {pot}.").format(
            pot=money(round_.pot_minor, round_)
        )
    return said


def given(round_: RoundRow, value: int) -> str:
    """What a ballot gives to one commons, with its unit; nothing where it is only chosen."""
    if round_.format == Format.APPROVE:
        return ""
    if round_.rule == "median":
        return money(value, round_)
    if round_.format == Format.RANK:
        return _("rank {n}").format(n=formats.number(value))
    return ngettext("{n} point", "{n} points", value).format(n=formats.number(value))


def who(round_: RoundRow) -> str:
    """Who may vote."""
    if round_.roll_kind == RollKind.INVITED:
        return _("People of a list, by their e-mail addresses")
    return _("Everybody who had an account here with a confirmed e-mail address when the round opened")


def facts(round_: RoundRow) -> list[tuple[str, str]]:
    """What is decided of a round before anybody votes: label and words."""
    passed = formats.share(Decimal(round_.ppm) / 1_000_000) if round_.ppm else ""
    colleges = ", ".join(f"{name} ({weight})" for name, weight in round_.colleges)
    kind, _colon, public_id = round_.destination.partition(":")
    goes = commons_names([public_id])[public_id] if kind == "commons" else _("back to the fund")
    waits = _("until {day}; then they go {where}").format(day=formats.day(round_.expires_on), where=goes)
    if kind == "commons":
        waits = _("until {day}; then they go to {where}").format(day=formats.day(round_.expires_on), where=goes)
    invited = 0 if round_.opened_at else round_.invitations.count()
    found = [
        (_("Voting begins"), formats.moment(round_.opens_at)),
        (_("Voting ends"), formats.moment(round_.closes_at)),
        (_("Who may vote"), who(round_)),
        (_("People on the list"), formats.number(invited) if invited else ""),
        (_("Colleges and their weights"), colleges),
        (_("People on the roll"), formats.number(round_.voters) if round_.voters else ""),
        (_("Ballots are"), _("secret") if round_.is_secret else _("public: people are shown which ballot is theirs")),
        (_("Flows on to what a commons depends on"), passed),
        (_("What is not granted"), _("stays in the fund")),
        (_("Shares that nobody accepts wait"), waits),
    ]
    return [(label, said) for label, said in found if said]


def money(minor: int | Fraction, round_: RoundRow) -> str:
    """An amount of the round, without empty cents."""
    major = Money(round(minor), round_.currency).major
    return formats.amount(major.quantize(1) if major == major.to_integral_value() else major, round_.currency)
