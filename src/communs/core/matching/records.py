"""Reading plain records: every fault names its place and the remedy, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from communs.core.matching.places import canonical, is_place
from communs.core.matching.vocabulary import Tri

MAX_ITEMS = 1_000
MAX_CHARACTERS = 20_000


class InvalidRecord(ValueError):
    """A record that cannot be read: `path` says where, `problem` what, `remedy` what to do."""

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        self.path, self.problem, self.remedy = path, problem, remedy
        super().__init__(f"{path}: {problem}. {remedy}")


def join(path: str, key: str) -> str:
    """`a.b` for a field `b` of `a`, `b` at the top."""
    return f"{path}.{key}" if path else key


def mapping(value: object, path: str) -> Mapping[str, object]:
    """`value` as an object with text keys; `null` is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise InvalidRecord(path or "record", f"expected an object, found {_named(value)}", "Write {…}.")
    return value


def items(value: object, path: str) -> list[object]:
    """`value` as a list of bounded length; `null` is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise InvalidRecord(path, f"expected a list, found {_named(value)}", "Write […], empty if not stated.")
    if len(value) > MAX_ITEMS:
        raise InvalidRecord(path, f"more than {MAX_ITEMS} entries", "Split the record.")
    return list(value)


def text(record: Mapping[str, object], key: str, path: str = "") -> str | None:
    """A text field without outer spaces; `null`, absent and empty are all None."""
    return _text(record.get(key), join(path, key))


def required_text(record: Mapping[str, object], key: str, path: str = "") -> str:
    """A text field that must be there."""
    value = text(record, key, path)
    if value is None:
        raise InvalidRecord(join(path, key), "missing", "Give a text.")
    return value


def strings(record: Mapping[str, object], key: str, path: str = "") -> tuple[str, ...]:
    """A list of texts, sorted and without repetition; `null` and absent are empty."""
    where = join(path, key)
    found: set[str] = set()
    for position, value in enumerate(items(record.get(key), where)):
        word = _text(value, f"{where}[{position}]")
        if word is not None:
            found.add(word)
    return tuple(sorted(found))


def words(record: Mapping[str, object], key: str, known: Collection[str], path: str = "") -> tuple[str, ...]:
    """A list of words that must all be in `known`."""
    return known_words(strings(record, key, path), known, join(path, key))


def known_words(values: tuple[str, ...], known: Collection[str], path: str) -> tuple[str, ...]:
    """`values`, refused with the list of what is known when one is not."""
    for value in values:
        if value not in known:
            raise InvalidRecord(path, f"“{value}” is not known", f"Use one of: {', '.join(known)}.")
    return values


def places(values: tuple[str, ...], path: str) -> tuple[str, ...]:
    """`values` as canonical place codes, sorted."""
    for value in values:
        if not is_place(value):
            raise InvalidRecord(path, f"“{value}” is no place code", "Use INT, EU27, EEA, FR, FR-NAQ or a NUTS code.")
    return tuple(sorted({canonical(value) for value in values}))


def tri(record: Mapping[str, object], key: str, path: str = "") -> Tri:
    """`true`, `false`, "yes", "no" or "unknown"; `null` and absent are unknown."""
    value = record.get(key)
    if value is None or value == "unknown":
        return "unknown"
    if value is True or value == "yes":
        return "yes"
    if value is False or value == "no":
        return "no"
    raise InvalidRecord(join(path, key), f"{_named(value)} is no answer", 'Use true, false or "unknown".')


def number(record: Mapping[str, object], key: str, path: str = "") -> Decimal | None:
    """A finite number of at least zero."""
    value = record.get(key)
    if value is None:
        return None
    where = join(path, key)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InvalidRecord(where, f"expected a number, found {_named(value)}", "Write 5000, without unit.")
    if isinstance(value, int) and abs(value) > 10**18:
        raise InvalidRecord(where, "the number is too large", "Write the amount in whole currency units.")
    amount = Decimal(str(value))
    if not amount.is_finite() or amount < 0:
        raise InvalidRecord(where, f"{value} is no amount", "Write a finite number of at least zero.")
    return amount


def day(record: Mapping[str, object], key: str, path: str = "") -> date | None:
    """A calendar day as `YYYY-MM-DD`."""
    value = record.get(key)
    if value is None:
        return None
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    where = join(path, key)
    if not isinstance(value, str):
        raise InvalidRecord(where, f"expected a date, found {_named(value)}", "Write YYYY-MM-DD.")
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        raise InvalidRecord(where, f"“{value[:40]}” is no date", "Write YYYY-MM-DD.") from None


def _text(value: object, path: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidRecord(path, f"expected a text, found {_named(value)}", "Write a text in quotes, or null.")
    if len(value) > MAX_CHARACTERS:
        raise InvalidRecord(path, f"longer than {MAX_CHARACTERS} characters", "Shorten it.")
    return value.strip() or None


def _named(value: object) -> str:
    names = {"bool": "true or false", "int": "a number", "float": "a number", "str": "a text", "NoneType": "null"}
    name = type(value).__name__
    return names.get(name, "an object" if isinstance(value, Mapping) else f"a {name}")
