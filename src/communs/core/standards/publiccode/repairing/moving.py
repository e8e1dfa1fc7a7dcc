"""Keys of other versions and habits, moved to where the standard says the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from communs.core.standards.publiccode.edits import Editor
from communs.core.standards.publiccode.repairing.fixes import Fix
from communs.core.standards.publiccode.repairing.keys import MOVES, ROOT
from communs.core.standards.publiccode.tree import Listing, Node, Pair, Scalar, Table, is_blank

Steps = tuple[str, ...]


def move(root: Table, editor: Editor) -> Iterator[Fix]:
    """A fix for each key that has another place, where nothing stands there yet."""
    taken: set[Steps] = set()
    for source, target in MOVES.items():
        table, pair = _find(root, source)
        _, there = _find(root, target)
        if table is None or pair is None or is_blank(pair.value) or (there and not is_blank(there.value)):
            continue
        if (len(source) == 1 and source[0] in ROOT) or target in taken:
            continue
        fix = _moved(root, editor, table, pair, source, target)
        if fix:
            taken.add(target)
            yield fix


def plain_value(node: Node) -> Any:
    """A value as texts, lists and tables; what is blank is left out."""
    if isinstance(node, Table):
        return {pair.name: plain_value(pair.value) for pair in node.pairs if not is_blank(pair.value)}
    if isinstance(node, Listing):
        return [plain_value(item) for item in node.items if not is_blank(item)]
    return (node.text or "").strip() if isinstance(node, Scalar) else ""


def _moved(root: Table, editor: Editor, table: Table, pair: Pair, source: Steps, target: Steps) -> Fix | None:
    holder, below = root, target
    if len(target) > 1 and (outer := root.first(target[0])) is not None:
        if not isinstance(outer.value, Table) or outer.value.is_shared or outer.value.is_flow:
            return None
        holder, below = outer.value, target[1:]
    gone = editor.drop(table, pair)
    if gone is None or holder.first(below[0]):
        return None
    said = plain_value(pair.value)
    edits = (*gone, *editor.add(holder, below[0], said if len(below) == 1 else {below[1]: said}))
    return Fix("moved", source, edits, (target,), {"new": ".".join(target)})


def _find(root: Table, path: Steps) -> tuple[Table | None, Pair | None]:
    table, pair = root, root.first(path[0])
    for step in path[1:]:
        if pair is None or not isinstance(pair.value, Table) or pair.value.is_shared:
            return None, None
        table = pair.value
        pair = table.first(step)
    return table, pair
