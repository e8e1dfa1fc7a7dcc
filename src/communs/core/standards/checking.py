"""Check a file whose format may not be known: the same verdict for the command line, the API and the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from communs.core.standards import funding_json
from communs.core.standards.documents import Document
from communs.core.standards.formats import FORMATS, Beside, Format, Sample, by_name, recognise
from communs.core.standards.problems import Problem, Severity
from communs.core.standards.reading import TooMuch, load_json
from communs.core.standards.reading.bounds import FEED
from communs.core.standards.reading.xml_guard import HAS_DOCTYPE
from communs.core.texts import N_, Translate, identity

PROBLEMS_MAX: Final = 1_000

NOT_KNOWN: Final = (
    N_("This is none of the formats that can be read."),
    N_("Name the format, or give one of: {formats}."),
)
OTHER_FORMAT: Final = (
    N_("The file is called like {named} but holds {held}."),
    N_("Give it the name that belongs to its contents, or replace the contents."),
)
CANNOT_READ: Final = (N_("The file cannot be read: {detail}."), N_("Check its name and the rights to read it."))
NO_FILE: Final = (
    N_("This is no regular file."),
    N_("Name a file or a folder; what comes from a pipe is read from standard input, named -."),
)
NO_FILE_IN: Final = (
    N_("The folder holds no file with the name of a format."),
    N_("Name the file itself."),
)
MORE: Final = (N_("There are {count} more problems like these."), N_("Repair these first, then check again."))
EMPTY: Final = (N_("The file is empty."), N_("Write something into it, or give another file."))


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and what was found in it. `document` is None where no format fits; then `problems` say so."""

    file_name: str
    format: Format | None
    document: Document | None
    problems: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        """A known format and no error."""
        return self.document is not None and not any(found.severity == "error" for found in self.problems)

    def as_json(self, translate: Translate = identity) -> dict[str, Any]:
        """As `communs check --json` and the API print it."""
        return {
            "file": self.file_name,
            "format": self.format.name if self.format else None,
            "valid": self.is_valid,
            "problems": [found.as_json(translate) for found in self.problems],
        }


def check(data: bytes, file_name: str = "", format_name: str = "", beside: Beside | None = None) -> Checked:
    """Read `data` as the format named, else as the one its contents show, else as the one its name announces.

    `beside` gives the files that this one names; without it, they are not asked for.
    Never raises for what the file holds. Raises `KeyError` for a `format_name` that is not in `FORMATS`.
    """
    if len(data) > FEED.size:
        found = FORMATS[format_name] if format_name else by_name(file_name)
        return Checked(file_name, found, None, (TooMuch("size", found.bytes_max if found else FEED.size).problem,))
    if not data.strip():
        return Checked(file_name, None, None, (_whole("empty-file", EMPTY),))
    held = FORMATS[format_name] if format_name else recognise(data, file_name)
    if held is None:
        return Checked(file_name, None, None, _why_not_known(data))
    document = held.read(data, beside)
    if not format_name and any(found.code == funding_json.OTHER for found in document.problems):
        return Checked(file_name, None, None, document.problems)
    named = by_name(file_name)
    problems = document.problems
    if not format_name and named is not None and named is not held:
        problems = (_whole("other-format", OTHER_FORMAT, named=named.title, held=held.title), *problems)
    return Checked(file_name, held, document, _bounded(problems))


def _bounded(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """As many as anybody reads; the last one counts the others, and is as grave as the gravest of them."""
    if len(problems) <= PROBLEMS_MAX:
        return problems
    shown, rest = problems[:PROBLEMS_MAX], problems[PROBLEMS_MAX:]
    said = {found.severity for found in rest}
    severity: Severity = "error" if "error" in said else "warning" if "warning" in said else "note"
    place = (rest[0].line, rest[0].column)
    return (*shown, Problem("", *place, "more-problems", severity, *MORE, values={"count": f"{len(rest):,}"}))


def _why_not_known(data: bytes) -> tuple[Problem, ...]:
    """Why a file was recognised as nothing, where its first character tells what it was meant to be."""
    sample = Sample(data)
    if alien := funding_json.namesake_problem(sample):
        return (alien,)
    if sample.start[:1] in {"{", "["} and (faults := load_json(data, FEED).problems):
        return faults
    if sample.start.startswith("<") and "<!DOCTYPE" in sample.start and "<html" not in sample.start.lower():
        line = sample.start[: sample.start.index("<!DOCTYPE")].count("\n") + 1
        return (Problem("", line, 1, "doctype", "error", *HAS_DOCTYPE),)
    return (_whole("format-not-known", NOT_KNOWN, formats=", ".join(FORMATS)),)


def _whole(code: str, words: tuple[str, str], **values: str) -> Problem:
    severity: Severity = "warning" if code == "other-format" else "error"
    return Problem("", 1, 1, code, severity, *words, values=values)
