"""What `communs import` does with what it is given: which files, of which source, in which run."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from communs.apps.register.importing import import_dependencies
from communs.cli.house import Failure, is_address
from communs.core.standards.formats import FORMATS, Format
from communs.kit.models import Run
from communs.kit.records.actions import Impossible
from communs.kit.records.files import BadRecord
from communs.kit.records.importing import ImportReport
from communs.kit.runs import actions, reading
from communs.kit.runs.actions import Job
from communs.kit.runs.opening import RECORD_FILES, Given, format_of, looks_like_records

FILES_MAX = 10_000
# Lies in most repositories, and never says what it belongs to.
GIVING_ONLY = "funding-yml"
# Folders that hold no descriptions of the commons itself.
PASSED_OVER = frozenset({"node_modules", "__pycache__", "venv"})
# In the table of trust: a thing's own description above feeds about many, those above a file of unknown making.
TRUST_OWN, TRUST_FEED, TRUST_FILE = 70, 50, 40


@dataclass(frozen=True, slots=True)
class Part:
    """One file to import. `label`: as the user named it; `source`: what its source is called by default."""

    label: str
    given: Given
    source: str
    trust: int
    is_list: bool
    url: str = ""


def import_all(
    what: str,
    names: Sequence[str],
    *,
    source: str = "",
    licence: str = "",
    format_name: str = "",
    accepts_fewer: bool = False,
    progress: Callable[[int], None],
) -> dict[str, ImportReport]:
    """Import files, folders and addresses; `{name: report}`. Files of one source are one run.

    Raises:
        Failure: when one cannot be read, or a run of the same source is going on.
    """
    try:
        if what == "dependencies":
            return {name: _dependencies(Path(name), source, licence) for name in names}
        groups: dict[str, list[Part]] = {}
        for name in names:
            for part in _parts(name, what, format_name):
                groups.setdefault(source or part.source, []).append(part)
        if not groups:
            raise Failure(f"Nothing there holds {what}.")
        done: dict[str, ImportReport] = {}
        for called, parts in groups.items():
            done |= _run(what, called, parts, licence, bool(source), accepts_fewer, progress)
    except (OSError, UnicodeDecodeError, BadRecord, Impossible, reading.Silent) as error:
        raise Failure(f"{', '.join(names)[:200]} cannot be read: {error}") from error
    return done


def _run(
    what: str,
    called: str,
    parts: list[Part],
    licence: str,
    is_named: bool,
    accepts_fewer: bool,
    progress: Callable[[int], None],
) -> dict[str, ImportReport]:
    """One run of one source over its files."""
    first = parts[0]
    source = actions.ensure_source(called, licence=licence, url=first.url, trust=first.trust)
    origin = first.url or ", ".join(part.given.name for part in parts[:5])
    run = actions.ask(source, Run.Trigger.COMMAND, catalogue=what, origin=origin, accepts_fewer=accepts_fewer)
    is_list = all(part.is_list for part in parts)
    job = Job(_told_apart(parts), what, vouches=is_named, is_list=is_list, progress=progress)
    actions.carry_out(run, job)
    return dict(zip((part.label for part in parts), job.reports, strict=True))


def _told_apart(parts: list[Part]) -> list[Given]:
    """The files of a run; those of the same name are called as the user named them."""
    times = Counter(part.given.name for part in parts)
    return [replace(part.given, name=part.label) if times[part.given.name] > 1 else part.given for part in parts]


def _parts(name: str, what: str, format_name: str) -> Iterator[Part]:
    if is_address(name):
        answer = reading.fetched(name)
        given = reading.given(reading.name_in(answer.url), answer.body)
        yield _part(name, given, _format(given, format_name), what, url=name[:500])
        return
    path = Path(name)
    if path.is_file():
        given = _given(path)
        yield _part(name, given, _format(given, format_name), what)
        return
    for file in _walk(path):
        given = _given(file, str(file.relative_to(path)))
        found = _format(given, format_name)
        if found is not None and found.name == GIVING_ONLY:
            continue
        if found.kind == what if found else file.suffix in {".jsonl", ".ndjson"} and what in RECORD_FILES:
            yield _part(str(file), given, found, what, in_folder=True)


def _part(label: str, given: Given, found: Format | None, what: str, *, url: str = "", in_folder: bool = False) -> Part:
    """How a file is imported, by what it is."""
    # A source is called like the file alone, wherever that lies.
    called = url or PurePath(given.name).name
    if found is None:
        kind = what if what in RECORD_FILES and looks_like_records(given) else ""
        return Part(label, Given(given.name, given.open, kind), called, TRUST_FILE, is_list=True, url=url)
    known = Given(given.name, given.open, found.name)
    if found.is_feed:
        return Part(label, known, called, TRUST_FEED, is_list=found.kind != "awards", url=url)
    # Each is the description of one thing: another file is no news of the first, unless a whole folder is one source.
    return Part(label, known, url or found.title, TRUST_OWN, is_list=in_folder or bool(url), url=url)


def _format(given: Given, format_name: str) -> Format | None:
    return FORMATS[format_name] if format_name else format_of(given)


def _given(path: Path, name: str = "") -> Given:
    return Given(name or path.name, lambda: path.open("rb"))


def _walk(folder: Path) -> Iterator[Path]:
    """The files of a folder in order, hidden ones and those of installed packages left out; `.github` is not hidden."""
    found = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in PASSED_OVER and (not name.startswith(".") or name == ".github")
        )
        for name in sorted(files):
            found += 1
            if found > FILES_MAX:
                raise Failure(f"{folder} holds more than {FILES_MAX:,} files: name those that count.")
            path = Path(place, name)
            if not name.startswith(".") and not path.is_symlink() and path.is_file():
                yield path


def _dependencies(path: Path, source: str, licence: str) -> ImportReport:
    """Edges are no records: their run has figures, and no list of what is there."""
    of = actions.ensure_source(source or path.name, licence=licence, trust=TRUST_FILE)
    run = actions.ask(of, Run.Trigger.COMMAND, catalogue="commons", origin=path.name)
    job = Job((), "commons", is_list=False)
    try:
        job.reports.append(import_dependencies(path, run))
    except BaseException as error:
        actions.finish(run, job, None, f"{type(error).__name__}: {error}")
        raise
    actions.finish(run, job, None, "")
    return job.reports[0]
