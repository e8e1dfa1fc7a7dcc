"""Forms of money out: where people are paid, what is proposed, why it is withdrawn, the file for the bank."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communs.core.standards.iban import InvalidIban, check_iban, is_sepa
from communs.core.standards.iso20022.characters import NoSuchLetter, to_sepa


def token_field() -> forms.UUIDField:
    """The name of one request, made when its form is shown: sent twice, it is done once."""
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


def clean_iban(text: str) -> str:
    """An account that a SEPA transfer reaches, without spaces. Raises `ValidationError`."""
    try:
        found = check_iban(text)
    except InvalidIban as error:
        raise ValidationError(error.say(_now)) from error
    if not is_sepa(found):
        raise ValidationError(_("Accounts of this country take no part in SEPA. Give one that does."))
    return found


def clean_for_bank(text: str) -> str:
    """A text that banks take. Raises `ValidationError` for letters without a counterpart."""
    try:
        to_sepa(text)
    except NoSuchLetter as error:
        raise ValidationError(error.say(_now)) from error
    return text


class DetailsForm(forms.Form):
    """Where somebody is paid."""

    name = forms.CharField(max_length=70, label=_("Name of the account holder"), help_text=_("As the bank knows it."))
    iban = forms.CharField(max_length=60, label=_("IBAN"), help_text=_("With or without spaces."))
    street = forms.CharField(max_length=70, required=False, label=_("Street"))
    building = forms.CharField(max_length=16, required=False, label=_("House number"))
    postcode = forms.CharField(max_length=16, required=False, label=_("Postcode"))
    town = forms.CharField(max_length=35, label=_("Town"))
    country = forms.RegexField(
        r"^[A-Z]{2}$", max_length=2, label=_("Country"), help_text=_("Two capitals, such as FR.")
    )
    bic = forms.RegexField(
        r"^[A-Z0-9]{8}([A-Z0-9]{3})?$",
        max_length=11,
        required=False,
        label=_("BIC"),
        help_text=_("Only for an account outside the European Economic Area."),
    )

    def clean_iban(self) -> str:
        return clean_iban(self.cleaned_data["iban"])

    def clean_name(self) -> str:
        return clean_for_bank(self.cleaned_data["name"])

    def clean_town(self) -> str:
        return clean_for_bank(self.cleaned_data["town"])

    def clean_street(self) -> str:
        return clean_for_bank(self.cleaned_data["street"])


class DonorForm(forms.Form):
    """Somebody to whom money is given back."""

    title = forms.CharField(
        max_length=200, label=_("Who it is"), help_text=_("Shown to those who hold an office, never in public.")
    )


class ProposeForm(forms.Form):
    """What all payouts of one proposal share; the amounts stand in the rows."""

    token = token_field()
    text = forms.CharField(
        max_length=140,
        required=False,
        label=_("Text of the transfers"),
        help_text=_("What the payees read on their statements, such as the name of the round."),
    )

    def clean_text(self) -> str:
        return clean_for_bank(self.cleaned_data["text"])


class ReasonForm(forms.Form):
    """Why a payout is withdrawn."""

    reason = forms.CharField(max_length=400, label=_("Why"), help_text=_("It stays with the payout: write no names."))


class FileForm(forms.Form):
    """A file of orders for the bank."""

    token = token_field()
    bank_account = forms.ChoiceField(label=_("Paid from"))
    execute_on = forms.DateField(
        label=_("Day of execution"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Today or later, such as 2026-12-05."),
    )

    def __init__(self, *args: Any, accounts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["bank_account"]
        if isinstance(field, forms.ChoiceField):
            field.choices = accounts


def chosen(values: list[str]) -> tuple[UUID, ...]:
    """The payouts that were ticked; what is no name of one is left out."""
    found = []
    for text in values:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))
