"""Money as whole minor units with a currency: exact, never rounded silently. See README.md."""

from communs.core.money.amounts import InvalidAmount, MixedCurrencies, Money, parse_amount
from communs.core.money.currencies import EXPONENTS, UnknownCurrency, exponent
from communs.core.money.splitting import NothingToShareBy, split, split_evenly

__all__ = [
    "EXPONENTS",
    "InvalidAmount",
    "MixedCurrencies",
    "Money",
    "NothingToShareBy",
    "UnknownCurrency",
    "exponent",
    "parse_amount",
    "split",
    "split_evenly",
]
