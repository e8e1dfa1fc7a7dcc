"""What the test asks the people of a commons about governance and community: names, types, questions.

The register keeps the answers as the JSON objects `governance` and `community`; its forms are made from these tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from communs.core.texts import N_

FieldType = Literal["yes_no", "url", "choice", "number"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to a question: the value kept, and its wording (a message id)."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to know: its key, its type, the question in plain words (a message id), and its choices if any."""

    name: str
    type: FieldType
    question: str
    choices: tuple[Choice, ...] = ()


GOVERNANCE_FIELDS: Final[tuple[Field, ...]] = (
    Field(
        "rules_published",
        "yes_no",
        N_("Are the rules by which you decide written down where anyone can read them?"),
    ),
    Field("rules_url", "url", N_("Where can anyone read these rules?")),
    Field(
        "rules_changed_by",
        "choice",
        N_("Who can change these rules?"),
        (
            Choice("contributors", N_("those who contribute, together")),
            Choice("members", N_("members, and anyone who meets a published condition can become one")),
            Choice("elected", N_("people whom contributors or members elect")),
            Choice("steward_consults", N_("the organisation that looks after it, after asking for opinions")),
            Choice("steward_alone", N_("the organisation or person that looks after it, alone")),
        ),
    ),
    Field(
        "single_owner",
        "yes_no",
        N_(
            "Can one company, body or person alone change the licence, the rules or the direction, "
            "without the others being able to stop it?"
        ),
    ),
    Field(
        "fork_right",
        "choice",
        N_("If some of you wanted to go on elsewhere, what could they take with them?"),
        (
            Choice("all", N_("everything: the work, the data and the name")),
            Choice("all_but_name", N_("the work and the data, under another name")),
            Choice("not_data", N_("the work, but not the data needed to go on")),
            Choice("no", N_("nothing that would let them go on")),
        ),
    ),
    Field(
        "contributor_terms",
        "choice",
        N_("What do you ask of people who contribute?"),
        (
            Choice("none", N_("nothing: they contribute under the licence of the work")),
            Choice("dco", N_("a statement that the contribution is theirs to give")),
            Choice("same_for_all", N_("an agreement that gives everyone the same rights")),
            Choice("one_sided", N_("an agreement that gives one organisation rights that the others do not have")),
        ),
    ),
    Field(
        "asset_lock",
        "choice",
        N_("If the organisation behind it ended, what would become of its money and its names?"),
        (
            Choice("statutes", N_("its statutes pass them on to a similar purpose")),
            Choice("agreement", N_("an agreement with a host passes them on to a similar purpose")),
            Choice("no_assets", N_("there is neither money nor a protected name")),
            Choice("none", N_("nothing is laid down")),
        ),
    ),
)

COMMUNITY_FIELDS: Final[tuple[Field, ...]] = (
    Field(
        "independent_organisations",
        "number",
        N_(
            "How many organisations, independent of each other, can change the work or take part in decisions? "
            "Someone who acts for no organisation counts as one."
        ),
    ),
    Field("way_in_documented", "yes_no", N_("Is it written down how someone new can take part?")),
    Field("way_in_url", "url", N_("Where is it written how to take part?")),
    Field(
        "answers_outsiders",
        "yes_no",
        N_("Do people from outside usually get an answer when they propose something or ask?"),
    ),
)
