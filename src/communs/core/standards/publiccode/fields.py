"""Reading single values out of the tree: what has the wrong shape is noted and left out."""

from __future__ import annotations

from collections.abc import Iterator

from communs.core.standards.problems import Path, Problem, dotted
from communs.core.standards.publiccode import words
from communs.core.standards.publiccode.edits import TO_CONFIRM
from communs.core.standards.publiccode.tree import Listing, Node, Pair, Scalar, Table, is_blank
from communs.core.standards.shapes import ITEMS_MAX, mended_address, plain, repository_address, web_address


class Notes:
    """The notes on one file, and the lines that somebody still has to confirm: those are not read."""

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self.unconfirmed: set[int] = set()
        if TO_CONFIRM in text:
            for number, line in enumerate(text.split("\n"), 1):
                remark = line.rpartition("# ")[2].strip()
                if "# " in line and remark == TO_CONFIRM:
                    self.unconfirmed.add(number)
                elif line.strip().startswith(f"# {TO_CONFIRM}: "):
                    self.unconfirmed.add(number + 1)

    def add(self, node: Node, path: Path, code: str, said: tuple[str, str], **values: str) -> None:
        """Note something about the value at `path`. Errors and warnings are the strict checker's alone."""
        self.problems.append(Problem(dotted(path), node.line, node.column, code, "note", *said, values=values))


def _folded(key: str) -> str:
    word = key.lower().replace("_", "").replace("-", "").replace(" ", "")
    return {"licence": "license"}.get(word, word)


class Reader:
    """Looks values up in one table; of a key that stands twice the first that says something counts."""

    def __init__(self, table: Table, notes: Notes, path: Path = ()) -> None:
        self.table, self.notes, self.path = table, notes, path
        self._pairs: dict[str, Pair] = {}
        for pair in table.pairs:
            kept = self._pairs.get(pair.name)
            if pair.key.line not in notes.unconfirmed and (kept is None or is_blank(kept.value)):
                self._pairs[pair.name] = pair
        self._meant: dict[str, Pair] = {}
        for name, pair in self._pairs.items():
            self._meant.setdefault(_folded(name), pair)

    def pair(self, key: str) -> Pair | None:
        """The key and its value; where it is absent, one that differs in capitals or marks alone, or is British."""
        return self._pairs.get(key) or self._meant.get(_folded(key))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the table in order."""
        return tuple(self._pairs)

    def text(self, key: str) -> str:
        """A text without outer spaces; empty when absent, null or empty (the last is noted)."""
        pair = self.pair(key)
        if pair is None or (isinstance(pair.value, Scalar) and pair.value.text is None):
            return ""
        if not isinstance(pair.value, Scalar):
            self.note(key, "not-text", words.NOT_TEXT)
            return ""
        value = plain(pair.value.text)
        if not value:
            self.note(key, "empty", words.EMPTY)
        return value

    def address(self, key: str) -> str:
        """A web or repository address; anything else is noted and left out."""
        value = self.text(key)
        if not value:
            return ""
        found = web_address(value) or repository_address(value) or web_address(mended_address(value))
        if not found:
            self.note(key, "not-address", words.NOT_ADDRESS)
        return found

    def texts(self, key: str, *, single_too: bool = False) -> tuple[str, ...]:
        """A list of texts, each once; a single text counts as a list of one, and is noted unless `single_too`."""
        pair = self.pair(key)
        if pair is None or is_blank(pair.value):
            return ()
        if isinstance(pair.value, Listing):
            items = (plain(item.text) for item in pair.value.items[:ITEMS_MAX] if isinstance(item, Scalar))
            return tuple(dict.fromkeys(filter(None, items)))
        if not single_too:
            self.note(key, "not-list", words.NOT_LIST)
        return tuple(filter(None, (plain(pair.value.text),))) if isinstance(pair.value, Scalar) else ()

    def inner(self, key: str) -> Reader:
        """The table under `key`; empty when there is none."""
        pair = self.pair(key)
        if pair is not None and isinstance(pair.value, Table):
            return Reader(pair.value, self.notes, (*self.path, key))
        if pair is not None and not is_blank(pair.value):
            self.note(key, "not-table", words.NOT_KEYS)
        place = pair.key if pair else self.table
        empty = Table(place.start, place.end, place.line, place.column, False, (), False)
        return Reader(empty, self.notes, (*self.path, key))

    def tables(self, key: str, lone: str = "name") -> Iterator[Reader]:
        """The tables of a list; a text in it counts as a table with this text under `lone`."""
        pair = self.pair(key)
        items = pair.value.items if pair and isinstance(pair.value, Listing) else (pair.value,) if pair else ()
        for number, item in enumerate(items[:ITEMS_MAX]):
            path = (*self.path, key, number)
            if isinstance(item, Table):
                yield Reader(item, self.notes, path)
            elif isinstance(item, Scalar) and plain(item.text):
                named = Scalar(item.start, item.start, item.line, item.column, True, lone, "", "")
                pairs = (Pair(named, item, item.end),)
                yield Reader(Table(item.start, item.end, item.line, item.column, True, pairs, False), self.notes, path)

    def note(self, key: str, code: str, said: tuple[str, str], **values: str) -> None:
        """A note on `key`, at its place or, when it is absent, at the table's."""
        pair = self.pair(key)
        place: Node = pair.value if pair and not pair.value.is_shared else pair.key if pair else self.table
        self.notes.add(place, (*self.path, key), code, said, **values)
