"""Several files of one commons as one description: each value with the file it comes from, and what the others say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from communs.apps.register.importing import values_of
from communs.core.standards.checking import Checked, check
from communs.kit.records.resolve import canonical

# Where two files disagree the one that says most about what the thing is comes first.
PRECEDENCE: Final = ("publiccode", "codemeta", "dpg", "citation-cff", "funding-json", "funding-yml")


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file, the verdict on it, and the repaired text where something in it can be repaired."""

    name: str
    checked: Checked
    repaired: str | None = None
    is_valid_repaired: bool = False

    @property
    def records(self) -> Sequence[Any]:
        """The commons it describes; none where it holds something else."""
        document = self.checked.document
        return document.records if document is not None and document.kind == "commons" else ()


@dataclass(frozen=True, slots=True)
class Value:
    """One field of the description: its value, the file that says so, and what other files say instead."""

    field: str
    value: Any
    file: str
    others: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """The description to start from, by field."""

    values: dict[str, Value] = field(default_factory=dict)

    @property
    def initial(self) -> dict[str, Any]:
        """The values as the form takes them."""
        return {name: found.value for name, found in self.values.items()}


def read_file(name: str, data: bytes) -> FileRead:
    """Check one file and try to repair it."""
    checked = check(data, name)
    if checked.format is None or not checked.format.repairs or not checked.problems or checked.document is None:
        return FileRead(name, checked)
    repaired = checked.format.repair(data)
    if repaired.encode() == data:
        return FileRead(name, checked)
    return FileRead(name, checked, repaired, check(repaired.encode(), name, checked.format.name).is_valid)


def draft_of(reads: Iterable[FileRead], extra: Any = None, picked: int = 0) -> Draft:
    """Join what the files say. `extra`: a record from elsewhere, such as the forge; it comes last.

    `picked`: which record counts of a file that describes several commons.
    """
    told = sorted((read for read in reads if read.records), key=_precedence)
    records = [(read.name, read.records[min(picked, len(read.records) - 1)]) for read in told]
    if extra:
        records.append((str(extra.get("origin") or ""), extra))
    said: dict[str, list[tuple[str, Any]]] = {}
    for name, record in records:
        for dotted, value in values_of(dict(record)).items():
            said.setdefault(dotted, []).append((name, value))
    return Draft({dotted: _joined(dotted, found) for dotted, found in said.items()})


def _precedence(read: FileRead) -> int:
    name = read.checked.format.name if read.checked.format else ""
    return PRECEDENCE.index(name) if name in PRECEDENCE else len(PRECEDENCE)


def _joined(dotted: str, found: list[tuple[str, Any]]) -> Value:
    (name, value), *rest = found
    others = tuple((other, said) for other, said in rest if canonical(said) != canonical(value))
    return Value(dotted, value, name, others)
