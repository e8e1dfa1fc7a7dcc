"""Forms of the register beyond those of every record."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.apps.register.wording import RELATIONS_OUT
from communs.kit.uploads import FilesField


class StartForm(forms.Form):
    """Where a description of the commons lies already."""

    link = forms.URLField(
        max_length=500,
        required=False,
        assume_scheme="https",
        label=_("A link"),
        help_text=_("To its source repository, its website, or one of the files named below."),
    )
    chosen = FilesField(required=False, label=_("Or files"), help_text=_("One or several, at most 1 MiB each."))
    folder = FilesField(
        required=False,
        is_folder=True,
        label=_("Or a folder"),
        help_text=_("Of all its files only those named below are read. At most 1,000 files."),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in ("link", "chosen", "folder")):
            raise forms.ValidationError(_("Give a link or choose at least one file."))
        return cleaned


class StewardForm(forms.Form):
    """Ask to look after a commons."""

    message = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=_("What ties you to it"),
        help_text=_("An editor reads it and decides. A link that shows your part in it helps."),
    )


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
