"""What reading and repairing a publiccode.yml say: pairs of message and fix, and the sentence for each kind of step."""

from __future__ import annotations

from typing import Final

from communs.core.texts import N_

NOT_TABLE: Final = (
    N_("The file is not a list of keys with values."),
    N_("Start each line with a key and a colon, such as “name: …”."),
)
MISSING: Final = (N_("“{path}” is missing."), N_("Add “{path}”."))
EMPTY: Final = (N_("“{path}” is empty."), N_("Write a value, or leave the line out."))
NOT_TEXT: Final = (N_("“{path}” should be a text."), N_("Write a text on one line, or after “|”."))
NOT_LIST: Final = (N_("“{path}” should be a list."), N_("Write one entry a line, each after “- ”."))
NOT_KEYS: Final = (N_("“{path}” should contain further keys."), N_("Write the keys below it, indented by two spaces."))
NOT_ADDRESS: Final = (N_("“{path}” is not an address."), N_("Write a full address that starts with https://."))
NOT_LICENCE: Final = (
    N_("“{value}” is not the name of a licence we know."),
    N_("Write the SPDX identifier, for instance EUPL-1.2 or AGPL-3.0-or-later."),
)
OTHER_SPELLING: Final = (N_("“{value}” was read as {meant}."), N_("Write {meant}, the current SPDX identifier."))
NO_SUMMARY: Final = (
    N_("There is no short description."),
    N_(
        "Add description, a language code such as en, and shortDescription below it: "
        "one sentence, at most 150 characters."
    ),
)
NAME_GUESSED: Final = (N_("“{path}” is missing; the name was taken from elsewhere in the file."), N_("Add “{path}”."))

STEPS: Final = {
    "dropped": N_("“{path}” was empty and has been removed."),
    "set-aside": N_("“{path}” has no place there in the standard and has been turned into a comment."),
    "renamed": N_("“{path}” is now called “{new}”."),
    "moved": N_("“{path}” was moved to “{new}”."),
    "rewritten": N_("“{path}” was rewritten as “{new}”."),
    "filled": N_("“{path}” was missing and has been filled in with “{new}”."),
    "syntax": N_("Line {line} was mended so that the file can be read."),
    "commented": N_("Line {line} cannot be read and has been turned into a comment."),
}
