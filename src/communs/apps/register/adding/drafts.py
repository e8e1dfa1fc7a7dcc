"""Several files of one commons as one description: each value with the file it comes from, and what the others say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from communs.apps.register.importing import values_of
from communs.core.identity import fold_name, normalise_repository
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
    """The description to start from, by field. `apart`: the files that describe another commons than this one."""

    values: dict[str, Value] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()

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
    """Join what the files say of one commons: the first file says which; what is said of another one is left out.

    `extra`: a record from elsewhere, such as the forge; it comes last. `picked`: which record of the first file counts
    where that describes several.
    """
    told = sorted((read for read in reads if read.records), key=_precedence)
    records: list[tuple[str, Any]] = []
    apart = set()
    for read in told:
        found = _of_the_same(read.records, records[0][1]) if records else _nth(read.records, picked)
        if found is None:
            apart.add(read.name)
        else:
            records.append((read.name, found))
    if extra and (not records or _may_be_same(extra, records[0][1])):
        records.append((str(extra.get("origin") or ""), extra))
    said: dict[str, list[tuple[str, Any]]] = {}
    for name, record in records:
        for dotted, value in values_of(dict(record)).items():
            said.setdefault(dotted, []).append((name, value))
    return Draft({dotted: _joined(dotted, found) for dotted, found in said.items()}, frozenset(apart))


def _nth(records: Sequence[Any], number: int) -> Any:
    return records[min(number, len(records) - 1)]


def _of_the_same(records: Sequence[Any], first: Any) -> Any:
    """Of what a file describes the commons that `first` is; None where it is none of them."""
    by_address = (record for record in records if _repository(record) and _repository(record) == _repository(first))
    return next(by_address, None) or next((record for record in records if _may_be_same(record, first)), None)


def _may_be_same(one: Any, other: Any) -> bool:
    """Whether nothing says that these are two: neither another repository nor, with it, another name."""
    here, there = _repository(one), _repository(other)
    if here is None or there is None or here == there:
        return True
    return fold_name(str(one.get("name") or "")) == fold_name(str(other.get("name") or ""))


def _repository(record: Any) -> str | None:
    return normalise_repository(str(record.get("repository") or ""))


def _precedence(read: FileRead) -> int:
    name = read.checked.format.name if read.checked.format else ""
    return PRECEDENCE.index(name) if name in PRECEDENCE else len(PRECEDENCE)


def _joined(dotted: str, found: list[tuple[str, Any]]) -> Value:
    (name, value), *rest = found
    others = tuple((other, said) for other, said in rest if canonical(said) != canonical(value))
    return Value(dotted, value, name, others)
