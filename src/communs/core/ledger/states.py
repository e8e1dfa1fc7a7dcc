"""The lives of a pay-in, a refund, a dispute and a payout: forward only, in whatever order news arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final


class Contradiction(ValueError):
    """News that no order of events explains; the message says what to look up."""


@dataclass(frozen=True)
class Life:
    """`steps`: what may come directly after each state. States without a step are ends."""

    name: str
    start: str
    steps: Mapping[str, tuple[str, ...]]

    @property
    def ends(self) -> frozenset[str]:
        return frozenset(state for state, following in self.steps.items() if not following)

    @cached_property
    def _later(self) -> Mapping[str, frozenset[str]]:
        later: dict[str, frozenset[str]] = {}
        for state in self.steps:
            seen, todo = set[str](), list(self.steps[state])
            while todo:
                if (one := todo.pop()) not in seen:
                    seen.add(one)
                    todo += self.steps[one]
            later[state] = frozenset(seen)
        return later

    def may(self, state: str, following: str) -> bool:
        """Whether one may come directly after the other: for what we do ourselves."""
        return following in self.steps.get(state, ())

    def hear(self, known: str, news: str) -> str:
        """The state after news of a provider, which may be late, repeated, or the last of several.

        >>> PAY_IN.hear("settled", "pending"), PAY_IN.hear("created", "settled")
        ('settled', 'settled')

        Raises `Contradiction`: the object has to be fetched and looked at by a person.
        """
        for state in (known, news):
            if state not in self.steps:
                raise Contradiction(f"“{state}” is no state of a {self.name}. It may be: {', '.join(self.steps)}.")
        if news == known or known in self._later[news]:
            return known
        if news in self._later[known]:
            return news
        raise Contradiction(
            f"A {self.name} that is {known} cannot become {news}. Fetch it again, and let a person decide."
        )


PAY_IN: Final = Life("pay-in", "created", {
    "created": ("pending", "refused", "cancelled", "expired"),
    "pending": ("authorised", "refused", "cancelled", "expired"),
    "authorised": ("settled", "refused", "cancelled", "expired"),
    "settled": ("paid-out-to-bank",),
    "paid-out-to-bank": (), "refused": (), "cancelled": (), "expired": (),
})  # fmt: skip
REFUND: Final = Life("refund", "requested", {
    "requested": ("submitted",), "submitted": ("succeeded", "failed"), "succeeded": (), "failed": (),
})  # fmt: skip
DISPUTE: Final = Life("dispute", "opened", {"opened": ("won", "lost"), "won": (), "lost": ()})
PAYOUT: Final = Life("payout", "proposed", {
    "proposed": ("approved", "withdrawn"),
    "approved": ("reserved", "withdrawn"),
    "reserved": ("submitted", "withdrawn"),
    "submitted": ("unknown", "confirmed", "refused", "returned"),
    "unknown": ("confirmed", "refused", "returned"),  # asked about until it is known, never sent again
    "confirmed": ("returned",),  # banks return transfers days after they were booked
    "returned": (), "refused": (), "withdrawn": (),
})  # fmt: skip
LIVES: Final = {life.name: life for life in (PAY_IN, REFUND, DISPUTE, PAYOUT)}
