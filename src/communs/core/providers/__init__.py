"""What payment providers are asked and say, in words that all of them share. No network, no clock. See README.md."""

from communs.core.providers.asking import INTENT, Every, Payer, PayIn, Refunding, Terms
from communs.core.providers.news import (
    Authenticity,
    Begun,
    DisputeNews,
    Hint,
    PayInNews,
    RefundNews,
    Settlement,
    SettlementLine,
    at_risk_until,
)
from communs.core.providers.outcomes import ProviderError, Refused, Unavailable, Unknown
from communs.core.providers.protocol import Abilities, Provider
from communs.core.providers.reading import Unreadable

__all__ = [
    "INTENT", "Abilities", "Authenticity", "Begun", "DisputeNews", "Every", "Hint", "PayIn", "PayInNews", "Payer",
    "Provider", "ProviderError", "RefundNews", "Refunding", "Refused", "Settlement", "SettlementLine", "Terms",
    "Unavailable", "Unknown", "Unreadable", "at_risk_until",
]  # fmt: skip
