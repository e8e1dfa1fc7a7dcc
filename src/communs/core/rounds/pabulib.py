"""The ballots of a round as a Pabulib file (.pb), so that tools of others can count them."""

from __future__ import annotations

from typing import Final

from communs.core.rounds.closing import Round
from communs.core.rounds.counting import election_of

WITHOUT: Final = ("median", "quadratic")


class NoPabulib(ValueError):
    """The format cannot hold this round: the message says why."""


def pabulib_file(given: Round) -> bytes:
    """The file; ballots are numbered, pseudonyms are left out. Raises `NoPabulib`.

    Colleges with weights have no place in the format, and neither have divisions of money or a matched pot. What flows
    on and how bundles share comes after the count, and is no part of it.
    """
    question = given.question
    if question.rule in WITHOUT:
        raise NoPabulib(f"A Pabulib file holds votes on projects, and {question.rule} divides amounts. Use round.json.")
    if len(question.colleges) > 1:
        raise NoPabulib("A Pabulib file knows no colleges with weights. Use round.json.")
    return election_of(question, given.ballots).to_pb()
