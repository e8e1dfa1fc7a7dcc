"""Who is asked about money that comes in by transfer: small, since every process loads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

Handler = Callable[[str, int, str, date, str, datetime], bool]
"""`received_by_transfer(reference, minor, currency, on, line_key, now)`: True where it posted a gift."""


@dataclass
class Incoming:
    """Who knows what money that comes in is for. An app part names itself in `AppConfig.ready`."""

    handlers: list[Handler] = field(default_factory=list)
    lengths: set[int] = field(default_factory=set)

    def register(self, handler: Handler, *, reference_length: int = 25) -> None:
        """Ask `handler` about references (ISO 11649) of this length, also where a payer typed them into a text."""
        if handler not in self.handlers:
            self.handlers.append(handler)
        self.lengths.add(reference_length)


incoming: Final = Incoming()
