"""Co-sign the log of a foundation: see that nothing was changed or taken out since you last signed, then sign.

With `--new` make your key first, and give the line that is printed to those who run the log. What you signed last is
kept beside the key: a log that does not continue it is not signed, and you are told.

examples:
  communs cosign --new state.example.org --secret state.key
  communs cosign https://books.example.org/log --key VKEY --secret state.key
  communs cosign https://books.example.org/log --key VKEY --secret state.key --to checkpoint.signed
"""

from __future__ import annotations

import argparse
import base64
import os
import secrets
import time
from pathlib import Path
from typing import Final

from communs.cli.house import Failure, is_address, say
from communs.cli.verify_log import CannotRead, Entries, Source, read_trust
from communs.core.transparency import (
    COSIGNER,
    InvalidKey,
    InvalidLog,
    InvalidNote,
    Note,
    Signer,
    Trust,
    beginning,
    cosign,
    verify_log,
)
from communs.core.transparency.checkpoints import Checkpoint, opened
from communs.core.transparency.tiles import CHECKPOINT

PREFIX: Final = "PRIVATE+KEY+"
TAKEN_AT: Final = "/api/v1/foundation/checkpoint/cosignatures"
LOG: Final = "/log"
SECRET_BYTES_MAX: Final = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("log", nargs="?", metavar="URL|DIR", help="where the files of the log are")
    parser.add_argument("--secret", type=Path, required=True, metavar="FILE", help="your private key")
    parser.add_argument("--new", metavar="NAME", help="make the private key, for a name such as state.example.org")
    parser.add_argument("--key", metavar="VKEY", default="", help="key of the log, from a source that you trust")
    parser.add_argument("--to", type=Path, metavar="FILE", help="write the co-signed state instead of sending it")
    words = f"where it is sent (default: the site of the log, {TAKEN_AT})"
    parser.add_argument("--send", metavar="URL", default="", help=words)


def run(options: argparse.Namespace) -> int:
    """0: signed, or the key is made; 1: the log does not hold, and nothing was signed."""
    if options.new:
        return _make_key(options.new, options.secret)
    if not options.log or not options.key:
        raise Failure("Say which log, and give its key with --key: from a source that you trust, not from the log.")
    if not options.to and not options.send and not is_address(options.log):
        raise Failure("A folder takes no signatures: say --to FILE, or --send URL.")
    signer = _signer(options.secret)
    kept = options.secret.with_name(options.secret.name + ".signed")
    try:
        return _sign(options, signer, kept)
    except (CannotRead, InvalidKey, InvalidNote, InvalidLog, ValueError) as error:
        raise Failure(f"{options.log}: {error}") from error


def _sign(options: argparse.Namespace, signer: Signer, kept: Path) -> int:
    with Source(options.log) as source:
        trust = read_trust(source.read, options.key)
        before = kept.read_bytes() if kept.exists() else None
        verdict = verify_log(source.read, trust, [before] if before else [], Entries(source.read).look)
        for problem in verdict.problems:
            print(f"✗ {problem}")
        if not verdict.is_sound:
            print("Not signed: the log does not hold. Keep your files, and tell the others who sign it.")
            return 1
        signed = cosign(
            source.read, source.read(CHECKPOINT) or b"", trust, _last(before, trust), signer, int(time.time())
        )
    note = signed.note.to_bytes()
    _write(kept, note)  # before anybody gets it: two stories are never signed, whenever this is broken off
    print(
        f"Holds and signed: {signed.checkpoint.size:,} entries of {trust.origin}, root {signed.checkpoint.root.hex()}"
    )
    if options.to:
        _write(options.to, note)
        print(f"Written to {options.to}: those who run the log take it.")
        return 0
    address = options.send or options.log.rstrip("/").removesuffix(LOG) + TAKEN_AT
    _send(address, note)
    print(f"Taken by {address}")
    return 0


def _last(before: bytes | None, trust: Trust) -> Checkpoint:
    """What was signed last; at first the state without entries."""
    return opened(before, trust, quorum=0).checkpoint if before else beginning(trust.origin)


def _send(address: str, note: bytes) -> None:
    from communs.kit.fetch import ANYWHERE, Policy, Problem, Sender

    allowed = ANYWHERE if os.environ.get("COMMUNS_ALLOW_PRIVATE") == "1" else ()
    sender = Sender(Policy(bytes_max=SECRET_BYTES_MAX * 100, also_allowed=allowed))
    try:
        answer = sender.send("POST", address, headers={"Content-Type": "text/plain"}, content=note)
    finally:
        sender.close()
    if isinstance(answer, Problem):
        raise CannotRead(f"it could not be sent to {address} ({answer.code} {answer.detail}). Run the same again.")
    if answer.status == 409:
        raise CannotRead("it went on while you signed. Run the same again.")
    if answer.status != 200:
        said = answer.body[:300].decode("utf-8", "replace")
        raise CannotRead(f"{address} answered {answer.status}: {said} Is your public key named by that site?")


def _make_key(name: str, path: Path) -> int:
    try:
        signer = Signer(name, secrets.token_bytes(32), COSIGNER)
    except InvalidKey as error:
        raise Failure(str(error)) from error
    data = base64.b64encode(bytes([COSIGNER]) + signer.seed).decode()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}. A key is never written over another file.") from error
    with os.fdopen(handle, "w") as file:
        file.write(f"{PREFIX}{name}+{signer.key.id.hex()}+{data}\n")
    say(f"The private key is in {path}: keep it, and show it to nobody. Your public key:")
    print(signer.key)
    return 0


def _signer(path: Path) -> Signer:
    """The private key in the form of signed notes: PRIVATE+KEY+name+id+base64."""
    try:
        text = path.read_bytes()[:SECRET_BYTES_MAX].decode().strip()
        name, number, data = text.removeprefix(PREFIX).split("+", 2)
        raw = base64.b64decode(data, validate=True)
        signer = Signer(name, raw[1:], raw[0])
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}. Make a key with --new NAME.") from error
    except (ValueError, IndexError) as error:
        raise Failure(f"{path}: this is no private key of a co-signer. Make one with --new NAME.") from error
    if not text.startswith(PREFIX) or signer.kind != COSIGNER or signer.key.id.hex() != number:
        raise Failure(f"{path}: this is no private key of a co-signer. Make one with --new NAME.")
    return signer


def _write(path: Path, note: bytes) -> None:
    Note.parse(note)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
