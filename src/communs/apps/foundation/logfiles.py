"""The files of the transparency log: where they stand, who writes them, which keys sign and are believed.

They lie in the folder `log` of the data folder and are served as they are at /log/. One process writes at a time; a
reader never finds half a file, since each is written aside and then renamed.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from communs.core.transparency import COSIGNER, InvalidKey, Key, Signer, Trust

KEY_FILE: Final = "key"
COSIGNERS_FILE: Final = "cosigners"
NAME: Final = re.compile(
    r"checkpoint|key|cosigners|checkpoints/(index|[0-9]{1,19})|long/[0-9a-f]{64}"
    r"|tile/(entries|[0-9]{1,2})/(x[0-9]{3}/){0,6}[0-9]{3}(\.p/[0-9]{1,3})?"
)
"""What a file of the log may be called: nothing else is ever opened."""
CHANGING: Final = re.compile(r"checkpoint|key|cosigners|checkpoints/.+")


class NoKey(Exception):
    """The key that signs the log cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of log files, with the two functions that `communs.core.transparency` asks for."""

    path: Path

    def read(self, name: str) -> bytes | None:
        """The file of this name; None where there is none, or where no file may be called so."""
        if not NAME.fullmatch(name):
            return None
        try:
            return (self.path / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def write(self, name: str, data: bytes) -> None:
        """Put a file in its place at once, on the disk before it has its name."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=target.parent, prefix=".part-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(0o644)
        Path(part).replace(target)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else writes the log inside. Others wait."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def folder() -> Folder:
    """The log of this site."""
    return Folder(Path(settings.DATA) / "log")


def own_name() -> str:
    """The name of a log that begins here: the public host, or "localhost"."""
    return f"{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}/log"


def signer(origin: str) -> Signer:
    """The key that signs: from COMMUNS_LOG_SEED, else one made once in the data folder. Raises `NoKey`."""
    return Signer(origin, seed_of(settings.LOG_SEED) if settings.LOG_SEED else _kept_seed())


def seed_of(text: str) -> bytes:
    """32 bytes written in base64 or hexadecimal. Raises `NoKey`."""
    try:
        seed = bytes.fromhex(text) if re.fullmatch("[0-9a-fA-F]{64}", text) else base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != 32:
        raise NoKey("COMMUNS_LOG_SEED is not 32 bytes in base64. Make one: head -c 32 /dev/urandom | base64")
    return seed


def _kept_seed() -> bytes:
    path = Path(settings.DATA) / "log-seed"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return seed_of(path.read_text(encoding="ascii").strip())
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(32)).decode())
    return seed_of(path.read_text(encoding="ascii"))


def cosigners() -> tuple[Key, ...]:
    """Whose co-signatures are taken, from COMMUNS_LOG_COSIGNERS. Raises `NoKey`."""
    try:
        keys = tuple(Key.parse(text) for text in settings.LOG_COSIGNERS.split(",") if text.strip())
    except InvalidKey as error:
        raise NoKey(f"COMMUNS_LOG_COSIGNERS: {error}") from error
    if any(key.kind != COSIGNER for key in keys):
        raise NoKey("COMMUNS_LOG_COSIGNERS names a key that is not one of a co-signer (type 4).")
    return keys


def trust(origin: str) -> Trust:
    """Whom this site itself believes about its log."""
    return Trust(origin, (signer(origin).key,), cosigners())
