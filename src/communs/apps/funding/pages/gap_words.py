"""What the figures of the gap say in words: findings as titles, how each is counted, names of values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.apps.funding import wording
from communs.apps.funding.queries.gap import UNSAID, Count, Scope, Sum
from communs.apps.funding.vocabulary import Age, FundsWhat, Reach, Size
from communs.core.matching.places import ANYWHERE
from communs.kit import formats
from communs.kit.formats import number
from communs.kit.places import place_name

OLD = (Age.TO_24.value, Age.OVER_24.value)
"""Confirmed a year ago or more."""


def label(figure: str, code: str) -> str:
    """The name of one value of a figure."""
    names: dict[str, Callable[[str], str]] = {
        "purpose": wording.funds_what,
        "reach": wording.reach,
        "money": wording.pot,
        "country": place_name,
        "kind": wording.kind,
        "size": wording.size,
        "language": formats.language_name,
        "age": wording.age,
    }
    return _("not stated") if code == UNSAID else names[figure](code)


def heading(figure: str) -> str:
    """What a figure is about, and what heads the first column of its table."""
    return {
        "purpose": _("What the money is for"),
        "reach": _("Who can hold the money"),
        "money": _("How much money"),
        "country": _("Where they fund"),
        "kind": _("In which form it comes"),
        "size": _("How much one can get"),
        "language": _("In which language one applies"),
        "age": _("How old our knowledge is"),
        "change": _("How it changes"),
    }[figure]


def scope_note(scope: str, as_of: date) -> str:
    """Of which sources a figure speaks, and as of when."""
    said = _("Open as far as we know, {day}") if scope == "open" else _("All known, closed ones too, {day}")
    return said.format(day=formats.day(as_of))


def finding(figure: str, scope: Scope) -> str:
    """The title of a figure: what it shows, in one sentence."""
    if not scope.total.sources:
        return _("No source of funding is counted here")
    return {
        "purpose": purpose,
        "reach": reach,
        "money": money,
        "country": country,
        "kind": kind,
        "size": size,
        "language": language,
        "age": age,
    }[figure](scope)


def purpose(scope: Scope) -> str:
    count, total = scope.count("purpose", FundsWhat.COMMONS_COLLECTIVE).sources, number(scope.total.sources)
    if not count:
        return _("None of {total} sources can fund a commons as a collective").format(total=total)
    return ngettext(
        "{n} of {total} sources can fund a commons as a collective",
        "{n} of {total} sources can fund a commons as a collective",
        count,
    ).format(n=number(count), total=total)


def reach(scope: Scope) -> str:
    """How many take a group, and how many more do so through a host."""
    group, hosted = scope.count("reach", Reach.INFORMAL).sources, scope.count("reach", Reach.HOSTED).sources
    total = number(scope.total.sources)
    first = (
        ngettext(
            "{n} of {total} sources takes a group without legal form",
            "{n} of {total} sources take a group without legal form",
            group,
        )
        if group
        else _("None of {total} sources takes a group without legal form")
    ).format(n=number(group), total=total)
    if not hosted:
        return first
    second = ngettext("{n} more does so through a fiscal host", "{n} more do so through a fiscal host", hosted)
    return _("{first}; {second}").format(first=first, second=second.format(n=number(hosted)))


def money(scope: Scope) -> str:
    """The currency in which most sources state a sum: how much of it can go to a commons as a collective."""
    best = main_sum(scope)
    if best is None:
        return _("No source states how much money there is in all")
    total = formats.amount(best.total, best.currency)
    if not best.collective:
        return _("Of {total} stated, nothing can go to a commons as a collective").format(total=total)
    part = formats.amount(best.collective, best.currency)
    return _("Of {total} stated, {part} can go to a commons as a collective").format(total=total, part=part)


def main_sum(scope: Scope) -> Sum | None:
    """The sum that most sources contribute to."""
    by_sources = {row.code: row.sources for row in scope.counts.get("money", ())}
    return max(scope.sums, key=lambda row: (by_sources.get(row.currency, 0), row.currency), default=None)


def country(scope: Scope) -> str:
    """How many of the places named have no source of their own. What funds worldwide is left out: it is theirs too."""
    places = [row for row in stated(scope, "country") if row.code != ANYWHERE]
    without = sum(1 for row in places if not row.collective)
    if not places:
        return _("No source names a country or an area of its own")
    if not without:
        return _("Every country and area named has a source of its own that can fund a commons as a collective")
    return ngettext(
        "{n} of the {total} countries and areas named has no source of its own that can fund a commons as a collective",
        "{n} of the {total} countries and areas named have no source of their own that can fund a commons as a "
        "collective",
        without,
    ).format(n=number(without), total=number(len(places)))


def kind(scope: Scope) -> str:
    rows = stated(scope, "kind")
    if not rows:
        return _("No source says in which form its money comes")
    best = rows[0]
    return _("The most frequent form, {kind}: {n} of {total} sources, {part} of them for a commons").format(
        kind=label("kind", best.code),
        n=number(best.sources),
        total=number(scope.total.sources),
        part=number(best.collective),
    )


def size(scope: Scope) -> str:
    silent, total = scope.count("size", Size.UNKNOWN).sources, number(scope.total.sources)
    if not silent:
        return _("Every source says how much one can get")
    return ngettext(
        "{n} of {total} sources does not say how much one can get",
        "{n} of {total} sources do not say how much one can get",
        silent,
    ).format(n=number(silent), total=total)


def language(scope: Scope) -> str:
    rows = stated(scope, "language")
    total = number(scope.total.sources)
    if not rows:
        return _("No source says in which language one applies")
    first = _("One can apply in {language} to {n} of {total} sources").format(
        language=label("language", rows[0].code), n=number(rows[0].sources), total=total
    )
    if len(rows) == 1:
        return first
    second = _("in {language} to {n}").format(language=label("language", rows[1].code), n=number(rows[1].sources))
    return _("{first}; {second}").format(first=first, second=second)


def age(scope: Scope) -> str:
    old, total = sum(scope.count("age", code).sources for code in OLD), number(scope.total.sources)
    if not old:
        return _("No source was last confirmed a year ago or more, as far as its date tells")
    return ngettext(
        "{n} of {total} sources was last confirmed a year ago or more",
        "{n} of {total} sources were last confirmed a year ago or more",
        old,
    ).format(n=number(old), total=total)


def older() -> list[tuple[str, tuple[str, ...]]]:
    """Ages taken together, with the values of the filter."""
    return [
        (_("in all, six months ago or more"), (Age.TO_12.value, *OLD)),
        (_("in all, a year ago or more"), OLD),
    ]


def method(figure: str) -> str:
    """How a figure is counted, in one or two sentences."""
    return {
        "purpose": _(
            "Each source counts once for each thing that it says it funds, so the bars add up to more than the total."
        ),
        "reach": _(
            "The first answer that holds counts: a group may apply and be paid; else a fiscal host may stand in; else "
            "one person may; else only legal persons may; else nothing is stated. Fiscal hosts, which hold money and "
            "give none, are among them."
        ),
        "money": _(
            "What each source states as its money in all, in its own currency. Nothing is converted, and no two "
            "currencies are added. Where no sum is stated, nothing is counted: the sums are less than what there is."
        ),
        "country": _(
            "Places as they are recorded: a country, an area of several, or worldwide. Each source counts once for "
            "each place that it names."
        ),
        "kind": _("Each source has one form, as recorded."),
        "size": _(
            "The most that one can get, else the least, in whole units as published. Euros, US dollars, pounds and "
            "Swiss francs share one scale; other currencies stand apart, since nothing is converted."
        ),
        "language": _("Each source counts once for each language in which it takes applications."),
        "age": _(
            "When a person or a source last saw the facts. Where only a month or a year is known its last day counts, "
            "so that older is never a guess."
        ),
        "change": _("The figures as they were kept once a month, on the first day on which the site was at work."),
    }[figure]


def stated(scope: Scope, figure: str) -> list[Count]:
    """The values of a figure without what is not stated, most frequent first."""
    rows = [row for row in scope.counts.get(figure, ()) if row.code != UNSAID]
    return sorted(rows, key=lambda row: (-row.sources, row.code))
