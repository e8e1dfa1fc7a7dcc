"""A text that is not YAML made into YAML, line by line: quoted, indented, closed; in the end turned into a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import yaml

from communs.core.standards.publiccode import strict
from communs.core.standards.publiccode.edits import scalar
from communs.core.standards.publiccode.repairing.fixes import Fix
from communs.core.standards.publiccode.tree import NotTable, compose
from communs.core.standards.reading import TooMuch
from communs.core.standards.reading.yaml_text import broken

LINES_MENDED_MAX: Final = 60
TRIES_PER_LINE: Final = 40
# Each try parses the whole text: this many characters are parsed in all.
WORK_MAX: Final = 500_000

_KEYED = re.compile(r"(?P<start>\s*(?:- +)?[A-Za-z][\w-]*: +)(?P<text>\S.*?)(?P<end>\s+#.*|\s*)$")
_ENTRY = re.compile(r"(?P<start>\s*- +)(?P<text>\S.*?)(?P<end>\s+#.*|\s*)$")
_CLOSING: Final = {"[": "]", "{": "}"}
_WORD = re.compile(r"\s*[A-Za-z][\w-]*\s*")
_NO_SPACE = re.compile(r"^(?P<start>\s*(?:- +)?[A-Za-z][\w-]*:)(?P<text>[^\s:/].*)$")
_NO_SPACE_ENTRY = re.compile(r"^(?P<start>\s*-)(?P<text>[^\s-].*)$")


def mend_syntax(text: str) -> tuple[str, list[Fix]]:
    """The text as YAML, and what was done to it. Text that is YAML already, or too much, comes back as it is."""
    fixes: list[Fix] = []
    left = max(5, WORK_MAX // max(1, len(text)))
    places = _fault(text)
    while places and len(fixes) < LINES_MENDED_MAX and left > 0:
        made = _first_that_helps(text, places, left) or _given_up(text, places)
        left -= made.cost
        if made.text == text:
            break
        text, places = made.text, made.places
        fixes.append(Fix("commented" if made.is_comment else "syntax", (), (), values={"line": str(made.line)}))
    return text, fixes


@dataclass(frozen=True, slots=True)
class _Made:
    """A text with one line changed: which one, what it stumbles over now, and how many texts were tried."""

    text: str
    line: int
    is_comment: bool
    places: list[int]
    cost: int


def _first_that_helps(text: str, places: list[int], left: int) -> _Made | None:
    for cost, (tried, line, is_comment) in enumerate(islice(_tries(text, places), left), 1):
        after = _fault(tried)
        # It helps when the next fault stands further down.
        if not after or after[0] > places[0]:
            return _Made(tried, line, is_comment, after, cost)
    return None


def _given_up(text: str, places: list[int]) -> _Made:
    """The line that cannot be read as a comment."""
    lines = text.split("\n")
    number = min(places[0], len(lines))
    tried = _with_line(lines, number, _comment(lines[number - 1]))
    return _Made(tried, number, True, _fault(tried), TRIES_PER_LINE)


def _fault(text: str) -> list[int]:
    """The lines where the readers of YAML stumble, that of the strict checker first; empty where none does."""
    lines = []
    try:
        compose(text)
    except (TooMuch, NotTable):
        return []
    except yaml.YAMLError as error:
        lines.append(broken(error).line)
    strictly = [max(1, found.line) for found in strict.check(text) if found.code.startswith("yaml-")]
    return list(dict.fromkeys([*strictly[:1], *lines]))


def _tries(text: str, places: list[int]) -> Iterator[tuple[str, int, bool]]:
    """Texts with one line changed, the number of that line, and whether it has become a comment."""
    lines = text.split("\n")
    at = min(places[0], len(lines))
    if lines[at - 1].startswith("\t") and not "".join(lines[: at - 1]).strip():
        yield _with_line(lines, at, lines[at - 1].lstrip()), at, False
    if re.search(r"^[ ]*\t", text, re.MULTILINE):
        yield re.sub(r"^[ \t]+", lambda found: found[0].replace("\t", "  "), text, flags=re.MULTILINE), at, False
    # The fault shows where the reader stumbles, often a line or two after its cause.
    near = [one for place in places for one in range(min(place, len(lines)), max(0, place - 4), -1)]
    for number in dict.fromkeys(near):
        for line in _other_lines(lines, number):
            yield _with_line(lines, number, line), number, False
    for number in dict.fromkeys(near):
        yield _with_line(lines, number, _comment(lines[number - 1])), number, True


def _other_lines(lines: list[str], number: int) -> Iterator[str]:
    line = lines[number - 1]
    if not line.strip() or line.lstrip().startswith("#"):
        return
    end = "\r" if line.endswith("\r") else ""
    yield from (other + end for other in _respelt(line.rstrip("\r")))
    for indent in dict.fromkeys(_indent(before) for before in reversed(lines[max(0, number - 6) : number - 1])):
        if indent is not None and indent != _indent(line):
            yield indent + line.lstrip()


def _respelt(line: str) -> Iterator[str]:
    """A line with the colon, the space, the bracket or the quotes that it may lack."""
    if "\t" in line:
        yield line.replace("\t", " ")
    if _WORD.fullmatch(line):
        yield f"{line.rstrip()}:"
    for pattern in (_NO_SPACE, _NO_SPACE_ENTRY):
        if found := pattern.match(line):
            yield f"{found['start']} {found['text']}"
    for pattern in (_KEYED, _ENTRY):
        if found := pattern.match(line):
            said = found["text"]
            if said[0] == "[" or (said[0] == "{" and ":" in said):
                yield f"{found['start']}{said}{_CLOSING[said[0]]}{found['end']}"
            said = said.strip(said[0]) if said[0] in "'\"" else said
            yield f"{found['start']}{_quoted(said)}{found['end']}"
            yield f"{found['start']}{_quoted((said + found['end']).strip())}"


def _quoted(text: str) -> str:
    said = scalar(text)
    return said if said[0] in "'\"" else "'" + text.replace("'", "''") + "'"


def _indent(line: str) -> str | None:
    bare = line.lstrip(" ")
    return line[: len(line) - len(bare)] if bare.strip() and not bare.startswith("#") else None


def _comment(line: str) -> str:
    bare = line.lstrip()
    return f"{line[: len(line) - len(bare)]}# {bare}" if bare and not bare.startswith("#") else line


def _with_line(lines: list[str], number: int, line: str) -> str:
    return "\n".join([*lines[: number - 1], line, *lines[number:]])
