"""What is in the file brought into the form of the standard, key by key, each change as a fix of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from communs.core.standards.problems import Path
from communs.core.standards.publiccode.edits import Editor, Edits
from communs.core.standards.publiccode.repairing import values
from communs.core.standards.publiccode.repairing.fixes import Fix, Step, short
from communs.core.standards.publiccode.repairing.keys import (
    DEPRECATED,
    DESCRIPTION,
    RENAMES,
    ROOT,
    UNDETERMINED,
    Key,
)
from communs.core.standards.publiccode.repairing.moving import move, plain_value
from communs.core.standards.publiccode.strict import schema
from communs.core.standards.publiccode.strict.lexical import graphemes, languages
from communs.core.standards.publiccode.tree import Listing, Node, Pair, Scalar, Table, is_blank, leaves
from communs.core.standards.rules import nearest
from communs.core.standards.shapes import language_of

NOTHING: Final = frozenset(
    {"none", "n/a", "na", "null", "nil", "-", "false", "no", "aucun", "aucune", "~", "todo", "tbd"}
)
"""Words for "not there"."""

WORDS_MIN: Final = 3


def mend(root: Table, editor: Editor) -> Iterator[Fix]:
    """Every fix of what is there. None of them assumes anything."""
    moves = list(move(root, editor))
    mending = _Mending(root, editor, {path for fix in moves for path in (fix.path, *fix.touches)})
    yield from mending.repeated(root, ())
    yield from moves
    yield from mending.table(root, ROOT, ())


class _Mending:
    def __init__(self, root: Table, editor: Editor, moved: set[Path]) -> None:
        self.root, self.editor, self.moved = root, editor, moved

    def repeated(self, node: Node, path: Path) -> Iterator[Fix]:
        """Keys that stand twice: the first that says something counts, another one becomes a comment."""
        if isinstance(node, Listing):
            for number, item in enumerate(node.items):
                yield from self.repeated(item, (*path, number))
        if not isinstance(node, Table) or node.is_shared:
            return
        by_name: dict[str, list[Pair]] = {}
        for pair in node.pairs:
            by_name.setdefault(pair.name, []).append(pair)
        for name, pairs in by_name.items():
            kept = next((pair for pair in pairs if not is_blank(pair.value)), pairs[0])
            said = leaves(kept.value) if len(pairs) > 1 else {}
            for pair in pairs:
                if pair is not kept:
                    is_empty = is_blank(pair.value) or leaves(pair.value) == said
                    yield from self._leave(node, pair, (*path, name), is_empty=is_empty)
            yield from self.repeated(kept.value, (*path, name))

    def table(self, table: Table, keys: Mapping[str, Key], path: Path) -> Iterator[Fix]:
        """A table of known keys."""
        met: set[str] = set()
        for pair in table.pairs:
            here = (*path, pair.name)
            if pair.name in met or here in self.moved or pair.value.is_shared:
                continue
            met.add(pair.name)
            if (other := self._replaced(table, pair, here)) is not None:
                yield other
            elif pair.name in keys:
                yield from self._value(table, pair, keys[pair.name], here)
            elif not self._holds_moved(here):
                yield from self._unknown(table, pair, keys, here)

    def _holds_moved(self, path: Path) -> bool:
        return any(moved[: len(path)] == path for moved in self.moved)

    def _replaced(self, table: Table, pair: Pair, path: Path) -> Fix | None:
        """A key that will go from the standard: it gets its new name where that is free, else it becomes a comment."""
        new = DEPRECATED.get(path if path[0] != "description" else (path[0], "*", *path[2:]))
        if new is None or is_blank(pair.value):
            return None
        if not new:
            return next(self._leave(table, pair, path), None)
        if table.first(new):
            return next(self._leave(table, pair, path), None)
        return Fix("renamed", path, self.editor.rename(pair, new), ((*path[:-1], new),), {"new": new})

    def _unknown(self, table: Table, pair: Pair, keys: Mapping[str, Key], path: Path) -> Iterator[Fix]:
        names = [one.name for one in table.pairs]
        meant = RENAMES.get(pair.name) or nearest(pair.name, tuple(keys))
        if not is_blank(pair.value) and meant in keys and meant not in names and (*path[:-1], meant) not in self.moved:
            new = (*path[:-1], meant)
            yield Fix("renamed", path, self.editor.rename(pair, meant), (new,), {"new": meant})
        else:
            yield from self._leave(table, pair, path, is_empty=is_blank(pair.value))

    def _value(self, table: Table, pair: Pair, key: Key, path: Path) -> Iterator[Fix]:
        value = pair.value
        if is_blank(value):
            if isinstance(value, Table) and key.kind == "table" and key.required:
                yield from self.table(value, key.keys, path)
            elif not key.required and key.kind != "languages":
                yield from self._leave(table, pair, path, is_empty=True)
        elif key.kind == "languages":
            yield from self._languages(table, pair, path)
        elif key.kind == "any":
            return
        elif key.single_too and isinstance(value, Scalar):
            yield from self._scalar(table, pair, value, key, path)
        elif key.many:
            yield from self._list(table, pair, key, path)
        elif key.kind == "table":
            yield from self._inner(table, pair, key, path)
        elif isinstance(value, Scalar):
            yield from self._scalar(table, pair, value, key, path)
        else:
            yield from self._text_from(table, pair, key, path)

    def _inner(self, table: Table, pair: Pair, key: Key, path: Path) -> Iterator[Fix]:
        value = pair.value
        if isinstance(value, Listing) and len(value.items) == 1 and isinstance(value.items[0], Scalar):
            value = value.items[0]
        if isinstance(value, Table):
            yield from self.table(value, key.keys, path)
        elif isinstance(value, Scalar) and key.lone and (value.text or "").strip().lower() not in NOTHING:
            new = {key.lone: (value.text or "").strip()}
            yield self._rewritten(table, pair, path, new)
        else:
            yield from self._leave(table, pair, path)

    def _languages(self, table: Table, pair: Pair, path: Path) -> Iterator[Fix]:
        """The descriptions, each under the tag of its language."""
        value = pair.value
        if not isinstance(value, Table):
            if text := _prose(value):
                lang = language_of(text) or UNDETERMINED
                yield self._rewritten(table, pair, path, {lang: {"shortDescription": text}})
            return
        names = {one.name for one in value.pairs}
        for one in value.pairs:
            here = (*path, one.name)
            tag = one.name if languages.is_language(one.name) else self._language(one)
            if is_blank(one.value) and len(value.pairs) > 1:
                yield from self._leave(value, one, here, is_empty=True)
            elif not tag or (tag != one.name and tag in names):
                yield from self._leave(value, one, here)
            elif tag != one.name:
                yield Fix("renamed", here, self.editor.rename(one, tag), ((*path, tag),), {"new": tag})
            elif isinstance(one.value, Table):
                yield from self._description(one.value, here)
            elif text := _prose(one.value):
                yield self._rewritten(value, one, here, {"shortDescription": text})
            elif len(value.pairs) > 1:
                yield from self._leave(value, one, here)

    def _language(self, pair: Pair) -> str:
        """The tag for a description whose own is none: the one that is meant, else that of the words; else empty."""
        if not isinstance(pair.value, Table) or not {one.name for one in pair.value.pairs} & set(DESCRIPTION):
            return ""
        text = " ".join(said for path, said in leaves(pair.value).items() if path[:1] != ("screenshots",))
        return values.mended("language", pair.name) or language_of(text) or UNDETERMINED

    def _description(self, table: Table, path: Path) -> Iterator[Fix]:
        yield from self.table(table, DESCRIPTION, path)
        brief, full = table.first("shortDescription"), table.first("longDescription")
        text = brief.value.text if brief and isinstance(brief.value, Scalar) else None
        if brief is None or text is None or graphemes.length(" ".join(text.split())) <= values.SHORT_MOST:
            return
        # What does not fit goes to the beginning of the long description, unless that says it already.
        whole = " ".join(text.split())
        edits = list(self.editor.set(table, brief, values.shortened(text, values.SHORT_MOST)))
        long_text = full.value.text if full and isinstance(full.value, Scalar) else None
        if long_text and long_text.strip():
            if full and whole not in " ".join(long_text.split()):
                edits += self.editor.set(table, full, f"{whole}\n\n{long_text.strip()}")
        elif full:
            edits += self.editor.set(table, full, whole)
        else:
            edits += self.editor.add(table, "longDescription", whole)
        touched = ((*path, "longDescription"),)
        new = values.shortened(text, values.SHORT_MOST)
        yield Fix("rewritten", (*path, "shortDescription"), tuple(edits), touched, {"new": short(new)})

    def _list(self, table: Table, pair: Pair, key: Key, path: Path) -> Iterator[Fix]:
        value = pair.value
        if isinstance(value, Scalar):
            text = (value.text or "").strip()
            if text.lower() in NOTHING and key.kind != "platform":
                yield from self._leave(table, pair, path, is_empty=True)
                return
            parts = [text]
            if key.kind not in {"text", "name", "url", "web", "table"}:
                parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
            new = [{key.lone: part} for part in parts] if key.kind == "table" else parts
            yield self._rewritten(table, pair, path, new)
        elif isinstance(value, Table):
            yield from self._list_from_table(table, pair, value, key, path)
        elif isinstance(value, Listing):
            met: set[str] = set()
            for number in range(len(value.items)):
                yield from self._item(value, number, key, (*path, number), met)

    def _list_from_table(self, table: Table, pair: Pair, value: Table, key: Key, path: Path) -> Iterator[Fix]:
        """A table where a list belongs: one entry, or, where entries are texts, its values."""
        said = plain_value(value)
        if key.kind == "table" and set(said) & set(key.keys):
            yield self._rewritten(table, pair, path, [said])
        elif key.kind != "table" and all(isinstance(one, str) for one in said.values()):
            yield self._rewritten(table, pair, path, list(said.values()))
        else:
            yield from self._leave(table, pair, path)

    def _item(self, listing: Listing, number: int, key: Key, path: Path, met: set[str]) -> Iterator[Fix]:
        """One entry; `met` are the texts of those before it."""
        item = listing.items[number]
        if item.is_shared:
            return
        if is_blank(item):
            edits = self.editor.drop_item(listing, number)
            if edits:
                yield Fix("dropped", path, edits, (path[:-1],))
        elif key.kind == "table":
            yield from self._item_table(listing, number, item, key, path)
        elif isinstance(item, Scalar):
            yield from self._item_text(listing, number, item, key, path, item.text in met)
            met.add(item.text or "")
        elif (text := _one_line(item)) and key.kind in {"text", "name"}:
            # An entry such as "- Name: what it does" was meant as a text.
            yield Fix("rewritten", path, self.editor.rewrite(item, text), values={"new": short(text)})
        else:
            yield from self._leave_item(listing, number, path)

    def _item_table(self, listing: Listing, number: int, item: Node, key: Key, path: Path) -> Iterator[Fix]:
        if isinstance(item, Table):
            yield from self.table(item, key.keys, path)
        elif isinstance(item, Scalar) and key.lone:
            text = f"{key.lone}: {self.editor.text[item.start : item.end]}"
            if item.style in {"", "'", '"'} and "\n" not in text and not listing.is_flow:
                yield Fix("rewritten", path, self.editor.put(item, text), values={"new": short(text)})
        else:
            yield from self._leave_item(listing, number, path)

    def _item_text(
        self, listing: Listing, number: int, item: Scalar, key: Key, path: Path, is_repeated: bool
    ) -> Iterator[Fix]:
        text = item.text or ""
        new = values.mended(key.kind, text)
        if new is None:
            if len(listing.items) > 1 or key.kind not in {"platform", "language"}:
                yield from self._leave_item(listing, number, path)
            return
        if is_repeated:
            edits = self.editor.drop_item(listing, number)
            if edits:
                yield Fix("dropped", path, edits, (path[:-1],))
        elif new != text and (key.kind != "text" or new != text.strip()):
            yield Fix("rewritten", path, self.editor.rewrite(item, new), values={"new": short(new)})

    def _scalar(self, table: Table, pair: Pair, value: Scalar, key: Key, path: Path) -> Iterator[Fix]:
        text = (value.text or "").strip()
        if key.kind == "truth":
            said = values.truth(text)
            if said is None:
                if not key.required:
                    yield from self._leave(table, pair, path)
            elif value.style or text not in {"true", "false"}:
                yield self._rewritten(table, pair, path, said)
            return
        if text.lower() in NOTHING and not key.required and key.kind not in {"text", "name", "short", "long"}:
            yield from self._leave(table, pair, path, is_empty=True)
            return
        new = values.mended(key.kind, text)
        if key.kind == "generic":
            new = text if graphemes.length(text) <= values.GENERIC_MOST else None
        if new is None:
            if not key.required:
                yield from self._leave(table, pair, path)
        elif new != text and not (key.kind == "version" and not self._version_needs_change(text)):
            yield self._rewritten(table, pair, path, new)

    def _version_needs_change(self, text: str) -> bool:
        return text not in {"0", schema.LATEST}

    def _text_from(self, table: Table, pair: Pair, key: Key, path: Path) -> Iterator[Fix]:
        """A list or a table where a text belongs."""
        value = pair.value
        texts = [item.text.strip() for item in getattr(value, "items", ()) if isinstance(item, Scalar) and item.text]
        if isinstance(value, Listing) and len(texts) == len(value.items):
            right = [text for one in texts if (text := values.mended(key.kind, one))]
            joins = key.kind in {"text", "name", "short", "long", "generic"}
            if joins or len(texts) == 1:
                new = ", ".join(texts) if joins else right[0] if right else ""
                if new:
                    yield self._rewritten(table, pair, path, new)
                    return
            elif right:
                aside = self.editor.set_aside(table, pair)
                added = self.editor.add(table, pair.name, right[0])
                if aside:
                    yield Fix("rewritten", path, (*aside, *added), values={"new": short(right[0])})
                return
        if not key.required or isinstance(value, Table):
            yield from self._leave(table, pair, path)

    def _rewritten(self, table: Table, pair: Pair, path: Path, new: Any) -> Fix:
        shown = new if not isinstance(new, bool) else str(new).lower()
        return Fix("rewritten", path, self.editor.set(table, pair, new), values={"new": short(shown)})

    def _leave(self, table: Table, pair: Pair, path: Path, *, is_empty: bool = False) -> Iterator[Fix]:
        """Take a key out: what is empty goes, what says something becomes a comment."""
        edits: Edits | None = self.editor.drop(table, pair) if is_empty else self.editor.set_aside(table, pair)
        step: Step = "dropped" if is_empty else "set-aside"
        if edits:
            yield Fix(step, path, edits)

    def _leave_item(self, listing: Listing, number: int, path: Path) -> Iterator[Fix]:
        edits = self.editor.set_aside_item(listing, number)
        if edits:
            # The entries after it move up.
            yield Fix("set-aside", path, edits, (path[:-1],))


def _prose(node: Node) -> str:
    """A text of several words; empty for anything else."""
    text = " ".join((node.text or "").split()) if isinstance(node, Scalar) else ""
    return text if len(text.split()) >= WORDS_MIN else ""


def _one_line(node: Node) -> str:
    """A table of one key that was meant as a text with a colon in it."""
    if not isinstance(node, Table) or len(node.pairs) != 1 or not isinstance(node.pairs[0].value, Scalar):
        return ""
    value = node.pairs[0].value.text or ""
    return f"{node.pairs[0].name}: {value}".strip().rstrip(":") if "\n" not in value else ""
