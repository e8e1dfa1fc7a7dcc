"""The steps of a round by those with an office: what each may do now, asked once more before it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.apps.foundation import round_words as words
from communs.apps.foundation.actions import closing
from communs.apps.foundation.actions import rounds as actions
from communs.apps.foundation.pages.answering import answering
from communs.apps.foundation.pages.round_commons import choice_for, crumbs_of
from communs.apps.foundation.queries import rounds as queries
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.apps.foundation.queries.rounds import RoundRow, State
from communs.kit.gates import NotThere

WORDS: Final = {
    "propose": (
        gettext_lazy("Propose it to the board"),
        gettext_lazy("From then on nothing of it can be changed. Two members of the board look at it."),
    ),
    "approve": (
        gettext_lazy("Approve"),
        gettext_lazy(
            "With the second approval the pot is reserved, and the question, the commons and the roll are frozen."
        ),
    ),
    "open": (
        gettext_lazy("Open it"),
        gettext_lazy("The pot is reserved, and the question, the commons and the roll are frozen."),
    ),
    "close": (
        gettext_lazy("Count it now"),
        gettext_lazy(
            "What is decided goes into the books and is published. The site does this by itself within minutes."
        ),
    ),
    "withdraw": (
        gettext_lazy("Withdraw it"),
        gettext_lazy("It will not open, and cannot be taken up again. A list of people who may vote is deleted."),
    ),
}
"""What is done, and what comes of it; nothing of this can be undone."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What somebody may do with a round now, who has approved it, and why it cannot open."""

    steps: frozenset[str] = frozenset()
    approvals: Sequence[Any] = ()
    problems: Sequence[Any] = ()


def offered_to(person: Any, round_: RoundRow, now: datetime) -> Offered:
    """The steps that are offered to a person; none without an office."""
    duties = duties_of(person)
    if not duties:
        return Offered()
    approvals = queries.approved_by(round_)
    problems = actions.faults(round_) if round_.state in {State.DRAFT, State.PROPOSED} else []
    approved, found, keeps = [one.person_id for one in approvals], set[str](), Duty.KEEP in duties
    if round_.state == State.DRAFT and keeps:
        found |= {"edit", "withdraw"} | (set() if problems else {"propose"})
    if round_.state == State.PROPOSED:
        found |= {"withdraw"} if keeps else set()
        if Duty.APPROVE in duties and len(approved) < 2 and person.pk not in {*approved, round_.proposed_by_id}:
            found.add("approve")
        if keeps and len(approved) == 2:
            found.add("open")
    if keeps and queries.due(now).filter(pk=round_.pk).exists():
        found.add("close")
    return Offered(frozenset(found), approvals, problems)


@answering
def step(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """Look at the round once more, then propose, approve, open, withdraw or close it."""
    round_ = queries.get_round(request.user, slug, Duty.LOOK)
    if what not in _STEPS:
        raise NotThere
    if request.method == "POST":
        messages.success(request, _STEPS[what](request, round_.slug))
        return redirect("foundation:round", round_.slug)
    if what not in offered_to(request.user, round_, timezone.now()).steps:
        return redirect("foundation:round", round_.slug)
    label, lead = WORDS[what]
    context = {
        "label": label,
        "lead": lead,
        "title": words.title_of(round_),
        "pot": words.money(round_.pot_minor, round_),
        "rule": words.RULES[round_.rule][0] if round_.rule in words.RULES else round_.rule,
        "asked": words.asked(round_),
        "facts": words.facts(round_),
        "choice": None if round_.state in queries.PUBLIC else choice_for(round_),
        "is_danger": what == "withdraw",
        "back": reverse("foundation:round", args=[round_.slug]),
        "crumbs": crumbs_of(round_),
    }
    return render(request, "foundation/rounds/step.html", context)


def _propose(request: HttpRequest, slug: str) -> str:
    actions.propose(request.user, slug)
    return _("Proposed. Two members of the board approve it; from now on it stays as it is.")


def _approve(request: HttpRequest, slug: str) -> str:
    now = timezone.now()
    round_ = actions.approve(request.user, slug, now)
    if round_.approvals.count() < 2:
        return _("Approved. A second member of the board has to approve it too.")
    actions.open_round(slug, now)
    return _("Approved by two people: the pot is reserved, and the question and the roll are frozen.")


def _open(request: HttpRequest, slug: str) -> str:
    require(request.user, Duty.KEEP)
    actions.open_round(slug, timezone.now())
    return _("The pot is reserved, and the question and the roll are frozen.")


def _withdraw(request: HttpRequest, slug: str) -> str:
    actions.withdraw(request.user, slug)
    return _("Withdrawn. It will not open.")


def _close(request: HttpRequest, slug: str) -> str:
    require(request.user, Duty.KEEP)
    closing.close(slug, timezone.now())
    return _("Counted: what was decided is in the books, and the files are published.")


_STEPS: dict[str, Callable[[HttpRequest, str], str]] = {
    "propose": _propose, "approve": _approve, "open": _open, "withdraw": _withdraw, "close": _close,
}  # fmt: skip
