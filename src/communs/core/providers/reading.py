"""A provider's JSON read field by field: what is not as agreed is named by its place, and no amount becomes a float."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from communs.core.providers.outcomes import Refused

BYTES_MAX: Final = 4_000_000
WHOLE_MAX: Final = 10**15
ID_LENGTH_MAX: Final = 100
FIRST_YEAR, LAST_YEAR = 2000, 2200
_REMEDY: Final = "The provider may have changed its format: compare its documentation with what we read."


class Unreadable(Refused):
    """What came is not in the provider's published format; the message names the place."""


class Said:
    """A JSON object with the place it came from, for messages. Asking for a field that is no such thing raises.

    >>> Said({"amount": 1250, "meta": {"note": None}}, "payment").whole("amount")
    1250
    >>> Said({"amount": "12"}, "payment").whole("amount")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    communs.core.providers.reading.Unreadable: payment.amount is no whole number. The provider may have ...
    """

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise _unreadable(place, "no object")
        self._value: dict[str, object] = value
        self.place = place

    def has(self, name: str) -> bool:
        return self._value.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        found = self._value.get(name)
        if found is None and default is not None:
            return default
        if not isinstance(found, str):
            raise _unreadable(f"{self.place}.{name}", "no text")
        return _kept(found)

    def whole(self, name: str, default: int | None = None) -> int:
        found = self._value.get(name)
        if found is None and default is not None:
            return default
        if type(found) is not int or abs(found) > WHOLE_MAX:
            raise _unreadable(f"{self.place}.{name}", "no whole number")
        return found

    def cents(self, name: str) -> int:
        """Hundredths from an amount with decimals; 0 where there is none. Never rounded."""
        found = self._value.get(name)
        if found is None:
            return 0
        if not isinstance(found, int | Decimal) or isinstance(found, bool) or abs(Decimal(found)) > 10**12:
            raise _unreadable(f"{self.place}.{name}", "no amount")
        cents = Decimal(found) * 100
        if cents != cents.to_integral_value():
            raise _unreadable(f"{self.place}.{name}", "no amount in whole cents")
        return int(cents)

    def moment(self, name: str) -> datetime:
        """A time of RFC 3339, or seconds since 1970. One without an offset is taken for UTC."""
        found = self._value.get(name)
        try:
            if type(found) is int:
                return datetime.fromtimestamp(found, UTC)
            at = datetime.fromisoformat(found) if isinstance(found, str) else None
        except (ValueError, OverflowError, OSError):
            at = None
        if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise _unreadable(f"{self.place}.{name}", "no time")
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    def flag(self, name: str) -> bool:
        return self._value.get(name) is True

    def inner(self, name: str) -> Said | None:
        """The object of that name; None where there is none, or only its id."""
        found = self._value.get(name)
        return Said(found, f"{self.place}.{name}") if isinstance(found, dict) else None

    def each(self, name: str) -> Iterator[Said]:
        found = self._value.get(name)
        if found is not None and not isinstance(found, list):
            raise _unreadable(f"{self.place}.{name}", "no list")
        for number, one in enumerate(found or ()):
            yield Said(one, f"{self.place}.{name}.{number}")

    def id(self, name: str) -> str:
        """The id under that name: a text, a number, or that of the object that stands there; "" where there is none."""
        found = self._value.get(name)
        if isinstance(found, dict):
            return Said(found, f"{self.place}.{name}").id("id")
        if found is None or isinstance(found, bool) or not isinstance(found, str | int):
            return ""
        if len(text := _kept(str(found))) > ID_LENGTH_MAX:
            raise _unreadable(f"{self.place}.{name}", f"no id: it is longer than {ID_LENGTH_MAX} signs")
        return text

    def uuid(self, name: str) -> UUID | None:
        """Our intent, where what stands there is one: anybody may write metadata, so nothing is raised."""
        found = self._value.get(name)
        try:
            return UUID(found) if isinstance(found, str) else None
        except ValueError:
            return None


def _kept(text: str) -> str:
    """A text without what no database keeps: zero bytes, and halves of signs.

    >>> _kept("Ada\\x00 D\\ud800urand")
    'Ada Durand'
    """
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def loaded(body: bytes, place: str) -> Said:
    """The object in a JSON body. Numbers with decimals are read exactly. Raises `Unreadable`."""
    return Said(_parsed(body, place), place)


def loaded_list(body: bytes, place: str) -> list[Said]:
    """The objects in a JSON body that is a list. Raises `Unreadable`."""
    found = _parsed(body, place)
    if not isinstance(found, list):
        raise _unreadable(place, "no list")
    return [Said(one, f"{place}.{number}") for number, one in enumerate(found)]


def _parsed(body: bytes, place: str) -> object:
    if len(body) > BYTES_MAX:
        raise _unreadable(place, f"longer than {BYTES_MAX} bytes, or cut off, and so no answer to rely on")
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise _unreadable(place, "no JSON") from None


def _unreadable(place: str, what: str) -> Unreadable:
    return Unreadable(f"{place} is {what}.", _REMEDY)
