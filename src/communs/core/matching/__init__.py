"""Matching a commons with funding opportunities: rule `communs-matching-1` (see docs/rules/matching.md)."""

from communs.core.matching.catalogue import Catalogue, rank
from communs.core.matching.changes import changes_for
from communs.core.matching.criteria import Criterion, declaration_key
from communs.core.matching.evaluate import FACTS_READ, evaluate
from communs.core.matching.explain import (
    AskedQuestion,
    Explanation,
    Row,
    explain,
    explain_ask,
    explain_change,
    explain_question,
    explain_reason,
    sentence,
)
from communs.core.matching.matcher import hosts_for, match
from communs.core.matching.opportunity import Money, Opportunity
from communs.core.matching.outcomes import Change, Fact, Outcome, Question, Reason
from communs.core.matching.profile import PartLicence, Profile, read_answers
from communs.core.matching.ranking import Score, by_score, score_of, shared_topics
from communs.core.matching.records import InvalidRecord
from communs.core.matching.verdicts import Match
from communs.core.matching.vocabulary import (
    FORMS,
    KINDS,
    LEGAL_PERSONS,
    RESULTS,
    STATUSES,
    Result,
    WindowStatus,
)
from communs.core.matching.windows import CLOSING_DAYS, Window, best_status, status, window_status

RULE = "communs-matching-1"
"""The identifier of the rule; it changes when an answer to the same facts would."""

__all__ = [
    "CLOSING_DAYS",
    "FACTS_READ",
    "FORMS",
    "KINDS",
    "LEGAL_PERSONS",
    "RESULTS",
    "RULE",
    "STATUSES",
    "AskedQuestion",
    "Catalogue",
    "Change",
    "Criterion",
    "Explanation",
    "Fact",
    "InvalidRecord",
    "Match",
    "Money",
    "Opportunity",
    "Outcome",
    "PartLicence",
    "Profile",
    "Question",
    "Reason",
    "Result",
    "Row",
    "Score",
    "Window",
    "WindowStatus",
    "best_status",
    "by_score",
    "changes_for",
    "declaration_key",
    "evaluate",
    "explain",
    "explain_ask",
    "explain_change",
    "explain_question",
    "explain_reason",
    "hosts_for",
    "match",
    "rank",
    "read_answers",
    "score_of",
    "sentence",
    "shared_topics",
    "status",
    "window_status",
]
