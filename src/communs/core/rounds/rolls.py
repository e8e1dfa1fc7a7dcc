"""The roll: who may vote, under pseudonyms, frozen when the round opens."""

from __future__ import annotations

import hmac
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from communs.core.allocation.amounts import ROWS_MAX
from communs.core.allocation.elections import MONEY_MAX
from communs.core.rounds.faults import Problem
from communs.core.rounds.questions import Question
from communs.core.rounds.rules import POT_RULES
from communs.core.transparency import canonical

SECRET_BYTES: Final = 32
HEX64: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class WeakSecret(ValueError):
    """The secret of the round is too short: pseudonyms could be guessed back."""


def pseudonym(secret: bytes, voter_id: str) -> str:
    """The name of a voter in one round: HMAC-SHA256 of their id under the secret of the round. Raises `WeakSecret`.

    Another round has another secret, so that nobody follows a person from round to round.

    >>> pseudonym(bytes(32), "ana")[:16]
    'aa50888b6abcd3a0'
    """
    if len(secret) < SECRET_BYTES:
        raise WeakSecret(f"The secret has {len(secret)} bytes. Draw {SECRET_BYTES} by chance.")
    return hmac.digest(secret, voter_id.encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class Voter:
    """A pseudonym and the id of its college."""

    pseudonym: str
    college: str


@dataclass(frozen=True)
class Roll:
    """Who may vote in a round, in the order of pseudonyms."""

    round_id: str
    voters: tuple[Voter, ...]

    @classmethod
    def of(cls, round_id: str, secret: bytes, people: Iterable[tuple[str, str]]) -> Roll:
        """The roll of these people (id, college)."""
        voters = (Voter(pseudonym(secret, id_), college) for id_, college in people)
        return cls(round_id, tuple(sorted(voters, key=lambda one: (one.pseudonym, one.college))))

    @cached_property
    def colleges(self) -> dict[str, str]:
        """The college of each pseudonym."""
        return {one.pseudonym: one.college for one in self.voters}

    @cached_property
    def sha256(self) -> str:
        """Of the roll as canonical JSON."""
        return sha256(canonical(self.document())).hexdigest()

    def document(self) -> dict[str, Any]:
        """The roll as plain JSON values."""
        return {"round": self.round_id, "voters": [[one.pseudonym, one.college] for one in self.voters]}


def may_vote(roll: Roll, who: str) -> bool:
    """Whether this pseudonym may vote. Who joins after the opening is not on the roll, and may not."""
    return who in roll.colleges


def opening_hash(question: Question, roll: Roll) -> str:
    """What is published when a round opens: the SHA-256 of its question and its roll, which change no more."""
    return sha256(canonical({"question": question.document(), "roll_sha256": roll.sha256})).hexdigest()


def problems_of_roll(question: Question, roll: Roll) -> tuple[Problem, ...]:
    """What is wrong with a roll for this question: said before the round opens, for afterwards it may not change."""
    return (*_of_voters(question, roll), *_of_size(question, roll))


def seen_alone(question: Question, roll: Roll) -> tuple[Problem, ...]:
    """Colleges of a secret round in which one person votes alone: files name the college of each ballot."""
    if not question.secret or len(question.colleges) < 2:
        return ()
    sizes = Counter(voter.college for voter in roll.voters)
    return tuple(Problem("alone", {"college": name}) for name, size in sorted(sizes.items()) if size == 1)


def _of_size(question: Question, roll: Roll) -> Iterator[Problem]:
    """Rules that read a table of amounts hold so many rows, and sums so large."""
    if question.rule not in POT_RULES:
        return
    if len(roll.voters) * question.form.most > ROWS_MAX:
        yield Problem("rows", {"most": ROWS_MAX // max(1, len(roll.voters))})
    if len(roll.voters) * question.form.points > MONEY_MAX:
        yield Problem("sums", {"most": MONEY_MAX // max(1, len(roll.voters))})


def _of_voters(question: Question, roll: Roll) -> Iterator[Problem]:
    if roll.round_id != question.id:
        yield Problem("other-roll", {"round": roll.round_id})
    colleges = {one.id for one in question.colleges}
    seen: set[str] = set()
    for voter in roll.voters:
        if not HEX64.fullmatch(voter.pseudonym):
            yield Problem("pseudonym", {"voter": voter.pseudonym[:100]})
        elif voter.pseudonym in seen or voter.college not in colleges:
            yield Problem("roll", {"voter": voter.pseudonym})
        seen.add(voter.pseudonym)
