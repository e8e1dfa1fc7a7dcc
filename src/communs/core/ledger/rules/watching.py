"""What an invariant is: a name, a sentence, the order in which it wants to see entries, and who watches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from communs.core.ledger.books import Books
from communs.core.ledger.entries import Entry
from communs.core.texts import Translate, identity


class Order(StrEnum):
    """Orders that a database gives by itself, so that no watcher remembers entries."""

    RECORDED = "recorded"
    KEY = "key"
    TRANSITION = "transition"
    FAMILY = "family"
    """An entry, then its reversals as they were recorded."""

    def of(self, entry: Entry) -> Any:
        """What entries are sorted by."""
        when = (entry.recorded_at, entry.id)
        if self is Order.KEY:
            return (entry.key, *when)
        if self is Order.TRANSITION:
            told = entry.transition
            return (() if told is None else (told.provider, told.object, told.state), *when)
        if self is Order.FAMILY:
            return (entry.reverses or entry.id, entry.reverses is not None, *when)
        return when


@dataclass(frozen=True, slots=True)
class Problem:
    """What breaks an invariant, where, and what to do. `message` and `fix` are filled from `values`."""

    invariant: str
    place: str
    message: str
    fix: str
    values: Mapping[str, str] = field(default_factory=dict)

    def render(self, translate: Translate = identity) -> str:
        """Invariant, place, fault and remedy in one line."""
        said, remedy = (translate(text).format(**self.values) for text in (self.message, self.fix))
        return f"{self.invariant}: {self.place}: {said} {remedy}"


Found = Iterable[Problem]


class Watch(Protocol):
    """Sees entries one after the other, then says what was wrong with all of them together."""

    def see(self, entry: Entry) -> Found: ...

    def end(self) -> Found: ...


@dataclass(frozen=True, slots=True)
class Invariant:
    """`sentence` is a message id: what always holds."""

    name: str
    sentence: str
    watch: Callable[[Books], Watch]
    order: Order = Order.RECORDED


@dataclass(frozen=True, slots=True)
class Alone:
    """A watch over entries one by one: it remembers nothing."""

    books: Books
    rule: Callable[[Entry, Books], Found]

    def see(self, entry: Entry) -> Found:
        return self.rule(entry, self.books)

    def end(self) -> Found:
        return ()


def alone(name: str, sentence: str, rule: Callable[[Entry, Books], Found]) -> Invariant:
    """An invariant that each entry keeps by itself."""
    return Invariant(name, sentence, lambda books: Alone(books, rule))
