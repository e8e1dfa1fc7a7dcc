"""Charts of a result, each under a title that states its finding."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from communs.core.allocation.axioms.representation import satisfaction
from communs.core.allocation.comparing import Column
from communs.core.allocation.elections import Instance, Ints
from communs.core.allocation.results import Result
from communs.core.allocation.utilities import Utility
from communs.kit import formats
from communs.kit.charts import Bar, Chart
from communs.kit.results.sentences import money, percent

BARS_MAX = 20
LABEL_MAX = 80  # characters: two lines
MANY_PROJECTS = 4  # so many funded projects and more are one share


def funded(instance: Instance, result: Result) -> Chart:
    """What each funded project receives; strong, what was paid by those who paid the full price."""
    amounts = [(id_, result.amounts[id_]) for id_ in _receiving(result)]
    paid = _paid_in_full(result)
    names = _names(instance)
    rows = [
        Bar(names[id_], amount, money(instance, amount), paid.get(id_, 0) if paid else amount)
        for id_, amount in amounts[:BARS_MAX]
    ]
    title = _("{count} of {all} projects receive {spent} of {budget}").format(
        count=formats.number(len(amounts)),
        all=formats.number(len(instance.projects)),
        spent=money(instance, sum(amount for _id, amount in amounts)),
        budget=money(instance, instance.budget),
    )
    return Chart(
        "bars",
        title,
        _first_of(len(amounts)),
        rows,
        part_label=_("paid by voters who paid the full price") if paid else "",
        rest_label=_("paid by voters who gave all that they had left") if paid else "",
    )


def effective(instance: Instance, column: Column) -> Chart:
    """How many voters would have carried each project, had all paid as much as those who paid most."""
    names, support = _names(instance), instance.support.voters
    rows = []
    for id_, carried in list(column.effective.items())[:BARS_MAX]:
        voters = int(support[instance.number_of[id_]])
        said = _("{carried} of {voters}").format(carried=formats.number(int(carried)), voters=formats.number(voters))
        rows.append(Bar(names[id_], voters, said, int(carried)))
    return Chart(
        "bars",
        _("How many supporters really carried each project"),
        _first_of(len(column.effective)),
        rows,
        part_label=_("effective support: the cost divided by the highest price that anybody paid"),
        rest_label=_("the other supporters had less left"),
    )


def left_out(instance: Instance, column: Column) -> Chart:
    """How many voters support none of what is funded, one, two and so on."""
    counts = satisfaction(instance, column.selected, Utility.CARDINALITY)
    rows = [
        Bar(_label(place), voters, percent(Fraction(voters, max(1, instance.voters))))
        for place, voters in enumerate(_by_number(instance, counts))
    ]
    title = _("{share} of the voters support nothing that is funded").format(share=percent(column.excluded))
    note = _("Voters by how many funded projects they support; {voters} voted.").format(
        voters=formats.number(instance.voters)
    )
    return Chart("shares", title, note, rows)


def _by_number(instance: Instance, counts: Ints) -> list[int]:
    capped = np.minimum(counts, MANY_PROJECTS)
    return [int(instance.sizes[capped == number].sum()) for number in range(MANY_PROJECTS + 1)]


def _label(number: int) -> str:
    return {
        0: _("nothing"),
        1: _("one project"),
        2: _("two projects"),
        3: _("three projects"),
    }.get(number, _("four projects or more"))


def _paid_in_full(result: Result) -> dict[str, int]:
    """What those paid together who paid the full price, by project, where the rule tells it and nobody gave points."""
    found = {}
    for one in result.rounds:
        if "in_full" in one and "price" in one and result.parameters.get("utility") != "score":
            found[one["project"]] = int(one["in_full"] * Fraction(one["price"]))
    return found


def _receiving(result: Result) -> list[str]:
    listed = result.selected or tuple(result.amounts)
    return [id_ for id_ in listed if result.amounts.get(id_)]


def _names(instance: Instance) -> dict[str, str]:
    return {project.id: Truncator(project.name or project.id).chars(LABEL_MAX) for project in instance.projects}


def _first_of(count: int) -> str:
    if count <= BARS_MAX:
        return ""
    return _("The first {shown} of {count}; the table has all.").format(shown=BARS_MAX, count=formats.number(count))
