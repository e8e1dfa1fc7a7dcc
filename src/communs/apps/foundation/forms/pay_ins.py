"""Forms of payments from elsewhere: the gift that one is of, the gift that is made of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communs.apps.foundation.actions.identifying import KINDS
from communs.apps.foundation.models import Gift


class AttachForm(forms.Form):
    """The gift that a payment is of."""

    reference = forms.CharField(
        max_length=40, label=_("Reference of the gift"), help_text=_("As its page shows it, such as RF18 5390.")
    )


class MakeGiftForm(forms.Form):
    """The gift that is made of a payment."""

    fund = forms.ChoiceField(label=_("Fund that it is for"))
    kind = forms.ChoiceField(
        label=_("What it is"), choices=[(one.value, one.label) for one in KINDS], initial=Gift.Kind.DONATION
    )

    def __init__(self, *args: Any, funds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["fund"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *funds]
