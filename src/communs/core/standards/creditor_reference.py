"""References that a payer copies into a transfer (ISO 11649): "RF", two check digits, up to 21 letters and digits."""

from __future__ import annotations

import re
from typing import Final

from stdnum.iso7064 import mod_97_10

from communs.core.standards.refusals import Refusal
from communs.core.texts import N_

LENGTH_MIN: Final = 5
LENGTH_MAX: Final = 25
TEXT_MAX: Final = 10_000
_BASE: Final = re.compile(r"[A-Z0-9]{1,21}", re.ASCII)
_REFERENCE: Final = re.compile(r"RF(?:0[2-9]|[1-8][0-9]|9[0-8])[A-Z0-9]{1,21}", re.ASCII)
_NOT_PART: Final = re.compile(r"[^A-Z0-9]+", re.ASCII)
_START: Final = re.compile(r"RF(?=[0-9]{2})", re.ASCII)

NOT_A_BASE: Final = N_("“{value}” cannot be made a reference. Give 1 to 21 letters A to Z and digits.")
NOT_A_REFERENCE: Final = N_("“{value}” is no reference. Write RF, two digits, then up to 21 letters A to Z and digits.")
WRONG_DIGITS: Final = N_("The check digits of “{value}” do not fit. Copy the reference again.")


class InvalidReference(Refusal):
    """The text is no creditor reference, or none can be made of it; the message says why and what to write."""


def make_reference(base: str) -> str:
    """The reference for `base`, 1 to 21 letters and digits. Raises `InvalidReference`.

    >>> make_reference("539007547034")
    'RF18539007547034'
    """
    found = base.upper()
    if _BASE.fullmatch(found) is None:
        raise InvalidReference(NOT_A_BASE, value=base[:40])
    return f"RF{mod_97_10.calc_check_digits(found + 'RF')}{found}"


def check_reference(text: str) -> str:
    """The reference without spaces, in capitals. Raises `InvalidReference`.

    >>> check_reference("rf18 5390 0754 7034")
    'RF18539007547034'
    """
    found = "".join(text[: 2 * LENGTH_MAX].split()).upper()
    if len(text) > 2 * LENGTH_MAX or _REFERENCE.fullmatch(found) is None:
        raise InvalidReference(NOT_A_REFERENCE, value=text[:40])
    if not mod_97_10.is_valid(found[4:] + found[:4]):
        raise InvalidReference(WRONG_DIGITS, value=found)
    return found


def format_reference(text: str) -> str:
    """In groups of four, as on paper. Raises `InvalidReference`.

    >>> format_reference("RF18539007547034")
    'RF18 5390 0754 7034'
    """
    found = check_reference(text)
    return " ".join(found[start : start + 4] for start in range(0, len(found), 4))


def find_references(text: str, length: int) -> tuple[str, ...]:
    """Every valid reference of `length` characters in what a payer typed, each once, in order.

    Spaces, points and line breaks inside one do not hide it. Whoever makes references gives them one length: with any
    length allowed, one in 97 wrong readings would pass for a reference.

    >>> find_references("gift for maps, ref. rf18-5390 0754.7034, thanks", 16)
    ('RF18539007547034',)
    """
    if not LENGTH_MIN <= length <= LENGTH_MAX:
        raise ValueError(f"A reference has {LENGTH_MIN} to {LENGTH_MAX} characters, not {length}.")
    packed = _NOT_PART.sub("", text[:TEXT_MAX].upper())
    candidates = (packed[start.start() : start.start() + length] for start in _START.finditer(packed))
    return tuple(dict.fromkeys(one for one in candidates if len(one) == length and _holds(one)))


def _holds(candidate: str) -> bool:
    return _REFERENCE.fullmatch(candidate) is not None and mod_97_10.is_valid(candidate[4:] + candidate[:4])
