"""A publiccode.yml with every fix applied that is known: comments, order and style of the rest stay as they are.

Nothing that the file says is lost: what has no place in the standard becomes a comment. What had to be assumed carries
the comment "to confirm". After each change the text is read again: a fix that would change anything but what it is
about is not made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

import yaml

from communs.core.standards.problems import Path, Problem
from communs.core.standards.publiccode import strict
from communs.core.standards.publiccode.edits import Editor, apply, overlap
from communs.core.standards.publiccode.repairing.filling import fill_in
from communs.core.standards.publiccode.repairing.fixes import Fix
from communs.core.standards.publiccode.repairing.last_resort import path_of, set_aside_refused
from communs.core.standards.publiccode.repairing.mending import mend
from communs.core.standards.publiccode.repairing.syntax import mend_syntax
from communs.core.standards.publiccode.tree import NotTable, Table, compose, leaves
from communs.core.standards.reading import MANIFEST, TooMuch

ROUNDS_MAX: Final = 8
# Files of this size are written by people; what is much larger comes back as it is, and at once.
CHARACTERS_MAX: Final = 200_000
MARKS_MAX: Final = 5_000
FIXES_MAX: Final = 400


@dataclass(frozen=True, slots=True)
class Repair:
    """`text`: the repaired file. `done`: what was changed, in order. `left`: what is still wrong."""

    text: str
    done: tuple[Fix, ...] = ()
    left: tuple[Problem, ...] = ()

    @property
    def assumed(self) -> tuple[Fix, ...]:
        """What a person has to confirm."""
        return tuple(fix for fix in self.done if fix.assumed)

    @property
    def is_valid(self) -> bool:
        """Whether the repaired file is valid by the strict checker."""
        return not any(found.severity == "error" for found in self.left)


def repair(data: bytes | str) -> str:
    """The file with every fix applied that is known. Never raises; what cannot be read comes back as it is.

    >>> print(repair("name: Map\\nlegal:\\n  license: mit # ours\\nroadmap: ''\\n").partition("# to")[0], end="")
    publiccodeYmlVersion: '0.7'
    name: Map
    legal:
      license: MIT # ours
    """
    return repair_report(data).text


def repair_report(data: bytes | str) -> Repair:
    """The repaired file, what was done to it, what was assumed, and what is left."""
    text = decoded(data)
    if len(data) > MANIFEST.size:
        return Repair(text, left=(TooMuch("size", MANIFEST.size).problem,))
    if not is_repairable(text):
        return Repair(text, left=strict.check(data))
    if not _is_yaml(text) and not any(found.severity == "error" for found in strict.check(data)):
        # Readers of YAML differ: what the strict one takes is right.
        return Repair(text, left=strict.check(data))
    text, done = mend_syntax(text)
    for _ in range(ROUNDS_MAX):
        changed, fixes = _round(text)
        if changed == text:
            break
        text = changed
        done += fixes
    return Repair(text, tuple(done), strict.check(text))


def first_fixes(text: str, root: Table) -> list[Fix]:
    """The fixes that can be made in the text as it stands, each of them by itself. `root` is the text as a tree."""
    editor = Editor(text)
    return [*islice(mend(root, editor), FIXES_MAX), *fill_in(root, editor)[:FIXES_MAX]]


def is_repairable(text: str) -> bool:
    """Whether a text is small enough: in characters, and in lines and entries."""
    return len(text) <= CHARACTERS_MAX and text.count("\n") + text.count(",") <= MARKS_MAX


def decoded(data: bytes | str) -> str:
    """The text of a file. What is not UTF-8 is taken for the Windows code page of Western Europe, or for UTF-16."""
    if isinstance(data, str):
        return data.encode("utf-8", errors="replace").decode().removeprefix("\ufeff")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace").removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _is_yaml(text: str) -> bool:
    try:
        compose(text)
    except (TooMuch, NotTable, yaml.YAMLError, RecursionError):
        return False
    return True


def _round(text: str) -> tuple[str, list[Fix]]:
    """What is there is mended; when it is, what is missing is filled in; then what is still refused is set aside."""
    try:
        root = compose(text)
        editor = Editor(text)
        stages: tuple[Callable[[], Iterable[Fix]], ...] = (
            lambda: mend(root, editor),
            lambda: _asked_for(fill_in(root, editor), strict.check(text)),
            lambda: set_aside_refused(root, editor, strict.check(text)),
        )
        for stage in stages:
            changed, fixes = _settled(text, root, _compatible(islice(stage(), FIXES_MAX)))
            if changed != text:
                return changed, fixes
    except (TooMuch, NotTable, yaml.YAMLError, RecursionError):
        pass
    return text, []


def _asked_for(fixes: Iterable[Fix], problems: Iterable[Problem]) -> list[Fix]:
    """Of what might be filled in, what the strict checker misses."""
    paths = {path_of(found.path) for found in problems if found.severity == "error"}
    heads = {path[:length] for path in paths for length in range(len(path) + 1)}
    return [fix for fix in fixes if fix.path in heads or any(fix.path[:length] in paths for length in range(1, 9))]


def _compatible(fixes: Iterable[Fix]) -> list[Fix]:
    """Fixes that do not edit the same place; the others come in the next round."""
    kept: list[Fix] = []
    for fix in fixes:
        if not any(overlap(fix.edits, one.edits) for one in kept):
            kept.append(fix)
    return kept


def _settled(text: str, root: Table, fixes: list[Fix]) -> tuple[str, list[Fix]]:
    """The text with all fixes that leave everything else as it is."""
    before = leaves(root)
    made: list[Fix] = []
    waiting = [fixes] if fixes else []
    while waiting:
        some = waiting.pop()
        if _holds(text, before, [*made, *some]):
            made += some
        elif len(some) > 1:
            waiting += [some[len(some) // 2 :], some[: len(some) // 2]]
    return _applied(text, made), made


def _holds(text: str, before: dict[Path, str], fixes: list[Fix]) -> bool:
    try:
        after = leaves(compose(_applied(text, fixes)))
    except (TooMuch, NotTable, yaml.YAMLError, RecursionError):
        return False
    touched = {path for fix in fixes for path in (fix.path, *fix.touches)}
    changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    return all(any(path[:length] in touched for length in range(1, len(path) + 1)) for path in changed)


def _applied(text: str, fixes: list[Fix]) -> str:
    return apply(text, [edit for fix in fixes for edit in fix.edits])
