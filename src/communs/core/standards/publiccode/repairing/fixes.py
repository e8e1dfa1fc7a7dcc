"""One change to a file: what it does, to which key, and whether it assumes something that the file does not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from communs.core.standards.problems import Edit, Path, dotted, fill
from communs.core.standards.publiccode.words import STEPS
from communs.core.texts import Translate, identity

Step = Literal["dropped", "set-aside", "renamed", "moved", "rewritten", "filled", "syntax", "commented"]

SHOWN: Final = 80
"""Of a value, in words."""


@dataclass(frozen=True, slots=True)
class Fix:
    """`path`: the key it is about. `edits`: in the text as it stands before. `assumed`: a person has to confirm it.

    `touches`: the keys (with all below them) whose values may be others afterwards.
    """

    step: Step
    path: Path
    edits: tuple[Edit, ...]
    touches: tuple[Path, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    assumed: bool = False

    def may_touch(self, path: Path) -> bool:
        """Whether the value at `path` may change."""
        return any(path[: len(start)] == start for start in (self.path, *self.touches))

    def say(self, translate: Translate = identity) -> str:
        """What was done, in words.

        >>> Fix("renamed", ("licence",), (), values={"new": "license"}).say()
        '“licence” is now called “license”.'
        """
        return fill(translate(STEPS[self.step]), dotted(self.path), self.values)


def short(value: object) -> str:
    """A value as a sentence shows it."""
    said = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    said = " ".join(said.split())
    return said if len(said) <= SHOWN else said[: SHOWN - 1] + "…"
