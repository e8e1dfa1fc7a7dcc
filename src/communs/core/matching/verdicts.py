"""The outcomes of one commons for many sets of criteria, and a match: one commons, one opportunity, one day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from communs.core.matching.changes import changes_for
from communs.core.matching.opportunity import Opportunity
from communs.core.matching.outcomes import OPEN, SETTLED, Change, Outcome, Question
from communs.core.matching.profile import Profile
from communs.core.matching.vocabulary import RESULTS, Result, WindowStatus
from communs.core.matching.windows import status

Pick = Callable[[Sequence[Outcome]], tuple[Outcome, ...]]


class Sheet:
    """All that was answered for one commons: every outcome once, and the weight of each set of criteria.

    Matches of opportunities that ask the same share their place in it. `weights[n]` is the heaviest outcome of set n.
    """

    __slots__ = ("_outcomes", "_picks", "weights")

    def __init__(self, outcomes: Sequence[Outcome], picks: Sequence[Pick], weights: bytes) -> None:
        self._outcomes, self._picks, self.weights = outcomes, picks, weights

    def outcomes_of(self, place: int) -> tuple[Outcome, ...]:
        """The outcomes of the set at `place`, in the fixed order of its criteria."""
        return self._picks[place](self._outcomes)


def sheet_of(outcomes: Sequence[Outcome]) -> Sheet:
    """A sheet with one set: all the outcomes given."""
    return Sheet(outcomes, (tuple,), bytes([max((outcome.weight for outcome in outcomes), default=SETTLED)]))


class Match(NamedTuple):
    """One commons and one opportunity. `today` is None where the calendar plays no part.

    A tuple because a catalogue makes them by the ten thousand; `sheet` and `place` say where its outcomes stand.
    """

    profile: Profile
    opportunity: Opportunity
    sheet: Sheet
    place: int = 0
    today: date | None = None

    @property
    def weight(self) -> int:
        """The weight of the heaviest outcome, 0 to 3: the position of `result` in `RESULTS`."""
        return self.sheet.weights[self.place]

    @property
    def result(self) -> Result:
        """One of "eligible", "likely", "ask", "no"."""
        return RESULTS[self.weight]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """One outcome per criterion."""
        return self.sheet.outcomes_of(self.place)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What you can answer and nobody has yet, each question once; also where something else already says no."""
        asked = {o.question.key: o.question for o in self.outcomes if o.question is not None and o.weight == OPEN}
        return tuple(asked.values())

    @property
    def changes(self) -> tuple[Change, ...]:
        """What would change a no; empty for every other result."""
        return changes_for(self.outcomes) if self.result == "no" else ()

    @property
    def status(self) -> WindowStatus | None:
        """What the calendar says, None without a day."""
        return None if self.today is None else status(self.opportunity, self.today)
