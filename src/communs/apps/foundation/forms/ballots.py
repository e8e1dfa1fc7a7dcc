"""The ballot as its page sends it: the rows that were shown, merged into what was filled in before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from communs.apps.foundation.models import Round
from communs.core.money import InvalidAmount, Money, parse_amount

VALUE_MAX: Final = 10**13
SHOWN_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Filled:
    """What was said so far by option, what could not be read with the reason, and the texts as they were typed."""

    said: dict[str, int]
    errors: dict[str, str]
    typed: dict[str, str]


def fill(round_: Round, before: Mapping[str, int], shown: Iterable[str], posted: Mapping[str, str]) -> Filled:
    """The draft with the rows that were on the page. `posted`: by `c-<id>`; a box that is not ticked is not sent."""
    said, errors, typed = dict(before), dict[str, str](), dict[str, str]()
    for name in list(shown)[:SHOWN_MAX]:
        text = posted.get(f"c-{name}", "").strip()
        try:
            value = _value(round_, text)
        except ValueError as error:
            errors[name], typed[name] = str(error), text[:40]
            continue
        if value:
            said[name] = value
        else:
            said.pop(name, None)
    return Filled(said, errors, typed)


def _value(round_: Round, text: str) -> int:
    if not text:
        return 0
    if round_.rule == "median":
        try:
            value = parse_amount(text.replace(",", "."), round_.currency).minor
        except InvalidAmount:
            raise ValueError(_("Write an amount, such as 1250.50, or nothing.")) from None
        if not 0 <= value <= VALUE_MAX:
            raise ValueError(_("Write an amount of 0 or more."))
        return value
    if not text.isdecimal() or len(text) > 13:
        raise ValueError(_("Write a whole number of 0 or more, or nothing."))
    return int(text)


def written(round_: Round, value: int) -> str:
    """A value as its field shows it."""
    if not value:
        return ""
    return str(Money(value, round_.currency).major) if round_.rule == "median" else str(value)
