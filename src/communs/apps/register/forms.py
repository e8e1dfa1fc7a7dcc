"""Forms of the register beyond those of every record."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.apps.register.wording import RELATIONS_OUT


class StewardForm(forms.Form):
    """Ask to look after a commons."""

    message = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=_("What ties you to it"),
        help_text=_("An editor reads it and decides. A link that shows your part in it helps."),
    )


class OtherForm(forms.Form):
    """Name another commons by its id, as in its address."""

    other = forms.SlugField(
        max_length=120, label=_("The other entry"), help_text=_("The last part of its address, such as openstreetmap.")
    )
    note = forms.CharField(max_length=500, required=False, label=_("Why, in a few words"))


class RelationForm(forms.Form):
    """State a relation to another commons."""

    kind = forms.ChoiceField(choices=tuple(RELATIONS_OUT.items()), label=_("Relation"))
    other = forms.SlugField(
        max_length=120,
        label=_("The other commons"),
        help_text=_("The last part of its address, such as openstreetmap."),
    )
    source_ref = forms.URLField(max_length=300, required=False, assume_scheme="https", label=_("Where can one see it?"))


class RemoveForm(forms.Form):
    """Take an entry off the public pages, saying why."""

    note = forms.CharField(max_length=500, label=_("Why"), help_text=_("Shown in the history."))
