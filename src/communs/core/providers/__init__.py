"""What payment providers are asked and say, in words that all of them share. No network, no clock. See README.md."""

from communs.core.providers.asking import INTENT, Every, Payer, PayIn, Refunding, Stopping, Terms
from communs.core.providers.news import (
    Authenticity,
    Begun,
    DisputeNews,
    Ending,
    Hint,
    PayInNews,
    RefundNews,
    Settlement,
    SettlementLine,
    at_risk_until,
)
from communs.core.providers.outcomes import ProviderError, Refused, Unavailable, Unknown, Unread
from communs.core.providers.protocol import Abilities, Provider
from communs.core.providers.reading import Unreadable

__all__ = [
    "INTENT", "Abilities", "Authenticity", "Begun", "DisputeNews", "Ending", "Every", "Hint", "PayIn", "PayInNews",
    "Payer", "Provider", "ProviderError", "RefundNews", "Refunding", "Refused", "Settlement", "SettlementLine",
    "Stopping", "Terms", "Unavailable", "Unknown", "Unread", "Unreadable", "at_risk_until",
]  # fmt: skip
