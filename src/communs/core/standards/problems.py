"""What is wrong in a file, where, how grave it is, and what to do about it: the same for every format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from communs.core.texts import N_, Translate, identity

Severity = Literal["error", "warning", "note"]
Path = tuple[str | int, ...]

_ORDER: Final = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters from `start` up to `end` (offsets in the decoded text) by `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file.

    `path`: where in the document, as `description.en.features[0]`; empty for the whole. `line`, `column`: from 1.
    `code`: stable, in kebab case, the same in every language. `severity`: an *error* makes the file invalid, a
    *warning* does not, a *note* only tells what was understood. `message` and `fix` are message ids whose placeholders
    are filled from `values`. `edits` are the fix as text edits, where one is known; `assumed` says that the fix fills
    in something the file does not say, which a person has to confirm.
    """

    path: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    fix: str
    values: Mapping[str, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    assumed: bool = False

    def say(self, translate: Translate = identity) -> str:
        """The fault in words."""
        return fill(translate(self.message), self.path, self.values)

    def say_fix(self, translate: Translate = identity) -> str:
        """The remedy in words."""
        return fill(translate(self.fix), self.path, self.values)

    def render(self, translate: Translate = identity) -> str:
        """Place, fault and remedy in one line, as terminals show them.

        >>> Problem("name", 3, 7, "empty", "error", "“{path}” is empty.", "Write a value.").render()
        '3:7: “name” is empty. Write a value.'
        """
        return f"{self.line}:{self.column}: {self.say(translate)} {self.say_fix(translate)}"

    def as_json(self, translate: Translate = identity) -> dict[str, object]:
        """The problem as `communs check --json` and the API print it."""
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "severity": self.severity,
            "message": self.say(translate),
            "fix": self.say_fix(translate),
        }


def fill(text: str, path: str, values: Mapping[str, str]) -> str:
    """Fill `{path}` and the other placeholders; what a file says is never read as a placeholder itself."""
    return text.format(**{"path": path, **values})


def dotted(path: Iterable[str | int]) -> str:
    """A path in words.

    >>> dotted(("description", "en", "features", 0))
    'description.en.features[0]'
    """
    said = ""
    for step in path:
        said += f"[{step}]" if isinstance(step, int) else f".{step}" if said else str(step)
    return said


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By place in the file, the graver first where two stand at the same place; repetitions once."""
    once = {(found.path, found.line, found.column, found.code, found.say()): found for found in problems}
    return tuple(
        sorted(once.values(), key=lambda found: (found.line, found.column, _ORDER[found.severity], found.path))
    )


TOO_LARGE: Final = (N_("The file is larger than {bound}."), N_("Split it, or keep only what the format asks for."))
TOO_DEEP: Final = (N_("The file is nested more than {bound} levels deep."), N_("Remove levels that say nothing."))
TOO_MANY: Final = (N_("The file holds more than {bound} values."), N_("Split it into several files."))
TOO_MANY_ALIASES: Final = (
    N_("The file repeats parts of itself through too many aliases."),
    N_("Write the repeated parts out where they are needed."),
)
NOT_UTF8: Final = (N_("The file is not encoded in UTF-8; some characters were lost."), N_("Save it as UTF-8."))
NOT_YAML: Final = (
    N_("This is not valid YAML: {detail}."),
    N_("Check indentation, quotes and brackets here and just above; put texts that contain “: ” between quotes."),
)
NOT_JSON: Final = (
    N_("This is not valid JSON: {detail}."),
    N_("Check commas, quotes and brackets here and just before."),
)
REPEATED: Final = (N_("“{path}” stands here a second time."), N_("Keep one of the two."))
