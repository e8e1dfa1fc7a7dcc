"""What reading a file of any format gives: records in the shapes of this project, and problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from communs.core.standards.problems import Problem

Kind = Literal["commons", "opportunities", "awards"]


@dataclass(frozen=True, slots=True)
class Document:
    """`format`: one of `formats.FORMATS`; `version`: the one the file names, else the one it was read as, or empty.

    `records`: shapes of `seed/commons.jsonl`, `seed/opportunities.jsonl`, or of an award (`threesixtygiving`), with
    nothing in them that the file does not say. A file with errors still gives the records that are usable.
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
