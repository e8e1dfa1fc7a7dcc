"""Forms of the bank: an account, a file that is handed in, what a line is."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from communs.apps.foundation.forms.payouts import clean_for_bank, clean_iban
from communs.apps.foundation.models import LineDecision
from communs.core.standards.iso20022.limits import BANK_FILE
from communs.core.standards.reading.bounds import MIB

What = LineDecision.What
Choices = list[tuple[str, str]]
IN: Final = (What.GIFT, What.INCOME, What.RETURN, What.SETTLEMENT, What.GIVE_BACK, What.UNIDENTIFIED, What.CLEARING)
OUT: Final = (What.PAYOUT, What.SETTLEMENT, What.FEE, What.CLEARING)
NEEDED: Final = {
    What.GIFT: "reference", What.INCOME: "fund", What.PAYOUT: "payout", What.RETURN: "payout",
    What.SETTLEMENT: "settlement",
}  # fmt: skip
"""The field that says which one, by what a line is."""


class AccountForm(forms.Form):
    """An account of the foundation at a bank."""

    holder = forms.CharField(max_length=70, label=_("Holder"), help_text=_("The foundation, as the bank knows it."))
    iban = forms.CharField(max_length=60, label=_("IBAN"), help_text=_("With or without spaces."))
    town = forms.CharField(max_length=35, label=_("Town"))
    country = forms.RegexField(
        r"^[A-Z]{2}$", max_length=2, label=_("Country"), help_text=_("Two capitals, such as FR.")
    )
    bic = forms.RegexField(r"^[A-Z0-9]{8}([A-Z0-9]{3})?$", max_length=11, required=False, label=_("BIC"))
    fund = forms.ChoiceField(
        label=_("Fund for fees and unclaimed money"),
        help_text=_("It pays what the bank takes, and holds what nobody knows yet. Choose one without conditions."),
    )
    name = forms.RegexField(
        r"^[a-z0-9-]{1,20}$",
        max_length=20,
        initial="main",
        label=_("Name in the books"),
        help_text=_("Small letters, digits and hyphens; “main” for the account that gifts come in on."),
    )

    def __init__(self, *args: Any, funds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["fund"]
        if isinstance(field, forms.ChoiceField):
            field.choices = funds

    def clean_iban(self) -> str:
        return clean_iban(self.cleaned_data["iban"])

    def clean_holder(self) -> str:
        return clean_for_bank(self.cleaned_data["holder"])

    def clean_town(self) -> str:
        return clean_for_bank(self.cleaned_data["town"])


class BankFileForm(forms.Form):
    """A file as the bank gives it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A statement (camt.053) or a status report (pain.002), as XML. The same file twice does no harm."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BANK_FILE.size:
            message = _("The file is larger than %(size)s MiB. Ask the bank for a shorter period.")
            raise ValidationError(message, params={"size": BANK_FILE.size // MIB})
        return file


class DecideForm(forms.Form):
    """What a line is."""

    what = forms.ChoiceField(label=_("What it is"), widget=forms.RadioSelect)
    reference = forms.CharField(max_length=40, required=False, label=_("Reference of the gift"))
    payout = forms.CharField(
        max_length=40, required=False, label=_("Payout"), help_text=_("Its number, as its page shows it.")
    )
    settlement = forms.ChoiceField(required=False, label=_("Payout of a payment provider"))
    fund = forms.ChoiceField(required=False, label=_("Fund that it is for"))
    note = forms.CharField(
        max_length=400, required=False, label=_("Why"), help_text=_("It stays for good: write no names.")
    )

    def __init__(self, *args: Any, is_in: bool, funds: Choices, settlements: Choices, **kwargs: Any) -> None:
        """`settlements`: payouts of providers that wait for a line of this amount; none: it can be none of them."""
        super().__init__(*args, **kwargs)
        offered = [one for one in (IN if is_in else OUT) if settlements or one != What.SETTLEMENT]
        kinds = [(one.value, str(one.label)) for one in offered]
        choices = {"what": kinds, "fund": [("", "—"), *funds], "settlement": [("", "—"), *settlements]}
        for name, values in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = values
        for name in (*(("reference", "fund") if not is_in else ()), *(("settlement",) if not settlements else ())):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name = NEEDED.get(cleaned.get("what", ""))
        if name and not cleaned.get(name):
            self.add_error(name, ValidationError(_("Say which one.")))
        return cleaned

    @property
    def target(self) -> str:
        """What the decision is about: the one field that its kind asks for."""
        name = NEEDED.get(self.cleaned_data["what"], "")
        return str(self.cleaned_data.get(name, "")).strip() if name else ""
