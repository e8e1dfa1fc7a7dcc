"""What is wrong in a file, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from communs.core.texts import N_, Translate, identity

BROKEN_YAML: Final = (
    N_("This is not valid YAML."),
    N_("Check indentation, quotes and brackets here and just above; put texts that contain “: ” between quotes."),
)
MISSING: Final = (N_("“{path}” is missing."), N_("Add “{path}”."))
EMPTY: Final = (N_("“{path}” is empty."), N_("Write a value, or leave the line out."))
REPEATED: Final = (N_("“{path}” stands here a second time."), N_("Keep one of the two; the first was read."))
NOT_TEXT: Final = (N_("“{path}” should be a text."), N_("Write a text on one line, or after “|”."))
NOT_LIST: Final = (N_("“{path}” should be a list."), N_("Write one entry a line, each after “- ”."))
NOT_TABLE: Final = (N_("“{path}” should contain further keys."), N_("Write the keys below it, indented by two spaces."))
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
TOO_MUCH: Final = {
    "size": N_("The file is larger than one mebibyte."),
    "depth": N_("The file is nested more than 40 levels deep."),
    "nodes": N_("The file has more than 50,000 values."),
    "aliases": N_("The file repeats parts of itself through too many aliases."),
}
_REDUCE: Final = N_("Reduce it to what the standard asks for and link to the rest.")
NOT_UTF8: Final = (N_("The file is not encoded in UTF-8; some characters were lost."), N_("Save it as UTF-8."))


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: where (`path` with dots, line and column from 1), what it is and the remedy, both as message ids."""

    path: str
    line: int
    column: int
    message: str
    remedy: str
    value: str = ""
    meant: str = ""

    def render(self, translate: Translate = identity) -> str:
        """Place, fault and remedy in one line, as terminals show them.

        >>> Problem("name", 3, 7, *EMPTY).render()
        '3:7: “name” is empty. Write a value, or leave the line out.'
        """
        filled = {"path": self.path, "value": self.value, "meant": self.meant}
        said = f"{translate(self.message).format(**filled)} {translate(self.remedy).format(**filled)}"
        return f"{self.line}:{self.column}: {said}"


def too_much(bound: str) -> Problem:
    """The problem of a file that exceeds `bound`: "size", "depth", "nodes" or "aliases"."""
    return Problem("", 1, 1, TOO_MUCH[bound], _REDUCE)
