"""A test result in words, in any language a translate function knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from communs.core.licences import Answer
from communs.core.openness.parts import Claim, Limit, LimitKind
from communs.core.openness.results import Group, Headline, Message, RuleResult, TestResult, Verdict
from communs.core.texts import N_, Translate, identity

VERDICTS: Final[dict[Verdict, str]] = {
    "commons": N_("commons"),
    "open_resource": N_("open resource"),
    "closed": N_("closed"),
    "unknown": N_("not known yet"),
}
HEADLINES: Final[dict[Headline, str]] = {
    "commons": N_("This is a commons: open, governed by its people, and carried by more than one."),
    "open_resource": N_("This is an open resource: anyone may use it, but it is not governed as a commons."),
    "closed": N_("This is not open: its licence keeps some people or some uses out."),
    "closed_in_part": N_("Some of its parts are open, others are not. All must be open for a commons."),
    "open_at_least": N_("This is open. Whether it is a commons is not known yet."),
    "unknown": N_("Whether this is open is not known yet."),
}
GROUP_TITLES: Final[dict[Group, str]] = {
    "licence": N_("Licence"),
    "governance": N_("Governance"),
    "community": N_("Community"),
}
ANSWERS: Final[dict[Answer, str]] = {"yes": N_("yes"), "no": N_("no"), "unknown": N_("not known")}
_LIMITS: Final[dict[LimitKind, str]] = {
    "paid_edition": N_("There is also a paid edition that is not open: “{part}”."),
    "commercial_licence": N_("It is also sold under another licence: “{part}”."),
    "hosted_only": N_("Part of it exists only as a service run by others: “{part}”."),
}


@dataclass(frozen=True, slots=True)
class ExplainedRule:
    """One rule in words; `evidence` are the claims themselves, for links and dates."""

    id: str
    group: Group
    part: str
    title: str
    answer: Answer
    answer_text: str
    reasons: tuple[str, ...]
    change: str
    evidence: tuple[Claim, ...]
    decides: bool
    conflict: bool


@dataclass(frozen=True, slots=True)
class ExplainedGroup:
    """One of the three groups in words, with its rules."""

    id: Group
    title: str
    answer: Answer
    answer_text: str
    rules: tuple[ExplainedRule, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A whole result in words: the verdict in a word, a sentence, the groups, what is missing, the limits around it."""

    verdict: str
    sentence: str
    groups: tuple[ExplainedGroup, ...]
    missing: tuple[str, ...]
    limits: tuple[str, ...]


def explain(result: TestResult, translate: Translate = identity) -> Explanation:
    """`result` in words; `translate` turns an English message id into the reader's language."""
    rules = tuple(_rule(rule, translate) for rule in result.rules)
    return Explanation(
        verdict=translate(VERDICTS[result.verdict]),
        sentence=translate(HEADLINES[result.headline]),
        groups=tuple(
            ExplainedGroup(
                id=group,
                title=translate(GROUP_TITLES[group]),
                answer=answer,
                answer_text=translate(ANSWERS[answer]),
                rules=tuple(rule for rule in rules if rule.group == group),
            )
            for group, answer in result.groups
        ),
        missing=tuple(rule.title for rule in rules if _is_missing(rule, result)),
        limits=tuple(_limit(limit, translate) for limit in result.limits),
    )


def _rule(rule: RuleResult, translate: Translate) -> ExplainedRule:
    return ExplainedRule(
        id=rule.rule,
        group=rule.group,
        part=rule.part,
        title=rule.title.render(translate),
        answer=rule.answer,
        answer_text=translate(ANSWERS[rule.answer]),
        reasons=tuple(reason.render(translate) for reason in rule.reasons),
        change=rule.change.render(translate) if rule.change else "",
        evidence=rule.evidence,
        decides=rule.decides,
        conflict=rule.conflict,
    )


def _is_missing(rule: ExplainedRule, result: TestResult) -> bool:
    return rule.answer == "unknown" and rule.id in result.missing


def _limit(limit: Limit, translate: Translate) -> str:
    return Message(_LIMITS[limit.kind], (("part", limit.part),)).render(translate)
