"""All that a page says of a result: what is funded and why, who is left out, how other rules would decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from communs.core.allocation.axioms.representation import Representation
from communs.core.allocation.comparing import Column
from communs.core.allocation.elections import Instance
from communs.core.allocation.explaining import Miss, rounds_of
from communs.core.allocation.results import Result
from communs.kit import formats
from communs.kit.charts import Chart
from communs.kit.results import charts, sentences

WIDE = 3  # columns; with more of them a table has the whole page
# What `communs verify allocation` counts again.
REPLAYED = frozenset({
    "equal-shares-1", "phragmen-1", "greedy-1", "maximin-support-1", "proportional-1", "lottery-1", "welfare-1",
    "composition-1",
})  # fmt: skip
TIED_MAX = 6  # projects named of those that are equal
NAME_MAX = 60  # characters of a name that stands beside figures; where it is what a row is about, it stands whole


@dataclass(frozen=True)
class Table:
    """A table in words: its title, the heads of its columns, and its rows, the first cell of each naming it.

    `names`: the columns after the first that hold names, not figures.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    names: frozenset[int] = frozenset()

    @property
    def lines(self) -> list[list[tuple[str, bool]]]:
        """The rows for a page: each cell, and whether it holds a name."""
        return [[(cell, place in self.names) for place, cell in enumerate(row)] for row in self.rows]

    @property
    def is_wide(self) -> bool:
        """Whether it needs the whole page."""
        return len(self.heads) > WIDE


@dataclass(frozen=True)
class Report:
    """One result, explained.

    `columns`: the same election under several rules, the first one being this result. `representation`: whether groups
    got their share; None where projects are funded in part, and the check says nothing. `file`: that of the election.
    """

    title: str
    instance: Instance
    result: Result
    columns: Sequence[Column]
    misses: Sequence[Miss]
    representation: Representation | None
    file: str

    def context(self) -> dict[str, Any]:
        """What the template shows."""
        return {
            "title": self.title,
            "rule": sentences.RULES.get(self.result.rule, self.result.rule),
            "plain": sentences.PLAIN.get(self.result.rule, ""),
            "identifier": self.result.rule,
            "facts": self._facts(),
            "funded": (charts.funded(self.instance, self.result), self.rounds()),
            "effective": self._effective(),
            "left_out": (charts.left_out(self.instance, self.columns[0]), self._left_out()),
            "fairness": self.representation and sentences.fairness(self.instance, self.representation),
            "misses": self._misses(),
            "compared": self.compared() if len(self.columns) > 1 else None,
            "ties": self._ties(),
            "parameters": list(sentences.parameters(self.result.parameters)),
            "sha256": self.result.input_sha256,
            "file": self.file,
            "is_replayed": self.result.rule in REPLAYED,
            "verb": next((verb for verb, rule in sentences.OF_VERBS.items() if rule == self.result.rule), ""),
        }

    def _money(self, amount: int | Fraction) -> str:
        return sentences.money(self.instance, int(amount))

    def _name(self, id_: str) -> str:
        return self.instance.projects[self.instance.number_of[id_]].name or id_

    def _short(self, id_: str) -> str:
        return Truncator(self._name(id_)).chars(NAME_MAX)

    def _several(self, ids: Sequence[str]) -> str:
        names = ", ".join(map(self._short, ids[:TIED_MAX]))
        more = len(ids) - TIED_MAX
        return names if more <= 0 else _("{names} and {count} more").format(names=names, count=formats.number(more))

    def _facts(self) -> list[tuple[str, str]]:
        return [
            (_("Budget"), self._money(self.instance.budget)),
            (_("Voters"), formats.number(self.instance.voters)),
            (_("Projects"), formats.number(len(self.instance.projects))),
            (_("Funded"), formats.number(sum(1 for amount in self.result.amounts.values() if amount))),
            (_("Spent"), self._money(sum(self.result.amounts.values()))),
        ]

    def rounds(self) -> Table:
        """What is funded, one after the other; the numbers of rounds in which nobody was are left out."""
        rows = []
        for one in rounds_of(self.result):
            amount = self.result.amounts.get(one.project, 0)
            if one.project not in self.result.selected:
                continue
            rows.append(
                (
                    self._name(one.project),
                    formats.number(one.number),
                    self._money(amount),
                    "–" if one.supporters is None else formats.number(one.supporters),
                    "–" if one.money is None else self._money(one.money),
                    "–" if one.price is None else self._money(one.price),
                    "–" if one.runner_up is None else self._short(one.runner_up),
                )
            )
        heads = (
            _("Project"),
            _("Round"),
            _("Receives"),
            _("Supporters"),
            _("Money behind it"),
            _("Price a voter"),
            _("Next would have been"),
        )
        return Table(_("What is funded, round by round"), heads, rows, frozenset({len(heads) - 1}))

    def _effective(self) -> tuple[Chart, Table] | None:
        column = self.columns[0]
        if not column.effective:
            return None
        rows = [
            (
                self._name(id_),
                formats.number(int(carried)),
                formats.number(int(self.instance.support.voters[self.instance.number_of[id_]])),
            )
            for id_, carried in column.effective.items()
        ]
        heads = (_("Project"), _("Effective support"), _("Supporters"))
        return charts.effective(self.instance, column), Table(_("Effective support"), heads, rows)

    def _left_out(self) -> Table:
        chart = charts.left_out(self.instance, self.columns[0])
        rows = [(bar.label, formats.number(bar.value), bar.said) for bar in chart.rows]
        heads = (_("Supports of what is funded"), _("Voters"), _("Share"))
        return Table(_("Whom the result leaves with nothing"), heads, rows)

    def _misses(self) -> Table:
        rows = []
        for one in self.misses:
            voters, cost = sentences.lacked(self.instance, one)
            rows.append((self._name(one.project), self._money(one.cost), formats.number(one.supporters), voters, cost))
        heads = (_("Project"), _("Cost"), _("Supporters"), _("More voters needed"), _("Or at a cost of"))
        return Table(_("What was lacking"), heads, rows)

    def compared(self) -> Table:
        """What each rule funds, and what that means for those who voted."""
        rows = [
            (
                sentences.rule_named(one.name),
                formats.number(len(one.selected)),
                self._money(one.cost),
                sentences.percent(one.budget_used),
                sentences.percent(one.excluded),
                formats.number(f"{float(one.mean_count):.2f}"),
                self._money(one.mean_cost),
                "–" if one.official is None else formats.number(len(one.official.both)),
            )
            for one in self.columns
        ]
        heads = (
            _("Rule"),
            _("Funded"),
            _("Spent"),
            _("Of the budget"),
            _("Voters with nothing"),
            _("Projects a voter"),
            _("Funded cost a voter supports"),
            _("Also officially"),
        )
        return Table(_("The same votes under other rules"), heads, rows)

    def _ties(self) -> Table | None:
        if not self.result.ties:
            return None
        effects = {True: _("yes"), False: _("no"), None: _("not worked out")}
        rows = [
            (
                self._several(tie.tied),
                formats.number(tie.round),
                self._short(tie.won),
                effects[tie.changes_result],
            )
            for tie in self.result.ties
        ]
        heads = (_("Equal"), _("Round"), _("Won"), _("Another choice changes the result"))
        return Table(_("Ties, decided by the published order"), heads, rows, frozenset({2}))
