"""The files that verbs read: never a device, never more than the largest that is read, folders bounded."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from communs.cli.house import Failure
from communs.core.standards.formats import Beside, by_name
from communs.core.standards.reading import TooMuch
from communs.core.standards.reading.bounds import FEED, MIB

STANDARD_INPUT = "-"
FILES_MAX = 10_000
ELECTION_BYTES = 256 * MIB
"""Of an election, a table of amounts or a result: 90,000 ballots are 5 MiB."""
# Folders that hold no descriptions of the commons itself.
PASSED_OVER = frozenset({"node_modules", "__pycache__", "venv"})
# What is looked at of a file that another one names: pictures say their size at their start.
BESIDE_BYTES = 65_536
BESIDE_FILES_MAX = 1_000
DESCRIPTIONS = frozenset({".yml", ".yaml", ".json", ".jsonl", ".ndjson", ".cff"})


class NoFile(Exception):
    """A device, a pipe, a socket: nothing that has an end. `is_folder`: a folder, with nothing in it to check."""

    def __init__(self, *, is_folder: bool) -> None:
        super().__init__()
        self.is_folder = is_folder


def contents(name: str, bytes_max: int = FEED.size) -> bytes:
    """The bytes of a file, of standard input for `-`. Raises `OSError`, `NoFile`, `TooMuch`."""
    if name == STANDARD_INPUT:
        return _bounded(sys.stdin.buffer.read(bytes_max + 1), bytes_max)
    # A pipe without a writer would be waited for without end: what it is, is asked before anything is read.
    file = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    status = os.fstat(file)
    if not stat.S_ISREG(status.st_mode):
        # A folder cannot even be opened as a stream, and would be told as a failure to read.
        os.close(file)
        raise NoFile(is_folder=stat.S_ISDIR(status.st_mode))
    with os.fdopen(file, "rb") as opened:
        if status.st_size > bytes_max:
            raise TooMuch("size", bytes_max)
        return _bounded(opened.read(bytes_max + 1), bytes_max)


def bytes_of(name: str, bytes_max: int = ELECTION_BYTES) -> bytes:
    """The bytes of a file, of standard input for `-`. Raises `Failure` that says what to do."""
    try:
        return contents(name, bytes_max)
    except TooMuch as much:
        raise Failure(f"{name}: {much.problem.say()} {much.problem.say_fix()}") from much
    except NoFile as nothing:
        what = "a folder. Name the files in it" if nothing.is_folder else "no file. Name one, or give - to read a pipe"
        raise Failure(f"{name} is {what}.") from nothing
    except (OSError, ValueError) as unread:  # a path with a NUL in it is a ValueError
        raise Failure(f"{name} cannot be read. Check the path, or give - for standard input.") from unread


def _bounded(data: bytes, bytes_max: int) -> bytes:
    if len(data) > bytes_max:
        raise TooMuch("size", bytes_max)
    return data


def named_files(names: Sequence[str]) -> Iterator[str]:
    """The files named, and of folders those that bear the name of a format; of one with none, the folder itself."""
    for name in names:
        if name == STANDARD_INPUT or not Path(name).is_dir():
            yield name
            continue
        found = sorted(path for path in walk(Path(name)) if by_name(path.name))
        yield from map(str, found) if found else (name,)


def walk(folder: Path) -> Iterator[Path]:
    """The regular files of a folder, in order; no link is followed, hidden folders are passed over but `.github`.

    Raises `Failure` where there are more than `FILES_MAX`.
    """
    count = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in PASSED_OVER and (not name.startswith(".") or name == ".github")
        )
        for name in sorted(files):
            count += 1
            if count > FILES_MAX:
                raise Failure(f"{folder} holds more than {FILES_MAX:,} files: name those that count.")
            path = Path(place, name)
            if not path.is_symlink() and path.is_file():
                yield path


def beside(name: str) -> Beside | None:
    """The files that the file `name` may name: those of its folder; None where it lies there alone.

    A description that was taken out of its repository names logos that are not missing, only elsewhere: the files
    beside are asked for where anything else than descriptions lies there.
    """
    if name == STANDARD_INPUT:
        return None
    try:
        folder = Path(name).resolve(strict=True).parent
    except OSError:
        return None
    if not _holds_more_than_descriptions(folder):
        return None

    def read(named: str) -> bytes | None:
        try:
            path = (folder / named).resolve(strict=True)
            if not path.is_relative_to(folder) or not path.is_file():
                return None
            with path.open("rb") as file:
                return file.read(BESIDE_BYTES)
        except (OSError, ValueError):
            return None

    return read


def _holds_more_than_descriptions(folder: Path) -> bool:
    count = 0
    for _place, _folders, files in os.walk(folder):
        for name in files:
            count += 1
            if Path(name).suffix.lower() not in DESCRIPTIONS:
                return True
            if count > BESIDE_FILES_MAX:
                return False
    return False
