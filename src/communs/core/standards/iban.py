"""Account numbers (IBAN, ISO 13616): checked to the country's own structure, and written as a person reads them.

Structures by country and the national check digits come from python-stdnum (the registry that SWIFT publishes). Which
countries take part in SEPA: European Payments Council, EPC409-09.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from stdnum import exceptions, iban, numdb

from communs.core.standards.refusals import Refusal
from communs.core.texts import N_


def _codes(line: str) -> frozenset[str]:
    return frozenset(line.split())


EEA: Final = _codes("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK")
SEPA: Final = EEA | _codes("AD AL CH GB GI MC MD ME MK RS SM VA")

_SEPARATORS: Final = re.compile(r"[\s\u00a0\u202f.\-]+")
_SHAPE: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}", re.ASCII)
_PART: Final = re.compile(r"(\d+)!")
TEXT_MAX: Final = 100

_WORDS: Final[Mapping[str, str]] = {
    "characters": N_(
        "“{value}” is no IBAN. It starts with two letters and two digits; letters and digits follow."
        " Copy it from a bank statement."
    ),
    "country": N_("“{country}” is no country that has IBANs. Check the first two letters."),
    "length": N_(
        "An IBAN of {country} has {wanted} characters; this one has {found}. Check whether some are missing or doubled."
    ),
    "structure": N_("A letter stands where an IBAN of {country} has a digit, or the reverse. Copy it again."),
    "check-digits": N_("The check digits do not fit: a character is wrong, or two are exchanged. Copy it again."),
}


class InvalidIban(Refusal):
    """The text is no IBAN. `code`: one of characters, country, length, structure, check-digits."""

    def __init__(self, code: str, **values: str) -> None:
        self.code = code
        super().__init__(_WORDS[code], **values)


def check_iban(text: str) -> str:
    """The IBAN without spaces, in capitals. Raises `InvalidIban`.

    >>> check_iban("fr14 2004 1010 0505 0001 3m02 606")
    'FR1420041010050500013M02606'
    """
    found = _SEPARATORS.sub("", text[:TEXT_MAX]).upper()
    if len(text) > TEXT_MAX or _SHAPE.fullmatch(found) is None:
        raise InvalidIban("characters", value=text[:40])
    country = found[:2]
    if (wanted := _length(country)) is None:
        raise InvalidIban("country", country=country)
    if len(found) != wanted:
        raise InvalidIban("length", country=country, wanted=str(wanted), found=str(len(found)))
    if not 2 <= int(found[2:4]) <= 98:  # 00, 01 and 99 pass modulo 97, yet no bank computes them
        raise InvalidIban("check-digits")
    try:
        return iban.validate(found)
    except exceptions.InvalidChecksum:
        raise InvalidIban("check-digits") from None
    except exceptions.ValidationError:
        raise InvalidIban("structure", country=country) from None


def format_iban(text: str) -> str:
    """In groups of four, as on paper. Raises `InvalidIban`.

    >>> format_iban("BE72000000001616")
    'BE72 0000 0000 1616'
    """
    found = check_iban(text)
    return " ".join(found[start : start + 4] for start in range(0, len(found), 4))


def is_sepa(text: str) -> bool:
    """Whether the account can be paid by SEPA transfer, as far as its country tells."""
    return _country(text) in SEPA


def is_in_eea(text: str) -> bool:
    """Whether the account is in the European Economic Area, where a transfer needs neither BIC nor address."""
    return _country(text) in EEA


def _country(text: str) -> str:
    return _SEPARATORS.sub("", text[:TEXT_MAX])[:2].upper()


def _length(country: str) -> int | None:
    """Characters of an IBAN of `country`, None for a country without."""
    (_, properties), *_rest = numdb.get("iban").info(country)
    structure = properties.get("bban", "")
    return 4 + sum(int(part) for part in _PART.findall(structure)) if structure else None
