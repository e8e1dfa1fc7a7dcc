"""Rounds: a pot shared by a recorded decision that anybody can work out again. Rule round-1. See README.md."""

from communs.core.rounds.ballots import Ballot, Left, check_ballot, left
from communs.core.rounds.checking import problems
from communs.core.rounds.closing import Concentration, Outcome, Round, close, outcome_of
from communs.core.rounds.documents import OUTCOME_FILE, ROUND_FILE, digest, files_of, outcome_file, round_file
from communs.core.rounds.explaining import why_ballot, why_option
from communs.core.rounds.faults import InvalidRound, Problem
from communs.core.rounds.pabulib import NoPabulib, pabulib_file
from communs.core.rounds.questions import (
    RULE,
    College,
    Form,
    Format,
    Option,
    PassingOn,
    Question,
    commitment_to,
)
from communs.core.rounds.reading import InvalidFile, round_of
from communs.core.rounds.rolls import (
    Roll,
    Voter,
    WeakSecret,
    may_vote,
    opening_hash,
    problems_of_roll,
    pseudonym,
    seen_alone,
)
from communs.core.rounds.verifying import Verification, examine, verify_round

__all__ = [
    "OUTCOME_FILE", "ROUND_FILE", "RULE", "Ballot", "College", "Concentration", "Form", "Format", "InvalidFile",
    "InvalidRound", "Left", "NoPabulib", "Option", "Outcome", "PassingOn", "Problem", "Question", "Roll", "Round",
    "Verification", "Voter", "WeakSecret", "check_ballot", "close", "commitment_to", "digest", "examine", "files_of",
    "left", "may_vote", "opening_hash", "outcome_file", "outcome_of", "pabulib_file", "problems", "problems_of_roll",
    "pseudonym", "round_file", "round_of", "seen_alone", "verify_round", "why_ballot", "why_option",
]  # fmt: skip
