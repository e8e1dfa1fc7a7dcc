"""Where answers come from: the person's own rows, the session of a visitor, or the link that was shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from communs.apps.funding import actions, queries

PREFIX = "answer."
SESSION_KEY = "funding_answers"
COMMONS_IN_SESSION_MAX = 30


@dataclass(frozen=True, slots=True)
class Given:
    """The answers that count on a page. `are_shared`: some came with the link and are not stored."""

    answers: Mapping[str, str]
    are_shared: bool


def given(request: HttpRequest, commons: Any) -> Given:
    """What is known to have been answered for this commons: stored answers, under those in the link."""
    in_link = read(request.GET)
    stored = stored_answers(request, commons)
    return Given({**stored, **in_link}, any(stored.get(key) != value for key, value in in_link.items()))


def stored_answers(request: HttpRequest, commons: Any) -> dict[str, str]:
    """What this person, or this visitor, answered before."""
    if request.user.is_authenticated:
        return queries.answers_of(request.user, commons)
    kept = request.session.get(SESSION_KEY, {}).get(commons.public_id, {})
    return {str(key): str(value) for key, value in kept.items()}


def read(parameters: QueryDict) -> dict[str, str]:
    """The answers in a query string or a form; empty ones are left out, what is too long raises `Impossible`."""
    found = {
        name.removeprefix(PREFIX): value.strip()
        for name, value in parameters.items()
        if name.startswith(PREFIX) and isinstance(value, str) and value.strip()
    }
    actions.refuse_unreadable(found)
    return found


def remember(request: HttpRequest, commons: Any, answers: Mapping[str, str]) -> None:
    """Store answers; an empty one takes an earlier one back."""
    if request.user.is_authenticated:
        actions.remember_answers(request.user, commons, answers)
        return
    actions.refuse_unreadable(answers)
    kept = dict(request.session.get(SESSION_KEY, {}))
    mine = {**kept.pop(commons.public_id, {}), **answers}
    mine = {key: value for key, value in mine.items() if value}
    actions.refuse_unreadable(mine)
    # The commons answered for last stands last; the oldest ones make room.
    kept = {**kept, commons.public_id: mine} if mine else kept
    request.session[SESSION_KEY] = dict(list(kept.items())[-COMMONS_IN_SESSION_MAX:])


def forget(request: HttpRequest, commons: Any) -> None:
    """Take back every answer for this commons."""
    if request.user.is_authenticated:
        actions.forget_answers(request.user, commons)
        return
    kept = dict(request.session.get(SESSION_KEY, {}))
    if kept.pop(commons.public_id, None) is not None:
        request.session[SESSION_KEY] = kept


def as_parameters(answers: Mapping[str, str]) -> dict[str, str]:
    """Answers as the parameters of a link to share."""
    return {f"{PREFIX}{key}": value for key, value in sorted(answers.items())}
