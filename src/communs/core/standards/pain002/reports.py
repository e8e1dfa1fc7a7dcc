"""What a bank says of an order, of its groups, and of its payments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from communs.core.standards.iso20022.reasons import Reason
from communs.core.standards.problems import Problem


class Outcome(StrEnum):
    """*accepted*: the bank will pay or is paying. *settled*: it has paid. *pending*: it has not decided. *unknown*: it
    says nothing that decides; then ask, and never send the payment again under another key."""

    SETTLED = "settled"
    ACCEPTED = "accepted"
    PENDING = "pending"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


# PART says that some were refused: of a payment that is not named, it says nothing.
OUTCOMES: Final[Mapping[str, Outcome]] = MappingProxyType(
    {
        **dict.fromkeys(("ACCC", "ACSC"), Outcome.SETTLED),
        **dict.fromkeys(("ACCP", "ACFC", "ACSP", "ACTC", "ACWC", "ACWP"), Outcome.ACCEPTED),
        **dict.fromkeys(("RCVD", "PDNG", "PATC", "ACPD"), Outcome.PENDING),
        **dict.fromkeys(("RJCT", "CANC", "BLCK"), Outcome.REJECTED),
    }
)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one thing: `key` is the identifier that the order gave it, `status` the bank's own code."""

    key: str
    status: str
    reasons: tuple[Reason, ...] = ()
    line: int = 1

    @property
    def outcome(self) -> Outcome:
        """What the status comes to."""
        return OUTCOMES.get(self.status, Outcome.UNKNOWN)


_NOTHING: Final = Said("", "")


@dataclass(frozen=True, slots=True)
class StatusReport:
    """`order`: the identifier of the file this is about; `whole`: what is said of all of it; `groups` and `payments`:
    of its groups by their identifier, and of its payments by their end-to-end identifier."""

    version: str = ""
    id: str = ""
    made_at: datetime | None = None
    order: str = ""
    whole: Said = _NOTHING
    groups: Mapping[str, Said] = field(default_factory=dict)
    payments: Mapping[str, Said] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def is_valid(self) -> bool:
        """No error."""
        return not any(found.severity == "error" for found in self.problems)

    def of(self, payment: str, group: str = "") -> Said:
        """What is said of a payment: by name, else of its group, else of the whole file.

        A report that could not be read to its end decides nothing of a payment that it does not name.
        """
        own = self.payments.get(payment, Said(payment, ""))
        if own.status or not self.is_valid:
            return own
        for said in (self.groups.get(group, _NOTHING), self.whole):
            if said.status:
                return Said(payment, said.status, own.reasons or said.reasons, said.line)
        return own
