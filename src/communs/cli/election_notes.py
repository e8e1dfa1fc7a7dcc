"""What a person should know of an election that could be counted: how doubtful things in it were taken.

A project named twice on a ballot counts once, ballots beyond the limits count, what costs more than the budget is
never funded: a result follows from that, so each is told with the result, in the words of `communs check`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from communs.cli.elections import Election
from communs.cli.house import say
from communs.cli.terminal import harmless
from communs.core.standards.problems import Problem
from communs.core.texts import Translate, identity

OF_PROJECTS: Final = frozenset({"cost-zero", "over-budget", "no-support", "no-votes"})
"""True of an election in any format; the others are of lines of a .pb file."""
OF_LINES: Final = frozenset(
    {
        *("not-utf8", "nul", "section-twice", "before-section", "column-twice", "extra-cells", "key-twice"),
        *("no-project-id", "limit-no-number", "comma-decimals", "grouped-number", "num-projects", "num-votes"),
        *("no-voter-column", "voter-twice", "no-voter-id", "ballot-empty", "named-twice", "more-than-one"),
        *("too-long", "too-short", "cost-too-high", "cost-too-low", "sum-too-low", "sum-too-high"),
        *("points-unmeant", "points-scaled", "points-too-low", "points-too-high"),
    }
)
EACH_SAID: Final = 3
"""So many of a kind are written out on the terminal; JSON has a hundred of each, `communs check` as many."""


def notes_of(election: Election) -> tuple[Problem, ...]:
    """What bears on the count, in the order of the file. Without a line where the election is no .pb file."""
    found = election.problems
    if election.is_pb:
        return tuple(one for one in found if one.code in OF_PROJECTS | OF_LINES)
    return tuple(replace(one, line=0, column=0) for one in found if one.code in OF_PROJECTS)


def notes_as_json(election: Election) -> list[dict[str, Any]]:
    """As `communs check --json` prints problems: path, line, column, code, severity, message, fix."""
    return [one.as_json() for one in notes_of(election)]


def say_notes(election: Election, translate: Translate = identity) -> None:
    """Tell them on standard error, a few of each kind."""
    notes = notes_of(election)
    for one in _few(notes):
        place = f"{election.file}:{one.line}:{one.column}" if one.line else election.file
        say(harmless(f"{place}: {one.say(translate)} {one.say_fix(translate)}"))
    more = sum(max(0, count - EACH_SAID) for count in Counter(one.code for one in notes).values())
    if more:
        said = f"{election.file}: and {more} more of these kinds."
        say(f"{said} communs check tells all." if election.is_pb else said)


def _few(notes: Iterable[Problem]) -> Iterable[Problem]:
    seen = Counter[str]()
    for one in notes:
        seen[one.code] += 1
        if seen[one.code] <= EACH_SAID:
            yield one
