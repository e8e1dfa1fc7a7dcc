"""Forms of money in: a gift, a refund."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from stdnum.fr import siren

from communs.apps.foundation.forms.payouts import token_field
from communs.apps.foundation.models import Gift
from communs.core.money import InvalidAmount, parse_amount

SPACES: Final = re.compile(r"[\s\u00a0\u202f']+")
MINOR_MAX: Final = 100_000_000
KINDS: Final = (Gift.Kind.DONATION, Gift.Kind.PLEDGE, Gift.Kind.MEMBERSHIP, Gift.Kind.EVENT)


def read_minor(text: str, most: int = MINOR_MAX) -> int:
    """Cents of an amount as people write it: “12,50”, “1 200.00 €”. Raises `ValidationError`."""
    typed = SPACES.sub("", text).replace("€", "").replace("EUR", "").replace(",", ".")
    try:
        minor = parse_amount(typed, "EUR").minor
    except InvalidAmount as error:
        raise ValidationError(_now("Write an amount in euros, such as 12.50.")) from error
    if not 0 <= minor <= most:
        raise ValidationError(_now("This amount is too high for this page, or below zero. Write to us."))
    return minor


class GiveForm(forms.Form):
    """What somebody gives. Nothing is asked that is not needed: who they are only for a receipt."""

    token = token_field()
    fund = forms.ChoiceField(label=_("For what"))
    amount = forms.CharField(
        max_length=20, label=_("Amount in euros"), widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    every = forms.ChoiceField(
        label=_("How often"), choices=Gift.Every.choices, required=False, widget=forms.RadioSelect, initial=""
    )
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[(one.value, one.label) for one in KINDS],
        initial=Gift.Kind.DONATION,
        required=False,
    )
    due_on = forms.DateField(
        required=False,
        label=_("Day of a pledge"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Only for a pledge: when you mean to give."),
    )
    tip = forms.CharField(
        max_length=20,
        required=False,
        label=_("And for this platform, in euros"),
        help_text=_("Added to your gift, if you wish. Nothing is fine: leave it empty."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    way = forms.ChoiceField(label=_("How you pay"), widget=forms.RadioSelect, initial=Gift.TRANSFER)
    email = forms.EmailField(
        required=False,
        label=_("E-mail address"),
        help_text=_("If you want the page of your gift sent to you. It is shown to nobody in public."),
    )
    wants_receipt = forms.BooleanField(
        required=False,
        label=_("I want a receipt for the tax office"),
        help_text=_("A French receipt, which has your name and address. There is none for what you get something for."),
    )
    given_names = forms.CharField(max_length=100, required=False, label=_("Given names"))
    name = forms.CharField(max_length=200, required=False, label=_("Name, or name of the company"))
    is_company = forms.BooleanField(required=False, label=_("A company gives"))
    legal_form = forms.CharField(max_length=100, required=False, label=_("Legal form of the company"))
    siren = forms.CharField(max_length=20, required=False, label=_("SIREN number of the company"))
    street = forms.CharField(max_length=200, required=False, label=_("Street and number"))
    postcode = forms.CharField(max_length=16, required=False, label=_("Postcode"))
    town = forms.CharField(max_length=100, required=False, label=_("Town"))
    country = forms.CharField(max_length=60, required=False, label=_("Country"), help_text=_("Empty for France."))

    WHO = ("given_names", "name", "is_company", "legal_form", "siren", "street", "postcode", "town", "country")

    def __init__(
        self, *args: Any, funds: list[tuple[str, str]], ways: list[tuple[str, str]], gives_receipts: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("fund", funds), ("way", ways)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        if not gives_receipts:
            for name in ("wants_receipt", *self.WHO):
                del self.fields[name]

    def clean_amount(self) -> int:
        minor = read_minor(self.cleaned_data["amount"])
        if minor < 100:
            raise ValidationError(_now("Give at least one euro: less is eaten up by what it costs to move."))
        return minor

    def clean_tip(self) -> int:
        return read_minor(self.cleaned_data["tip"] or "0")

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Gift.Kind.DONATION

    def clean_siren(self) -> str:
        number = SPACES.sub("", self.cleaned_data["siren"])
        if number and not siren.is_valid(number):
            raise ValidationError(_now("This is no SIREN number: write its nine digits."))
        return number

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == Gift.Kind.PLEDGE:
            day = said.get("due_on")
            if day is None or day < timezone.localdate():
                self.add_error("due_on", _("Say on which day you mean to give: today or later."))
            if said.get("every"):
                self.add_error("every", _("A pledge is for one day. Choose “Once”."))
        if said.get("wants_receipt"):
            self._check_who(said)
        return said

    def _check_who(self, said: dict[str, Any]) -> None:
        needed = ["name", "town"]
        if not said.get("country"):
            needed.append("postcode")
        if said.get("is_company"):
            needed += ["legal_form", "siren"]
        for name in needed:
            if not said.get(name) and name not in self.errors:
                self.add_error(name, _("A receipt without it is not accepted."))


class RefundForm(forms.Form):
    """How much of a payment goes back, and why."""

    token = token_field()
    amount = forms.CharField(max_length=20, label=_("Amount in euros"))
    reason = forms.CharField(max_length=400, label=_("Why"), help_text=_("It stays with the refund: write no names."))

    def clean_amount(self) -> int:
        minor = read_minor(self.cleaned_data["amount"])
        if not minor:
            raise ValidationError(_now("Give an amount above zero."))
        return minor
