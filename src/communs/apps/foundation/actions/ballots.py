"""Ballots: a draft that is kept at every step, a ballot that counts once it is cast and may be changed until the end.

Both stand under the pseudonym of the voter. Who closes the round waits for a ballot that is being cast, or the ballot
sees that it is closed: a trigger decides, whatever happens at the same moment.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from communs.apps.foundation.actions.payees import refusals_told
from communs.apps.foundation.models import Ballot, BallotDraft, RollVoter, Round
from communs.apps.foundation.queries import rounds as queries
from communs.core import rounds as core
from communs.core.transparency import canonical
from communs.kit.gates import Refused, Right
from communs.kit.records.actions import Impossible

ID_BITS: Final = 62


class InvalidBallot(Exception):
    """A ballot does not fit the round; `problems` say why, each with its remedy. What was cast before still counts."""

    def __init__(self, problems: tuple[core.Problem, ...]) -> None:
        super().__init__(" ".join(one.say() for one in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a voter keeps: the pseudonym under which the ballot will be published, and the hash of it."""

    pseudonym: str
    sha256: str
    ballot: core.Ballot


def voter_for(round_: Round, person: Any, now: datetime) -> RollVoter:
    """The voter that a person is while the round takes ballots. Raises `Refused`, `Impossible`."""
    if not getattr(person, "is_authenticated", False):
        raise Refused(Right.SEE, signed_in=False)
    if not queries.is_voting(round_, now):
        raise Impossible(_("No ballots are taken now. Look at the page of the round for its dates."))
    found = queries.voter_of(round_, person)
    if found is None:
        raise Impossible(why_not(round_, person))
    return found


def why_not(round_: Round, person: Any) -> str:
    """Why somebody is not on the roll, in words."""
    if round_.roll_kind == Round.RollKind.INVITED:
        return _("This round is for people of a list, and none of your confirmed addresses is on it.")
    if not queries.has_confirmed_address(person):
        return _("You had no confirmed e-mail address when this round opened. Confirm one, to vote in the next round.")
    return _("You joined after this round had opened, and its roll does not change. You can vote in the next one.")


def save_draft(voter: RollVoter, said: Mapping[str, int]) -> None:
    """Keep what somebody has filled in so far."""
    with transaction.atomic():
        BallotDraft.objects.update_or_create(voter=voter, defaults={"said": dict(said)})


def cast(round_: Round, person: Any, said: Mapping[str, int], now: datetime) -> Receipt:
    """Cast a ballot, or change it. The same again changes nothing. Raises `Refused`, `Impossible`, `InvalidBallot`."""
    voter = voter_for(round_, person, now)
    if queries.ranks_twice(round_.format, said):
        raise Impossible(_("A rank is given twice. Give each commons its own, then cast your ballot."))
    ballot = queries.as_ballot(round_.format, voter.pseudonym, said)
    found = core.check_ballot(queries.question_of(round_), ballot)
    if found:
        raise InvalidBallot(found)
    values = {"names": list(ballot.names), "points": list(ballot.points)}
    with refusals_told(), transaction.atomic():
        # A number by chance: numbers that count up would tell afterwards who had voted before whom.
        new = {**values, "round": round_, "id": secrets.randbits(ID_BITS)}
        Ballot.objects.update_or_create(voter=voter, defaults=values, create_defaults=new)
        BallotDraft.objects.filter(voter=voter).delete()
    return receipt(round_, ballot)


def receipt(round_: Round, ballot: core.Ballot) -> Receipt:
    """The receipt of a ballot: its hash is that of the line in `round.json`, as canonical JSON."""
    line = canonical(ballot.document(core.Format(round_.format)))
    return Receipt(ballot.voter, sha256(line).hexdigest(), ballot)
