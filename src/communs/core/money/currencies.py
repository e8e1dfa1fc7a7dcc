"""How many decimals each currency has (ISO 4217, list one, amendment 176). Codes that are not here are refused."""

from __future__ import annotations

from typing import Final


def _codes(line: str) -> frozenset[str]:
    return frozenset(line.split())


_TWO: Final = _codes(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP"
    " CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES"
    " KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK"
    " NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB"
    " TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW"
)
_NONE: Final = _codes("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF")
_THREE: Final = _codes("BHD IQD JOD KWD LYD OMR TND")
_FOUR: Final = _codes("CLF UYW")

EXPONENTS: Final = {
    **dict.fromkeys(_TWO, 2),
    **dict.fromkeys(_NONE, 0),
    **dict.fromkeys(_THREE, 3),
    **dict.fromkeys(_FOUR, 4),
}


class UnknownCurrency(ValueError):
    """The code is not an active currency of ISO 4217."""


def exponent(currency: str) -> int:
    """Decimals of `currency`. Raises `UnknownCurrency`.

    >>> exponent("EUR"), exponent("JPY"), exponent("TND")
    (2, 0, 3)
    """
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise UnknownCurrency(f"“{currency}” is no currency of ISO 4217. Write three capitals, e.g. EUR.") from None
