"""Canonical JSON (RFC 8785): one document, one sequence of bytes, whoever writes it.

Stricter than the RFC in two places, so that nobody ever reads another number than was written: fractions are refused
(money is whole minor units), and so are integers beyond 2^53 - 1, which other readers would round.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

INTEGER_MAX = 2**53 - 1
DEPTH_MAX = 64
_Place = str | tuple[Any, str | int]
"""Where a value stands: the root, or the place around it with a key or a number."""


class NotCanonical(ValueError):
    """The document has no canonical form, or is not written in it: the message names the place and the remedy."""


def canonical(document: Any) -> bytes:
    """The document as RFC 8785 writes it: keys by their UTF-16 units, no spaces, shortest escapes, UTF-8.

    Takes mappings with text keys, lists and tuples, texts, integers, true, false and null. Raises `NotCanonical`.

    >>> canonical({"b": [1, True], "a": "é"}).decode()
    '{"a":"é","b":[1,true]}'
    """
    return json.dumps(_ordered(document, "$", 0), ensure_ascii=False, separators=(",", ":")).encode()


def read_canonical(data: bytes) -> Any:
    """The document that these bytes are the canonical form of. Raises `NotCanonical`."""
    try:
        document = json.loads(data.decode(), parse_float=_refused_number, parse_constant=_refused_number)
    except (ValueError, RecursionError) as error:
        if isinstance(error, NotCanonical):
            raise
        raise NotCanonical(f"This is not JSON in UTF-8: {error}.") from None
    written = canonical(document)
    if written != data:
        place = next(
            (i for i, (one, other) in enumerate(zip(data, written, strict=False)) if one != other), len(written)
        )
        raise NotCanonical(f"Byte {place}: RFC 8785 writes this document otherwise. Write it with `canonical`.")
    return document


def _ordered(value: Any, place: _Place, depth: int) -> Any:
    """The same value with the keys of every object in order, once it is known to have a canonical form."""
    if depth > DEPTH_MAX:
        raise NotCanonical(f"{_said(place)[:200]}: more than {DEPTH_MAX} levels deep. Write a flatter document.")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not value.isascii():
            _utf16(value, place)
        return value
    if isinstance(value, int):
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise NotCanonical(
                f"{_said(place)}: the integer is beyond ±(2^53 - 1), other readers round it. Write it as a text."
            )
        return value
    if isinstance(value, Mapping):
        return {key: _ordered(value[key], (place, key), depth + 1) for key in _in_order(value, place)}
    if isinstance(value, list | tuple):
        return [_ordered(inner, (place, number), depth + 1) for number, inner in enumerate(value)]
    raise NotCanonical(f"{_said(place)}: {type(value).__name__} has no canonical form. Write a text, or an integer.")


def _in_order(value: Mapping[Any, Any], place: _Place) -> list[Any]:
    """The keys as RFC 8785 sorts them; of ASCII alone, UTF-16 units and characters are in the same order."""
    if all(type(key) is str and key.isascii() for key in value):
        return sorted(value)
    return sorted(value, key=lambda key: _utf16(key, place, f", key {key!r}"))


def _said(place: _Place) -> str:
    """A place as it is written: only put together where something is wrong there."""
    if not isinstance(place, tuple):
        return place
    before, step = place
    return f"{_said(before)}[{step}]" if type(step) is int else f"{_said(before)}.{step}"


def _utf16(text: Any, place: _Place, part: str = "") -> bytes:
    """The UTF-16 units by which RFC 8785 sorts; half a surrogate pair is no character."""
    if not isinstance(text, str):
        raise NotCanonical(f"{_said(place)}{part}: a key must be a text.")
    try:
        return text.encode("utf-16-be")
    except UnicodeEncodeError:
        raise NotCanonical(f"{_said(place)}{part}: half a surrogate pair is no character. Take it out.") from None


def _refused_number(text: str) -> Any:
    raise NotCanonical(f"The number {text[:40]} is not an integer. Write an integer, or a text.")
