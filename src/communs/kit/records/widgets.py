"""Form fields that read and write the JSON values of records: lists of words, rows, yes/no/not said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.kit.records.fields import Choices, Column, Field, Widget

LINE_MAX = 300
TEXT_MAX = 4000
WORDS_MAX = 60
WORD_MAX = 120
ROWS_MAX = 30
BLANK_ROWS = 2
_IS_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def form_field(field: Field, current: Any) -> forms.Field:
    """The form field for one field whose value is `current` (None: nothing known)."""
    common: dict[str, Any] = {"label": field.label, "help_text": field.help, "required": field.required}
    make = _MAKERS.get(field.widget, _line)
    return make(field, current, common)


def _line(_field: Field, _current: Any, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=LINE_MAX, **common)


def _text(_field: Field, _current: Any, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=TEXT_MAX, widget=forms.Textarea(attrs={"rows": 4}), **common)


def _url(_field: Field, _current: Any, common: dict[str, Any]) -> forms.Field:
    return forms.URLField(max_length=500, assume_scheme="https", **common)


def _choice(field: Field, current: Any, common: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=with_present(field.choices, [current] if current else []), **common)


def _choices(field: Field, current: Any, common: dict[str, Any]) -> forms.Field:
    choices = [choice for choice in with_present(field.choices, current or []) if choice[0]]
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)


def with_present(choices: Choices, present: Sequence[Any]) -> list[tuple[str, Any]]:
    """The choices, an empty one first, and the present values even where they are not among them."""
    known = {value for value, _label in choices}
    extra = [(str(value), str(value)) for value in present if str(value) not in known]
    return [("", _("not said")), *choices, *extra]


class WordsField(forms.CharField):
    """A list of short texts, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > WORDS_MAX:
            raise ValidationError(_("At most %(count)d lines."), params={"count": WORDS_MAX})
        if long := next((word for word in value if len(word) > WORD_MAX), None):
            raise ValidationError(
                _("“%(start)s…” is longer than %(count)d characters."),
                params={"start": long[:30], "count": WORD_MAX},
            )

    def run_validators(self, value: Any) -> None:
        for word in value:
            super().run_validators(word)


class NumberField(forms.DecimalField):
    """A whole number stays whole; others keep their decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=16, decimal_places=4, **kwargs)

    def clean(self, value: Any) -> Any:
        number: Decimal | None = super().clean(value)
        if number is None:
            return None
        return int(number) if number == number.to_integral_value() else float(number)


class YesNoField(forms.ChoiceField):
    """Yes, no, or not said; an answer that is missing is never taken for a no."""

    def __init__(self, **kwargs: Any) -> None:
        choices = (("", gettext_lazy("not said")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))
        super().__init__(choices=choices, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value) if isinstance(value, bool | None) else value

    def clean(self, value: Any) -> Any:
        return {"yes": True, "no": False}.get(super().clean(value))


class RowsWidget(forms.MultiWidget):
    """A table of inputs: the rows there are, and two empty ones."""

    template_name = "records/widgets/rows.html"

    def __init__(self, columns: Sequence[Column], rows: int) -> None:
        self.columns, self.rows = columns, rows
        super().__init__([_input(column, row) for row in range(rows) for column in columns])

    def decompress(self, value: Any) -> list[Any]:
        cells: list[Any] = []
        for row in range(self.rows):
            item = value[row] if isinstance(value, list) and row < len(value) else {}
            for column in self.columns:
                cell = item.get(column.name) if isinstance(item, Mapping) else None
                cells.append(_cell_shown(cell))
        return cells

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        # What was typed comes back as a flat list of cells when the form is shown again with errors.
        context = super().get_context(name, value, attrs)
        cells, width = context["widget"]["subwidgets"], len(self.columns)
        context["widget"]["table"] = [cells[start : start + width] for start in range(0, len(cells), width)]
        context["widget"]["headings"] = [column.label for column in self.columns]
        return context


def _input(column: Column, row: int) -> forms.Widget:
    attrs = {"aria-label": f"{column.label} {row + 1}"}
    if column.widget == Widget.CHOICE:
        return forms.Select(attrs=attrs, choices=[("", ""), *column.choices])
    return forms.TextInput(attrs={**attrs, "maxlength": 500})


class RowsField(forms.Field):
    """A list of objects. Keys that have no column are kept on the row they stand on."""

    def __init__(self, columns: Sequence[Column], current: Sequence[Any], **kwargs: Any) -> None:
        self.columns = columns
        self.current = [item for item in current if isinstance(item, Mapping)]
        rows = min(len(self.current) + BLANK_ROWS, ROWS_MAX)
        super().__init__(widget=RowsWidget(columns, rows), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        # A list of objects must become cells before the widget sees it: it takes any list for cells as typed.
        if value is None or (isinstance(value, list) and all(isinstance(item, Mapping) for item in value)):
            widget: Any = self.widget
            return widget.decompress(value)
        return value

    def clean(self, value: Any) -> Any:
        cells, width = list(value or []), len(self.columns)
        rows = [cells[start : start + width] for start in range(0, len(cells), width)]
        found = [self._row(number, row) for number, row in enumerate(rows) if any(cell for cell in row)]
        if self.required and not found:
            raise ValidationError(self.error_messages["required"], code="required")
        return found

    def _row(self, number: int, cells: Sequence[Any]) -> dict[str, Any]:
        known = {column.name for column in self.columns}
        before = self.current[number] if number < len(self.current) else {}
        row = {key: value for key, value in before.items() if key not in known}
        for column, cell in zip(self.columns, cells, strict=True):
            typed, present = str(cell or "").strip(), before.get(column.name)
            if typed and typed == str(_cell_shown(present)).strip():
                row[column.name] = present  # as it was, whatever its shape: an input shows it as text only
                continue
            value = _object(typed) if isinstance(present, Mapping) else _cell(column, typed)
            if value not in ("", []):
                row[column.name] = value
            elif column.name in before and before[column.name] in (None, "", []):
                row[column.name] = before[column.name]
        order = [*before, *(key for key in row if key not in before)]
        return {key: row[key] for key in order if key in row}


def _cell_shown(value: Any) -> Any:
    """A value as one input shows it: lists and objects on one line, such as "min: 5, max: 10"."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {inner}" for key, inner in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _object(text: str) -> Any:
    """An object from what `_cell_shown` makes of one, numbers as numbers; nothing from an empty text."""
    found: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key, colon, value = (piece.strip() for piece in part.partition(":"))
        if not (key and colon and value):
            raise ValidationError(_("“%(value)s” is not written like “min: 5, max: 10”."), params={"value": text[:60]})
        found[key] = _number(value) if _IS_NUMBER.fullmatch(value) else value
    return found or ""


def _cell(column: Column, text: str) -> Any:
    if len(text) > 500:
        raise ValidationError(_("“%(start)s…” is too long: 500 characters at most."), params={"start": text[:30]})
    if column.widget == Widget.WORDS:
        return [word.strip() for word in text.split(",") if word.strip()]
    if column.widget == Widget.CHOICE and text and text not in {value for value, _label in column.choices}:
        raise ValidationError(_("“%(value)s” is not one of the choices."), params={"value": text})
    if column.widget == Widget.URL and text and not text.startswith(("http://", "https://")):
        raise ValidationError(_("“%(value)s” is not an address like https://…"), params={"value": text})
    if column.widget == Widget.NUMBER and text:
        try:
            return _number(text.replace("\u202f", "").replace(" ", "").replace(",", "."))
        except ValueError as error:
            raise ValidationError(_("“%(value)s” is not a number."), params={"value": text}) from error
    return text


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


_MAKERS: dict[Widget, Callable[[Field, Any, dict[str, Any]], forms.Field]] = {
    Widget.TEXT: _text,
    Widget.URL: _url,
    Widget.CHOICE: _choice,
    Widget.CHOICES: _choices,
    Widget.WORDS: lambda _field, _current, common: WordsField(**common),
    Widget.NUMBER: lambda _field, _current, common: NumberField(**common),
    Widget.YES_NO: lambda _field, _current, common: YesNoField(**common),
    Widget.ROWS: lambda field, current, common: RowsField(field.columns, current or [], **common),
}
