"""Reading single values out of nodes: what has the wrong shape is reported and left out."""

from __future__ import annotations

from typing import Final

from communs.core.standards.publiccode import problems as known
from communs.core.standards.publiccode.nodes import Listing, Node, Scalar, Table
from communs.core.standards.publiccode.problems import Problem

MAX_CHARACTERS: Final = 20_000
MAX_ITEMS: Final = 500


class Reader:
    """Looks values up in one table; faults go to the `problems` it was given."""

    def __init__(self, table: Table, problems: list[Problem], path: str = "") -> None:
        self.table, self.problems, self.path = table, problems, path
        self._nodes: dict[str, Node] = {}
        for key, value in table.pairs:
            name = key.text or ""
            if name in self._nodes:
                self._report(key, name, known.REPEATED)
            else:
                self._nodes[name] = value

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the table in order."""
        return tuple(self._nodes)

    def text(self, key: str) -> str | None:
        """A text without outer spaces; None when absent, null or empty (the last is reported)."""
        node = self._nodes.get(key)
        if node is None or (isinstance(node, Scalar) and node.text is None):
            return None
        if not isinstance(node, Scalar):
            self._report(node, key, known.NOT_TEXT)
            return None
        value = (node.text or "").strip()[:MAX_CHARACTERS]
        if not value:
            self._report(node, key, known.EMPTY)
        return value or None

    def address(self, key: str) -> str | None:
        """A web or repository address; anything else is reported and left out."""
        value = self.text(key)
        if value is None:
            return None
        if "://" in value[:12] and " " not in value and "." in value:
            return value
        self._report(self._nodes[key], key, known.NOT_ADDRESS)
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each once; a single text counts as a list of one, and is reported."""
        node = self._nodes.get(key)
        if node is None or (isinstance(node, Scalar) and node.text is None):
            return ()
        if isinstance(node, Table):
            self._report(node, key, known.NOT_LIST)
            return ()
        if isinstance(node, Scalar):
            self._report(node, key, known.NOT_LIST)
            return (node.text.strip(),) if node.text and node.text.strip() else ()
        return self._items(node)

    def inner(self, key: str) -> Reader:
        """The table under `key`; empty when there is none."""
        node = self._nodes.get(key)
        if not isinstance(node, Table):
            if node is not None and not (isinstance(node, Scalar) and node.text is None):
                self._report(node, key, known.NOT_TABLE)
            line, column = (node.line, node.column) if node else (self.table.line, self.table.column)
            node = Table((), line, column)
        return Reader(node, self.problems, self._path(key))

    def report(self, key: str, message: tuple[str, str], value: str = "", meant: str = "") -> None:
        """A problem with `key`, at its place or, when it is absent, at the table's."""
        node = self._nodes.get(key, self.table)
        self.problems.append(Problem(self._path(key), node.line, node.column, *message, value, meant))

    def _items(self, node: Listing) -> tuple[str, ...]:
        said = (item.text.strip() for item in node.items[:MAX_ITEMS] if isinstance(item, Scalar) and item.text)
        return tuple(dict.fromkeys(text[:MAX_CHARACTERS] for text in said if text))

    def _report(self, node: Node, key: str, message: tuple[str, str]) -> None:
        self.problems.append(Problem(self._path(key), node.line, node.column, *message))

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
