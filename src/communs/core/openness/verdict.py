"""The commons test `communs-test-1`: three groups of rules, four verdicts (`docs/rules/commons-test.md`)."""

from __future__ import annotations

from communs.core.licences import Answer
from communs.core.openness.facts import Facts
from communs.core.openness.results import GROUPS, Group, Headline, RuleResult, TestResult, Verdict, all_answers
from communs.core.openness.rules_licence import licence_rules
from communs.core.openness.rules_people import people_rules


def test_commons(facts: Facts) -> TestResult:
    """Whether `facts` show a commons, an open resource, something closed, or leave it open; with every rule's answer.

    >>> result = test_commons(Facts.from_record({"kind": "data", "licences": [{"part": "data", "spdx": "ODbL-1.0"}]}))
    >>> result.verdict, result.headline, result.missing[0]
    ('unknown', 'open_at_least', 'governance.rules_published')
    """
    rules = (*licence_rules(facts), *people_rules(facts))
    groups = {group: _group_answer(group, rules) for group in GROUPS}
    verdict = _verdict(groups)
    return TestResult(
        verdict=verdict,
        headline=_headline(verdict, groups, rules),
        groups=tuple(groups.items()),
        rules=rules,
        missing=_missing(verdict, groups, rules),
        limits=facts.limits,
    )


# Test runners collect functions by this name; this one is the rule of the house, not one of its tests.
test_commons.__test__ = False  # type: ignore[attr-defined]


def _group_answer(group: Group, rules: tuple[RuleResult, ...]) -> Answer:
    return all_answers(tuple(rule.answer for rule in rules if rule.group == group and rule.decides))


def _verdict(groups: dict[Group, Answer]) -> Verdict:
    if groups["licence"] == "no":
        return "closed"
    if groups["licence"] == "unknown":
        return "unknown"
    people = all_answers((groups["governance"], groups["community"]))
    return "commons" if people == "yes" else "open_resource" if people == "no" else "unknown"


def _headline(verdict: Verdict, groups: dict[Group, Answer], rules: tuple[RuleResult, ...]) -> Headline:
    if verdict == "unknown":
        return "open_at_least" if groups["licence"] == "yes" else "unknown"
    if verdict != "closed":
        return verdict
    parts = {rule.answer for rule in rules if rule.group == "licence"}
    return "closed_in_part" if "yes" in parts else "closed"


def _missing(verdict: Verdict, groups: dict[Group, Answer], rules: tuple[RuleResult, ...]) -> tuple[str, ...]:
    """The rules that keep the verdict open: only the licence where governance or community is a no already."""
    if verdict != "unknown":
        return ()
    people_open = "no" not in (groups["governance"], groups["community"])
    open_groups = {
        group for group, answer in groups.items() if answer == "unknown" and (group == "licence" or people_open)
    }
    unknown = [r.rule for r in rules if r.group in open_groups and r.answer == "unknown" and r.decides]
    return tuple(dict.fromkeys(unknown))
