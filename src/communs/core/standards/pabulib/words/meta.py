"""What may be wrong in the section META."""

from __future__ import annotations

from typing import Final

from communs.core.standards.pabulib.words.kinds import Words
from communs.core.texts import N_

META: Final[dict[str, Words]] = {
    "key-empty": Words(
        "error", N_("This line of META has no key; it was left aside."), N_("Write a key before the semicolon.")
    ),
    "key-twice": Words(
        "error", N_("“{path}” stands here a second time; the last one was read."), N_("Keep one of the two.")
    ),
    "key-unknown": Words(
        "error",
        N_("The format has no key “{path}”; it was kept as it is."),
        N_("Remove it, or put what it says into “comment”."),
    ),
    "key-order": Words("warning", N_("The keys stand in another order than usual."), N_("Write them as {order}.")),
    "key-missing": Words("error", N_("“{path}” is missing."), N_("Add a line {key};… to META.")),
    "budget-missing": Words("error", N_("“budget” is missing."), N_("Add a line budget;… to META."), is_fatal=True),
    "value-empty": Words("error", N_("“{path}” is empty."), N_("Write a value, or remove the line.")),
    "vote-type-missing": Words(
        "error",
        N_("“vote_type” is missing."),
        N_("Add a line vote_type;… to META, with one of: {kinds}."),
        is_fatal=True,
    ),
    "vote-type": Words(
        "error", N_("“{value}” is no kind of ballot."), N_("Write for vote_type one of: {kinds}."), is_fatal=True
    ),
    "not-whole": Words("error", N_("“{path}” is “{value}”, no whole number."), N_("Write digits only.")),
    "not-one": Words("error", N_("“{path}” is “{value}”; it may only be 1."), N_("Write 1, or remove the line.")),
    "rule-unknown": Words("error", N_("“{value}” is no rule that the format knows."), N_("Write one of: {rules}.")),
    "country-unknown": Words(
        "error", N_("“{value}” is no country."), N_("Write its English name as ISO 3166 has it, or Worldwide.")
    ),
    "language-unknown": Words(
        "error", N_("“{value}” is no language code of ISO 639-1."), N_("Write two small letters, such as pl.")
    ),
    "currency-unknown": Words(
        "error", N_("“{value}” is no currency of ISO 4217."), N_("Write three capitals, such as EUR.")
    ),
    "not-a-date": Words(
        "error", N_("“{path}” is “{value}”, no date."), N_("Write the day as 31.10.2022, or the year alone.")
    ),
    "date-order": Words("error", N_("The vote ends before it begins."), N_("Check “date_begin” and “date_end”.")),
    "num-projects": Words(
        "error",
        N_("“num_projects” says {said}, but {found} projects are listed."),
        N_("Write {found}, or add what lacks."),
    ),
    "num-votes": Words(
        "error", N_("“num_votes” says {said}, but {found} voters are listed."), N_("Write {found}, or add what lacks.")
    ),
    "limit-too-high": Words(
        "error",
        N_("“{path}” is {value}, more than the {found} projects."),
        N_("Check it against the rules of the vote."),
    ),
    "limits-cross": Words(
        "error", N_("“{low}” is more than “{high}”."), N_("Check both against the rules of the vote.")
    ),
    "choose-1-limit": Words(
        "error", N_("“{path}” is {value}, but voters choose one project."), N_("Write 1, or remove the line.")
    ),
    "choose-1-meant": Words(
        "warning",
        N_("Voters may name one project only: that kind of ballot is called choose-1."),
        N_("Write choose-1 for vote_type, or check max_length."),
    ),
    "limit-of-other-kind": Words(
        "warning", N_("“{path}” says nothing about {kind} ballots."), N_("Remove it, or check vote_type.")
    ),
    "no-sum-of-points": Words(
        "error",
        N_("“max_sum_points” is missing, which cumulative ballots need."),
        N_("Add a line max_sum_points;… to META."),
    ),
    "comment-numbers": Words(
        "error", N_("The comment has no numbers."), N_("Start each remark with its number: #1: …")
    ),
    "comment-order": Words(
        "warning", N_("The remarks of the comment are not numbered one after another."), N_("Number them #1:, #2: …")
    ),
    "threshold-unsaid": Words(
        "error",
        N_("The rule is greedy-threshold, but “min_project_score_threshold” is missing."),
        N_("Add it, or write greedy."),
    ),
    "threshold-unmeant": Words(
        "error",
        N_("“min_project_score_threshold” is given, but the rule is greedy."),
        N_("Write greedy-threshold for the rule, or remove the threshold."),
    ),
    "custom-unsaid": Words(
        "warning", N_("The rule is greedy-custom, and no comment explains it."), N_("Explain it in “comment”.")
    ),
}
