"""Which bundled files this database has read, so that a start does not read them again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from communs.kit.models import FileRead


def is_read(path: Path) -> bool:
    """Whether this very content was read before."""
    return FileRead.objects.filter(name=path.name, digest=_digest(path)).exists()


def mark_read(path: Path) -> None:
    """Remember the content as read."""
    FileRead.objects.update_or_create(name=path.name, defaults={"digest": _digest(path)})


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
