"""What every reader of XML here shares: expat driven directly, within bounds, and no document type at all.

Expat alone tells the line of an element while streaming. A document type declaration is refused as soon as it starts,
so that no entity can be declared, expanded or fetched.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Final, Generic, TypeVar
from xml.parsers import expat

from communs.core.standards.problems import Problem
from communs.core.standards.reading.bounds import Bounds, TooMuch
from communs.core.texts import N_

T = TypeVar("T")
CHUNK: Final = 65_536

NOT_XML: Final = (
    N_("This is not well-formed XML: {detail}."),
    N_("Check the tags here and just before; write & as &amp; and < as &lt;."),
)
HAS_DOCTYPE: Final = (
    N_("The file declares a document type; it is refused, because entities could be declared in it."),
    N_("Remove the DOCTYPE declaration."),
)


class _DoctypeRefused(Exception):
    """The file declares a document type."""


class Guarded(ABC, Generic[T]):
    """Makes something of the events of expat; `done` holds what is whole. `depth` counts the elements that are open."""

    def __init__(self, bounds: Bounds, encoding: str | None) -> None:
        self.bounds = bounds
        self.depth = self.nodes = 0
        self.done: list[T] = []
        self.parser = expat.ParserCreate(encoding, namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.characters

    @abstractmethod
    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element starts, with its namespace and a space before its name. It is counted in `depth` already."""

    @abstractmethod
    def characters(self, text: str) -> None:
        """Text stands here."""

    @abstractmethod
    def end(self, name: str) -> None:
        """An element ends. It is still counted in `depth`."""

    def read(self, raw: bytes, problems: list[Problem]) -> Iterator[T]:
        """What is whole, as it ends; what is wrong is added to `problems`, and the reading ends there."""
        for start in range(0, max(len(raw), 1), CHUNK):
            problem = self._feed(raw[start : start + CHUNK], is_last=start + CHUNK >= len(raw))
            done, self.done = self.done, []
            yield from done
            if problem is not None:
                problems.append(problem)
                return

    def place(self) -> tuple[int, int]:
        """Line and column where the file is being read."""
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1

    def _feed(self, chunk: bytes, *, is_last: bool) -> Problem | None:
        try:
            self.parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            detail = expat.ErrorString(error.code) or "it cannot be read"
            return Problem("", error.lineno, error.offset + 1, "not-xml", "error", *NOT_XML, values={"detail": detail})
        except _DoctypeRefused:
            return Problem("", *self.place(), "doctype", "error", *HAS_DOCTYPE)
        except TooMuch as much:
            return much.problem
        except (LookupError, ValueError) as error:  # an encoding that Python does not know
            return Problem("", 1, 1, "not-xml", "error", *NOT_XML, values={"detail": str(error)[:200]})
        return None

    def _doctype(self, *_: object) -> None:
        raise _DoctypeRefused

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.nodes += 1
        if self.depth > self.bounds.depth:
            raise TooMuch("depth", self.bounds.depth)
        if self.nodes > self.bounds.nodes:
            raise TooMuch("nodes", self.bounds.nodes)
        self.start(name, attributes)

    def _end(self, name: str) -> None:
        self.end(name)
        self.depth -= 1
