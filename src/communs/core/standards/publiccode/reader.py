"""publiccode.yml read: strictly for the verdict, tolerantly for what can be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from communs.core.standards.documents import Document
from communs.core.standards.problems import Problem, in_order
from communs.core.standards.publiccode import strict
from communs.core.standards.publiccode.edits import Editor, apply
from communs.core.standards.publiccode.fields import Notes, Reader
from communs.core.standards.publiccode.record import record_of
from communs.core.standards.publiccode.repair import decoded, first_fixes, is_repairable
from communs.core.standards.publiccode.repairing.fixes import Fix
from communs.core.standards.publiccode.repairing.last_resort import path_of
from communs.core.standards.publiccode.repairing.syntax import mend_syntax
from communs.core.standards.publiccode.strict.advice import Beside
from communs.core.standards.publiccode.strict.schema import LATEST
from communs.core.standards.publiccode.tree import Table, compose_tolerantly
from communs.core.standards.reading import MANIFEST, TooMuch

_VERSION: Final = "publiccodeYmlVersion"
# Larger files than anybody writes are looked at once.
_AGAIN_CHARACTERS: Final = 262_144
_OWN_KEYS = frozenset({"publiccodeYmlVersion", "developmentStatus", "softwareType", "landingURL", "localisation"})


def recognise(sample: Any) -> bool:
    """Whether the contents are a publiccode.yml: its version is named, or several keys that only it has.

    >>> from communs.core.standards.formats import Sample
    >>> recognise(Sample('publiccodeYmlVersion: "0.4"\\nname: Map\\n')), recognise(Sample("github: octocat\\n"))
    (True, False)
    """
    value = sample.yaml
    if isinstance(value, dict):
        return "publiccodeYmlVersion" in value or len(_OWN_KEYS & value.keys()) >= 2
    # One that is broken still names its version on a line of its own.
    return (
        value is None
        and not sample.start.startswith(("{", "[", "<"))
        and "\npubliccodeYmlVersion:" in ("\n" + sample.start)
    )


def read(data: bytes | str, beside: Beside | None = None) -> Document:
    """Read a publiccode.yml. Never raises: of a file that is broken, what can be read key by key.

    `beside` gives the files that it names, as the strict checker asks for them.
    `is_valid` is the verdict of the strict checker; what the tolerant reader has to say besides are warnings and notes.

    >>> document = read("name: Map\\nurl: https://example.org/map.git\\nlegal:\\n  license: mit\\n")
    >>> document.records[0]["licences"], document.is_valid
    ([{'part': 'code', 'spdx': 'MIT'}], False)
    """
    if len(data) > MANIFEST.size:
        return Document("publiccode", "commons", problems=(TooMuch("size", MANIFEST.size).problem,))
    text = decoded(data)
    table, broken = compose_tolerantly(text)
    if any(found.code.startswith("too-much") for found in broken):
        return Document("publiccode", "commons", problems=broken)
    if broken and is_repairable(text):
        # Mended line by line, more of it can be read than key by key; every line keeps its number.
        table, _ = compose_tolerantly(mend_syntax(text)[0])
    notes = Notes(text)
    root = Reader(table, notes)
    record = record_of(root)
    found = strict.check(data, beside)
    problems = _joined(found, [*_behind_the_version(found, text, table), *notes.problems])
    return Document(
        "publiccode",
        "commons",
        root.text("publiccodeYmlVersion")[:20],
        (record,) if record else (),
        with_edits(problems, first_fixes(text, table)) if not broken and is_repairable(text) else problems,
    )


def _behind_the_version(found: Iterable[Problem], text: str, table: Table) -> Iterator[Problem]:
    """What else is wrong where the strict checker stops at a version that is missing or none: as notes."""
    errors = [problem for problem in found if problem.severity == "error"]
    if not table.pairs or any(problem.path != _VERSION for problem in errors) or not errors:
        return
    if len(text) > _AGAIN_CHARACTERS:
        return
    pair = table.first(_VERSION)
    # Everything keeps its line.
    added = f"{text}\n{_VERSION}: '{LATEST}'\n"
    supposed = apply(text, Editor(text).set(table, pair, LATEST)) if pair else added
    for problem in strict.check(supposed):
        if problem.path != _VERSION and not problem.code.startswith("yaml-"):
            yield replace(problem, severity="note")


def _joined(found: Sequence[Problem], notes: Iterable[Problem]) -> tuple[Problem, ...]:
    """The strict checker's problems, and the notes on keys of which it says nothing."""
    told = {problem.path: problem for problem in found}
    for note in notes:
        told.setdefault(note.path, note)
    return in_order([*found, *(note for note in told.values() if note.severity == "note")])


def with_edits(problems: Iterable[Problem], fixes: Iterable[Fix]) -> tuple[Problem, ...]:
    """The problems, each with the edits that mend it in the text as it stands, where there are some."""
    by_path = {fix.path: fix for fix in reversed(list(fixes))}
    return tuple(_with_edits(problem, by_path) for problem in problems)


def _with_edits(problem: Problem, by_path: dict[Any, Fix]) -> Problem:
    path = path_of(problem.path)
    if problem.edits or not path:
        return problem
    fix = by_path.get(path)
    if fix is None and len(path) > 1:
        # What is missing in a section that is missing itself comes with the section.
        fix = next((by_path[path[:end]] for end in range(len(path) - 1, 0, -1) if path[:end] in by_path), None)
    return replace(problem, edits=fix.edits, assumed=fix.assumed) if fix else problem
