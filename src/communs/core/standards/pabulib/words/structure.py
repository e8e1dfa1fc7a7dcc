"""What may be wrong in lines, sections and columns."""

from __future__ import annotations

from typing import Final

from communs.core.standards.pabulib.words.kinds import Words
from communs.core.texts import N_

STRUCTURE: Final[dict[str, Words]] = {
    "not-utf8": Words(
        "error",
        N_("The file is not encoded in UTF-8; it was read as {encoding}."),
        N_("Save it as UTF-8, and check the accents."),
    ),
    "byte-order-mark": Words(
        "warning",
        N_("The file starts with a byte order mark, which some programs take for text."),
        N_("Save it as UTF-8 without byte order mark."),
    ),
    "nul": Words(
        "error",
        N_("The file holds a character that is no text (NUL); it was left out."),
        N_("Remove it, and check that the file is whole."),
    ),
    "line-ends": Words(
        "note",
        N_("Lines end with a carriage return."),
        N_("Nothing to do: programs read them. Plain line ends are shorter."),
    ),
    "blank-line": Words("warning", N_("There are empty lines, {count} in all."), N_("Remove them.")),
    "broken-file": Words(
        "error",
        N_("The file cannot be read from here on: {detail}."),
        N_("Check the double quotes here and just before."),
        is_fatal=True,
    ),
    "cell-over-lines": Words(
        "warning",
        N_("This record goes over {count} lines."),
        N_("Close the double quotes on the line where they open, or take the line breaks out of the text."),
    ),
    "no-section": Words(
        "error",
        N_("The section {section} is missing."),
        N_("Write a line {section}, under it a line with the names of its columns, then its lines."),
        is_fatal=True,
    ),
    "section-twice": Words(
        "error",
        N_("The section {section} stands here a second time; what follows it was left aside."),
        N_("Keep one of the two."),
    ),
    "section-name": Words(
        "error",
        N_("This line starts with {section}, which other programs take for the start of a section."),
        N_("Give it another name."),
    ),
    "section-order": Words(
        "error",
        N_("The section {section} stands too early."),
        N_("Put the sections in the order META, PROJECTS, VOTES."),
    ),
    "before-section": Words(
        "error",
        N_("“{value}” stands before any section; it was left aside."),
        N_("Start the file with a line META."),
    ),
    "meta-header": Words(
        "error", N_("The section META does not start with its header."), N_("Write the line key;value under META.")
    ),
    "no-header": Words(
        "error",
        N_("The section {section} has no header."),
        N_("Write the names of its columns in the line under {section}."),
        is_fatal=True,
    ),
    "column-missing": Words(
        "error",
        N_("The column “{column}” of {section} is missing."),
        N_("Add it to the header and to every line."),
        is_fatal=True,
    ),
    "no-voter-column": Words(
        "error",
        N_("The column “voter_id” of VOTES is missing; every line was counted as a voter."),
        N_("Add it to the header, with a number of its own for every voter."),
    ),
    "column-first": Words(
        "error", N_("The first column of {section} is not “{column}”."), N_("Put “{column}” in front of the others.")
    ),
    "column-twice": Words(
        "error",
        N_("The column “{column}” stands in the header a second time; the first one was read."),
        N_("Keep one of the two."),
    ),
    "column-unknown": Words(
        "error",
        N_("The format has no column “{column}” in {section}."),
        N_("Remove it, or give it the name that the format has for it."),
    ),
    "column-order": Words(
        "warning", N_("The columns stand in another order than usual."), N_("Write them as {order}.")
    ),
    "extra-cells": Words(
        "warning",
        N_("This line has {found} cells, its header has {expected}; the others were left out."),
        N_("Put cells that hold a semicolon between double quotes."),
    ),
    "spaces": Words("error", N_("There are spaces around “{value}”."), N_("Remove them.")),
    "list-spaces": Words("error", N_("There are spaces around the commas of “{value}”."), N_("Remove them.")),
}
