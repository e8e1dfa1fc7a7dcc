"""What is said about a table of grants."""

from __future__ import annotations

from typing import Final

from communs.core.texts import N_

NO_TABLE: Final = (N_("The file holds no table."), N_("Give a table with the column names in its first line."))
MISSING_COLUMN: Final = (
    N_("The column “{path}” is missing."),
    N_("Add it: each grant has to state it."),
)
OTHER_NAME: Final = (
    N_("The column “{value}” is called “{path}” in the schema."),
    N_("Rename the column."),
)
UNKNOWN_COLUMN: Final = (
    N_("The schema has no column “{value}”."),
    N_("Leave it out, or publish it in a table of its own."),
)
REPEATED_COLUMN: Final = (N_("Two columns are called “{value}”."), N_("Keep one of the two."))
OTHER_ORDER: Final = (
    N_("“{path}” stands after a column that follows it in the schema."),
    N_("Put the columns in the order of the schema."),
)
MISSING: Final = (N_("“{path}” is missing."), N_("Each grant has to state it: add it."))
NOT_A_DATE: Final = (N_("“{value}” is no date."), N_("Write YYYY-MM-DD."))
NOT_A_NUMBER: Final = (N_("“{value}” is no number."), N_("Write digits and a point, as 47800.20."))
NOT_AN_INTEGER: Final = (N_("“{value}” is no whole number."), N_("Write digits only, as 2026."))
NOT_IN_LIST: Final = (N_("“{value}” is none of the values allowed."), N_("Write one of these: {allowed}."))
TOO_LONG: Final = (N_("The text has {found} characters, more than {bound}."), N_("Shorten it."))
OUT_OF_RANGE: Final = (N_("“{value}” is not between {minimum} and {maximum}."), N_("Write the share as 0.45 for 45 %."))
NOT_A_SIRET: Final = (
    N_("“{value}” is no SIRET number."),
    N_("Write the fourteen digits of the establishment, as the register has them."),
)
NOT_A_RNA: Final = (N_("“{value}” is no RNA number."), N_("Write W and nine digits."))
NOT_A_PERIOD: Final = (
    N_("“{value}” is neither a day nor a period."),
    N_("Write YYYY-MM-DD, or YYYY-MM-DD/YYYY-MM-DD with the first day first."),
)
NO_RECIPIENT_NUMBER: Final = (
    N_("Neither the SIRET nor the RNA number of the recipient is stated."),
    N_("State one of the two."),
)
WRITE_MEANT: Final = N_("Write “{meant}”.")
READ_AS: Final = (N_("“{value}” was read as “{meant}”."), N_("Write it as the schema asks."))
LEFT_OUT: Final = (N_("“{value}” cannot be read; it was left out."), N_("Write it as the schema asks."))
NOT_AN_AMOUNT: Final = (
    N_("“{value}” is no amount; the grant was left out."),
    N_("Write digits and a point, as 47800.20."),
)
NOT_AWARDED: Final = (
    N_("The status is “{value}”: nothing was awarded; the line was left out."),
    N_("Nothing to do."),
)
AND_MORE: Final = (
    N_("The same is wrong with “{path}” in {count} more lines from here on."),
    N_("What helps at the first one helps at all of them."),
)
