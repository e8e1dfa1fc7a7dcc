"""Rules for values. Those of a key are asked in turn, until one ends the check or finds a fault and reports it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from communs.core.standards.publiccode.strict.lexical import graphemes, lists

_LETTERS_IN_BRACKETS = re.compile(r"\[([A-Za-z]+)\]")


class Findings(list[tuple[str, str, dict[str, str]]]):
    """Key, code and values of each fault."""

    def report(self, key: str, code: str, **values: str) -> bool:
        """Add a fault and end the check; the key as the reference names it: `description.en`, `description[en-US]`."""
        self.append((_LETTERS_IN_BRACKETS.sub(r".\1", key) if "[" in key else key, code, values))
        return False


# A rule gets the value, its key, the table around it and where to report; it answers whether to go on.
Rule = Callable[[Any, str, Mapping[str, Any], Findings], bool]
Rules = Mapping[str, tuple[Rule, ...]]


def check_table(rules: Rules, values: Mapping[str, Any], prefix: str, findings: Findings) -> None:
    """Ask the rules of every key of a table."""
    for name, chain in rules.items():
        key = f"{prefix}.{name}" if prefix else name
        value = values[name]
        for rule in chain:
            if not rule(value, key, values, findings):
                break


def required(value: Any, key: str, _table: Mapping[str, Any], findings: Findings) -> bool:
    """A text must be there and not be empty."""
    return bool(value) or findings.report(key, "missing")


def given(value: Any, key: str, _table: Mapping[str, Any], findings: Findings) -> bool:
    """Something must be there, even if it is empty or false."""
    return value is not None or findings.report(key, "missing")


def present(value: Any, _key: str, _table: Mapping[str, Any], _findings: Findings) -> bool:
    """What is not there needs no further check; an empty text does."""
    return value is not None


def filled(value: Any, _key: str, _table: Mapping[str, Any], _findings: Findings) -> bool:
    """What is not there, or empty, needs no further check."""
    return bool(value)


def some(value: Any, key: str, _table: Mapping[str, Any], findings: Findings) -> bool:
    """There must be entries."""
    code = "empty-table" if key == "description" else "empty-list"
    return bool(value) or findings.report(key, code)


def chosen(*choices: str) -> Rule:
    """The value must be one of `choices`."""
    allowed = frozenset(choices)
    named = ", ".join(choices)

    def rule(value: Any, key: str, _table: Mapping[str, Any], findings: Findings) -> bool:
        return value in allowed or findings.report(key, "not-one-of", value=_short(value), choices=named)

    return rule


def fits(code: str, test: Callable[[str], bool]) -> Rule:
    """The text must pass `test`."""

    def rule(value: Any, key: str, _table: Mapping[str, Any], findings: Findings) -> bool:
        return test(value) or findings.report(key, code, value=_short(value), **_choices(code))

    return rule


def _choices(code: str) -> dict[str, str]:
    if code != "not-standard":
        return {}
    return {"choices": ", ".join(f"alias:{name}" for name in sorted(lists.known("aliases")))}


def is_address(code: str, test: Callable[[str], bool]) -> Rule:
    """The address must be there and pass `test`, as it is written out again."""

    def rule(value: Any, key: str, _table: Mapping[str, Any], findings: Findings) -> bool:
        return (value is not None and test(value.text)) or findings.report(key, code)

    return rule


def is_organisation(value: Any, key: str, _table: Mapping[str, Any], findings: Findings) -> bool:
    """A URI; behind the name space of Italian administrations, a code of their index."""
    if lists.is_organisation(value):
        return True
    italian = value.startswith(lists.ITALIAN_SPACE)
    return findings.report(key, "not-administration" if italian else "not-organisation", value=_short(value))


def length(*, least: int = 0, most: int) -> Rule:
    """The text must have so many characters, as people count them."""

    def rule(value: Any, key: str, _table: Mapping[str, Any], findings: Findings) -> bool:
        # A cluster is a code point or more; texts of any length are not counted twice.
        count = graphemes.length(value) if value else 0
        if count < least:
            return findings.report(key, "too-short", bound=str(least))
        return count <= most or findings.report(key, "too-long", bound=str(most))

    return rule


def needed_for(other: str, choice: str) -> Rule:
    """The value must be there where the key `other` beside it is `choice`."""

    def rule(value: Any, key: str, table: Mapping[str, Any], findings: Findings) -> bool:
        needed = table[other] == choice and value is None
        return not needed or findings.report(key, "missing-for", other=other, value=choice)

    return rule


def only_for(other: str, choice: str) -> Rule:
    """The value may be there only where the key `other` beside it is `choice`."""

    def rule(value: Any, key: str, table: Mapping[str, Any], findings: Findings) -> bool:
        unneeded = table[other] != choice and value is not None
        return not unneeded or findings.report(key, "not-allowed", other=other, value=choice)

    return rule


def languages_of(test: Callable[[str], bool]) -> Rule:
    """Every key of the table must name a language."""

    def rule(value: Any, key: str, _table: Mapping[str, Any], findings: Findings) -> bool:
        for name in value:
            if not test(name):
                return findings.report(key, "not-language", value=_short(name))
        return True

    return rule


def each(*chain: Rule) -> Rule:
    """Rules for every entry of a list or table."""

    def rule(value: Any, key: str, table: Mapping[str, Any], findings: Findings) -> bool:
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for name, entry in entries:
            here = f"{key}[{name}]"
            for inner in chain:
                if not inner(entry, here, table, findings):
                    break
        return True

    return rule


def within(rules: Rules) -> Rule:
    """Rules for the keys of a table."""

    def rule(value: Any, key: str, _table: Mapping[str, Any], findings: Findings) -> bool:
        check_table(rules, value, key, findings)
        return True

    return rule


VALUE_SHOWN_MAX: Final = 80


def _short(value: str) -> str:
    return value if len(value) <= VALUE_SHOWN_MAX else f"{value[:VALUE_SHOWN_MAX]}…"
