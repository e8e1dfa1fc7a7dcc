"""One form for every record: made from its fields and its present values, it answers with what was changed.

The form carries the version it was made from. A field that someone else has changed meanwhile is not overwritten
silently: the form comes back and says so beside the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.kit.formats import language_name
from communs.kit.records.fields import LANGUAGES, Field, FieldSet, Widget
from communs.kit.records.resolve import canonical
from communs.kit.records.values import is_said
from communs.kit.records.widgets import LINE_MAX, TEXT_MAX, form_field


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that follow each other; with a `summary` they are shown on demand, and at once when one is wrong."""

    summary: str
    fields: list[forms.BoundField]

    @property
    def is_open(self) -> bool:
        return any(field.errors or (field.form.is_bound and field.data) for field in self.fields)


class RecordForm(forms.Form):
    """Edit, propose, or describe a new record. After `is_valid()` the changed values stand in `changes`.

    A value of `None` in `changes` says "there is none": the person emptied a field that had a value.
    """

    note = forms.CharField(
        max_length=500,
        required=False,
        label=gettext_lazy("Why, in a few words"),
        help_text=gettext_lazy("Shown in the history."),
    )
    evidence_url = forms.URLField(
        max_length=500,
        required=False,
        assume_scheme="https",
        label=gettext_lazy("Where can one see it?"),
        help_text=gettext_lazy("The address of a page that says so. It helps those who check."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        fields: FieldSet,
        base: Mapping[str, Any],
        *args: Any,
        now: Mapping[str, Any] | None = None,
        version: int = 0,
        now_version: int = 0,
        only: frozenset[str] | None = None,
        start: Mapping[str, Any] | None = None,
        check: Callable[[Mapping[str, Any]], Mapping[str, str]] = lambda _values: {},
        **kwargs: Any,
    ) -> None:
        """`base`: the values the form was made from; `now`: those shown at this moment, when they may differ.

        `start`: values shown where there are none yet, such as those read from a file; sent back they are changes.
        `only` limits the form to the fields (dotted names or the name of a group of texts) that it names.
        `check`: (the values as they would be) -> {field: what is wrong with it}; an error never loses what was typed.
        """
        super().__init__(*args, **kwargs)
        self.field_set, self.base, self.now = fields, base, base if now is None else now
        self.now_version, self.check = now_version or version, check
        self.start = {**(start or {}), **base}
        self.initial.setdefault("evidence_url", self.start.get("evidence_url"))
        self.changes: dict[str, Any] = {}
        self.initial.setdefault("version", version)
        tail = {name: self.fields.pop(name) for name in ("note", "evidence_url", "version")}
        self.asked: list[Field] = [field for field in fields if only is None or field.name in only]
        for field in self.asked:
            self._add(field)
        self.fields.update(tail)

    @property
    def groups(self) -> Iterator[tuple[str, list[Part]]]:
        """`(heading, parts)` in order; the note and the evidence come last, without heading."""
        seen: dict[str, list[Part]] = {}
        for field in self.asked:
            seen.setdefault(str(field.group), []).extend(self._parts(field))
        yield from seen.items()
        yield "", [Part("", [self["note"], self["evidence_url"]])]

    def _parts(self, field: Field) -> Iterator[Part]:
        """What is asked for a field: at once, and what few people need behind a line that opens it."""
        names = self._names(field)
        if field.is_folded and not any(self.start.get(name) for name in names):
            yield Part(str(field.label), [self[name] for name in names])
            return
        at_once = names[:-2] if field.is_texts else names
        yield Part("", [self[name] for name in at_once])
        if field.is_texts:
            yield Part(str(self.fields[names[-2]].label), [self[name] for name in names[-2:]])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for field in self.asked:
            if field.is_texts:
                self._take_texts(field, cleaned)
            elif field.name in cleaned:
                self._take(field.name, self._as_it_stood(field.name, cleaned[field.name]), field.name)
        if not self.changes and not self.errors:
            self._say_what_is_missing()
        if not self.errors:
            for name, problem in self.check({**self.now, **self.changes}).items():
                self._blame(name, problem)
        return cleaned

    def _say_what_is_missing(self) -> None:
        """Of a new record, what it cannot be without; of one that is there, that nothing was changed."""
        if self.base:
            raise forms.ValidationError(_("Nothing was changed yet."))
        missing = self.check({})
        for name, problem in missing.items():
            self._blame(name, problem)
        if not missing:
            raise forms.ValidationError(_("Nothing is filled in yet: one field is enough to begin with."))

    def _blame(self, name: str, problem: str) -> None:
        """Show a problem beside its field; above the form where the field is not asked here."""
        if name in self.fields:
            self.add_error(name, problem)
        else:
            self.add_error(None, f"{self.field_set.label_of(name)}: {problem}")

    def _add(self, field: Field) -> None:
        if not field.is_texts:
            self.fields[field.name] = form_field(field, self.start.get(field.name))
            self.initial.setdefault(field.name, self.start.get(field.name))
            return
        for lang in self._languages(field):
            self.fields[f"{field.name}.{lang}"] = _text_field(field, language_name(lang))
            self.initial.setdefault(f"{field.name}.{lang}", self.start.get(f"{field.name}.{lang}"))
        unused = [lang for lang in LANGUAGES if lang not in self._languages(field)]
        choices = [("", _("choose a language")), *((lang, language_name(lang)) for lang in unused)]
        self.fields[f"{field.name}.+lang"] = forms.ChoiceField(
            choices=choices, required=False, label=_("%(field)s in another language") % {"field": field.label}
        )
        self.fields[f"{field.name}.+text"] = _text_field(field, _("in that language"))

    def _languages(self, field: Field) -> list[str]:
        prefix = f"{field.name}."
        there = sorted(name.removeprefix(prefix) for name in self.start if name.startswith(prefix))
        return list(dict.fromkeys(["en", "fr", *there]))

    def _names(self, field: Field) -> list[str]:
        if not field.is_texts:
            return [field.name]
        return [f"{field.name}.{part}" for part in [*self._languages(field), "+lang", "+text"]]

    def _take_texts(self, field: Field, cleaned: Mapping[str, Any]) -> None:
        for lang in self._languages(field):
            name = f"{field.name}.{lang}"
            if name in cleaned:
                self._take(name, cleaned[name], name)
        added, text = cleaned.get(f"{field.name}.+lang"), cleaned.get(f"{field.name}.+text")
        if added and text:
            self._take(f"{field.name}.{added}", text, f"{field.name}.+text")
        elif text:
            self.add_error(f"{field.name}.+lang", _("Choose the language of the text."))
        elif added:
            self.add_error(f"{field.name}.+text", _("Write the text, or choose no language."))

    def _as_it_stood(self, name: str, value: Any) -> Any:
        """Boxes have no order of their own: what was ticked before keeps its place, so that it is no change."""
        before = self.base.get(name)
        if not isinstance(self.fields[name], forms.MultipleChoiceField) or not isinstance(before, list):
            return value
        return sorted(value, key=lambda one: before.index(one) if one in before else len(before))

    def _take(self, name: str, value: Any, shown_as: str) -> None:
        new = value if is_said(value) else None
        if isinstance(new, str):
            new = new.replace("\r\n", "\n")
        before, now = self.base.get(name), self.now.get(name)
        if canonical(new) == canonical(before) or canonical(new) == canonical(now):
            return
        if canonical(before) != canonical(now):
            there = self.field_set.say(name, now) or _("nothing")
            # Saving the form once more is then a decision taken with the other value in sight.
            self.data = {**self._posted(), "version": str(self.now_version)}
            self.add_error(
                shown_as,
                _("Someone changed this while you were writing. It now says: %(value)s. Save again to keep yours.")
                % {"value": there},
            )
            return
        self.changes[name] = new

    def _posted(self) -> dict[str, Any]:
        lists = getattr(self.data, "lists", None)
        return (
            {name: values[-1] if len(values) == 1 else values for name, values in lists()} if lists else dict(self.data)
        )


def _text_field(field: Field, language: str) -> forms.CharField:
    long = field.widget == Widget.LONG_TEXTS
    return forms.CharField(
        max_length=TEXT_MAX if long else LINE_MAX,
        required=False,
        label=f"{field.label} ({language})",
        help_text=field.help,
        widget=forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput(),
    )


class RevertForm(forms.Form):
    """The note of a revert, a lock, a confirmation."""

    note = forms.CharField(max_length=500, required=False, label=gettext_lazy("Why, in a few words"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CommentForm(forms.Form):
    """One contribution to a discussion."""

    text = forms.CharField(
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        label=gettext_lazy("Your contribution"),
        help_text=gettext_lazy("Markdown: *italics*, **bold**, lists, links. Public, under your name."),
    )


class DecideForm(forms.Form):
    """What to do with a proposal: which of its fields to take over, or why not."""

    fields_taken = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Take over")
    )
    reason = forms.CharField(
        max_length=500,
        required=False,
        label=gettext_lazy("A word to the one who proposed it"),
        help_text=gettext_lazy("Needed when you refuse."),
    )

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = self.fields["fields_taken"]
        taken.choices = choices  # type: ignore[attr-defined]
        taken.initial = [name for name, _label in choices]
