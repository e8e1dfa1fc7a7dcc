"""Reads of what two people decide: decisions with their state, what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models import TextChoices as Choices
from django.utils.translation import pgettext_lazy

from communs.apps.foundation.models import Decision, DecisionStep
from communs.apps.foundation.queries.gate import Duty, require
from communs.kit.gates import NotThere

Kind = Decision.Kind


class State(Choices):
    """Where a decision stands."""

    PROPOSED = "proposed", pgettext_lazy("decision", "proposed")
    APPROVED = "approved", pgettext_lazy("decision", "approved by one")
    DONE = "done", pgettext_lazy("decision", "carried out")
    REFUSED = "refused", pgettext_lazy("decision", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("decision", "withdrawn")


OPEN = (State.PROPOSED, State.APPROVED)


def state_of(steps: Sequence[DecisionStep]) -> str:
    """The state after these steps, as they happened."""
    if not steps:
        return State.PROPOSED
    last = steps[-1]
    return State.DONE if last.outcome else State(last.what)


def decisions(*states: str) -> QuerySet[Any]:
    """Decisions with their `state`, the latest first; all, or those in some states."""
    last = DecisionStep.objects.filter(decision=OuterRef("pk")).order_by("-number")
    found = Decision.objects.annotate(what=Subquery(last.values("what")[:1]), made=Subquery(last.values("outcome")[:1]))
    found = found.annotate(
        state=Case(
            When(what=None, then=Value(State.PROPOSED.value)),
            When(~Q(made=""), then=Value(State.DONE.value)),
            default="what",
            output_field=TextField(),
        )
    )
    if states:
        found = found.filter(state__in=states)
    return found.select_related("proposed_by").order_by("-proposed_at", "-pk")


def counts() -> dict[str, int]:
    """How many decisions there are in each state."""
    return dict(decisions().order_by().values_list("state").annotate(n=Count("pk")))


def get_decision(person: Any, public_id: UUID, duty: Duty = Duty.LOOK) -> Decision:
    """A decision with its `state`. Raises `Refused`, `NotThere`."""
    require(person, duty)
    found: Decision | None = decisions().filter(public_id=public_id).first()
    if found is None:
        raise NotThere
    return found


def steps_of(decision: Decision) -> list[DecisionStep]:
    """What was said of it, in order."""
    return list(decision.steps.select_related("person").order_by("number"))


def to_approve(person: Any) -> QuerySet[Decision]:
    """Decisions that wait for a word, and that this member of the board may give theirs on, the oldest first."""
    mine = DecisionStep.objects.filter(decision=OuterRef("pk"), person=person)
    found = decisions(*OPEN).filter(~Exists(mine)).exclude(proposed_by=person)
    return found.order_by("proposed_at", "pk")


def waiting() -> QuerySet[Decision]:
    """Decisions that nobody has ended yet, the oldest first."""
    return decisions(*OPEN).order_by("proposed_at", "pk")
