"""What reading a file of any format gives: records in the shapes of this project, and problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from communs.core.standards.problems import Problem
from communs.core.texts import Translate, identity

Kind = Literal["commons", "opportunities", "awards", "elections"]


@dataclass(frozen=True, slots=True)
class Document:
    """`format`: one of `formats.FORMATS`; `version`: the one the file names, else the one it was read as, or empty.

    `records`: shapes of `seed/commons.jsonl`, `seed/opportunities.jsonl`, of an award (`threesixtygiving`), or one that
    sums up an election (`pabulib`), with nothing in them that the file does not say. A file with errors still gives the
    records that are usable.
    """

    format: str
    kind: Kind
    version: str = ""
    records: tuple[Mapping[str, Any], ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_valid(self) -> bool:
        """No error; warnings and notes do not count."""
        return not any(found.severity == "error" for found in self.problems)


class CannotWrite(Exception):
    """A record lacks what a format demands; nothing is invented in its place. `missing`: what, one sentence each."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(" ".join(missing))
        self.missing = tuple(missing)

    def say_each(self, _translate: Translate = identity) -> tuple[str, ...]:
        """What is missing, in the reader's language where the format knows how to say it."""
        return self.missing
