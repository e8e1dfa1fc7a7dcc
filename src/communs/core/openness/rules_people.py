"""The governance and community rules: each reads one answer of the people, or an address that shows it.

An answer is never guessed: without a claim the rule is unknown. That a company looks after a commons answers none of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from communs.core.licences import Answer
from communs.core.openness.facts import Facts
from communs.core.openness.fields import COMMUNITY_FIELDS, GOVERNANCE_FIELDS
from communs.core.openness.parts import Claim
from communs.core.openness.results import Group, Message, RuleResult
from communs.core.texts import N_

LEAST_ORGANISATIONS: Final = 2

_NOT_KNOWN: Final = N_("Nobody has told us yet.")
_CONFLICT: Final = N_("Sources disagree.")
_NOT_UNDERSTOOD: Final = N_("The answer given is none of those that can be given.")
_QUESTIONS: Final = {field.name: field.question for field in (*GOVERNANCE_FIELDS, *COMMUNITY_FIELDS)}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule about the people of a commons.

    `read` turns the value of `field` into an answer. An address in `shown_by` is a yes unless `field` says no.
    `decides` is False for what is only recorded.
    """

    id: str
    group: Group
    title: str
    field: str
    read: Callable[[object], Answer]
    yes: str
    no: str
    change: str
    shown_by: str = ""
    decides: bool = True


def yes_no(value: object) -> Answer:
    """`True`, "yes", "true" are yes; `False`, "no", "false" no; anything else unknown."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    word = value.strip().lower() if isinstance(value, str) else ""
    return "yes" if word in ("yes", "true") else "no" if word in ("no", "false") else "unknown"


def opposite(value: object) -> Answer:
    """`yes_no` turned round: for questions whose yes speaks against."""
    answers: dict[Answer, Answer] = {"yes": "no", "no": "yes", "unknown": "unknown"}
    return answers[yes_no(value)]


def at_least(least: int) -> Callable[[object], Answer]:
    """A reader for numbers: yes from `least` on."""

    def read(value: object) -> Answer:
        if isinstance(value, str) and value.strip().isdecimal():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            return "unknown"
        return "yes" if value >= least else "no"

    return read


def chosen(answers: Mapping[str, Answer]) -> Callable[[object], Answer]:
    """A reader for choices: the answer each stands for."""
    return lambda value: answers.get(value, "unknown") if isinstance(value, str) else "unknown"


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "governance.rules_published", "governance", N_("Are its rules published?"), "rules_published", yes_no,
        N_("The rules by which it decides can be read by anyone."),
        N_("The rules by which it decides are not published."),
        N_("Write down who decides what and how, in the repository or on a page, and give the address."),
        shown_by="rules_url",
    ),
    Rule(
        "governance.rules_changed_together", "governance", N_("Do its people change the rules together?"),
        "rules_changed_by",
        chosen({"contributors": "yes", "members": "yes", "elected": "yes", "steward_consults": "no",
                "steward_alone": "no"}),
        N_("The rules are changed by contributors, members or people they elect."),
        N_("The organisation or person that looks after it changes the rules alone."),
        N_("Let contributors, members or people they elect decide on changes to the rules, and write that down."),
    ),
    Rule(
        "governance.no_single_owner", "governance", N_("Is it free of a single owner?"), "single_owner", opposite,
        N_("Nobody can change its licence, rules or direction against all others."),
        N_("One company, body or person can change its licence, rules or direction alone."),
        N_("Give the others a say that binds: shared copyright, a seat in the body that decides, or a foundation."),
    ),
    Rule(
        "governance.right_to_fork", "governance", N_("Could part of the people go on elsewhere?"), "fork_right",
        chosen({"all": "yes", "all_but_name": "yes", "not_data": "no", "no": "no"}),
        N_("Whoever disagrees can go on elsewhere with the work and the data."),
        N_("Whoever disagrees cannot take along what is needed to go on."),
        N_("Publish the work with its history and the data, in a form from which it can be set up again."),
    ),
    Rule(
        "governance.contributor_terms", "governance", N_("Do contributors keep the same rights as everyone?"),
        "contributor_terms", chosen({"none": "yes", "dco": "yes", "same_for_all": "yes", "one_sided": "no"}),
        N_("What contributors sign gives nobody more rights than the others."),
        N_("Contributors give one organisation rights that the others do not have."),
        N_("Replace the agreement by a statement of origin, or give everyone the same rights in it."),
    ),
    Rule(
        "governance.asset_lock", "governance", N_("Do money and names stay with the purpose?"), "asset_lock",
        chosen({"statutes": "yes", "agreement": "yes", "no_assets": "yes", "none": "no"}),
        N_("Money and names would pass on to a similar purpose, or there are none."),
        N_("Nothing says what would become of the money and the names."),
        N_("Write into the statutes, or agree with a host, that what is left goes to a similar purpose."),
        decides=False,
    ),
    Rule(
        "community.independent_organisations", "community", N_("Do several organisations carry it?"),
        "independent_organisations", at_least(LEAST_ORGANISATIONS),
        N_("At least two organisations that do not depend on each other can change it or decide."),
        N_("A single organisation can change it or decide."),
        N_("Give people of a second organisation the right to change the work or to decide, and name them publicly."),
    ),
    Rule(
        "community.way_in", "community", N_("Is it written how to take part?"), "way_in_documented", yes_no,
        N_("It is written how someone new can take part."),
        N_("It is written nowhere how someone new can take part."),
        N_("Add a page that says how to take part and who answers, and give its address."),
        shown_by="way_in_url",
    ),
    Rule(
        "community.answers_outsiders", "community", N_("Do people from outside get answers?"), "answers_outsiders",
        yes_no,
        N_("People from outside usually get an answer."),
        N_("People from outside usually get no answer."),
        N_("Agree on who answers proposals and questions from outside, and within what time."),
    ),
)  # fmt: skip


def people_rules(facts: Facts) -> tuple[RuleResult, ...]:
    """The answers of the governance and community groups, in the order of `RULES`."""
    return tuple(_decide(rule, facts) for rule in RULES)


def _decide(rule: Rule, facts: Facts) -> RuleResult:
    known = facts.governance if rule.group == "governance" else facts.community
    said = known.get(rule.field, ())
    shown = known.get(rule.shown_by, ())
    answers = {rule.read(claim.value) for claim in said} - {"unknown"} or (
        {"yes"} if any(map(_is_address, shown)) else set()
    )
    conflict = len(answers) > 1
    answer: Answer = "unknown" if len(answers) != 1 else next(iter(answers))
    return RuleResult(
        rule=rule.id,
        group=rule.group,
        answer=answer,
        title=Message(rule.title),
        reasons=(_reason(rule, answer, said, conflict=conflict),),
        evidence=(*said, *shown),
        change=_change(rule, answer),
        decides=rule.decides,
        conflict=conflict,
    )


def _reason(rule: Rule, answer: Answer, said: tuple[Claim, ...], *, conflict: bool) -> Message:
    if answer != "unknown":
        return Message(rule.yes if answer == "yes" else rule.no)
    if conflict:
        return Message(_CONFLICT)
    return Message(_NOT_UNDERSTOOD if said else _NOT_KNOWN)


def _change(rule: Rule, answer: Answer) -> Message | None:
    """For a no what to do; for an unknown the question to answer."""
    if answer == "yes":
        return None
    if answer == "no":
        return Message(rule.change)
    return Message(N_("Answer this question: {question}"), (), (("question", _QUESTIONS[rule.field]),))


def _is_address(claim: Claim) -> bool:
    return isinstance(claim.value, str) and claim.value.startswith(("https://", "http://"))
