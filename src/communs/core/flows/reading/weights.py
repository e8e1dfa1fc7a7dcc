"""Weights in text, read exactly: 0.3 is three tenths, not a float near it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from communs.core.flows.graphs import PPM, WEIGHT_MAX, InvalidGraph

PLACES_MAX: Final = 9
_NUMBER: Final = re.compile(r"\+?(?:\d{1,40}(?:\.\d{0,60})?|\.\d{1,60})(?:[eE][+-]?\d{1,2})?", re.ASCII)


def decimal_of(text: str, line: int) -> Decimal:
    """A weight of 0 or more. Raises `InvalidGraph` with the line."""
    if _NUMBER.fullmatch(text.strip()) is None:
        raise InvalidGraph(f"Line {line}: “{text[:40]}” is no weight. Write a number of 0 or more, such as 1 or 0.3.")
    return Decimal(text.strip())


def ppm_of(text: str, line: int) -> int:
    """Millionths as a whole number. Raises `InvalidGraph` with the line."""
    if not re.fullmatch(r"\d{1,7}", text.strip(), re.ASCII) or int(text) > PPM:
        raise InvalidGraph(f"Line {line}: “{text[:40]}” is no ppm. Write a whole number from 0 to {PPM}.")
    return int(text)


def millionths(share: Decimal) -> int:
    """A share of 1 in millionths, cut off."""
    return int(share * PPM)


def whole_weights(weights: Iterable[Decimal]) -> list[int]:
    """The same weights as whole numbers, all by one factor: as many decimals as they have, up to nine and as fit.

    >>> whole_weights([Decimal("1"), Decimal("0.3")])
    [10, 3]
    """
    listed = list(weights)
    places = max((-int(weight.normalize().as_tuple().exponent) for weight in listed), default=0)
    places = max(0, min(places, PLACES_MAX))
    largest = max(listed, default=Decimal(0))
    if largest > WEIGHT_MAX:
        raise InvalidGraph(f"The weight {largest} is more than {WEIGHT_MAX}. Count in a larger unit.")
    while places and largest.scaleb(places) > WEIGHT_MAX:
        places -= 1
    return [int(weight.scaleb(places)) for weight in listed]
