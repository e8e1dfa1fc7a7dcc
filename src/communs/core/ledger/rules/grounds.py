"""What entries stand on beside the books: payouts, files for the bank, rounds. Checked with the tables of a site."""

from __future__ import annotations

from typing import Final

from communs.core.texts import N_

PAID_ONCE: Final = "paid-once"
FILE_AS_SENT: Final = "file-as-sent"
AS_COUNTED: Final = "as-counted"
AS_LOGGED: Final = "as-logged"
GROUND_RULES: Final = {
    PAID_ONCE: N_("What was paid out is a payout that the bank has paid, once, and what it has paid is in the books."),
    FILE_AS_SENT: N_("A file for the bank asks for its payouts, each once, and is what was made, to the byte."),
    AS_COUNTED: N_("A grant is what the published outcome of a round says, for each who gets something."),
    AS_LOGGED: N_("What the books say now is what was put into the log, up to every state of it that was signed."),
}

_HOLD_STEPS: Final = N_("Hold its steps against the statements.")
_VERIFY: Final = N_("Verify the round from its files, and ask the board what was decided.")
PAID_AND_NOT: Final = (N_("It has an entry in the books, and has not been paid, or the reverse."), _HOLD_STEPS)
PAID_OTHERWISE: Final = (N_("Its entry in the books has another amount, account or fund."), _HOLD_STEPS)
PAID_FOR_NOTHING: Final = (
    N_("Money was paid out, and there is no payout of this name."),
    N_("Look at the statements for where it went."),
)
OTHER_FILE: Final = (
    N_("The file for the bank does not say what its payouts say."),
    N_("Do not send it. Ask the bank what it has received."),
)
NOBODY_GRANTED: Final = (N_("It grants money, and no round decided it."), N_("Take it back, and let a round decide."))
OTHER_ROUND_FILE: Final = (N_("Its file {name} is not the one that was published."), _VERIFY)
UNREADABLE: Final = (N_("Its outcome cannot be read."), _VERIFY)
OTHER_OUTCOME: Final = (N_("What is in the books is not what its outcome says."), _VERIFY)
_LOG: Final = N_("Keep the files of the log, and compare the books with a backup: one of both was changed.")
OTHER_THAN_LOGGED: Final = (N_("Entry {number} of the log says something else than the books: {entry}."), _LOG)
OTHER_ROOT: Final = (N_("The first {size} entries do not give the root that was signed."), _LOG)
NO_CHECKPOINT: Final = (N_("The signed state of the log cannot be read: {why}"), _LOG)
NOT_PROMISED: Final = (
    N_("The pot of this round, {minor} smallest units, is not reserved any more."),
    N_("Ask who ended the reservation, and reserve it again before the round closes."),
)
