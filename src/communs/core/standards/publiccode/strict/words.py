"""What the strict checker says: for each code, whether it makes the file invalid, the fault and its remedy in words."""

from __future__ import annotations

from typing import Final

from communs.core.standards.problems import NOT_UTF8, TOO_DEEP, Severity
from communs.core.texts import N_

_LIST_ITEM: Final = N_("Write one entry a line, each after “- ”, or leave “{path}” out.")
_ADDRESS: Final = N_("Write a full address that starts with https://.")
_SAFE_TO_DROP: Final = N_("Leave it out.")
_INDENT: Final = N_("Indent with spaces: all keys of a table at the same column, what belongs to them further right.")
_QUOTE: Final = N_("Put the text between quotes, or start it with another character.")

ERRORS: Final[dict[str, tuple[str, str]]] = {
    "missing": (N_("“{path}” is missing or empty."), N_("Add “{path}” and a value.")),
    "missing-for": (
        N_("“{path}” is missing, and {other} is “{value}”."),
        N_("Add “{path}”, or change {other}."),
    ),
    "not-allowed": (
        N_("“{path}” may stand only where {other} is “{value}”."),
        N_("Leave “{path}” out, or write “{value}” for {other}."),
    ),
    "empty-list": (N_("“{path}” has no entries."), N_("Write at least one entry, each on its line after “- ”.")),
    "empty-table": (
        N_("“{path}” has nothing in it that can be read."),
        N_("Add a language code such as en, and below it shortDescription, longDescription and features."),
    ),
    "too-long": (N_("“{path}” is longer than {bound} characters."), N_("Shorten it to {bound} characters at most.")),
    "too-short": (N_("“{path}” is shorter than {bound} characters."), N_("Write at least {bound} characters.")),
    "not-one-of": (N_("“{value}” is not a value of “{path}”."), N_("Write one of: {choices}.")),
    "not-url": (N_("“{path}” is not an address."), _ADDRESS),
    "not-http-url": (N_("“{path}” is not an address of the web."), _ADDRESS),
    "not-email": (
        N_("“{path}” is not an e-mail address."),
        N_("Write one such as name@example.org, or leave it out."),
    ),
    "not-date": (N_("“{value}” is not a date."), N_("Write year, month and day, as 2026-02-28.")),
    "not-media-type": (N_("“{value}” is not a media type."), N_("Write one such as text/plain, or leave the key out.")),
    "not-category": (
        N_("“{value}” is not a category of the standard."),
        N_("Take one from its list of categories, or leave this entry out."),
    ),
    "not-scope": (
        N_("“{value}” is not a scope of the standard."),
        N_("Take one from its list of scopes, or leave this entry out."),
    ),
    "not-country": (
        N_("“{value}” is not the code of a country."),
        N_("Write two capital letters (ISO 3166-1), as FR."),
    ),
    "not-language": (
        N_("“{path}” names a language that is none: “{value}”."),
        N_("Write a language tag, such as fr or pt-BR, with a hyphen and no underscore."),
    ),
    "not-licence": (
        N_("“{value}” is not a licence of the SPDX list."),
        N_("Write the SPDX identifier, for instance EUPL-1.2 or AGPL-3.0-or-later."),
    ),
    "not-organisation": (
        N_("“{value}” does not identify an organisation."),
        N_("Write a full web address, or a URN such as urn:x-example:name."),
    ),
    "not-administration": (
        N_("“{value}” is not in the index of Italian public administrations."),
        N_("Write a code of the index, or the web address of the organisation."),
    ),
    "not-standard": (
        N_("“{value}” names no standard or system."),
        N_("Write one of {choices}, a full web address or a URN."),
    ),
    "not-video": (
        N_("“{value}” is not on a video site that offers embedding (oEmbed)."),
        N_("Give the address of the video on such a site, or leave the entry out."),
    ),
    "absolute-path": (
        N_("“{value}” starts at the root of a disk."),
        N_("Write the path from the root of the repository, without the first slash, or a web address."),
    ),
    "file-address": (
        N_("“{value}” is an address on one computer."),
        N_("Write the path from the root of the repository, or a web address."),
    ),
    "file-missing": (N_("There is no file “{value}” in the repository."), N_("Add the file, or correct the path.")),
    "not-picture": (N_("“{value}” is not a picture in PNG or JPEG."), N_("Give a file that ends in .png or .jpg.")),
    "not-logo": (
        N_("“{value}” is not a logo in SVG or PNG at least 120 pixels wide."),
        N_("Give a file that ends in .svg, or a .png that is wide enough."),
    ),
    "wrong-type": (
        N_("“{path}” is not of the kind that belongs there."),
        N_("Look up what the standard asks for here: a text, a list, true or false, or further keys below it."),
    ),
    "bad-address": (N_("“{value}” cannot be read as an address."), _ADDRESS),
    "bad-alias": (N_("“{path}” refers to a part of the file that is not there."), N_("Write the value out.")),
    "unknown-key": (
        N_("The standard has no key “{value}” here."),
        N_("Correct its spelling or its place, or leave it out."),
    ),
    "duplicate-key": (N_("“{value}” stands here a second time (first in line {line})."), N_("Keep one of the two.")),
    "version-unsupported": (
        N_("“{value}” is no version of the standard that can be checked."),
        N_('Write publiccodeYmlVersion: "0".'),
    ),
    "section-twice": (N_("Both “it” and “IT” are there."), N_("Keep “IT” and leave “it” out.")),
    "several-documents": (N_("The file holds several YAML documents."), N_("Keep one, and take the lines “---” out.")),
    "not-utf8": NOT_UTF8,
    "too-deep": TOO_DEEP,
}

WARNINGS: Final[dict[str, tuple[str, str]]] = {
    "version-old": (
        N_("Version {value} of the standard is not the latest; the file was checked as version 0.7."),
        N_('Write publiccodeYmlVersion: "0".'),
    ),
    "deprecated": (N_("“{path}” will go from the standard."), _SAFE_TO_DROP),
    "deprecated-for": (N_("“{path}” will go from the standard."), N_("Write {instead} instead.")),
    "country-in-small-letters": (N_("“{value}” stands in small letters."), N_("Write {instead}.")),
    "section-in-small-letters": (N_("“it” stands in small letters."), N_("Write IT.")),
}

SYNTAX: Final[dict[str, tuple[str, str]]] = {
    "alias-without-name": (N_("Not valid YAML: a “*” has no name after it."), _QUOTE),
    "anchor-after-anchor": (N_("Not valid YAML: two names in a row."), _QUOTE),
    "anchor-without-value": (N_("Not valid YAML: an “&” has no name and value after it."), _QUOTE),
    "block-header": (
        N_("Not valid YAML: what follows “|” or “>” is not understood."),
        N_("Start the text on the next line, indented."),
    ),
    "block-indent": (N_("Not valid YAML: the first lines of the text are not indented alike."), _INDENT),
    "block-without-text": (
        N_("Not valid YAML: no text follows “|” or “>”."),
        N_("Write the text on the next lines, indented."),
    ),
    "brace-not-closed": (
        N_("Not valid YAML: an opening brace is not closed."),
        N_("Close the brace, or put the text between quotes."),
    ),
    "brace-not-opened": (
        N_("Not valid YAML: a closing brace was not opened."),
        N_("Take it away, or put the text between quotes."),
    ),
    "bracket-not-closed": (
        N_("Not valid YAML: a “[” is not closed."),
        N_("Close it with “]”, or put the text between quotes."),
    ),
    "bracket-not-opened": (
        N_("Not valid YAML: a “]” was not opened."),
        N_("Take it away, or put the text between quotes."),
    ),
    "broken-surrogates": (
        N_("Not valid YAML: an escape stands for half a character."),
        N_("Write the character itself."),
    ),
    "colon-without-key": (N_("Not valid YAML: a colon has no key before it."), N_("Write a key before the colon.")),
    "comma-without-entry": (N_("Not valid YAML: a comma has no entry before it."), N_("Take the comma away.")),
    "directive-without-document": (N_("Not valid YAML: a line starts with “%”."), _QUOTE),
    "directive-without-name": (N_("Not valid YAML: a line starts with “%”."), _QUOTE),
    "document-mark-in-quotes": (
        N_("Not valid YAML: a quoted text holds a line “---”."),
        N_("Close the quotes before it."),
    ),
    "entries-without-comma": (
        N_("Not valid YAML: a comma is missing between two entries."),
        N_("Write a comma, or close the list."),
    ),
    "entry-after-anchor": (N_("Not valid YAML: a dash follows a name."), N_("Start the list on the next line.")),
    "entry-after-key": (
        N_("Not valid YAML: a list starts on the line of its key."),
        N_("Start the list on the next line."),
    ),
    "invalid-key": (N_("Not valid YAML: a colon follows what cannot be a key."), N_("Put the text between quotes.")),
    "key-after-key": (
        N_("Not valid YAML: two keys stand on one line."),
        N_("Start the second on the next line, indented."),
    ),
    "key-over-lines": (
        N_("Not valid YAML: a key goes over several lines, or a colon is missing."),
        N_("End the key with a colon on its own line."),
    ),
    "key-without-value": (N_("Not valid YAML: a key has no value."), N_("Write a value after the colon.")),
    "mark-without-key": (N_("Not valid YAML: a “?” has no key after it."), _QUOTE),
    "merge-without-key": (N_("Not valid YAML: a tag for “<<” has none after it."), N_("Take the tag away.")),
    "misplaced-anchor": (N_("Not valid YAML: a name stands too far left."), _INDENT),
    "misplaced-tag": (N_("Not valid YAML: a tag stands too far left."), _INDENT),
    "misplaced-value": (N_("Not valid YAML: something stands where nothing may follow."), _INDENT),
    "name-is-no-text": (N_("Not valid YAML: a name after “&” or “*” is no word."), _QUOTE),
    "no-key": (
        N_("Not valid YAML: there is no key with a colon."),
        N_("Write a colon and a blank after the key; or indent the text."),
    ),
    "no-table-entry": (
        N_("Not valid YAML: there is no key in braces."),
        N_("Write “key: value”, or put the text between quotes."),
    ),
    "reserved-character": (N_("Not valid YAML: a text starts with “@” or “`”."), _QUOTE),
    "short-escape": (N_("Not valid YAML: an escape with a backslash is too short."), N_("Write the character itself.")),
    "tab-at-start": (N_("Not valid YAML: a line is indented with a tab."), N_("Indent with spaces.")),
    "tab-before-entry": (N_("Not valid YAML: a tab stands before a dash."), N_("Indent with spaces.")),
    "tab-before-key": (N_("Not valid YAML: a tab stands before a key."), N_("Indent with spaces.")),
    "tab-in-block": (N_("Not valid YAML: a line of the text is indented with a tab."), N_("Indent with spaces.")),
    "tab-in-quotes": (
        N_("Not valid YAML: a line of the quoted text is indented with a tab."),
        N_("Indent with spaces."),
    ),
    "tag-character": (N_("Not valid YAML: a tag holds a brace."), _QUOTE),
    "tag-without-table": (N_("Not valid YAML: a tag asks for keys that do not follow."), N_("Take the tag away.")),
    "text-after-document": (N_("Not valid YAML: text follows the line “...”."), N_("Take the line “...” away.")),
    "unclosed-quote": (
        N_("Not valid YAML: a quote is not closed."),
        N_("Close it; double a ' within single quotes, write \\\" in double."),
    ),
    "unexpected-value": (N_("Not valid YAML: a mark stands where a value should."), N_("Put the text between quotes.")),
    "unknown-escape": (
        N_("Not valid YAML: the escape \\{what} is not known."),
        N_("Use single quotes, or double the backslash."),
    ),
    "value-after-document-mark": (
        N_("Not valid YAML: a key stands on the line “---”."),
        N_("Start it on the next line."),
    ),
    "value-after-value": (
        N_("Not valid YAML: a line is indented under a key that has its value already."),
        N_("Indent it like the key, put it between quotes with the value, or take it away."),
    ),
}


def words(code: str) -> tuple[Severity, str, str]:
    """Severity, message and remedy of a code. Raises `KeyError` for one that is not in `CODES`."""
    if code.startswith("yaml-"):
        return ("error", *SYNTAX[code.removeprefix("yaml-")])
    if code in WARNINGS:
        return ("warning", *WARNINGS[code])
    return ("error", *ERRORS[code])


CODES: Final = (*ERRORS, *WARNINGS, *(f"yaml-{code}" for code in SYNTAX))
