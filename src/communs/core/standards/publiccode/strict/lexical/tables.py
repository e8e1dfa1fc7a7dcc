"""Lists that lie beside this module as plain text, read when first needed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_HERE = "communs.core.standards.publiccode.strict.lexical"


def read_bytes(name: str) -> bytes:
    """The file `name` beside this module."""
    return files(_HERE).joinpath(name).read_bytes()


@cache
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of each `[section]` of a file; lines that start with # are comments."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in read_bytes(name).decode("utf-8").splitlines():
        if line.startswith("["):
            lines = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return {section: tuple(lines) for section, lines in found.items()}


def words(name: str, section: str) -> list[str]:
    """The words of a section."""
    return [word for line in sections(name)[section] for word in line.split()]
