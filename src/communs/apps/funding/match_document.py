"""Matches as one JSON document: the same on the command line and in the API.

`{"commons": {…}, "as_of": "2026-08-01", "rule": "communs-matching-1", "results": [{"id", "title", "result", "status",
"score", "sentence", "criteria": […], "questions": […], "changes": […], "url", "link"}], "questions": […]}`, the
results best first. A question of the whole document says how many opportunities it helps to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from communs.core import matching
from communs.core.matching import AskedQuestion, Match, Outcome, Profile, Question
from communs.core.texts import Translate


@dataclass(frozen=True, slots=True)
class About:
    """What the matcher does not know of an opportunity: its title for the reader, our page, the funder's page."""

    title: str
    url: str
    link: str


def match_document(
    profile: Profile, matches: Sequence[Match], as_of: date, about: Callable[[str], About], translate: Translate
) -> dict[str, Any]:
    """The whole document. `matches` are best first; `about` gives titles and addresses by the opportunity's id."""
    return {
        "commons": profile_document(profile),
        "as_of": as_of.isoformat(),
        "rule": matching.RULE,
        "results": [result_document(match, about(match.opportunity.id), translate) for match in matches],
        "questions": questions_document(matches, translate),
    }


def profile_document(profile: Profile) -> dict[str, Any]:
    """What the answer rests on: the facts as they were understood; `null` and empty mean "not known"."""
    return {
        "id": profile.id,
        "name": profile.name,
        "kinds": sorted(profile.kinds),
        "legal_form": profile.form,
        "hosted": profile.hosted,
        "country": profile.country,
        "countries": list(profile.countries),
        "licences": [{"part": part.part, "spdx": part.spdx} for part in profile.licences],
        "languages": sorted(profile.languages),
        "answers": dict(sorted(profile.answers.items())),
    }


def result_document(match: Match, about: About, translate: Translate) -> dict[str, Any]:
    """One opportunity with its answer, its reasons and what would change a no."""
    told = matching.explain(match, translate)
    return {
        "id": match.opportunity.id,
        "title": about.title,
        "result": match.result,
        "status": match.status,
        "score": dict(matching.score_of(match).parts),
        "sentence": told.sentence,
        "criteria": [
            {
                "dimension": row.dimension,
                "statement": row.ask,
                "force": outcome.criterion.force,
                "status": row.status,
                "reason": row.why,
                "question": _key_of(outcome),
            }
            for outcome, row in zip(match.outcomes, told.rows, strict=True)
        ],
        "questions": [_question(question) for question in told.questions],
        "changes": list(told.changes),
        "url": about.url,
        "link": about.link,
    }


def questions_document(matches: Iterable[Match], translate: Translate) -> list[dict[str, Any]]:
    """Every open question once, with how many opportunities it helps to decide, most first."""
    asked: dict[str, Question] = {}
    counts: dict[str, int] = {}
    for match in matches:
        if match.result == "ask" and match.status != "closed":
            for question in match.questions:
                asked.setdefault(question.key, question)
                counts[question.key] = counts.get(question.key, 0) + 1
    keys = sorted(counts, key=lambda key: (-counts[key], key))
    told = (matching.explain_question(asked[key], translate) for key in keys)
    return [{**_question(question), "decides": counts[question.key]} for question in told]


def _question(question: AskedQuestion) -> dict[str, Any]:
    choices = [{"value": value, "label": label} for value, label in question.choices]
    return {"key": question.key, "kind": question.kind, "text": question.text, "choices": choices}


def _key_of(outcome: Outcome) -> str | None:
    return outcome.question.key if outcome.question else None
