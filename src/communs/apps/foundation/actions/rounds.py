"""Rounds up to their opening: prepare, propose, approve by two others, open. From then on nothing of it changes.

Opening reserves the pot, freezes options, graph and roll, and publishes the hash of all that together with the
commitment to the seed that will decide ties.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from communs.apps.foundation.actions import books
from communs.apps.foundation.actions.books import KeyTaken
from communs.apps.foundation.actions.payees import refusals_told
from communs.apps.foundation.models import (
    RollVoter,
    Round,
    RoundApproval,
    RoundInvitation,
    RoundOption,
    RoundSecret,
    RoundTyped,
)
from communs.apps.foundation.queries import rounds as queries
from communs.apps.foundation.queries.books import get_fund
from communs.apps.foundation.queries.gate import Duty, require
from communs.core import rounds as core
from communs.core.rounds.checking import OPTIONS_MAX
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible
from communs.kit.texts import texts

State = Round.State
INVITED_MAX: Final = 100_000
ELIGIBLE_MAX: Final = 1000
ROWS_AT_ONCE: Final = 5_000
NAMES_AT_ONCE: Final = 500
PROBLEMS_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Invited:
    """An address on the list of a round, and the college that it votes in."""

    email: str
    college: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A round as it is prepared. Money in minor units; `costs` by public id; `colleges`: name and weight.

    `keeps_invited`: who is on the list of a draft stays on it, and `invited` come to them.
    """

    slug: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    fund: str
    currency: str
    pot_minor: int
    rule: str
    parameters: Mapping[str, str | int | bool]
    format: str
    most: int
    points: int
    opens_at: datetime
    closes_at: datetime
    expires_on: date
    destination: str = "fund"
    roll_kind: str = Round.RollKind.CITIZENS
    within_pot: bool = False
    is_secret: bool = True
    ppm: int = 0
    eligible: str = ""
    costs: Mapping[str, int] = field(default_factory=dict)
    colleges: Sequence[tuple[str, int]] = ()
    invited: Sequence[Invited] = ()
    keeps_invited: bool = False


def prepare(by: Any, token: UUID, wanted: Wanted, now: datetime) -> Round:
    """A draft, or the one that this request made before. Raises `Refused`, `Impossible`, `NotThere`."""
    require(by, Duty.KEEP)
    with refusals_told(), transaction.atomic():
        there = Round.objects.filter(token=token).first()
        if there is not None:
            if there.slug != wanted.slug:
                raise KeyTaken(str(token))
            return there
        if Round.objects.filter(slug=wanted.slug).exists():
            raise Impossible(_("There is a round with this name in its address. Choose another one."))
        made = Round.objects.create(token=token, proposed_by=by, created_at=now, **_columns(wanted))
        _invite(made, wanted.invited)
        RoundTyped.objects.filter(person=by, round=None).delete()
    return made


def change(by: Any, slug: str, wanted: Wanted) -> Round:
    """Change a draft. Raises `Refused`, `NotThere`, `Impossible`."""
    require(by, Duty.KEEP)
    with refusals_told(), transaction.atomic():
        round_ = _locked(slug)
        _expect(round_, State.DRAFT)
        for name, value in _columns(wanted).items():
            setattr(round_, name, value)
        round_.save()
        if not wanted.keeps_invited:
            round_.invitations.all().delete()
        _invite(round_, wanted.invited)
        RoundTyped.objects.filter(person=by, round=round_).delete()
    return round_


def choose(by: Any, slug: str, eligible: str) -> Round:
    """Say which commons can be chosen in a draft: a query of the register's list.

    Raises `Refused`, `NotThere`, `Impossible`.
    """
    require(by, Duty.KEEP)
    kept = eligible_kept(eligible)
    with refusals_told(), transaction.atomic():
        round_ = _locked(slug)
        _expect(round_, State.DRAFT)
        round_.eligible = kept
        round_.save(update_fields=["eligible"])
    return round_


def eligible_kept(query: str) -> str:
    """A query of the register's list as a round keeps it. Raises `Impossible` for one that is too long."""
    kept = queries.as_kept(query)
    if len(kept) > ELIGIBLE_MAX:
        raise Impossible(_("These are too many filters to be kept. Choose fewer."))
    return kept


def _columns(wanted: Wanted) -> dict[str, Any]:
    said = asdict(wanted)
    del said["invited"], said["keeps_invited"]
    return said | {
        "title": texts(**wanted.title),
        "description": texts(**wanted.description),
        "fund": get_fund(wanted.fund),
        "parameters": dict(wanted.parameters),
        "costs": dict(wanted.costs),
        "colleges": [list(one) for one in wanted.colleges],
    }


def _invite(round_: Round, invited: Sequence[Invited]) -> None:
    """Put people on the list; who stands there already gets the college that is named now."""
    rows = {
        one.email.lower(): RoundInvitation(round=round_, email=one.email.lower(), college=one.college)
        for one in invited
    }
    names = list(rows)
    there = len(names) if round_.invitations.exists() else 0
    for start in range(0, there, NAMES_AT_ONCE):
        round_.invitations.filter(email__in=names[start : start + NAMES_AT_ONCE]).delete()
    RoundInvitation.objects.bulk_create(rows.values(), batch_size=ROWS_AT_ONCE)
    if len(rows) > INVITED_MAX or round_.invitations.count() > INVITED_MAX:
        raise Impossible(_("A list may name {n} people.").format(n=INVITED_MAX))


def faults(round_: Round) -> list[core.Problem]:
    """What is wrong with a round that is not open yet, as it would be if it opened now."""
    try:
        options = queries.options_now(round_)
        question = queries.question_of(round_, options, graph=_graph(round_, options))
        found = list(core.problems(question))
        if not found:
            voters = (
                core.Voter(f"{place:064x}", college) for place, (_id, college) in enumerate(queries.people_for(round_))
            )
            roll = core.Roll(round_.slug, tuple(voters))
            found = [*core.problems_of_roll(question, roll), *core.seen_alone(question, roll)]
    except ValueError as error:
        return [core.Problem("parameter", {"why": str(error)})]
    return found


def _graph(round_: Round, options: Sequence[RoundOption]) -> list[tuple[str, str, int]]:
    return queries.edges_now(one.commons for one in options) if round_.ppm else []


def propose(by: Any, slug: str) -> Round:
    """Hand a draft to the board: from here on it stays as it is. Raises `Refused`, `NotThere`, `Impossible`."""
    require(by, Duty.KEEP)
    with refusals_told(), transaction.atomic():
        round_ = _locked(slug)
        if round_.state == State.PROPOSED:
            return round_
        _expect(round_, State.DRAFT)
        _refuse(faults(round_))
        _move(round_, State.PROPOSED)
    return round_


def approve(by: Any, slug: str, now: datetime) -> Round:
    """Let a round open that somebody else proposed. Approving twice is once.

    Raises `Refused`, `NotThere`, `Impossible`.
    """
    require(by, Duty.APPROVE)
    with refusals_told(), transaction.atomic():
        round_ = _locked(slug)
        if round_.approvals.filter(person=by).exists():
            return round_
        _expect(round_, State.PROPOSED)
        if by.pk == round_.proposed_by_id:
            raise Impossible(_("Somebody else has to approve it: you proposed it."))
        if round_.approvals.count() >= 2:
            raise Impossible(_("Two people have approved it already."))
        RoundApproval.objects.create(round=round_, person=by, at=now)
    return round_


def withdraw(by: Any, slug: str) -> None:
    """Give up a round that has not opened. Raises `Refused`, `NotThere`, `Impossible`."""
    require(by, Duty.KEEP)
    with refusals_told(), transaction.atomic():
        round_ = _locked(slug)
        if round_.state != State.WITHDRAWN:
            _expect(round_, State.DRAFT, State.PROPOSED)
            _move(round_, State.WITHDRAWN)
            round_.invitations.all().delete()


def open_round(slug: str, now: datetime) -> Round:
    """Open a round that two people approved: promise the pot, freeze options and roll, publish their hash.

    Twice is once. Raises `NotThere`, `Impossible`, and `NotRecorded` where the fund has not enough.
    """
    with refusals_told(), transaction.atomic():
        round_ = _locked(slug)
        if round_.state in queries.PUBLIC:
            return round_
        _expect(round_, State.PROPOSED)
        if round_.approvals.count() < 2:
            raise Impossible(_("Two members of the board have to approve it first."))
        if now >= round_.closes_at:
            raise Impossible(_("The day on which it was to close has passed. Withdraw it, and prepare another one."))
        books.reserve(reservation_key(round_), round_.fund.slug, round_.pot_minor, round_.currency, now)
        _freeze(round_, now)
    return round_


def reservation_key(round_: Round) -> str:
    """Under which the pot is promised."""
    return f"round:{round_.public_id}"


def _freeze(round_: Round, now: datetime) -> None:
    secret, seed = secrets.token_bytes(core.rolls.SECRET_BYTES), secrets.token_hex(32)
    options = queries.options_now(round_)
    if len(options) > OPTIONS_MAX:
        raise Impossible(_("More than {n} commons can be chosen. Narrow the filters.").format(n=OPTIONS_MAX))
    graph = _graph(round_, options)
    question = queries.question_of(round_, options, core.commitment_to(seed), graph)
    roll = core.Roll.of(round_.slug, secret, queries.people_for(round_))
    _refuse([*core.problems(question), *core.problems_of_roll(question, roll), *core.seen_alone(question, roll)])
    if not roll.voters:
        raise Impossible(_("Nobody may vote: the roll is empty. Wait until somebody has joined, or invite people."))
    RoundSecret.objects.create(round=round_, secret=secret, seed=seed)
    RoundOption.objects.bulk_create(options, batch_size=ROWS_AT_ONCE)
    voters = [RollVoter(round=round_, pseudonym=one.pseudonym, college=one.college) for one in roll.voters]
    RollVoter.objects.bulk_create(voters, batch_size=ROWS_AT_ONCE)
    round_.state, round_.opened_at, round_.voters = State.OPENED, now, len(voters)
    round_.graph, round_.seed_commitment = [list(edge) for edge in graph], question.seed_commitment
    round_.roll_sha256, round_.opening_sha256 = roll.sha256, core.opening_hash(question, roll)
    round_.save()
    round_.invitations.all().delete()
    kept = core.opening_hash(queries.question_of(round_), queries.roll_of(round_))
    if kept != round_.opening_sha256:
        raise RuntimeError(f"{round_.slug}: what was frozen cannot be read back as it was. Nothing is opened.")


def _refuse(found: Sequence[core.Problem]) -> None:
    if found:
        raise Impossible(" ".join(one.say(_) for one in found[:PROBLEMS_SHOWN]))


def _locked(slug: str) -> Round:
    found = Round.objects.select_for_update(of=("self",), no_key=True).select_related("fund").filter(slug=slug).first()
    if found is None:
        raise NotThere
    return found


def _expect(round_: Round, *states: str) -> None:
    if round_.state not in states:
        raise Impossible(_("This cannot be done now: the round is {state}.").format(state=round_.get_state_display()))


def _move(round_: Round, state: str) -> None:
    round_.state = state
    round_.save(update_fields=["state"])
    RoundTyped.objects.filter(round=round_).delete()
