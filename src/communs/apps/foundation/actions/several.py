"""Several things of one form: each in a transaction of its own, with what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from communs.apps.foundation.actions.books import KeyTaken, NotRecorded
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible

AT_ONCE_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: nothing to say where it was done, otherwise why it was not."""

    number: int
    problem: str = ""


def each(numbers: Iterable[int], do: Callable[[int], object]) -> list[Outcome]:
    """Do it to each, in this order; what is refused keeps nothing else back. Raises `Impossible` for too many."""
    asked = list(dict.fromkeys(numbers))
    if len(asked) > AT_ONCE_MAX:
        raise Impossible(_("Choose at most {n} at once.").format(n=AT_ONCE_MAX))
    return [_one(number, do) for number in asked]


def _one(number: int, do: Callable[[int], object]) -> Outcome:
    try:
        do(number)
    except NotRecorded as error:
        return Outcome(number, " ".join(error.said(_)))
    except NotThere:
        return Outcome(number, _("It is not there any more."))
    except (Impossible, KeyTaken) as error:
        return Outcome(number, str(error))
    return Outcome(number)
