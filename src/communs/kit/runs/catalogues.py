"""The catalogues that sources can fill. An app names its own with `register` in its `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from communs.kit.records.fields import Words
from communs.kit.records.importing import ImportReport
from communs.kit.records.kinds import RecordKind


def _none(_person: Any) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One catalogue.

    `write`          (records, *, now, progress, within) -> ImportReport
    `kind`           its records as the shared pages know them; None where records have no pages of their own
    `model`          of its records, where they have a history
    `looked_after`   (person) -> the ids of the records that the person looks after
    """

    name: str
    label: Words
    write: Callable[..., ImportReport]
    kind: RecordKind | None = None
    model: Any = None
    looked_after: Callable[[Any], Iterable[str]] = _none


_catalogues: dict[str, Catalogue] = {}


def register(catalogue: Catalogue) -> None:
    """Add a catalogue. Registering a name again replaces it."""
    _catalogues[catalogue.name] = catalogue


def get(name: str) -> Catalogue:
    """The catalogue of this name. Raises `KeyError`."""
    return _catalogues[name]


def names() -> list[str]:
    """The names of all, in order of registration."""
    return list(_catalogues)


def find(name: str) -> Catalogue | None:
    """The catalogue of this name, where an app has named it."""
    return _catalogues.get(name)
