"""YAML that is broken in places, read all the same; and a text changed where it stands until it says what is meant.

Comments, order and style of everything else stay as they are; what has to go becomes a comment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import yaml

from communs.core.standards.problems import Edit
from communs.core.standards.publiccode.edits import Editor, apply
from communs.core.standards.publiccode.tree import Listing, Node, NotTable, Pair, Scalar, Table, compose, is_blank, walk
from communs.core.standards.publiccode.tree import compose_tolerantly as salvage
from communs.core.standards.reading import Loaded, TooMuch, load_yaml
from communs.core.standards.rules import nearest

# Each round reads the text anew; changes that touch one another take one each.
_ROUNDS_MAX: Final = 30
_CHARACTERS_MAX: Final = 50_000


def load_near_yaml(data: bytes | str) -> Loaded:
    """`load_yaml`; where the text is no YAML, what its top-level keys say one by one, with the problem that it is none.

    >>> load_near_yaml("a: 1\\nb: [\\nc: d\\n").value
    {'a': '1', 'c': 'd'}
    """
    loaded = load_yaml(data)
    if loaded.value is not None or not any(found.code == "not-yaml" for found in loaded.problems):
        return loaded
    table, _ = salvage(loaded.text)
    if not table.pairs:
        return loaded
    places = {path: (node.line, node.column) for path, node in walk(table)}
    return Loaded(_value(table), loaded.text, lambda: places, loaded.problems)


def rewritten(text: str, meant: Mapping[str, Any]) -> str:
    """The text changed so that it holds the table `meant`; where that takes too many changes, it is written anew.

    >>> print(rewritten("a: x # mine\\nb: null\\nlicence: MIT\\n", {"a": "y", "license": "MIT"}), end="")
    a: y # mine
    license: MIT
    """
    changed = text
    for _ in range(_ROUNDS_MAX if len(text) <= _CHARACTERS_MAX else 0):
        try:
            changes = _changes(Editor(changed), compose(changed), meant, load_yaml(changed).value)
            edits = list(_apart(changes))
        except (NotTable, TooMuch, yaml.YAMLError):
            break
        if not edits:
            return changed
        changed = apply(changed, edits)
    return yaml.safe_dump(dict(meant), allow_unicode=True, sort_keys=False, width=110)


def _apart(changes: Iterable[Iterable[Edit]]) -> Iterator[Edit]:
    """The edits of those changes that lie behind one another; the others are found again in the next round."""
    reached = 0
    for change in changes:
        edits = tuple(change)
        if edits and min(edit.start for edit in edits) >= reached:
            reached = max(edit.end for edit in edits)
            yield from edits


def _changes(editor: Editor, node: Node, meant: Any, held: Any) -> Iterator[Iterable[Edit]]:
    """What is still to be changed below `node`, one change after the other. They hold for the text as it is now."""
    if isinstance(node, Table) and isinstance(meant, Mapping) and isinstance(held, Mapping) and not node.is_shared:
        yield from _table_changes(editor, node, meant, held)
    elif isinstance(node, Listing) and isinstance(meant, list) and isinstance(held, list) and not node.is_shared:
        for item, one, other in zip(node.items, meant, held, strict=False):
            if one != other and isinstance(item, Scalar) and isinstance(one, str):
                yield editor.rewrite(item, one)
            elif one != other:
                yield from _changes(editor, item, one, other)


def _table_changes(editor: Editor, table: Table, meant: Mapping[str, Any], held: Mapping[str, Any]) -> Iterator[Any]:
    names = [pair.name for pair in table.pairs]
    missing = [name for name in meant if name not in names]
    for number, pair in enumerate(table.pairs):
        other = nearest(pair.name, tuple(missing)) if pair.name not in meant else ""
        if pair.name in names[:number] or (pair.name not in meant and not other):
            leave = editor.drop if is_blank(pair.value) or pair.name in names[:number] else editor.set_aside
            left = leave(table, pair)
            if left is not None:
                yield left
        elif other:
            missing.remove(other)
            yield editor.rename(pair, other)
        elif meant[pair.name] != held.get(pair.name):
            yield from _value_changes(editor, table, pair, meant[pair.name], held.get(pair.name))
    for name in missing:
        yield editor.add(table, name, meant[name])


def _value_changes(editor: Editor, table: Table, pair: Pair, meant: Any, held: Any) -> Iterator[Any]:
    same_shape = isinstance(meant, Mapping) and isinstance(held, Mapping)
    same_length = isinstance(meant, list) and isinstance(held, list) and len(meant) == len(held)
    inner = list(_changes(editor, pair.value, meant, held)) if same_shape or same_length else []
    if isinstance(meant, str) and _stands_alone(pair.value):
        inner = [editor.rewrite(pair.value, meant)]
    yield inner[0] if inner else editor.set(table, pair, meant)


def _stands_alone(node: Node) -> bool:
    """Whether a value is a text on one line, so that another one fits into its place."""
    return isinstance(node, Scalar) and bool(node.text) and node.style not in {"|", ">"} and not node.is_shared


def _value(node: Node) -> Any:
    if isinstance(node, Table):
        found: dict[str, Any] = {}
        for pair in node.pairs:
            found.setdefault(pair.name, _value(pair.value))
        return found
    if isinstance(node, Listing):
        return [_value(item) for item in node.items]
    return node.text if isinstance(node, Scalar) else None
