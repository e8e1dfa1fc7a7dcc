"""Matches of one commons with the whole catalogue, kept for a while: the same question is asked page after page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any

from communs.apps.funding.queries.snapshot import Snapshot, current, opportunity_of, readable
from communs.core import matching
from communs.core.matching import Match, Profile, Question

FITTINGS_MAX = 16
Key = tuple[int, int, tuple[tuple[str, str], ...]]


class Fitting:
    """One commons, with what was answered for it, against one state of the catalogue."""

    def __init__(self, profile: Profile, snapshot: Snapshot) -> None:
        self.profile, self.snapshot = profile, snapshot
        self.kept_verdicts: dict[str, dict[tuple[int, str], Any]] = {}  # in words, by language: see `pages.rows`

    @cached_property
    def matches(self) -> list[Match]:
        """Every match, by row number: for pages that go through all of them."""
        return self.snapshot.catalogue.match_all(self.profile, self.snapshot.day)

    def matches_at(self, rows: Sequence[int]) -> list[Match]:
        """The matches of a page of rows."""
        return self.snapshot.catalogue.matches_at(self.profile, rows, self.snapshot.day)

    def match_of(self, public_id: str) -> Match | None:
        """The match with one public opportunity."""
        place = self.snapshot.position.get(public_id)
        return None if place is None else self.matches_at([place])[0]

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The set of rows of each result, as bits (see `communs.kit.facets`)."""
        return self.snapshot.catalogue.positions_by_result(self.profile)

    @cached_property
    def best_first(self) -> list[int]:
        """Row numbers, best fit first (`matching.Score`)."""
        return self.snapshot.catalogue.best_first(self.profile, self.snapshot.day)

    @cached_property
    def questions(self) -> list[tuple[Question, int]]:
        """Every open question with the number of opportunities that it decides or helps to decide, most first.

        Opportunities that are closed, and those that are refused for another reason, do not count.
        """
        asked: dict[str, Question] = {}
        counts: dict[str, int] = {}
        for match in self.matches:
            if match.result == "ask" and match.status != "closed":
                for question in match.questions:
                    asked.setdefault(question.key, question)
                    counts[question.key] = counts.get(question.key, 0) + 1
        keys = sorted(counts, key=lambda key: (-counts[key], key))
        return [(asked[key], counts[key]) for key in keys]

    @cached_property
    def hosts(self) -> list[Match]:
        """The fiscal hosts that do not refuse this commons, best first."""
        return matching.hosts_for(self.profile, self.snapshot.catalogue.opportunities, today=self.snapshot.day)


class _Kept:
    """The fittings of this process, the least used one dropped first."""

    lock = Lock()
    fittings: OrderedDict[Key, Fitting] = OrderedDict()


def profile_of(commons: Any, answers: Mapping[str, str]) -> Profile:
    """What the matcher knows of a commons. A field that cannot be read counts as not known, and is logged."""
    facts = {**commons.facts, "id": commons.public_id, "name": commons.name}
    profile: Profile = readable(Profile.from_record, facts)
    return profile.with_answers(answers)


def match_all(commons: Any, answers: Mapping[str, str], today: date) -> Fitting:
    """The commons against every public opportunity."""
    snapshot = current(today)
    key = (commons.pk, commons.version, tuple(sorted(answers.items())))
    with _Kept.lock:
        found = _Kept.fittings.get(key)
        if found is not None and found.snapshot is snapshot:
            _Kept.fittings.move_to_end(key)
            return found
    made = Fitting(profile_of(commons, answers), snapshot)
    with _Kept.lock:
        _Kept.fittings[key] = made
        while len(_Kept.fittings) > FITTINGS_MAX:
            _Kept.fittings.popitem(last=False)
    return made


def match_one(commons: Any, opportunity: Any, answers: Mapping[str, str], today: date) -> Match:
    """The commons against one opportunity, public or not."""
    return matching.match(profile_of(commons, answers), opportunity_of(opportunity), today=today)


def question_for(key: str, profile: Profile, snapshot: Snapshot) -> Question | None:
    """The question that was answered under `key`: the one that would be asked if it had not been."""
    unanswered = replace(profile, answers={name: value for name, value in profile.answers.items() if name != key})
    for criterion in snapshot.criteria:
        question = matching.evaluate(criterion, unanswered).question
        if question is not None and question.key == key:
            return question
    return None
