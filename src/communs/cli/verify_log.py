"""`communs verify log`: a transparency log read by a stranger, who has its public files and its key."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from communs.cli.elections import print_json
from communs.cli.house import is_address, say
from communs.core.ledger import INVARIANTS, Books, Entry, EntryKind, Posting, Transition
from communs.core.transparency import (
    COSIGNER,
    InvalidKey,
    InvalidNote,
    Key,
    NotCanonical,
    Note,
    Read,
    Trust,
    read_canonical,
    verify_log,
)
from communs.core.transparency.checkpoints import Checkpoint
from communs.core.transparency.copies import strange, unlisted
from communs.core.transparency.tiles import CHECKPOINT

FILE_BYTES_MAX = 64 * 1024 * 1024
PROBLEMS_MAX = 20
COSIGNERS = "cosigners"
COSIGNERS_MAX = 64
KNOWN_MAX = 1000
# What an entry keeps by itself, without anything else in the books.
ALONE = frozenset({"balanced", "whole-amounts", "unaltered"})
EMPTY = Books.of([], [], [])


class CannotRead(Exception):
    """The log, a key or a checkpoint cannot be read: the message says which and what to do."""


def add_log_arguments(parser: argparse.ArgumentParser) -> None:
    """What `communs verify log` is given."""
    parser.add_argument("log", metavar="URL|DIR", help="where the files of the log are: https://…/log or a folder")
    words = "key of the log (name+id+base64), from a source that you trust; without it, the one the log shows itself"
    parser.add_argument("--key", metavar="VKEY", default="", help=words)
    words = "key of a co-signer that must have signed too; may be given several times"
    parser.add_argument("--cosigner", metavar="VKEY", action="append", default=[], help=words)
    words = "a checkpoint that you kept from an earlier visit; may be given several times"
    parser.add_argument("--since", metavar="CHECKPOINT", action="append", default=[], help=words)
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run_log(options: argparse.Namespace) -> int:
    """0: the log is sound; 1: it is not; 2: it cannot be read."""
    try:
        with Source(options.log) as source:
            trust = _trust(source.read, options)
            known = [_file(Path(name)) for name in options.since[:KNOWN_MAX]]
            entries = Entries(source.read)
            size, names = _size(source.read), source.names()
            known += [data for name in unlisted(names, source.read, size) if (data := source.read(name)) is not None]
            verdict = verify_log(source.read, trust, known, entries.look)
            others = [*_other_key(source.read, trust), *islice(strange(names, source.read, verdict.size), PROBLEMS_MAX)]
            verdict = replace(verdict, problems=(*verdict.problems, *others))
    except (CannotRead, InvalidKey, InvalidNote, ValueError) as error:
        say(f"{options.log}: {error}")
        return 2
    document = {
        "holds": verdict.is_sound,
        "origin": trust.origin,
        "key": str(trust.log[0]),
        "key_was_given": bool(options.key),
        "size": verdict.size,
        "root": verdict.root.hex(),
        "checkpoints": verdict.checkpoints,
        "cosigned_by": list(verdict.cosigned_by),
        "problems": list(verdict.problems),
    }
    if options.json:
        print_json(document)
        return int(not verdict.is_sound)
    for problem in verdict.problems:
        print(f"✗ {problem}")
    holds = "Holds" if verdict.is_sound else "Does not hold"
    signed = f", co-signed by {', '.join(verdict.cosigned_by)}" if verdict.cosigned_by else ""
    print(f"{holds}: {verdict.size:,} entries of {trust.origin}, {verdict.checkpoints:,} signed checkpoints{signed}.")
    print(f"Root {verdict.root.hex()}")
    if waited := sorted({key.name for key in trust.cosigners} - set(verdict.cosigned_by)):
        print(f"Named as co-signers, and have not signed this state: {', '.join(waited)}.")
    if trust.cosigners and not options.cosigner:
        print("The keys of co-signers were taken from the log itself. Give those that you trust with --cosigner.")
    if not options.key:
        print(f"The key was taken from the log itself. Compare it with one from elsewhere: {trust.log[0]}")
    return int(not verdict.is_sound)


def _trust(read: Read, options: argparse.Namespace) -> Trust:
    """The key that was given, or the one the log shows, and the co-signers."""
    cosigners = tuple(Key.parse(one) for one in options.cosigner) or _shown(read)
    if any(key.kind != COSIGNER for key in cosigners):
        raise CannotRead("--cosigner takes keys of co-signers (type 4).")
    quorum = len({key.name for key in cosigners}) if options.cosigner else 0
    return replace(read_trust(read, options.key), cosigners=cosigners, quorum=quorum)


def read_trust(read: Read, key: str) -> Trust:
    """The key that was given, or the one the log shows. The origin stands in the first line of the checkpoint."""
    text = key or (read("key") or b"").decode("utf-8", "replace")
    if not text.strip():
        raise CannotRead("there is no file `key` in the log. Give the key of the log with --key.")
    data = read(CHECKPOINT)
    if data is None:
        raise CannotRead("there is no checkpoint. Is this the folder or address of a log?")
    return Trust(Checkpoint.parse(Note.parse(data).text).origin, (Key.parse(text),))


def _shown(read: Read) -> tuple[Key, ...]:
    """The co-signers that the log names itself: none has to have signed, but a wrong signature of one is told."""
    try:
        lines = (read(COSIGNERS) or b"").decode().split("\n")[:COSIGNERS_MAX]
        return tuple(Key.parse(line) for line in lines if line)
    except (InvalidKey, UnicodeDecodeError) as error:
        raise CannotRead(f"{COSIGNERS}: {error} Fetch it again.") from error


def _size(read: Read) -> int:
    """How many entries the checkpoint speaks of; `_trust` has read it before."""
    return Checkpoint.parse(Note.parse(read(CHECKPOINT) or b"").text).size


def _other_key(read: Read, trust: Trust) -> Iterator[str]:
    """The log may show no other key than the one that was given."""
    shown = (read("key") or b"").decode("utf-8", "replace").strip()
    if shown and shown != str(trust.log[0]):
        yield f"key: the log shows {shown[:160]}, which is not the key that was given. Ask whoever gave it to you."


class Source:
    """The files of a log, from a folder or through the house's guard from an address, on one connection."""

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")
        self.session = None
        if is_address(place):
            from communs.kit.fetch import ANYWHERE, Policy, Session

            # As everywhere in the house: private networks only where the operator allows them.
            allowed = ANYWHERE if os.environ.get("COMMUNS_ALLOW_PRIVATE") == "1" else ()
            self.session = Session(Policy(bytes_max=FILE_BYTES_MAX, also_allowed=allowed))

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.session is not None:
            self.session.close()

    def names(self) -> list[str]:
        """What lies in the folder; of an address, nobody can know."""
        if self.session is not None:
            return []
        top = Path(self.place)
        return [path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file()]

    def read(self, name: str) -> bytes | None:
        if self.session is None:
            path = Path(self.place) / name
            return path.read_bytes() if path.is_file() else None
        from communs.kit.fetch import Problem

        answer = self.session.fetch(f"{self.place}/{name}")
        if isinstance(answer, Problem):
            remedy = "Set COMMUNS_ALLOW_PRIVATE=1 to read it there" if answer.code == "private" else "Try again later"
            raise CannotRead(f"{name} cannot be fetched ({answer.code} {answer.detail}). {remedy}.")
        if answer.status == 404:
            return None
        if answer.status != 200 or not answer.is_whole:
            raise CannotRead(f"{name} was answered with {answer.status}. Try again later.")
        return answer.body


class Entries:
    """Looks at each entry: is it canonical, does it add up, is it what its own hash says?"""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.watches = [one.watch(EMPTY) for one in INVARIANTS if one.name in ALONE]

    def look(self, _number: int, data: bytes) -> str | None:
        """What is wrong with an entry."""
        try:
            entry = _entry(read_canonical(data), self.read)
        except (NotCanonical, KeyError, TypeError, ValueError, AttributeError) as error:
            return f"it cannot be read ({error})."
        wrong = next((problem for watch in self.watches for problem in watch.see(entry)), None)
        return wrong.render() if wrong else None


def _entry(said: dict[str, object], read: Read) -> Entry:
    told, happened = said.get("transition"), said.get("happened_on")
    return Entry(
        id=str(said["id"]),
        key=str(said["id"]),
        kind=EntryKind(str(said["kind"])),
        effective_on=date.fromisoformat(str(said["effective_on"])),
        recorded_at=datetime.fromisoformat(str(said["recorded_at"])),
        postings=tuple(_postings(said["postings"], read)),
        memo=str(said.get("memo", "")),
        reverses=str(said["reverses"]) if "reverses" in said else None,
        document=str(said.get("document", "")),
        transition=Transition(*map(str, told)) if isinstance(told, list) else None,
        happened_on=date.fromisoformat(str(happened)) if happened else None,
        body_sha256=str(said["body_sha256"]) or "missing",
    )


def _postings(said: object, read: Read) -> Iterator[Posting]:
    if isinstance(said, dict):
        data = read(f"long/{said['sha256']}")
        if data is None or hashlib.sha256(data).hexdigest() != said["sha256"]:
            raise ValueError(f"long/{said['sha256']} is missing, or is another file. Fetch it again")
        said = json.loads(data)
    if not isinstance(said, list):
        raise TypeError("postings are a list")
    for account, fund, minor, currency in said:
        yield Posting(str(account), str(fund), int(minor), str(currency))


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(f"{path}: {error.strerror or error}") from error
