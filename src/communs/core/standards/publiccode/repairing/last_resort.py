"""What the strict checker still refuses when all else is done: an optional key that is wrong becomes a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from communs.core.standards.problems import Path, Problem
from communs.core.standards.publiccode.edits import Editor
from communs.core.standards.publiccode.repairing.fixes import Fix
from communs.core.standards.publiccode.repairing.keys import DESCRIPTION, ROOT, Key
from communs.core.standards.publiccode.tree import Listing, Node, Pair, Table, is_blank

_STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")


def path_of(said: str) -> Path:
    """A path as messages name it, as steps.

    >>> path_of("description[en-US].features[0]")
    ('description', 'en-US', 'features', 0)
    """
    return tuple(
        int(found[1]) if found[1] and found[1].isdigit() else found[1] or found[2] for found in _STEP.finditer(said)
    )


def set_aside_refused(root: Table, editor: Editor, problems: Iterable[Problem]) -> list[Fix]:
    """A fix for each error whose key, or the nearest key around it, may be left out."""
    fixes: dict[Path, Fix] = {}
    for found in problems:
        if found.severity == "error" and found.path:
            for fix in _refused(root, editor, path_of(found.path)):
                fixes.setdefault(fix.path, fix)
    return list(fixes.values())


def _refused(root: Table, editor: Editor, path: Path) -> Iterator[Fix]:
    """The innermost key or entry on the way to `path` that is there and may be left out."""
    holders = list(_on_the_way(root, path))
    for depth in range(len(holders), 0, -1):
        holder, step = holders[depth - 1]
        here = tuple(one for _, one in holders[:depth])
        if not _may_go(holder, here):
            continue
        if isinstance(holder, Table) and (pair := _pair(holder, step)):
            edits = editor.drop(holder, pair) if is_blank(pair.value) else editor.set_aside(holder, pair)
            touches: tuple[Path, ...] = ()
        elif isinstance(holder, Listing) and isinstance(step, int):
            edits, touches = editor.set_aside_item(holder, step), (here[:-1],)
        else:
            continue
        if edits:
            yield Fix("set-aside", here, edits, touches)
            return


def _on_the_way(root: Table, path: Path) -> Iterator[tuple[Node, str | int]]:
    node: Node = root
    for step in path:
        if node.is_shared:
            return
        if isinstance(node, Table) and (pair := _pair(node, step)):
            yield node, pair.name
            node = pair.value
        elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
            yield node, step
            node = node.items[step]
        else:
            return


def _pair(table: Table, step: str | int) -> Pair | None:
    name = str(step)
    return table.first(name) or (table.first(name.lower()) if name == "IT" else None)


def _may_go(holder: Node, path: Path) -> bool:
    """Whether the standard lets this key or entry be left out."""
    if isinstance(path[-1], int):
        return isinstance(holder, Listing) and (len(holder.items) > 1 or not _key(path[:-1]).required)
    if len(path) == 2 and path[0] == "description":
        return isinstance(holder, Table) and len({pair.name for pair in holder.pairs}) > 1
    return not _key(path).required


def _key(path: Path) -> Key:
    """What the standard knows of a key; one that it does not know may be left out."""
    keys, key = ROOT, Key()
    for step in path:
        if isinstance(step, int):
            continue
        if key.kind == "languages":
            keys, key = DESCRIPTION, Key("table")
            continue
        if step not in keys:
            return Key()
        key = keys[step]
        keys = key.keys
    return key
