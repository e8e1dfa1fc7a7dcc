"""What every payment provider can do for us. `communs.kit.providers` has those there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from communs.core.providers.asking import PayIn, Refunding, Stopping
from communs.core.providers.news import Begun, Ending, Hint, PayInNews, Settlement


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a provider does and does not do, for forms that offer no more than that.

    `currencies` None: any of ISO 4217. `keeps_keys_for`: how long the same key brings the same answer; zero where the
    provider knows no keys, so that a lost answer has to be looked for with `find`.
    """

    currencies: frozenset[str] | None
    has_finite_terms: bool
    has_open_terms: bool
    keeps_keys_for: timedelta
    signs: bool


class Provider(Protocol):
    """Every method but `read` calls out, and may raise `Refused`, `Unavailable`; what changes something, `Unknown`.

    Reading is safe to repeat at any time. No method of reading says that money came in unless the provider, asked by us
    over a connection we opened, said so.
    """

    @property
    def name(self) -> str: ...

    @property
    def abilities(self) -> Abilities: ...

    def begin(self, pay_in: PayIn) -> Begun:
        """Have the provider wait for the payer. Again with the same `intent` after `Unavailable`: still one pay-in.

        After `Unknown`: `find` first. Where that finds nothing, `begin` with the same intent is safe, since an
        address that was never answered has reached nobody.
        """
        ...

    def fetch(self, begun_id: str) -> tuple[PayInNews, ...]:
        """The payments made for what `begin` returned; none as long as nobody has paid."""
        ...

    def follow(self, hint: Hint) -> tuple[PayInNews, ...]:
        """Read anew what a notification points at. Nothing is asked for a forged one."""
        ...

    def changed(self, since: datetime) -> Iterator[PayInNews]:
        """Every payment that changed since then, read anew: the sweep that makes up for lost notifications.

        One that cannot be read holds up no other: when all the rest was told, `Unread` is raised. The next watermark is
        the moment *before* this sweep began. The same payment may come more than once.
        """
        ...

    def find(self, intent: UUID, since: datetime) -> tuple[PayInNews, ...]:
        """What became of an intent whose answer was lost, looked for among what changed since it was made."""
        ...

    def refund(self, refunding: Refunding) -> PayInNews:
        """Give money back, once: what the intent gave back before is not given again. The payment as it then stands."""
        ...

    def stop(self, stopping: Stopping) -> Ending:
        """Have it take no more payments of a pay-in with terms, and look whether it does. Again is once.

        What was taken is not given back, and what is on its way may still come. After `Unknown`, ask again: it looks
        first.
        """
        ...

    def settlement(self, object_id: str) -> Settlement:
        """A payout to our bank, payment by payment."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Hint:
        """What a notification points at, from its raw bytes. Calls nobody. Raises `Refused` for what is none.

        `now` is when it was received: signatures that are too old are forged.
        """
        ...

    def close(self) -> None:
        """Close its connections: for who does not end with the process."""
        ...
