"""Merging two entries of one kind: both side by side with their differences, then one step; separating undoes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.kit.gates import Right
from communs.kit.records import resolve
from communs.kit.records.actions import Impossible, statements_of
from communs.kit.records.fields import FieldSet
from communs.kit.records.forms import RevertForm
from communs.kit.records.shared import Pages


class OtherForm(forms.Form):
    """Name another entry by its id, as in its address."""

    other = forms.SlugField(
        max_length=120,
        label=gettext_lazy("The other entry"),
        help_text=gettext_lazy("The last part of its address, such as openstreetmap."),
    )
    note = forms.CharField(max_length=500, required=False, label=gettext_lazy("Why, in a few words"))


@dataclass(frozen=True, slots=True)
class Alike:
    """An entry that may be the same, and what speaks for and against it, in words."""

    record: Any
    reasons: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """One field of two entries: what each says, and what will be shown once they are one."""

    label: str
    one: str
    other: str
    together: str

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return bool(self.one and self.other and self.one != self.other)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeVerbs:
    """What an app gives. Rights have been checked before.

    `merge`       (duplicate, into, person, note); raises `Impossible`
    `separate`    (duplicate, person, note); raises `Impossible`
    `distinct`    (one, other, person): remember that they are not the same
    `suggested`   (record) -> entries that may be the same, likeliest first
    `reasons`     (one, other) -> what speaks for and against these two, in words
    """

    merge: Callable[..., Any]
    separate: Callable[..., Any]
    distinct: Callable[[Any, Any, Any], Any]
    suggested: Callable[[Any], Sequence[Alike]]
    reasons: Callable[[Any, Any], Sequence[str]] = lambda _one, _other: ()


def side_by_side(fields: FieldSet, one: Any, other: Any) -> list[Beside]:
    """Two records field by field, in the order of the form; fields that say the same come with the same words."""
    together = resolve.shown(resolve.resolve([*statements_of(one), *statements_of(other)]))
    order = {field.name: place for place, field in enumerate(fields)}
    names = one.values.keys() | other.values.keys()
    ordered = sorted(names, key=lambda name: (order.get(name, order.get(name.partition(".")[0], 999)), name))
    return [
        Beside(fields.label_of(name), *(fields.say(name, values.get(name)) for values in _three(one, other, together)))
        for name in ordered
    ]


def _three(one: Any, other: Any, together: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    return one.values, other.values, together


class Merging:
    """The two pages, for the urls of an app: `*Merging(pages, verbs).urls()` gives `merge` and `separate`."""

    def __init__(self, pages: Pages, verbs: MergeVerbs) -> None:
        self.pages, self.verbs = pages, verbs

    def urls(self) -> list[URLPattern]:
        """The patterns, relative to the app's root."""
        return [
            path("<slug:public_id>/merge/", self.pages.page(self.merge), name="merge"),
            path("<slug:public_id>/separate/", self.pages.step(self.separate), name="separate"),
        ]

    def merge(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Choose another entry, see both, then fold this one into it, or say that two are not the same."""
        record = self.pages.record(request, public_id, Right.MODERATE)
        form = OtherForm(request.POST or None, initial={"other": request.GET.get("with", "")[:120]})
        if request.method == "POST" and form.is_valid():
            return self._decide(request, record, form)
        asked = str(form["other"].value() or "")
        other = self.pages.record(request, asked, Right.MODERATE) if asked and not form.errors else None
        if other is not None and other.pk == record.pk:
            raise Impossible(_("These two are the same entry already."))
        rows = side_by_side(self.pages.kind.fields, record, other) if other is not None else []
        title_of = self.pages.kind.title_of
        return self.pages.render(
            request,
            "records/merge.html",
            record,
            "merge",
            form=form,
            other=other,
            other_title=title_of(other) if other is not None else "",
            other_url=self.pages.url("detail", other.public_id) if other is not None else "",
            swap_url=f"{self.pages.url('merge', other.public_id)}?with={public_id}" if other is not None else "",
            differing=[row for row in rows if row.differs],
            agreeing=[row for row in rows if not row.differs],
            reasons=self.verbs.reasons(record, other) if other is not None else (),
            suggested=[] if other is not None else self._suggested(record),
        )

    def separate(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Undo a merge."""
        record = self.pages.kind.get(request.user, public_id, Right.MODERATE)
        form = RevertForm(request.POST)
        note = str(form.cleaned_data["note"]) if form.is_valid() else ""
        self.verbs.separate(record, request.user, note=note)
        return self.pages.done(request, _("Separated: both entries show what they showed before."), "detail", public_id)

    def _decide(self, request: HttpRequest, record: Any, form: OtherForm) -> HttpResponse:
        other = self.pages.record(request, form.cleaned_data["other"], Right.MODERATE)
        if request.POST.get("distinct"):
            self.verbs.distinct(record, other, request.user)
            return self.pages.done(request, _("Noted: these two are not the same."), "queue")
        self.verbs.merge(record, other, request.user, note=form.cleaned_data["note"])
        return self.pages.done(request, _("Merged. It can be undone from this page."), "detail", other.public_id)

    def _suggested(self, record: Any) -> list[dict[str, Any]]:
        return [
            {
                "title": self.pages.kind.title_of(alike.record),
                "url": self.pages.url("detail", alike.record.public_id),
                "public_id": alike.record.public_id,
                "reasons": alike.reasons,
            }
            for alike in self.verbs.suggested(record)
        ]
