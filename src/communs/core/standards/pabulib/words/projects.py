"""What may be wrong in the section PROJECTS, and in the outcome that it tells."""

from __future__ import annotations

from typing import Final

from communs.core.standards.pabulib.words.kinds import Words
from communs.core.texts import N_

PROJECTS: Final[dict[str, Words]] = {
    "no-projects": Words("error", N_("No project is listed."), N_("Add a line for each project under PROJECTS.")),
    "too-many-projects": Words(
        "error", N_("There are more than {bound} projects."), N_("Split the election."), is_fatal=True
    ),
    "no-project-id": Words(
        "error", N_("This project has no id; it was left aside."), N_("Write its id into the first cell.")
    ),
    "project-id": Words(
        "error",
        N_("“{value}” cannot be the id of a project, for ballots could not name it."),
        N_("Write an id without comma, semicolon, quotes and line break that is not the name of a section."),
        is_fatal=True,
    ),
    "project-twice": Words(
        "error",
        N_("Project {value} is listed a second time; it stands on line {first} already."),
        N_("Remove one of the two, or give it an id of its own."),
        is_fatal=True,
    ),
    "cost-missing": Words("error", N_("Project {project} has no cost."), N_("Write its cost."), is_fatal=True),
    "not-a-number": Words(
        "error",
        N_("“{path}” is “{value}”, no number that can be read in one way only."),
        N_("Write digits, and a point before the decimals: 1234.50."),
        is_fatal=True,
    ),
    "negative": Words("error", N_("“{path}” is {value}, less than nothing."), N_("Write 0 or more."), is_fatal=True),
    "limit-no-number": Words(
        "error",
        N_("“{path}” is “{value}”, no number that can be read in one way only; it was not applied."),
        N_("Write digits, and a point before the decimals: 1234.50."),
    ),
    "comma-decimals": Words(
        "error", N_("“{value}” has a comma before its decimals; it was read as {meant}."), N_("Write {meant}.")
    ),
    "grouped-number": Words(
        "error", N_("“{value}” has marks between its thousands; it was read as {meant}."), N_("Write {meant}.")
    ),
    "money-too-large": Words(
        "error",
        N_("Costs and budget together are too large to be counted exactly."),
        N_("Check them, or write all of them in thousands."),
        is_fatal=True,
    ),
    "cost-zero": Words(
        "note",
        N_("Project {project} costs nothing."),
        N_("Check its cost; the page of each rule says how it treats it."),
    ),
    "over-budget": Words(
        "note",
        N_("Project {project} costs more than the whole budget; no rule can fund it."),
        N_("Nothing to do if the cost is right."),
    ),
    "no-support": Words("note", N_("Nobody voted for project {project}."), N_("Check that it was put to the vote.")),
    "not-a-count": Words(
        "error", N_("“{path}” is “{value}”, no whole number."), N_("Write {found}, which is what the ballots give.")
    ),
    "votes-differ": Words(
        "error", N_("Project {project} has {said} votes here, but {found} ballots name it."), N_("Write {found}.")
    ),
    "score-differs": Words(
        "error", N_("Project {project} has a score of {said} here, but the ballots give {found}."), N_("Write {found}.")
    ),
    "no-counts": Words(
        "warning", N_("PROJECTS has neither “votes” nor “score”."), N_("Add them, so that the ballots can be checked.")
    ),
    "no-selected": Words(
        "note", N_("PROJECTS has no column “selected”, so the outcome was not checked."), N_("Add it: 1 funded, 0 not.")
    ),
    "selected-value": Words("error", N_("“{path}” is “{value}”."), N_("Write 0, 1, 2 or 3.")),
    "cell-empty": Words("error", N_("“{path}” is empty."), N_("Write a value, or remove the whole column.")),
    "coordinate": Words(
        "error", N_("“{path}” is “{value}”, no place on the globe."), N_("Write degrees: −90 to 90, and −180 to 180.")
    ),
    "half-a-place": Words("error", N_("Only one of latitude and longitude is given."), N_("Write both, or neither.")),
    "one-place": Words("warning", N_("All projects stand at the same place."), N_("Check latitude and longitude.")),
    "renamed-column": Words(
        "error", N_("The column “target” is called “beneficiaries” since April 2026."), N_("Write beneficiaries.")
    ),
    "value-twice": Words("warning", N_("“{path}” names “{value}” twice."), N_("Name it once.")),
    "values-alike": Words(
        "warning", N_("“{value}” and “{other}” are written almost alike."), N_("Write them alike if they are the same.")
    ),
    "value-not-used": Words(
        "warning", N_("“{path}” names “{value}”, which nothing belongs to."), N_("Remove it, or check the spelling.")
    ),
    "value-not-declared": Words(
        "warning", N_("“{value}” is not among those that “{path}” names."), N_("Add it there, or check the spelling.")
    ),
    "selected-over-budget": Words(
        "error",
        N_("The selected projects cost {found}, more than the budget of {said}."),
        N_("Check “selected” and “budget”."),
    ),
    "all-affordable": Words(
        "error",
        N_("The budget pays for all projects, so the vote decides nothing."),
        N_("Check the budget, or add the line fully_funded;1 to META."),
    ),
    "not-fully-funded": Words(
        "error",
        N_("“fully_funded” is set, but all projects together cost more than the budget."),
        N_("Remove the line."),
    ),
    "withdrawn-selected": Words(
        "error",
        N_("Project {project} has the cost of a withdrawn one and is selected all the same."),
        N_("Check both."),
    ),
    "unused-budget": Words(
        "error",
        N_("Project {project} is not selected though money for it is left."),
        N_("Check “selected” and “rule”."),
    ),
    "unused-budget-perhaps": Words(
        "warning",
        N_("Project {project} is not selected though money for it is left."),
        N_("Nothing to do if the rule wants it so."),
    ),
    "rule-would-fund": Words(
        "error",
        N_("By the rule {rule}, project {project} would be funded."),
        N_("Check “selected”, “rule” and the threshold."),
    ),
    "rule-would-not-fund": Words(
        "error",
        N_("By the rule {rule}, project {project} would not be funded."),
        N_("Check “selected”, “rule” and the threshold."),
    ),
    "greedy-would-fund": Words(
        "warning",
        N_("By the plain greedy rule, project {project} would be funded."),
        N_("Nothing to do if the rule of this vote wants it so."),
    ),
    "greedy-would-not-fund": Words(
        "warning",
        N_("By the plain greedy rule, project {project} would not be funded."),
        N_("Nothing to do if the rule of this vote wants it so."),
    ),
    "below-threshold": Words(
        "error", N_("Project {project} is selected with less support than the threshold of {said}."), N_("Check both.")
    ),
    "rule-not-checked": Words(
        "note", N_("The outcome was not checked against the rule “{rule}”."), N_("Nothing to do.")
    ),
}
