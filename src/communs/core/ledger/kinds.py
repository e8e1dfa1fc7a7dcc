"""What accounts, funds and entries there are, and which accounts an entry of each kind may touch (rule ledger-1)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class AccountKind(StrEnum):
    """The chart of accounts of a foundation that holds others' money. A posting above zero is a debit."""

    BANK = "bank"
    CLEARING = "clearing"
    """With a payment provider, or on its way."""
    UNIDENTIFIED = "unidentified"
    """Received, and nobody knows yet from whom or for what."""
    DONOR = "donor"
    """To be given back to somebody who gave."""
    COMMONS = "commons"
    """Granted and accepted, to be paid out."""
    UNCLAIMED = "unclaimed"
    """Granted to somebody who has not accepted yet."""
    CAPITAL = "capital"
    """What a fund had when these books began."""
    INCOME = "income"
    GRANTS = "grants"
    FEES = "fees"
    TRANSFER = "transfer"
    """Released or reclassified: what a fund gave to another, or got from it."""
    CONVERSION = "conversion"
    """What a fund gave in one currency for another."""


HELD: Final = frozenset({AccountKind.BANK, AccountKind.CLEARING})
OWED: Final = frozenset({AccountKind.UNIDENTIFIED, AccountKind.DONOR, AccountKind.COMMONS, AccountKind.UNCLAIMED})
OF_THE_FUND: Final = frozenset(AccountKind) - HELD - OWED
"""Together, with the sign turned, what is owed to the fund itself: what it can still spend."""
FLOORED: Final = OWED | {AccountKind.BANK}
"""Below zero, somebody would be paid with money of others. A provider may take back more than it holds."""


class Nature(StrEnum):
    """What a fund's money may be used for: what the funder said, what we said ourselves, or anything."""

    RESTRICTED = "restricted"
    DESIGNATED = "designated"
    UNRESTRICTED = "unrestricted"


class EntryKind(StrEnum):
    """What happened."""

    OPENING = "opening"
    PAY_IN = "pay-in"
    IDENTIFICATION = "identification"
    SETTLEMENT = "settlement"
    FEE = "fee"
    GRANT = "grant"
    CLAIM = "claim"
    EXPIRY = "expiry"
    PAYOUT = "payout"
    CONVERSION = "conversion"
    RELEASE = "release"
    RECLASSIFY = "reclassify"
    REVERSAL = "reversal"


MOVES: Final = frozenset({EntryKind.RELEASE, EntryKind.RECLASSIFY})
TOUCHES: Final = {
    EntryKind.OPENING: HELD | OWED | {AccountKind.CAPITAL},
    EntryKind.PAY_IN: HELD | {AccountKind.INCOME, AccountKind.UNIDENTIFIED, AccountKind.COMMONS, AccountKind.FEES},
    EntryKind.IDENTIFICATION: frozenset({
        AccountKind.UNIDENTIFIED, AccountKind.INCOME, AccountKind.COMMONS, AccountKind.DONOR,
    }),
    EntryKind.SETTLEMENT: HELD | {AccountKind.FEES},
    EntryKind.FEE: HELD | {AccountKind.FEES},
    EntryKind.GRANT: frozenset({AccountKind.GRANTS, AccountKind.COMMONS, AccountKind.UNCLAIMED}),
    EntryKind.CLAIM: frozenset({AccountKind.UNCLAIMED, AccountKind.COMMONS}),
    EntryKind.EXPIRY: frozenset({AccountKind.UNCLAIMED, AccountKind.GRANTS, AccountKind.COMMONS}),
    EntryKind.PAYOUT: HELD | {AccountKind.COMMONS, AccountKind.DONOR, AccountKind.FEES},
    EntryKind.CONVERSION: HELD | {AccountKind.CONVERSION, AccountKind.FEES},
    EntryKind.RELEASE: HELD | {AccountKind.TRANSFER},
    EntryKind.RECLASSIFY: HELD | {AccountKind.TRANSFER},
    EntryKind.REVERSAL: frozenset(AccountKind),
}  # fmt: skip
