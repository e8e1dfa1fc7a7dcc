"""What the commons test answers: a verdict, an answer for each rule with its evidence, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from communs.core.licences import Answer
from communs.core.openness.parts import Claim, Limit
from communs.core.texts import Translate, identity

RULE_SET: Final = "communs-test-1"

Group = Literal["licence", "governance", "community"]
Verdict = Literal["commons", "open_resource", "closed", "unknown"]
Headline = Literal["commons", "open_resource", "closed", "closed_in_part", "open_at_least", "unknown"]

GROUPS: Final[tuple[Group, ...]] = ("licence", "governance", "community")


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to show: a message id, what fills it, and which of the fillings are message ids themselves."""

    text: str
    params: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, str], ...] = ()

    def render(self, translate: Translate = identity) -> str:
        """The sentence in the language of `translate`."""
        filled = dict(self.params) | {name: translate(word) for name, word in self.words}
        return translate(self.text).format(**filled)


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The answer of one rule, for one part of the commons where the rule looks at parts.

    `decides` is False for facts that are recorded and shown but do not bear on the verdict. `change` says how the
    answer could become a yes; None when it is one.
    """

    rule: str
    group: Group
    answer: Answer
    title: Message
    reasons: tuple[Message, ...]
    evidence: tuple[Claim, ...] = ()
    change: Message | None = None
    part: str = ""
    decides: bool = True
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class TestResult:
    """The outcome for one commons under the rules `rule_set`.

    `missing` names the rules whose unknown answers keep the verdict open, each once, in the order of the test.
    """

    verdict: Verdict
    headline: Headline
    groups: tuple[tuple[Group, Answer], ...]
    rules: tuple[RuleResult, ...]
    missing: tuple[str, ...]
    limits: tuple[Limit, ...] = ()
    rule_set: str = RULE_SET

    __test__ = False  # a result, not a test case, whatever its name suggests to test runners

    def of(self, group: Group) -> Answer:
        """The answer of one of the three groups."""
        return dict(self.groups)[group]


def all_answers(answers: tuple[Answer, ...]) -> Answer:
    """Three-valued *and*: one no decides, an unknown leaves it open. Nothing to answer is unknown.

    >>> all_answers(("yes", "unknown")), all_answers(("no", "unknown")), all_answers(())
    ('unknown', 'no', 'unknown')
    """
    if "no" in answers:
        return "no"
    return "yes" if answers and set(answers) == {"yes"} else "unknown"
