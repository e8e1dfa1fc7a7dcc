"""Nested XML within bounds, piece by piece: only one child of an open element is ever held as a tree.

Bytes that are not of the encoding that a file claims are read as Windows-1252, which is what such files mostly are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from communs.core.standards.problems import Problem
from communs.core.standards.reading.bounds import FEED, Bounds, TooMuch
from communs.core.standards.reading.xml_guard import Guarded
from communs.core.texts import N_

NOT_THE_ENCODING: Final = (
    N_("The file is not in UTF-8 as it claims; from here on, such characters were read as Windows-1252."),
    N_("Check names with accents. Ask whoever made the file for UTF-8."),
)

# What Windows writes into the bytes 0x80 to 0x9F, five of which it leaves open.
# They arrive as control characters, which nobody means, where a file says ISO-8859-1 and is Windows-1252 in truth.
_WINDOWS: Final = {code: bytes([code]).decode("cp1252", errors="replace") for code in range(0x80, 0xA0)}
_NONE: Final[Mapping[str, str]] = {}
_ESCAPED: Final = {0xDC00 + code: bytes([code]).decode("cp1252", errors="replace") for code in range(0x80, 0x100)}


@dataclass(slots=True)
class Node:
    """An element: its name without namespace, text, attributes, children, and where it stood."""

    name: str
    line: int
    column: int
    path: str = ""
    namespace: str = ""
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    def all(self, *names: str) -> list[Node]:
        """Every descendant along the names given, in order."""
        found = [self]
        for name in names:
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def first(self, *names: str) -> Node | None:
        """The first of them, None where there is none."""
        return next(iter(self.all(*names)), None)

    def say(self, *names: str) -> str:
        """The first text along the names that says something, else empty."""
        return next((node.text for node in self.all(*names) if node.text), "")


def pieces(
    data: bytes | str, opened: Collection[str], problems: list[Problem], bounds: Bounds = FEED
) -> Iterator[Node]:
    """Each element called one of `opened`, bare, as it starts; then each of its children, whole, as it ends.

    What is wrong is added to `problems`; where the file is no longer XML, the reading ends.

    >>> [(one.name, one.say("c")) for one in pieces("<a><b><c>1</c></b><b/></a>", {"a"}, [])]
    [('a', ''), ('b', '1'), ('b', '')]
    """
    if len(data) > bounds.size:
        problems.append(TooMuch("size", bounds.size).problem)
        return
    raw, encoding = _as_bytes(data, problems)
    yield from _Reader(opened, bounds, encoding).read(raw, problems)


def _as_bytes(data: bytes | str, problems: list[Problem]) -> tuple[bytes, str | None]:
    """What expat is fed, and the encoding it is told; None where the file says it itself."""
    if isinstance(data, str):
        return data.lstrip("\ufeff \t\r\n").encode("utf-8", errors="replace"), "utf-8"
    raw = data.lstrip()
    head = raw[:200].lower()
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} or (b"encoding=" in head and b"utf-8" not in head):
        return raw, None
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        place = (before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        problems.append(Problem("", *place, "not-the-encoding", "warning", *NOT_THE_ENCODING))
        return raw.decode("utf-8", errors="surrogateescape").translate(_ESCAPED).encode(), "utf-8"
    return raw, None


class _Reader(Guarded[Node]):
    """Makes trees of the children of opened elements from the events of expat."""

    def __init__(self, opened: Collection[str], bounds: Bounds, encoding: str | None) -> None:
        super().__init__(bounds, encoding)
        self.opened = opened
        self.outer: list[tuple[int, Node, dict[str, int]]] = []  # depth, the open element, its children counted
        self.stack: list[Node] = []
        self.words: list[list[str]] = []
        self.paths: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if self.stack:
            parent = self.stack[-1]
            path = f"{parent.path}.{local}"
            path = self.paths.setdefault(path, path)  # thousands of elements share one
            node = Node(local, *self.place(), path, namespace, "", attributes or _NONE)
            parent.children.append(node)
            self._push(node)
        elif local in self.opened:
            node = Node(local, *self.place(), self._path(local), namespace, "", attributes)
            self.outer.append((self.depth, node, {}))
            self.done.append(node)
        elif self.outer and self.depth == self.outer[-1][0] + 1:
            self._push(Node(local, *self.place(), self._path(local), namespace, "", attributes))

    def _path(self, name: str) -> str:
        """Where a child of the innermost open element stands, e.g. `Stmt[0].Ntry[3]`."""
        if not self.outer:
            return name
        _, parent, counted = self.outer[-1]
        counted[name] = counted.get(name, -1) + 1
        return f"{parent.path}.{name}[{counted[name]}]"

    def _push(self, node: Node) -> None:
        self.stack.append(node)
        self.words.append([])

    def characters(self, text: str) -> None:
        if self.stack:
            self.words[-1].append(text)

    def end(self, name: str) -> None:
        if self.stack:
            node = self.stack.pop()
            node.text = "".join(self.words.pop()).strip().translate(_WINDOWS)
            if not self.stack:
                self.done.append(node)
        elif self.outer and self.depth == self.outer[-1][0]:
            self.outer.pop()
