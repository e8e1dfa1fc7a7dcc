"""Writes of the one-stop shop: one transaction each. Rights have been checked by the gate before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from communs.apps.funding.models import Answer, GapSnapshot, LikelySame, LinkCheck, Opportunity
from communs.apps.funding.queries import document_of, figures_on, has_month, live_traits
from communs.core import matching
from communs.core.identity.likeness import suggest
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
SUGGESTIONS_MAX = 2_000


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


def merge(duplicate: Opportunity, into: Opportunity, person: Any, *, note: str = "") -> Revision:
    """Fold one opportunity into another: the claims of both stay, `separate` undoes it exactly."""
    return records.merge(duplicate, into, person, note=note)


def separate(duplicate: Opportunity, person: Any, *, note: str = "") -> Revision:
    """Undo a merge."""
    return records.separate(duplicate, person, note=note)


def declare_distinct(one: Opportunity, other: Opportunity, person: Any) -> LikelySame:
    """Remember that two opportunities which look alike are not the same. Raises `Impossible` for one and itself."""
    first, second = sorted((one, other), key=lambda opportunity: opportunity.pk)
    if first.pk == second.pk:
        raise Impossible(_("These two are the same entry already."))
    now = timezone.now()
    with transaction.atomic():
        pair, _new = LikelySame.objects.get_or_create(one=first, other=second, defaults={"found_at": now})
        if pair.distinct_at is None:
            pair.distinct_at, pair.person = now, person
            pair.save(update_fields=["distinct_at", "person"])
    return pair


def renew_suggestions() -> int:
    """Look through the whole catalogue for pairs that may be the same; how many wait for an editor.

    Pairs declared distinct stay as they are; suggestions that the rule does not make any more go.
    """
    pk_of, traits = live_traits()
    found = {}
    for pair in suggest(traits)[:SUGGESTIONS_MAX]:
        first, second = sorted((pk_of[pair.one.id], pk_of[pair.other.id]))
        reasons = [[reason.code, reason.one[:200], reason.other[:200]] for reason in pair.comparison.reasons]
        found[first, second] = (pair.comparison.score, reasons)
    now = timezone.now()
    with transaction.atomic():
        known = {(pair.one_id, pair.other_id): pair for pair in LikelySame.objects.select_for_update()}
        gone = [pair.pk for key, pair in known.items() if key not in found and pair.distinct_at is None]
        LikelySame.objects.filter(pk__in=gone).delete()
        LikelySame.objects.bulk_create(
            LikelySame(one_id=one, other_id=other, score=score, reasons=reasons, found_at=now)
            for (one, other), (score, reasons) in found.items()
            if (one, other) not in known
        )
        changed = []
        for key, (score, reasons) in found.items():
            pair_known = known.get(key)
            if pair_known is not None and [pair_known.score, pair_known.reasons] != [score, reasons]:
                pair_known.score, pair_known.reasons = score, reasons
                changed.append(pair_known)
        LikelySame.objects.bulk_update(changed, ["score", "reasons"], batch_size=200)
    return sum(1 for key in found if key not in known or known[key].distinct_at is None)


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


def keep_gap_figures(today: date) -> bool:
    """Keep the figures of the gap for the month of `today`, once; whether they were kept now.

    An empty catalogue is not kept: its month would stay a zero when the first records come in a day later.
    """
    month = f"{today:%Y-%m}"
    if has_month(month):
        return False
    figures = figures_on(today)
    if not figures.scopes["known"].total.sources:
        return False
    with transaction.atomic():
        taken = {"taken_on": today, "figures": document_of(figures)}
        _row, is_new = GapSnapshot.objects.get_or_create(month=month, defaults=taken)
        if is_new:
            next_sequence("gap")  # pages that show the series are made anew
    return is_new


def keep_gap_figures_now() -> bool:
    """The chore: the first worker that is awake in a month keeps its figures."""
    return keep_gap_figures(timezone.localdate())


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
