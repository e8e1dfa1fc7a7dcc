"""One cell against its column: what is wrong with it, and what was most likely meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from stdnum.fr import siren, siret

from communs.core.standards.scdl import words
from communs.core.standards.scdl.schema import Field

Fault = tuple[str, tuple[str, str], Mapping[str, str]]
"""Code, words, values."""

_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_INTEGER: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_BACKWARDS: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[T ].*)?", re.ASCII)
_OTHERWISE: Final = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[T ].*)?", re.ASCII)
_SPACES: Final = re.compile(r"[\s\u00a0\u202f]")


def fault_of(field: Field, cell: str) -> Fault | None:
    """What the schema forbids about the cell; None for nothing. An empty cell is a fault where one is required."""
    if not cell:
        return ("missing", words.MISSING, {}) if field.required else None
    return next((fault for rule in _RULES if (fault := rule(field, cell))), None)


def mended(field: Field, cell: str) -> str:
    """What was most likely meant by a cell that breaks the schema; "" where nobody can tell.

    >>> from communs.core.standards.scdl.schema import BY_NAME
    >>> mended(BY_NAME["montant"], "40 000,00"), mended(BY_NAME["dateConvention"], "08/09/2017")
    ('40000.00', '2017-09-08')
    >>> mended(BY_NAME["nature"], "Aide en Numéraire"), mended(BY_NAME["montant"], "NC")
    ('aide en numéraire', '')
    """
    for attempt in _attempts(field, cell.strip()):
        if attempt and fault_of(field, attempt) is None:
            return attempt
    return ""


def is_siret(cell: str) -> bool:
    """Fourteen digits whose check digits fit, no spaces. No establishment has the number 00000: spreadsheets write it
    where they have rounded the last digits away.

    >>> is_siret("23350001600040"), is_siret("45032466000000")
    (True, False)
    """
    digits = len(cell) == 14 and cell.isascii() and cell.isdigit()
    return digits and siret.is_valid(cell) and siren.is_valid(cell[:9]) and cell[9:] != "00000"


def day_of(cell: str) -> date | None:
    """The day that YYYY-MM-DD names."""
    found = _ISO.fullmatch(cell)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def number_of(cell: str) -> Decimal | None:
    """A plain decimal: digits and a point, at most fifteen on either side."""
    return Decimal(cell) if _NUMBER.fullmatch(cell) else None


def _attempts(field: Field, cell: str) -> list[str]:
    close = _SPACES.sub("", cell)
    if field.values:
        parts = [part.strip() for part in cell.casefold().split(";")]
        return [";".join(parts), *(value for value in field.values if value.casefold() == cell.casefold())]
    if field.type == "date":
        return [_day(cell)]
    if field.type in {"number", "integer"}:
        plain = close.removesuffix("€").removesuffix("EUR")
        point = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain.replace(",", "")
        return [point, point.removesuffix(".0"), _hundredth(plain)]
    if field.name == "datesPeriodeVersement":
        parts = re.split(r"[_/]|\s+(?:au|à|to)\s+", cell)
        return [cell.replace("_", "/"), "/".join(_day(part.strip()) for part in parts)]
    return [cell, close, re.sub(r"[.,]0+$", "", close)]


def _day(text: str) -> str:
    """A day in the order of most of Europe, or with another mark between year, month and day; "" for none."""
    if found := _OTHERWISE.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    elif found := _BACKWARDS.fullmatch(text):
        day, month, year = found[1], found[2], found[3]
    else:
        return ""
    return f"{year}-{month:0>2}-{day:0>2}"


def _hundredth(text: str) -> str:
    """A share written as 45 %."""
    number = number_of(text.removesuffix("%").replace(",", ".")) if text.endswith("%") else None
    return "" if number is None else str(number / 100)


def _is_period(cell: str) -> bool:
    days = [day_of(part) for part in cell.split("/")]
    known = [day for day in days if day is not None]
    return len(known) == len(days) and known == sorted(known)


def _type(field: Field, cell: str) -> Fault | None:
    if field.type == "date" and day_of(cell) is None:
        return "not-a-date", words.NOT_A_DATE, {}
    if field.type == "number" and number_of(cell) is None:
        return "not-a-number", words.NOT_A_NUMBER, {}
    if field.type == "integer" and _INTEGER.fullmatch(cell) is None:
        return "not-an-integer", words.NOT_AN_INTEGER, {}
    return None


def _allowed(field: Field, cell: str) -> Fault | None:
    if not field.values or cell in field.values:
        return None
    return "not-in-list", words.NOT_IN_LIST, {"allowed": ", ".join(field.values)}


def _bounded(field: Field, cell: str) -> Fault | None:
    if field.length is not None and len(cell) > field.length:
        return "too-long", words.TOO_LONG, {"found": str(len(cell)), "bound": str(field.length)}
    if field.minimum and not Decimal(field.minimum) <= Decimal(cell) <= Decimal(field.maximum):
        return "out-of-range", words.OUT_OF_RANGE, {"minimum": field.minimum, "maximum": field.maximum}
    return None


def _shaped(field: Field, cell: str) -> Fault | None:
    fits = field.pattern is None or field.pattern.fullmatch(cell) is not None
    if field.is_siret and not is_siret(cell):
        return "not-a-siret", words.NOT_A_SIRET, {}
    if field.name == "rnaBeneficiaire" and not fits:
        return "not-a-rna", words.NOT_A_RNA, {}
    if field.name == "datesPeriodeVersement" and not (fits and _is_period(cell)):
        return "not-a-period", words.NOT_A_PERIOD, {}
    return None


_RULES: Final = (_type, _allowed, _bounded, _shaped)
