"""What is wrong with something that is to be written, in the reader's language: where, what, and the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from communs.core.standards.documents import CannotWrite
from communs.core.standards.refusals import Refusal
from communs.core.texts import Translate, identity


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an order. `where`: message ids from the outside in, each filled from `values` like `message`."""

    message: str
    values: Mapping[str, str]
    where: tuple[str, ...] = ()

    def say(self, translate: Translate = identity) -> str:
        """Place, fault and remedy in words.

        >>> Fault("“{value}” is wrong. Correct it.", {"value": "x", "number": "3"}, ("Payment {number}", "name")).say()
        'Payment 3: name: “x” is wrong. Correct it.'
        """
        return ": ".join(translate(words).format(**self.values) for words in (*self.where, self.message))

    def inside(self, where: str, **values: str) -> Fault:
        """The same fault, of something that stands in `where`."""
        return replace(self, where=(where, *self.where), values={**values, **self.values})


class CannotOrder(CannotWrite):
    """An order or a code cannot be written; `faults` says all that is wrong."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__([fault.say() for fault in self.faults])

    def say_each(self, translate: Translate = identity) -> tuple[str, ...]:
        """Each fault, in the reader's language."""
        return tuple(fault.say(translate) for fault in self.faults)


def fault(message: str, **values: str) -> Fault:
    """A fault without a place."""
    return Fault(message, values)


def of(refusal: Refusal) -> Fault:
    """What was refused, as a fault."""
    return Fault(refusal.message, refusal.values)
