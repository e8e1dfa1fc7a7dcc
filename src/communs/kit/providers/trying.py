"""Reading many things one after the other, where one that cannot be read holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from communs.core.providers import Refused, Unavailable, Unread

LOOK_AGAIN_S: Final = 60.0
IN_A_ROW_MAX: Final = 3
"""So many that do not answer, one after the other: it is the provider that is away, and not one of them."""
Read = TypeVar("Read")


class NotThere(Refused):
    """The provider knows of no such payment of ours."""


class Trying:
    """Reads things by kind and id, and keeps what could not be read."""

    def __init__(self) -> None:
        self.unread: dict[tuple[str, str], Refused | Unavailable] = {}

    def each(
        self, things: Iterable[tuple[str, str]], read: Callable[[str], Read]
    ) -> Iterator[tuple[tuple[str, str], Read]]:
        """Each thing with what was read of it. Raises `Unavailable` where the provider is away."""
        in_a_row = 0
        for one in things:
            try:
                found = read(one[1])
            except (Refused, Unavailable) as error:
                in_a_row = in_a_row + 1 if isinstance(error, Unavailable) else 0
                if in_a_row == IN_A_ROW_MAX:
                    raise
                self.unread[one] = error
            else:
                in_a_row = 0
                yield one, found

    def end(self) -> None:
        """Raises `Unread` where something could not be read."""
        if self.unread:
            raise Unread(tuple(self.unread), next(iter(self.unread.values())))
