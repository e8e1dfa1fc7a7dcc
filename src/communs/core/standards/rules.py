"""What values of which shape a document may hold: rules as data, checked with places, and applied as repairs.

A format writes its rules down once, as a tree of `Table`, `Listing`, `Text`, `Number` and `Flag`. `check` names every
value that breaks one; `mend` gives the value with all the repairs that need no knowledge of the matter: nulls left
out, one value where a list of one is meant, numbers between quotes, letters in the wrong case, and what a `Form` knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from rapidfuzz import fuzz, process

from communs.core.standards.problems import Path, Problem, Severity
from communs.core.standards.reading import Loaded
from communs.core.texts import N_

Words = tuple[str, str]

MISSING: Final = (N_("“{path}” is missing."), N_("Add “{path}”."))
NULL: Final = (N_("“{path}” holds no value."), N_("Write a value, or leave the key out."))
EMPTY: Final = (N_("“{path}” is empty."), N_("Write a value, or leave the line out."))
NOT_TEXT: Final = (N_("“{path}” should be a text."), N_("Write a text, between quotes."))
NOT_NUMBER: Final = (N_("“{path}” should be a number."), N_("Write a number, without quotes and without unit."))
NOT_WHOLE: Final = (N_("“{path}” should be a whole number."), N_("Write a number without decimals."))
NOT_FLAG: Final = (N_("“{path}” should be true or false."), N_("Write true or false, without quotes."))
NOT_LIST: Final = (N_("“{path}” should be a list."), N_("Write a list, even for a single entry."))
NOT_TABLE: Final = (N_("“{path}” should contain further keys."), N_("Write an object with the keys it asks for."))
NOT_CHOICE: Final = (N_("“{value}” is none of the values that “{path}” may have."), N_("Write one of: {choices}."))
TOO_LONG: Final = (N_("“{path}” has {found} characters, more than {most}."), N_("Shorten it to {most} characters."))
TOO_MANY: Final = (N_("“{path}” has {found} entries, more than {most}."), N_("Keep the {most} that matter most."))
TOO_FEW: Final = (N_("“{path}” has no entry."), N_("Give at least one."))
UNKNOWN_KEY: Final = (N_("“{path}” is not a key of this format."), N_("Remove it, or look for a spelling mistake."))
MISSPELT_KEY: Final = (N_("“{path}” is not a key of this format."), N_("Write “{meant}” instead, if that is meant."))

FAULTS_MAX: Final = 1_000
_SHOWN: Final = 60


def unchanged(text: str) -> str:
    """No repair is known."""
    return text


@dataclass(frozen=True, slots=True)
class Form:
    """What a text must look like: `pattern` matches all of it; `mend` gives the text that is meant, or it unchanged.

    `words` may hold `{value}` and `{meant}`; `plain` are those for when no repair is known (without `{meant}`).
    """

    code: str
    pattern: re.Pattern[str]
    words: Words
    plain: Words
    mend: Callable[[str], str] = unchanged
    severity: Severity = "error"

    def meant(self, text: str) -> str:
        """The repaired text where there is one that fits; else empty."""
        mended = self.mend(text)
        return mended if mended != text and self.pattern.fullmatch(mended) else ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text; `most` characters at most (0: any number); `number_too`: a number is as good."""

    most: int = 0
    choices: tuple[str, ...] = ()
    form: Form | None = None
    may_be_empty: bool = True
    number_too: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number; `whole`: without decimals."""

    whole: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of values of one shape; `single_too`: a value that stands alone counts as a list of one."""

    of: Rule
    least: int = 0
    most: int = 0
    single_too: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """An object. `unknown`: how grave a key is that the format does not have; None: not worth a word.

    `lone`: the key that is meant where a text stands instead of the object.
    """

    keys: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    unknown: Severity | None = None
    lone: str = ""
    also: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Anything:
    """A value of any shape, not looked into."""


@dataclass(frozen=True, slots=True)
class Depending:
    """A shape that the value itself decides about."""

    on: Callable[[Any], Rule]


Rule = Text | Number | Flag | Listing | Table | Anything | Depending


def check(loaded: Loaded, rule: Rule, value: Any = ..., path: Path = ()) -> Iterator[Problem]:
    """Every value of `loaded` (or of the part `value` at `path`) that breaks `rule`, with its place.

    A key that holds null counts as absent: that is a nuisance (a warning) where the key may be left out, and a missing
    key (an error) where not.
    """
    value = loaded.value if value is ... else value
    rule = rule.on(value) if isinstance(rule, Depending) else rule
    if isinstance(rule, Table):
        yield from _check_table(loaded, rule, value, path)
    elif isinstance(rule, Listing):
        yield from _check_listing(loaded, rule, value, path)
    elif isinstance(rule, Text):
        yield from _check_text(loaded, rule, value, path)
    elif isinstance(rule, Number):
        if not is_number(value):
            yield loaded.problem(path, "not-number", "error", NOT_NUMBER)
        elif rule.whole and value != int(value):
            yield loaded.problem(path, "not-whole", "error", NOT_WHOLE)
    elif isinstance(rule, Flag) and not isinstance(value, bool):
        yield loaded.problem(path, "not-flag", "error", NOT_FLAG)


def faults(loaded: Loaded, rule: Rule) -> list[Problem]:
    """`check`, and no more than a person will ever read."""
    return list(islice(check(loaded, rule), FAULTS_MAX))


def conforms(rule: Rule, value: Any) -> bool:
    """Whether a value breaks no rule."""
    return all(found.severity != "error" for found in check(Loaded(value, "", dict), rule))


def mend(rule: Rule, value: Any) -> Any:
    """The value with every repair that the rule knows; what it does not know stays as it is.

    >>> mend(Table({"tags": Listing(Text(choices=("web", "data")))}), {"tags": "Data", "note": None})
    {'tags': ['data']}
    """
    rule = rule.on(value) if isinstance(rule, Depending) else rule
    if isinstance(rule, Table):
        return _mend_table(rule, value)
    if isinstance(rule, Listing):
        return _mend_listing(rule, value)
    if isinstance(rule, Text):
        return _mend_text(rule, value)
    if isinstance(rule, Number) and isinstance(value, str):
        return _number(value)
    return value


def known_only(rule: Rule, value: Any) -> Any:
    """The value without the keys that make it invalid because the format does not have them."""
    rule = rule.on(value) if isinstance(rule, Depending) else rule
    if isinstance(rule, Table) and isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if key in rule.keys or rule.unknown != "error"}
        return {key: known_only(rule.keys.get(key, Anything()), inner) for key, inner in kept.items()}
    if isinstance(rule, Listing) and isinstance(value, list):
        return [known_only(rule.of, inner) for inner in value]
    return value


def is_number(value: Any) -> bool:
    """Whether it is a finite number as JSON has them: true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def clip(value: object) -> str:
    """A value as messages show it: short, on one line."""
    shown = " ".join(str(value).split())
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"


def nearest(name: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    """The known name that a misspelt one is meant to be, or empty.

    >>> nearest("licence", ("license", "title")), nearest("colour", ("license", "title"))
    ('license', '')
    """
    folded = {_folded(one): one for one in known}
    if _folded(name) in folded:
        return folded[_folded(name)]
    close = process.extractOne(_folded(name)[:_SHOWN], list(folded), scorer=fuzz.ratio, score_cutoff=82)
    return folded[close[0]] if close else ""


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _check_table(loaded: Loaded, rule: Table, value: Any, path: Path) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield loaded.problem(path, "not-table", "error", NOT_TABLE)
        return
    for key in rule.required:
        if value.get(key) is None:
            yield loaded.problem((*path, key), "missing", "error", MISSING)
    for key, inner in value.items():
        here = (*path, key)
        if key not in rule.keys:
            if rule.unknown and key not in rule.also:
                yield _unknown(loaded, rule, here)
        elif inner is None:
            if key not in rule.required:
                yield loaded.problem(here, "null", "warning", NULL)
        else:
            yield from check(loaded, rule.keys[key], inner, here)


def _unknown(loaded: Loaded, rule: Table, path: Path) -> Problem:
    meant = nearest(str(path[-1]), rule.keys)
    severity = rule.unknown or "warning"
    if meant:
        return loaded.problem(path, "unknown-key", severity, MISSPELT_KEY, meant=meant)
    return loaded.problem(path, "unknown-key", severity, UNKNOWN_KEY)


def _check_listing(loaded: Loaded, rule: Listing, value: Any, path: Path) -> Iterator[Problem]:
    if not isinstance(value, list):
        if not rule.single_too:
            yield loaded.problem(path, "not-list", "error", NOT_LIST)
            return
        yield from check(loaded, rule.of, value, path)
        return
    if rule.most and len(value) > rule.most:
        yield loaded.problem(path, "too-many", "error", TOO_MANY, found=str(len(value)), most=str(rule.most))
    if sum(inner is not None for inner in value) < rule.least:
        yield loaded.problem(path, "too-few", "error", TOO_FEW)
    for number, inner in enumerate(value):
        if inner is None:
            yield loaded.problem((*path, number), "null", "warning", NULL)
        else:
            yield from check(loaded, rule.of, inner, (*path, number))


def _check_text(loaded: Loaded, rule: Text, value: Any, path: Path) -> Iterator[Problem]:
    if rule.number_too and is_number(value):
        return
    if not isinstance(value, str):
        yield loaded.problem(path, "not-text", "error", NOT_TEXT)
        return
    if not value:
        if not rule.may_be_empty:
            yield loaded.problem(path, "empty", "error", EMPTY)
        elif rule.choices:
            yield _not_choice(loaded, rule, value, path)
        return
    if rule.most and len(value) > rule.most:
        found, most = str(len(value)), str(rule.most)
        yield loaded.problem(path, "too-long", "error", TOO_LONG, found=found, most=most)
    if rule.choices and value not in rule.choices:
        yield _not_choice(loaded, rule, value, path)
    if rule.form and not rule.form.pattern.fullmatch(value):
        yield _out_of_form(loaded, rule.form, value, path)


def _not_choice(loaded: Loaded, rule: Text, value: str, path: Path) -> Problem:
    choices = ", ".join(rule.choices)
    return loaded.problem(path, "not-a-choice", "error", NOT_CHOICE, value=clip(value), choices=choices)


def _out_of_form(loaded: Loaded, form: Form, value: str, path: Path) -> Problem:
    meant = form.meant(value)
    words = form.words if meant else form.plain
    return loaded.problem(path, form.code, form.severity, words, value=clip(value), meant=clip(meant))


def _mend_table(rule: Table, value: Any) -> Any:
    if isinstance(value, str) and rule.lone:
        value = {rule.lone: value}
    if not isinstance(value, dict):
        return value
    mended: dict[str, Any] = {}
    for key, inner in value.items():
        known = key in rule.keys or key in rule.also
        name = key if known or not rule.unknown else nearest(key, rule.keys) or key
        if inner is None:
            continue
        meant = mend(rule.keys[name], inner) if name in rule.keys else inner
        # A key that was passed over so far must not make the whole invalid under its right name.
        if name != key and (name in value or not (rule.unknown == "error" or conforms(rule.keys[name], meant))):
            name, meant = key, inner
        mended[name] = meant
    return mended


def _mend_listing(rule: Listing, value: Any) -> Any:
    if not isinstance(value, list):
        if rule.single_too:
            return mend(rule.of, value)
        if isinstance(value, str) and isinstance(rule.of, Text):
            value = [part.strip() for part in value.split(",") if part.strip()]
        else:
            value = [value] if value not in ("", {}) else []
    mended: list[Any] = []
    met: set[str] = set()
    for inner in value:
        one = None if inner is None else mend(rule.of, inner)
        if one is not None and not (isinstance(one, str) and one in met):
            mended.append(one)
        if isinstance(one, str):
            met.add(one)
    return mended


def _mend_text(rule: Text, value: Any) -> Any:
    if is_number(value) and not rule.number_too:
        value = str(value)
    if not isinstance(value, str):
        return value
    if rule.choices and value not in rule.choices:
        return nearest(value, rule.choices) or value
    if rule.form and value and not rule.form.pattern.fullmatch(value):
        return rule.form.meant(value) or value
    return value


def _number(text: str) -> Any:
    """A number written between quotes: `"250"`, `"1,000.50"`; any other text stays one."""
    plain = re.sub(r"(?<=\d)[,  ](?=\d{3}\b)", "", text.strip())
    if re.fullmatch(r"-?\d{1,15}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"-?\d{1,15}\.\d{1,6}", plain) else text
