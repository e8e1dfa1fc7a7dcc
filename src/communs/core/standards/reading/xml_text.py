"""XML within bounds, element by element: nothing of the file but the element at hand is ever held.

Expat is driven directly: it alone tells the line of an element while streaming, and a document type declaration is
refused as soon as it starts, so that no entity can be declared, expanded or fetched.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from communs.core.standards.problems import Problem
from communs.core.standards.reading.bounds import FEED, Bounds, TooMuch
from communs.core.texts import N_

CHUNK: Final = 65_536

NOT_XML: Final = (
    N_("This is not well-formed XML: {detail}."),
    N_("Check the tags here and just before; write & as &amp; and < as &lt;."),
)
HAS_DOCTYPE: Final = (
    N_("The file declares a document type; it is refused, because entities could be declared in it."),
    N_("Remove the DOCTYPE declaration."),
)


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


class _DoctypeRefused(Exception):
    """The file declares a document type."""


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
    reader = _Reader(names, bounds, encoding="utf-8" if isinstance(data, str) else None)
    for start in range(0, max(len(raw), 1), CHUNK):
        problem = reader.feed(raw[start : start + CHUNK], is_last=start + CHUNK >= len(raw))
        yield from reader.taken()
        if problem is not None:
            problems.append(problem)
            return


class _Reader:
    """Collects the elements asked for from the events of expat."""

    def __init__(self, names: Collection[str], bounds: Bounds, encoding: str | None) -> None:
        self.names, self.bounds = names, bounds
        self.depth = self.nodes = 0
        self.done: list[Element] = []
        self.open: Element | None = None
        self.open_depth = 0
        self.words: list[str] = []
        self.child_at = (1, 1)
        self.parser = expat.ParserCreate(encoding, namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def feed(self, chunk: bytes, *, is_last: bool) -> Problem | None:
        try:
            self.parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            detail = expat.ErrorString(error.code) or "it cannot be read"
            return Problem("", error.lineno, error.offset + 1, "not-xml", "error", *NOT_XML, values={"detail": detail})
        except _DoctypeRefused:
            return Problem("", *self._place(), "doctype", "error", *HAS_DOCTYPE)
        except TooMuch as much:
            return much.problem
        except (LookupError, ValueError) as error:  # an encoding that Python does not know
            return Problem("", 1, 1, "not-xml", "error", *NOT_XML, values={"detail": str(error)[:200]})
        return None

    def taken(self) -> list[Element]:
        done, self.done = self.done, []
        return done

    def _place(self) -> tuple[int, int]:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1

    def _doctype(self, *_: object) -> None:
        raise _DoctypeRefused

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.depth += 1
        self.nodes += 1
        if self.depth > self.bounds.depth:
            raise TooMuch("depth", self.bounds.depth)
        if self.nodes > self.bounds.nodes:
            raise TooMuch("nodes", self.bounds.nodes)
        name = name.rpartition(" ")[2]
        if self.open is None and name in self.names:
            self.open, self.open_depth = Element(name, *self._place()), self.depth
        elif self.open is not None and self.depth == self.open_depth + 1:
            self.words, self.child_at = [], self._place()

    def _characters(self, text: str) -> None:
        if self.open is not None and self.depth > self.open_depth:
            self.words.append(text)

    def _end(self, name: str) -> None:
        if self.open is not None:
            if self.depth == self.open_depth + 1:
                words = "".join(self.words).strip()
                self.open.children.setdefault(name.rpartition(" ")[2], []).append((words, *self.child_at))
            elif self.depth == self.open_depth:
                self.done.append(self.open)
                self.open = None
        self.depth -= 1
