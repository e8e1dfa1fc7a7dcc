"""Numbers as files write them, exactly: "1234", "1234.50", "1234,5"; never a float, nothing rounded."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

DIGITS_MAX: Final = 18
PLACES_MAX: Final = 9
_NUMBER: Final = re.compile(rf"([+-]?)(\d{{1,{DIGITS_MAX}}})(?:([.,])(\d{{1,{PLACES_MAX}}}))?", re.ASCII)
# "1 234 567", "1.234.567" or "1,234,567": groups of three that can only be thousands.
_GROUPED: Final = re.compile(r"\d{1,3}(?:([ \u00a0\u202f'])\d{3})+|\d{1,3}(?:([.,])\d{3}){2,}", re.ASCII)


class Amount(NamedTuple):
    """`digits` divided by ten to the `places`."""

    digits: int
    places: int
    has_comma: bool = False

    def scaled(self, places: int) -> int:
        """The amount in units of ten to minus `places`, which must not be less than its own places."""
        return int(self.digits * 10 ** (places - self.places))


def amount_of(text: str) -> Amount | None:
    """The number that a text is; None for any other text, and for one that may be read in two ways.

    >>> amount_of("1234.50"), amount_of("12,5"), amount_of("1,000"), amount_of("1e6"), amount_of("-3")
    (Amount(digits=123450, places=2, has_comma=False), Amount(digits=125, places=1, has_comma=True), None, None, \
Amount(digits=-3, places=0, has_comma=False))
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    sign, whole, mark, decimals = found[1], found[2], found[3], found[4] or ""
    if mark == "," and len(decimals) == 3:
        return None  # one thousand, or one with three decimals
    return Amount(int(sign + whole + decimals), len(decimals), mark == ",")


def ungrouped(text: str) -> str:
    """A number without the marks between its thousands; any other text unchanged.

    >>> ungrouped("1 234 567"), ungrouped("1.234.567"), ungrouped("1,000")
    ('1234567', '1234567', '1,000')
    """
    return re.sub(r"\D", "", text) if _GROUPED.fullmatch(text.strip()) else text


def whole_of(text: str) -> int | None:
    """A whole number that is not negative; None for any other text.

    >>> whole_of("12"), whole_of("1.5"), whole_of("-1"), whole_of("")
    (12, None, None, None)
    """
    return int(text) if re.fullmatch(rf"\d{{1,{DIGITS_MAX}}}", text.strip(), re.ASCII) else None


def written(units: int, decimals: int, keep: bool = False) -> str:
    """An amount of so many units of ten to minus `decimals`; zeros at the end are kept where told.

    >>> written(123450, 2), written(123400, 2), written(5, 3), written(5000, 3, keep=True)
    ('1234.5', '1234', '0.005', '5.000')
    """
    if not decimals:
        return str(units)
    whole, rest = divmod(units, 10**decimals)
    places = f"{rest:0{decimals}d}" if keep else f"{rest:0{decimals}d}".rstrip("0")
    return f"{whole}.{places}" if places else str(whole)
