"""Questions of the matcher as forms show them, and the answers that were given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.apps.funding import queries
from communs.apps.funding.pages import answers as given_answers
from communs.core import matching
from communs.core.matching import Profile, Question
from communs.core.matching.names import ANSWER_NAMES, ONE_FORM_NAMES, name

HOSTS_MAX = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in a form. `decides` tells how many opportunities ask it; a number has no `choices`."""

    key: str
    field: str
    text: str
    choices: tuple[tuple[str, str], ...]
    decides: str


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer that was given, with the question it answers."""

    key: str
    text: str
    value: str


def asked(question: Question, decides: int = 0) -> Asked:
    """A question as a form shows it."""
    shown = matching.explain_question(question, _)
    words = ngettext("decides {n} source", "decides {n} sources", decides).format(n=decides) if decides else ""
    return Asked(question.key, f"{given_answers.PREFIX}{question.key}", shown.text, shown.choices, words)


def answered(answers: Mapping[str, str], profile: Profile, snapshot: queries.Snapshot) -> list[Answered]:
    """What was answered, in words. A question that nobody asks any more is shown by its key."""
    found = []
    for key, value in sorted(answers.items()):
        question = queries.question_for(key, profile, snapshot)
        text = matching.explain_question(question, _).text if question else key
        names = ONE_FORM_NAMES if key == "legal_form" else ANSWER_NAMES
        found.append(Answered(key, text, name(value, names, _)))
    return found


def share_url(path: str, answers: Mapping[str, str]) -> str:
    """The page with the answers in the link: whoever opens it sees the same, and nothing is stored."""
    return f"{path}?{urlencode(given_answers.as_parameters(answers))}" if answers else path


def hosts(found: Iterable[matching.Match], commons_id: str) -> list[dict[str, str]]:
    """The first five fiscal hosts, each with the page that tells how well it fits this commons."""
    return [
        {"title": match.opportunity.title, "url": reverse("funding:match", args=[match.opportunity.id, commons_id])}
        for match in list(found)[:HOSTS_MAX]
    ]
