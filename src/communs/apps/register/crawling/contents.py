"""What the files of a repository say (pure): the state of each, and the description that a manifest gives."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from communs.core.identity import normalise_repository
from communs.core.standards.documents import Document
from communs.core.standards.forges import MANIFESTS, licence_of_text, says_something
from communs.core.standards.formats import FORMATS, recognise
from communs.core.standards.problems import Problem

PROBLEMS_KEPT: Final = 10
VALUE_LENGTH_MAX: Final = 300


@dataclass(frozen=True, slots=True)
class Read:
    """A file once read. `entry` is what is kept of it; `record` what it says of the commons, if it says anything."""

    entry: dict[str, Any]
    record: Mapping[str, Any] | None = None


def read_file(role: str, path: str, data: bytes, keys: frozenset[str]) -> Read:
    """Read one file of a repository that is known under the normalised addresses `keys`.

    The state of a manifest: *valid*; *invalid*, where what it says can still be used; *unreadable*, where nothing can;
    *other*, where it describes another repository, as in a fork. Of any other file: *there*, or *empty* where it holds
    hardly more than a title.
    """
    entry: dict[str, Any] = {"path": path, "digest": hashlib.sha256(data).hexdigest()[:32]}
    if role not in MANIFESTS:
        text = data.decode("utf-8", errors="replace")
        entry["state"] = "there" if says_something(text) else "empty"
        if role == "licence":
            entry["licence"] = licence_of_text(text)
        return Read(entry)
    document = _document(role, path, data)
    if document is None:
        return Read({**entry, "state": "unreadable", "errors": 1})
    entry["errors"] = sum(found.severity == "error" for found in document.problems)
    entry["warnings"] = sum(found.severity == "warning" for found in document.problems)
    entry["problems"] = [_kept(found) for found in document.problems[:PROBLEMS_KEPT]]
    record, is_other = own_record(document, keys)
    if is_other:
        return Read({**entry, "state": "other"})
    if not document.records:
        return Read({**entry, "state": "unreadable"})
    return Read({**entry, "state": "valid" if document.is_valid else "invalid"}, record)


def own_record(document: Document, keys: frozenset[str]) -> tuple[Mapping[str, Any] | None, bool]:
    """The record about this repository, and whether all are about others.

    A record that names no repository counts where it is alone in its file.
    """
    named: list[tuple[str, Mapping[str, Any]]] = []
    for record in document.records:
        address = record.get("repository")
        named.append(((normalise_repository(address) or "") if isinstance(address, str) else "", record))
    for key, record in named:
        if key in keys:
            return record, False
    if len(named) == 1 and not named[0][0]:
        return named[0][1], False
    return None, bool(named) and all(key for key, _record in named)


def problem_of(kept: Mapping[str, Any]) -> Problem:
    """A problem as it was kept."""
    return Problem(**{**kept, "edits": (), "assumed": False})


def _document(role: str, path: str, data: bytes) -> Document | None:
    """The file as the format it holds, else as the one its name announces; None where it holds no commons."""
    held = recognise(data, path) or FORMATS[role]
    document = held.read(data)
    return document if document.kind == "commons" else None


def _kept(found: Problem) -> dict[str, Any]:
    return {
        "path": found.path[:VALUE_LENGTH_MAX],
        "line": found.line,
        "column": found.column,
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "fix": found.fix,
        "values": {name: str(value)[:VALUE_LENGTH_MAX] for name, value in found.values.items()},
    }
