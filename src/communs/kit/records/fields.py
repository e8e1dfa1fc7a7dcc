"""The fields of a record as people meet them: label, how it is asked, how a value reads.

An app describes its records with a `FieldSet`; the edit form, the history, the sources page and the e-mails follow.
Field names are the dotted names of `Record.values`. A field of texts in many languages (`names`) stands for all of
`names.en`, `names.fr` …; any other field is one name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.translation import gettext

from communs.kit.formats import day, language_name

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"
Choices: TypeAlias = Sequence[tuple[str, Words]]

# The languages offered first when a text is added: those of the European Union, then neighbours and widely spoken ones.
LANGUAGES = (
    *("en", "fr", "de", "es", "it", "nl", "pt", "pl", "bg", "cs", "da", "el", "et", "fi", "ga", "hr", "hu", "lt"),
    *("lv", "mt", "ro", "sk", "sl", "sv", "ca", "eu", "gl", "br", "oc", "cy", "is", "nb", "uk", "sr", "sq", "tr"),
    *("ar", "zh", "ja", "hi", "sw"),
)


class Widget(StrEnum):
    """How a field is asked, and the JSON value it holds."""

    LINE = "line"  # text
    TEXT = "text"  # text of several lines
    URL = "url"  # text, http or https
    CHOICE = "choice"  # one of `choices`
    CHOICES = "choices"  # list of some of `choices`
    WORDS = "words"  # list of texts, one a line
    NUMBER = "number"  # whole number, or with decimals
    YES_NO = "yes_no"  # true, false, or not said
    ROWS = "rows"  # list of objects with `columns`
    TEXTS = "texts"  # {lang: text}, one line each: the fields `name.<lang>`
    LONG_TEXTS = "long_texts"  # the same, of several lines


@dataclass(frozen=True, slots=True)
class Column:
    """One key of the objects in a field of rows; LINE, URL, CHOICE, WORDS (separated by commas) or NUMBER."""

    name: str
    label: Words
    widget: Widget = Widget.LINE
    choices: Choices = ()
    is_date: bool = False  # a text such as 2026-12-05 or 2026-12, read as a day


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `group` is the heading it stands under in the form; fields of a group follow each other."""

    name: str
    label: Words
    widget: Widget = Widget.LINE
    help: Words = ""
    group: Words = ""
    choices: Choices = ()
    columns: tuple[Column, ...] = ()
    required: bool = False
    is_folded: bool = False  # asked in a part of the form that is opened on demand

    @property
    def is_list(self) -> bool:
        return self.widget in {Widget.CHOICES, Widget.WORDS, Widget.ROWS}

    @property
    def is_texts(self) -> bool:
        return self.widget in {Widget.TEXTS, Widget.LONG_TEXTS}


class FieldSet:
    """The fields of one kind of record, in the order they are asked."""

    def __init__(
        self,
        fields: Iterable[Field],
        say: Mapping[str, Callable[[Any], str]] | None = None,
        families: Mapping[str, Words] | None = None,
    ) -> None:
        """`say[name]` makes a value of that field readable where the general way is not good enough.

        `families` names fields that are not asked one by one: `{"identifiers": "Identifier"}` for `identifiers.doi`,
        and those that are not asked at all, by their whole name.
        """
        self.fields = tuple(fields)
        self._by_name = {field.name: field for field in self.fields}
        self._say = dict(say or {})
        self._families = dict(families or {})

    def __iter__(self) -> Any:
        return iter(self.fields)

    def get(self, name: str) -> Field | None:
        """The field that a dotted name belongs to: `names.fr` belongs to `names`."""
        return self._by_name.get(name) or self._by_name.get(name.partition(".")[0])

    def label_of(self, name: str) -> str:
        """What a field is called, e.g. "Name (French)". A field that nobody described is called by its name."""
        field = self.get(name)
        if field is None:
            if name in self._families:
                return str(self._families[name])
            head, _dot, tail = name.partition(".")
            words = tail.replace("_", " ")
            return pair(str(self._families.get(head, head)), words) if words else head.replace("_", " ")
        if field.is_texts:
            return f"{field.label} ({language_name(name.partition('.')[2])})"
        return str(field.label)

    def misfits(self, values: Mapping[str, Any]) -> dict[str, str]:
        """`{name: what is wrong}` of values that their field could not hold; what nobody described holds anything."""
        wrong = {}
        for name, value in values.items():
            field = self.get(name)
            if field is not None and value is not None and not _fits(field, value):
                wrong[name] = gettext("{field}: this value does not fit here.").format(field=self.label_of(name))
        return wrong

    def say(self, name: str, value: Any) -> str:
        """A value as a person reads it; lists of objects one a line. `None` is an empty text."""
        field = self.get(name)
        special = self._say.get(name)
        # The special way expects the usual shape; a claim of another shape is still shown, in the general way.
        if special is not None and (field is None or isinstance(value, list) == field.is_list) and value is not None:
            return special(value)
        return say_value(value, field)


def _fits(field: Field, value: Any) -> bool:
    """Whether a value has the shape its widget gives, and is among the choices where there are some."""
    if field.is_list:
        kind = Mapping if field.widget == Widget.ROWS else str
        return isinstance(value, list) and all(isinstance(item, kind) for item in value) and _chosen(field, value)
    if field.widget == Widget.YES_NO:
        return isinstance(value, bool)
    if field.widget == Widget.NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if field.widget == Widget.URL:
        return isinstance(value, str) and value.startswith(("https://", "http://"))
    return isinstance(value, str) and _chosen(field, [value])


def _chosen(field: Field, values: Iterable[Any]) -> bool:
    offered = {str(choice) for choice, _label in field.choices}
    return not offered or field.widget not in {Widget.CHOICE, Widget.CHOICES} or offered.issuperset(values)


def say_value(value: Any, field: Field | Column | None) -> str:
    """The general way to write a value in the reader's language."""
    if isinstance(value, list):
        between = "\n" if any(isinstance(item, Mapping) for item in value) else ", "
        return between.join(say_value(item, field) for item in value)
    if isinstance(value, Mapping):
        return _say_row(value, field)
    return _say_one(value, field)


def _say_one(value: Any, field: Field | Column | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if field is not None and field.choices:
        return str(dict(field.choices).get(str(value), value))
    return day(str(value)) if isinstance(field, Column) and field.is_date else str(value)


def _say_row(row: Mapping[str, Any], field: Field | Column | None) -> str:
    columns = field.columns if isinstance(field, Field) else ()
    by_name = {column.name: column for column in columns}
    parts = [(by_name.get(key), key, value) for key, value in row.items() if value not in (None, "", [])]
    if len(parts) == 2 and all(column is not None for column, _key, _value in parts):
        # Two columns read best as "text: CC0-1.0".
        first, second = (say_value(value, column) for column, _key, value in parts)
        return pair(first, second)
    return "; ".join(
        pair(str(column.label if column else key), say_value(value, column)) for column, key, value in parts
    )


def pair(name: str, value: str) -> str:
    """A name and its value with the colon of the reader's language: "code: MIT", "code : MIT"."""
    return gettext("{name}: {value}").format(name=name, value=value)
