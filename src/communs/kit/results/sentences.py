"""What is said of a result in words: its rule and parameters, what a project lacked, whether it is fair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from communs.core.allocation.axioms.representation import Representation
from communs.core.allocation.elections import Instance
from communs.core.allocation.explaining import Miss
from communs.kit import formats

RULES = {
    "equal-shares-1": gettext_lazy("Method of equal shares"),
    "phragmen-1": gettext_lazy("Sequential Phragmén"),
    "greedy-1": gettext_lazy("Most votes first"),
    "maximin-support-1": gettext_lazy("Maximin support"),
    "proportional-1": gettext_lazy("Proportional division"),
    "lottery-1": gettext_lazy("Lottery"),
    "welfare-1": gettext_lazy("Most utility for the money"),
}
OF_VERBS = {
    "mes": "equal-shares-1",
    "phragmen": "phragmen-1",
    "greedy": "greedy-1",
    "maximin": "maximin-support-1",
    "proportional": "proportional-1",
    "lottery": "lottery-1",
    "welfare": "welfare-1",
}
"""What rules are called where they are asked for."""
SAID_MAX = 8  # values of a parameter; where it has more, such as one for each project, they are only counted
PLAIN = {
    "equal-shares-1": gettext_lazy(
        "Every voter has the same part of the budget. Those who want the same project pay for it together; the project "
        "that costs each of them least is funded next."
    ),
    "phragmen-1": gettext_lazy(
        "Every voter earns money at the same pace. As soon as the supporters of a project have its cost, it is funded."
    ),
    "greedy-1": gettext_lazy("The project with the most votes is funded first, as long as the money lasts."),
    "maximin-support-1": gettext_lazy(
        "Costs are spread over the supporters so that the most burdened voter carries as little as possible."
    ),
    "proportional-1": gettext_lazy("The budget is divided in proportion to the votes."),
    "lottery-1": gettext_lazy("Projects are drawn by lot from a public seed, each vote being a ticket."),
    "welfare-1": gettext_lazy("Of all sets of projects that the budget can pay, the one that is worth most in all."),
}


def rule_named(name: str) -> str:
    """A rule as people call it, from the name that it is asked for by: `mes+add1` is equal shares with a completion."""
    if name == "official":
        return _("What was decided")
    verb, plus, completion = name.partition("+")
    rule = str(RULES.get(OF_VERBS.get(verb, verb), verb))
    return _("{rule}, completed by {completion}").format(rule=rule, completion=completion) if plus else rule


def money(instance: Instance, amount: int) -> str:
    """An amount of the election as the reader writes it."""
    return formats.amount(Decimal(amount).scaleb(-instance.decimals), instance.currency)


def percent(share: Fraction) -> str:
    """A share of 1 as a percentage: whole, or to a tenth below ten."""
    tenths = round(share * 1000) if share < Fraction(1, 10) else round(share * 100) * 10
    return formats.share(Decimal(tenths).scaleb(-3))


def parameters(said: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Every parameter with its value, those inside others by their path: what one needs to count again."""
    for name, value in said.items():
        if isinstance(value, Mapping) and len(value) > SAID_MAX:
            yield f"{before}{name}", _("{number} values, in result.json").format(number=formats.number(len(value)))
        elif isinstance(value, Mapping):
            yield from parameters(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", "–" if value is None else str(value)


def lacked(instance: Instance, miss: Miss) -> tuple[str, str]:
    """How many more voters, and which cost, would have done."""
    if miss.more_voters is None:
        voters = _("none was found")
    else:
        voters = formats.number(miss.more_voters)
        voters = voters if miss.voters_proven else _("at most {number}").format(number=voters)
    if miss.enough_cost is None:
        return voters, "–"
    cost = money(instance, miss.enough_cost)
    return voters, cost if miss.cost_proven else _("at least {amount}").format(amount=cost)


def fairness(instance: Instance, found: Representation) -> str:
    """Whether every group that is large enough got its share (EJR+ up to any project), with the worst case if not."""
    if found.holds:
        return _(
            "Every group of voters that is large enough to pay for a project it wants in common got its share "
            "(EJR+ up to any project, checked over all groups)."
        )
    worst = found.shortfalls[0]
    names = {project.id: project.name or project.id for project in instance.projects}
    return ngettext(
        "A group got less than its share: {voters} voter supports “{project}”, which was not funded. Their part of the "
        "budget is {share}; the best served of them supports funded projects worth {most}.",
        "A group got less than its share: {voters} voters support “{project}”, which was not funded. Their part of the "
        "budget is {share}; the best served of them supports funded projects worth {most}.",
        worst.voters,
    ).format(
        voters=formats.number(worst.voters),
        project=names[worst.project],
        share=money(instance, int(worst.share)),
        most=money(instance, worst.most),
    )
