"""Writes of the one-stop shop: one transaction each. Rights have been checked by the gate before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from communs.apps.funding.models import Answer, LinkCheck, Opportunity
from communs.core import matching
from communs.kit.catalogue import next_sequence
from communs.kit.records import actions as records
from communs.kit.records.actions import Author, Impossible
from communs.kit.records.kinds import RESERVED_IDS
from communs.kit.records.models import Revision, Visibility
from communs.kit.records.values import nest

ANSWERS_MAX = 300
ANSWER_LENGTH_MAX = 40
QUESTION_LENGTH_MAX = 200
NUMBERED_MAX = 100


def remember_answers(person: Any, commons: Any, answers: Mapping[str, str]) -> None:
    """Store what the person answered for this commons. An empty answer takes the earlier one back.

    Raises `Impossible` for an answer that is too long, or for more than 300 of them.
    """
    refuse_unreadable(answers)
    now = timezone.now()
    with transaction.atomic():
        mine = Answer.objects.select_for_update().filter(person=person, commons=commons)
        mine.filter(question__in=[question for question, value in answers.items() if not value]).delete()
        given = {question: value for question, value in answers.items() if value}
        if mine.exclude(question__in=given).count() + len(given) > ANSWERS_MAX:
            raise Impossible(_("That is more answers than one commons can have: take some back first."))
        rows = [Answer(person=person, commons=commons, question=q, value=v, at=now) for q, v in given.items()]
        Answer.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["commons", "person", "question"], update_fields=["value", "at"]
        )


def forget_answers(person: Any, commons: Any) -> None:
    """Take back everything the person answered for this commons."""
    Answer.objects.filter(person=person, commons=commons).delete()


def refuse_unreadable(answers: Mapping[str, str]) -> None:
    """Raise `Impossible` for what cannot be an answer of the matcher."""
    if len(answers) > ANSWERS_MAX:
        raise Impossible(_("That is more answers than one commons can have: take some back first."))
    for question, value in answers.items():
        if not question or len(question) > QUESTION_LENGTH_MAX or len(value) > ANSWER_LENGTH_MAX:
            raise Impossible(_("One answer is too long to be stored: choose one of those offered, or give a number."))


def create_opportunity(values: Mapping[str, Any], author: Author, note: str, evidence_url: str) -> Opportunity:
    """A new public opportunity. Raises `Impossible` when it has no title or the matcher cannot read it."""
    title = next((values[name] for name in ("titles.en", "titles.fr", *sorted(values)) if _is_title(name, values)), "")
    if not title:
        raise Impossible(_("Give it a title in at least one language."))
    public_id = _free_id(title)
    refuse_unmatchable(public_id, values)
    created: Opportunity = records.create(Opportunity, public_id, values, author, note=note, evidence_url=evidence_url)
    return created


def refuse_unmatchable(public_id: str, values: Mapping[str, Any]) -> None:
    """Raise `Impossible`, with the place and the remedy, for values that the matcher could not read."""
    for bad in _unreadable(public_id, values):
        raise Impossible(f"{bad.path}: {bad.problem}. {bad.remedy}") from bad


def what_is_wrong(public_id: str, values: Mapping[str, Any]) -> dict[str, str]:
    """`{field: problem and remedy}` of the values that the matcher could not read."""
    has_title = any(_is_title(name, values) for name in values)
    wrong = {} if has_title else {"titles.en": str(_("Give it a title in at least one language."))}
    for bad in _unreadable(public_id, values):
        place = bad.path.partition("[")[0]
        wrong.setdefault(place, f"{bad.path}: {bad.problem}. {bad.remedy}")
    return wrong


def _unreadable(public_id: str, values: Mapping[str, Any]) -> Iterator[matching.InvalidRecord]:
    """What the matcher refuses, one after the other: each is set aside so that the next one shows."""
    left = nest(values)
    while True:
        try:
            matching.Opportunity.from_record({**left, "id": public_id or "new"})
        except matching.InvalidRecord as bad:
            yield bad
            head = bad.path.partition(".")[0].partition("[")[0]
            if head not in left:
                return
            left = {name: value for name, value in left.items() if name != head}
        else:
            return


def confirm(opportunity: Opportunity, person: Any, note: str) -> Revision:
    """An editor has checked it: it appears on public pages."""
    return records.set_visibility(opportunity, Visibility.PUBLIC, person, note=note)


def remove(opportunity: Opportunity, person: Any, note: str) -> Revision:
    """Take it off public pages; what is known and its history stay."""
    return records.set_visibility(opportunity, Visibility.REMOVED, person, note=note)


def note_link(opportunity_id: int, url: str, problem: str, detail: str, at: datetime) -> LinkCheck | None:
    """Store what a look at one address found. It touches this address's flag alone, and no value or status.

    None when the opportunity is gone meanwhile.
    """
    with transaction.atomic():
        if not Opportunity.objects.filter(pk=opportunity_id).exists():
            return None
        check = LinkCheck.objects.select_for_update().filter(subject_id=opportunity_id, url=url).first()
        check = check or LinkCheck(subject_id=opportunity_id, url=url)
        was_flagged = bool(check.link_problem)
        if not problem:
            check.problem_since = None
        elif not was_flagged:
            check.problem_since = at
        check.link_checked_at, check.link_problem, check.detail = at, problem[:40], detail[:200]
        check.save()
        if bool(problem) != was_flagged:
            # Pages that show the flag are made anew; the catalogue itself has not changed.
            next_sequence("links")
    return check


def _is_title(name: str, values: Mapping[str, Any]) -> bool:
    return name.startswith("titles.") and bool(values.get(name))


def _free_id(title: str) -> str:
    stem = slugify(title)[:100].strip("-") or "opportunity"
    taken = set(Opportunity.objects.filter(public_id__startswith=stem).values_list("public_id", flat=True))
    for number in range(1, NUMBERED_MAX):
        public_id = stem if number == 1 else f"{stem}-{number}"
        if public_id not in taken | RESERVED_IDS:
            return public_id
    raise Impossible(_("There are too many entries of that title: choose another one."))
