"""XML within bounds, element by element: nothing of the file but the element at hand is ever held."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from communs.core.standards.problems import Problem
from communs.core.standards.reading.bounds import FEED, Bounds, TooMuch
from communs.core.standards.reading.xml_guard import Guarded


@dataclass(slots=True)
class Element:
    """One element with the texts of its children, by name without namespace, in their order."""

    name: str
    line: int
    column: int
    children: dict[str, list[tuple[str, int, int]]] = field(default_factory=dict)

    def texts(self, name: str) -> list[str]:
        """The texts of all children of that name that say something."""
        return [text for text, _, _ in self.children.get(name, []) if text]

    def text(self, name: str) -> str:
        """The text of the first child of that name, empty where there is none."""
        return next(iter(self.texts(name)), "")


def elements(
    data: bytes | str, names: Collection[str], problems: list[Problem], bounds: Bounds = FEED
) -> Iterator[Element]:
    """Each element called one of `names`, in order; what is wrong is added to `problems`, and the reading ends there.

    >>> [one.text("b") for one in elements("<r><a><b>1</b></a><a><b>2</b></a></r>", {"a"}, [])]
    ['1', '2']
    """
    if len(data) > bounds.size:
        problems.append(TooMuch("size", bounds.size).problem)
        return
    raw = data.encode("utf-8", errors="replace") if isinstance(data, str) else data
    raw = raw.lstrip()
    yield from _Reader(names, bounds, encoding="utf-8" if isinstance(data, str) else None).read(raw, problems)


class _Reader(Guarded[Element]):
    """Collects the elements asked for from the events of expat."""

    def __init__(self, names: Collection[str], bounds: Bounds, encoding: str | None) -> None:
        super().__init__(bounds, encoding)
        self.names = names
        self.open: Element | None = None
        self.open_depth = 0
        self.words: list[str] = []
        self.child_at = (1, 1)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if self.open is None and name in self.names:
            self.open, self.open_depth = Element(name, *self.place()), self.depth
        elif self.open is not None and self.depth == self.open_depth + 1:
            self.words, self.child_at = [], self.place()

    def characters(self, text: str) -> None:
        if self.open is not None and self.depth > self.open_depth:
            self.words.append(text)

    def end(self, name: str) -> None:
        if self.open is not None:
            if self.depth == self.open_depth + 1:
                words = "".join(self.words).strip()
                self.open.children.setdefault(name.rpartition(" ")[2], []).append((words, *self.child_at))
            elif self.depth == self.open_depth:
                self.done.append(self.open)
                self.open = None
