"""The commons test: licence, governance, community; yes, no or not known, always with the reason. See README.md."""

from communs.core.openness.explain import (
    ANSWERS,
    GROUP_TITLES,
    HEADLINES,
    VERDICTS,
    ExplainedGroup,
    ExplainedRule,
    Explanation,
    explain,
)
from communs.core.openness.facts import Facts
from communs.core.openness.fields import COMMUNITY_FIELDS, GOVERNANCE_FIELDS, Choice, Field
from communs.core.openness.parts import Claim, Limit, Part, Stated
from communs.core.openness.results import RULE_SET, Message, RuleResult, TestResult
from communs.core.openness.verdict import test_commons

__all__ = [
    "ANSWERS", "COMMUNITY_FIELDS", "GOVERNANCE_FIELDS", "GROUP_TITLES", "HEADLINES", "RULE_SET", "VERDICTS", "Choice",
    "Claim", "ExplainedGroup", "ExplainedRule", "Explanation", "Facts", "Field", "Limit", "Message", "Part",
    "RuleResult", "Stated", "TestResult", "explain", "test_commons",
]  # fmt: skip
