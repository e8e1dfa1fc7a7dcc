"""The result of a rule: what is funded with how much, round by round, and a certificate that others can check."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from communs.core.allocation.ties import Tie

_AT_ONCE_DIGITS = 4000
_AT_ONCE = 10**_AT_ONCE_DIGITS


@dataclass(frozen=True, slots=True)
class Result:
    """What a rule decided.

    `selected`: project ids in the order in which they were chosen. `amounts`: what each receives, in the smallest unit
    of the election's money, which has so many `decimals` of the `currency`. `rounds`: what was decided in each, in
    numbers. `certificate`: what `verify` needs besides the input. Rational numbers are texts "a/b" (`rational`).
    """

    rule: str
    parameters: Mapping[str, Any]
    input_sha256: str
    selected: tuple[str, ...]
    amounts: Mapping[str, int]
    rounds: tuple[Mapping[str, Any], ...] = ()
    certificate: Mapping[str, Any] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()
    currency: str = ""
    decimals: int = 0

    def document(self) -> dict[str, Any]:
        """The result as plain JSON values."""
        return {
            "selected": list(self.selected),
            "amounts": dict(self.amounts),
            "rule": self.rule,
            "parameters": dict(self.parameters),
            "input_sha256": self.input_sha256,
            "currency": self.currency,
            "decimals": self.decimals,
            "rounds": [dict(one) for one in self.rounds],
            "ties": [asdict(tie) for tie in self.ties],
            "certificate": dict(self.certificate),
        }

    def to_json(self) -> bytes:
        """The same bytes on every run and machine: keys sorted, no spaces, UTF-8."""
        return canonical(self.document())


def canonical(document: Any) -> bytes:
    """JSON with sorted keys, without spaces, in UTF-8; floats are refused, for they are not the same everywhere."""
    _no_floats(document)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def rational(value: Fraction | int) -> str:
    """An exact number as text: "3/4", "5/1"."""
    exact = Fraction(value)
    return f"{_digits(exact.numerator)}/{_digits(exact.denominator)}"


def _digits(number: int) -> str:
    """A whole number in decimal digits, also one of more digits than Python writes at once (4,300)."""
    if abs(number) < _AT_ONCE:
        return str(number)
    high, low = divmod(abs(number), _AT_ONCE)
    return ("-" if number < 0 else "") + _digits(high) + str(low).zfill(_AT_ONCE_DIGITS)


def _no_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(f"{value} is a float: write an exact number")
    if isinstance(value, Mapping):
        for inner in value.values():
            _no_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _no_floats(inner)
