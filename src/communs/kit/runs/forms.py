"""Forms of editors: a source, a file to read, a decision."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communs.core.standards.formats import FORMATS
from communs.core.standards.reading.bounds import MIB
from communs.kit.models import Source

UPLOAD_BYTES_MAX = 32 * MIB


def format_choices() -> list[tuple[str, str]]:
    """What a source may hold, in the reader's language."""
    return [
        ("", _now("Recognise it by its contents")),
        *((one.name, _now(one.title)) for one in FORMATS.values() if one.kind != "elections"),  # no catalogue of those
        ("commons", _now("Record file of commons")),
        ("opportunities", _now("Record file of opportunities")),
    ]


class SourceForm(forms.Form):
    """Where records come from, and when they are read."""

    name = forms.CharField(max_length=200, label=_("Name"), help_text=_("Who publishes it, and what it is called."))
    url = forms.URLField(
        max_length=500,
        required=False,
        assume_scheme="https",
        label=_("Address of the file"),
        help_text=_("Leave it empty for a source whose files you hand in yourself."),
    )
    format = forms.ChoiceField(choices=format_choices, required=False, label=_("Format"))
    licence = forms.CharField(
        max_length=200,
        required=False,
        label=_("Licence of its data"),
        help_text=_("As the source states it, such as CC-BY-4.0 or etalab-2.0."),
    )
    trust = forms.IntegerField(
        min_value=0,
        max_value=100,
        initial=50,
        label=pgettext_lazy("of a source", "Trust"),
        help_text=_("From 0 to 100: where sources disagree, the value of the most trusted one is shown."),
    )
    schedule = forms.ChoiceField(choices=Source.Schedule.choices, label=_("Read it"))

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("schedule") not in (None, Source.Schedule.NONE) and not cleaned.get("url"):
            self.add_error("url", ValidationError(_("A source that is read regularly needs an address.")))
        return cleaned


class RunForm(forms.Form):
    """Read a source now."""

    accepts_fewer = forms.BooleanField(
        required=False,
        label=_("Believe it even if it lists far fewer records than before"),
    )


class UploadForm(RunForm):
    """Read a file of a source."""

    file = forms.FileField(label=_("File"), help_text=_("At most 32 MiB."))
    field_order = ("file", "accepts_fewer")

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_BYTES_MAX:
            raise ValidationError(_("The file is larger than 32 MiB: put it somewhere and give its address instead."))
        return file


class DecisionForm(forms.Form):
    """Why it was decided so."""

    note = forms.CharField(max_length=400, required=False, label=_("Why"), help_text=_("Shown in the history."))
