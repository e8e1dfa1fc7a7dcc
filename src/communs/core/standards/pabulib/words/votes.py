"""What may be wrong in ballots."""

from __future__ import annotations

from typing import Final

from communs.core.standards.pabulib.words.kinds import Words
from communs.core.texts import N_

VOTES: Final[dict[str, Words]] = {
    "no-votes": Words("error", N_("No ballot is listed."), N_("Add a line for each voter under VOTES.")),
    "voter-twice": Words(
        "error",
        N_("Voter {voter} stands here a second time; both ballots were counted."),
        N_("Remove one of the two, or give it an id of its own."),
    ),
    "no-voter-id": Words(
        "error", N_("This ballot names no voter; it was counted."), N_("Write an id into the column voter_id.")
    ),
    "ballot-empty": Words(
        "error",
        N_("The ballot of voter {voter} names no project; the voter was counted."),
        N_("Name a project, or remove the line."),
    ),
    "named-twice": Words(
        "error",
        N_("The ballot of voter {voter} names project {project} twice; it was counted once."),
        N_("Name it once."),
    ),
    "project-unknown": Words(
        "error",
        N_("The ballot of voter {voter} names {project}, which is no project of PROJECTS."),
        N_("List the project, or check the id."),
        is_fatal=True,
    ),
    "gap": Words(
        "error", N_("The ballot of voter {voter} has commas with nothing between them."), N_("Remove a comma.")
    ),
    "more-than-one": Words(
        "error",
        N_("The ballot of voter {voter} names {found} projects where one may be chosen; all were counted."),
        N_("Keep one, or check vote_type."),
    ),
    "too-long": Words(
        "error",
        N_("The ballot of voter {voter} names {found} projects, more than the {said} allowed; it was counted."),
        N_("Check it, or max_length."),
    ),
    "too-short": Words(
        "error",
        N_("The ballot of voter {voter} names {found} projects, fewer than the {said} asked for; it was counted."),
        N_("Check it, or min_length."),
    ),
    "cost-too-high": Words(
        "warning",
        N_("The ballot of voter {voter} costs {found}, more than the {said} allowed; it was counted."),
        N_("Check it, or max_sum_cost."),
    ),
    "cost-too-low": Words(
        "warning",
        N_("The ballot of voter {voter} costs {found}, less than the {said} asked for; it was counted."),
        N_("Check it, or min_sum_cost."),
    ),
    "points-missing": Words(
        "error",
        N_("The ballot of voter {voter} gives no points."),
        N_("Write a number of points for each project, between commas."),
        is_fatal=True,
    ),
    "points-unmeant": Words(
        "error",
        N_("The ballot of voter {voter} gives points, which {kind} ballots have not; they were left aside."),
        N_("Empty the cell, or check vote_type."),
    ),
    "points-number": Words(
        "error",
        N_("The ballot of voter {voter} names {found} projects and gives {said} points."),
        N_("Give as many points as projects."),
        is_fatal=True,
    ),
    "points-value": Words(
        "error",
        N_("The ballot of voter {voter} gives “{value}” points."),
        N_("Write 0 or more, less than a million, with at most three decimals."),
        is_fatal=True,
    ),
    "points-scaled": Words(
        "note",
        N_("Some points have decimals; all were multiplied by {factor}, which changes no outcome."),
        N_("Nothing to do."),
    ),
    "points-too-low": Words(
        "error",
        N_("The ballot of voter {voter} gives {found} points to one, fewer than the {said} asked for; it was counted."),
        N_("Check it, or min_points."),
    ),
    "points-too-high": Words(
        "error",
        N_("The ballot of voter {voter} gives {found} points to one, more than the {said} allowed; it was counted."),
        N_("Check it, or max_points."),
    ),
    "sum-too-low": Words(
        "warning",
        N_("The ballot of voter {voter} gives {found} points in all, fewer than the {said} asked for; it was counted."),
        N_("Check it, or min_sum_points."),
    ),
    "sum-too-high": Words(
        "warning",
        N_("The ballot of voter {voter} gives {found} points in all, more than the {said} allowed; it was counted."),
        N_("Check it, or max_sum_points."),
    ),
    "points-order": Words(
        "warning",
        N_("The ballot of voter {voter} does not start with the project of most points."),
        N_("Put the projects in the order of their points."),
    ),
    "never-full": Words("warning", N_("Nobody named as many projects as allowed ({said})."), N_("Check max_length.")),
    "always-one": Words(
        "warning", N_("Everybody named one project, where {said} are allowed."), N_("Check max_length and the ballots.")
    ),
    "age": Words("error", N_("“{value}” is no age."), N_("Write years, such as 27, or an interval, such as 18-25.")),
    "sex": Words("error", N_("“{value}” is none of M, F, O."), N_("Write one of them, or nothing.")),
    "voting-method": Words("error", N_("“{value}” is no way to vote."), N_("Write internet or paper.")),
}
