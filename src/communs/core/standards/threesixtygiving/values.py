"""Dates, amounts and texts of a file of grants; what had to be put right is told, the same twenty times at most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, Final

from communs.core.money import UnknownCurrency, exponent
from communs.core.money.amounts import MINOR_MAX
from communs.core.standards.problems import Path, Problem, Severity
from communs.core.standards.reading import Loaded
from communs.core.standards.reading.csv_text import undo_mojibake
from communs.core.standards.threesixtygiving import words

SAME_TOLD_MAX: Final = 20
TEXT_MAX: Final = 2_000
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?", re.ASCII)
_SLASHED: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[T ].*)?", re.ASCII)
_NOISE: Final = Decimal("0.000001")


@dataclass(slots=True)
class Telling:
    """The problems of a file; of each kind the first twenty, then how many more there were."""

    loaded: Loaded
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    month_first: bool = False

    def tell(self, path: Path, code: str, severity: Severity, said: tuple[str, str], **values: str) -> None:
        """Add a problem with the value at `path`. Errors are all told: each refuses a grant."""
        self.counts[code] += 1
        if self.counts[code] <= SAME_TOLD_MAX or severity == "error":
            shown = {name: value[:200] for name, value in values.items()}
            self.problems.append(self.loaded.problem(path, code, severity, said, **shown))

    def all(self) -> tuple[Problem, ...]:
        """Everything told, and how much was not."""
        errors = {found.code for found in self.problems if found.severity == "error"}
        more = [
            Problem("", 1, 1, f"{code}-more", "note", *words.AND_MORE, values={"count": str(count - SAME_TOLD_MAX)})
            for code, count in sorted(self.counts.items())
            if count > SAME_TOLD_MAX and code not in errors
        ]
        return (*self.loaded.problems, *self.problems, *more)

    def text(self, grant: Mapping[str, Any], path: Path, name: str, most: int = TEXT_MAX) -> str:
        """A text of the grant, mended where it had been encoded twice; "" where there is none."""
        value = grant.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            return ""
        meant = undo_mojibake(value)
        if meant != value:
            self.tell((*path, name), "encoded-twice", "warning", words.ENCODED_TWICE, meant=meant)
        return meant.replace("\x00", "").strip()[:most]

    def day(self, value: Any, path: Path) -> str:
        """YYYY-MM-DD, or "" where the value names no day."""
        if not isinstance(value, str) or not value.strip():
            return ""
        text = value.strip()
        found = _ISO.fullmatch(text)
        if found:
            day = _made(found[1], found[2], found[3])
        else:
            found = _SLASHED.fullmatch(text)
            first, second = ("2", "1") if self.month_first else ("1", "2")
            day = _made(found[3], found[int(second)], found[int(first)]) if found else ""
            if day:
                said = words.MONTH_FIRST if self.month_first else words.OTHER_DATE
                self.tell(path, "other-date", "warning", said, value=text, meant=day)
        if not day:
            self.tell(path, "not-a-date", "warning", words.NOT_A_DATE, value=text)
        return day

    def amount(self, value: Any, currency: str, path: Path) -> int | None:
        """Whole minor units of the currency; None where the value is no amount."""
        if value is None or value == "":
            return None
        number = _number(value)
        try:
            places = exponent(currency)
        except UnknownCurrency:
            number = None
        if number is None or abs(number) > MINOR_MAX // 10**4:
            self.tell(path, "not-an-amount", "error", words.NOT_AN_AMOUNT, value=f"{value} {currency}")
            return None
        if isinstance(value, str):
            self.tell(path, "amount-between-quotes", "warning", words.AMOUNT_TEXT, value=value)
        minor = number.scaleb(places)
        whole = minor.to_integral_value(ROUND_HALF_EVEN)
        if abs(minor - whole) > _NOISE:
            meant = str(whole.scaleb(-places))
            self.tell(path, "too-exact", "warning", words.TOO_EXACT, value=str(value), meant=meant)
        return int(whole)


def puts_month_first(grants: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the dates with slashes of a file can only be read with the month before the day."""
    pairs = [
        (int(found[1]), int(found[2]))
        for grant in grants
        for name in ("awardDate", "dateModified")
        if isinstance(grant.get(name), str) and (found := _SLASHED.fullmatch(grant[name].strip()))
    ]
    return any(second > 12 for _first, second in pairs) and not any(first > 12 for first, _second in pairs)


def _made(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _number(value: Any) -> Decimal | None:
    """A JSON number, or a text: commas or spaces between thousands, the sign of a currency before it."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value)
    if isinstance(value, str):
        text = re.sub(r"[\s\u00a0\u202f]|^[£€$]", "", undo_mojibake(text.strip())).replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
