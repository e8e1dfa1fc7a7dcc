"""What a person may change about themselves."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class ProfileForm(forms.Form):
    """The name shown to others, and the language."""

    name = forms.CharField(
        label=_("Name shown to others"),
        required=False,
        max_length=80,
        help_text=_("Your own or an invented one. Left empty, others see a number."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    language = forms.ChoiceField(
        label=_("Language of e-mail to you"),
        choices=settings.LANGUAGES,
        help_text=_("Pages are in the language you choose at the top."),
    )
