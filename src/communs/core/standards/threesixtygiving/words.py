"""What is said about a file of grants."""

from __future__ import annotations

from typing import Final

from communs.core.texts import N_

NOT_A_PACKAGE: Final = (
    N_("The file holds no list called “grants”."),
    N_("Write the grants as a list: {{\"grants\": […]}}."),
)  # fmt: skip
NOT_A_GRANT: Final = (N_("“{path}” is no grant."), N_("Write each grant as an object with an “id”."))
MISSING: Final = (N_("“{path}” is missing."), N_("Every grant needs it: add it."))
REPEATED_ID: Final = (
    N_("The id “{value}” stands here a second time; this grant was left out."),
    N_("Give every grant an id of its own."),
)
NOT_AN_AMOUNT: Final = (
    N_("“{value}” is no amount in a known currency."),
    N_("Write a number without unit, and the currency as three capitals, such as EUR."),
)
AMOUNT_TEXT: Final = (N_("The amount “{value}” stands between quotes."), N_("Write it as a number, without quotes."))
TOO_EXACT: Final = (
    N_("“{value}” has more decimals than the currency; it was rounded to {meant}."),
    N_("Write the amount that was awarded, to the cent."),
)
NOT_A_DATE: Final = (N_("“{value}” is no date."), N_("Write YYYY-MM-DD."))
OTHER_DATE: Final = (
    N_("The date “{value}” was read as {meant}, the day before the month."),
    N_("Write dates as YYYY-MM-DD."),
)
MONTH_FIRST: Final = (
    N_("The date “{value}” was read as {meant}: other dates of the file put the month first."),
    N_("Write dates as YYYY-MM-DD."),
)
NO_ORG_ID: Final = (
    N_("The organisation has no identifier of the form GB-CHC-1156077."),
    N_("Look it up at org-id.guide, so that others can tell who is meant."),
)
OTHER_COLUMNS: Final = (
    N_("Columns beyond the standard were kept as notes: {value}."),
    N_("Nothing to do; readers of the standard do not see them."),
)
LEFT_OUT: Final = (
    N_("Columns that may name people were left out: {value}."),
    N_("Do not publish contacts with grants."),
)
NOT_A_CODE: Final = (
    N_("“{value}” is not in the list of the standard; it was kept as a note."),
    N_("Choose a code of the list, such as FRG010."),
)
ENCODED_TWICE: Final = (
    N_("The text of “{path}” had been encoded twice; it was read as “{meant}”."),
    N_("Save the file once, as UTF-8."),
)
PERSON: Final = (
    N_("This grant went to a person: its amount is kept, names and texts are not."),
    N_("Nothing to do."),
)
AND_MORE: Final = (
    N_("The same was found in {count} more places."),
    N_("What helps at the first one helps at all of them."),
)
