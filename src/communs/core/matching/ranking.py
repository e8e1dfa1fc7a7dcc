"""The order of a list of matches: total, reproducible, and each step of it named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from communs.core.matching.opportunity import Opportunity
from communs.core.matching.profile import Profile
from communs.core.matching.verdicts import Match
from communs.core.matching.vocabulary import RESULTS, STATUSES

COLLECTIVE = "commons_collective"
# Words that say nothing of a topic: every second record has them.
_NO_TOPIC = frozenset({"open", "free", "digital", "commons", "and", "for", "the", "software", "source"})


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """Where a match stands: compared field by field, smallest first.

    `result` and `status` are positions in `RESULTS` and `STATUSES`; `not_for_collective` is 0 where the opportunity
    funds the commons as a collective; `topics` counts downwards (-2 is before -1); `questions` is how many
    are open; `id` breaks every tie.
    """

    result: int
    status: int
    not_for_collective: int
    topics: int
    questions: int
    id: str

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """The steps in words and figures, in the order in which they are compared.

        >>> Score(0, 1, 1, -2, 0, "fund").parts[2:4]
        (('funds the commons as a collective', 'no'), ('topics shared', '2'))
        """
        status = STATUSES[self.status] if self.status < len(STATUSES) else "not asked"
        return (
            ("result", RESULTS[self.result]),
            ("status", status),
            ("funds the commons as a collective", "no" if self.not_for_collective else "yes"),
            ("topics shared", str(-self.topics)),
            ("open questions", str(self.questions)),
            ("id", self.id),
        )


def score_of(match: Match) -> Score:
    """The score of one match."""
    opportunity, status = match.opportunity, match.status
    return Score(
        result=match.weight,
        status=len(STATUSES) if status is None else STATUSES.index(status),
        not_for_collective=0 if COLLECTIVE in opportunity.funds_what else 1,
        topics=-len(shared_topics(match.profile, opportunity)),
        questions=len(match.questions),
        id=opportunity.id,
    )


def by_score(matches: Iterable[Match]) -> list[Match]:
    """The matches, best first. The order they came in plays no part."""
    return sorted(matches, key=score_of)


def shared_topics(profile: Profile, opportunity: Opportunity) -> frozenset[str]:
    """The topic words that the commons and the opportunity have in common.

    >>> fund = Opportunity("f", themes=frozenset({"Open maps", "privacy"}))
    >>> sorted(shared_topics(Profile(themes=frozenset({"maps of paths"})), fund))
    ['maps']
    """
    return topic_words(profile.themes) & topic_words(opportunity.themes)


@lru_cache(maxsize=65_536)
def topic_words(themes: frozenset[str]) -> frozenset[str]:
    """The words of three letters or more of some themes, folded, without those that say nothing."""
    words = re.findall(r"\w{3,}", " ".join(themes).casefold())
    return frozenset(words) - _NO_TOPIC
