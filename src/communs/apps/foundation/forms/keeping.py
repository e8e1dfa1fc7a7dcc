"""Forms of offices and of what two people decide: funds, money that moves between them, reversals, periods."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communs.apps.foundation.actions.funds import FundWanted, OverdraftWanted
from communs.apps.foundation.actions.moving import BackWanted, MoveWanted
from communs.apps.foundation.forms.payouts import token_field
from communs.apps.foundation.models import College, Decision, Office
from communs.core.ledger import Nature
from communs.core.money import InvalidAmount, parse_amount

Choices = list[tuple[str, str]]
REASON_MAX: Final = 400
DOCUMENT_MAX: Final = 400
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def _words(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _date(label: Any, help_text: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=False, label=label, help_text=help_text, widget=widget)


def _minor(typed: str, currency: str) -> int:
    """An amount above zero in minor units. Raises `ValidationError`."""
    try:
        minor = parse_amount(typed.replace(",", ".").replace("\u202f", "").replace(" ", ""), currency).minor
    except InvalidAmount as error:
        raise ValidationError(str(error)) from error
    if minor <= 0:
        raise ValidationError(_now("Give an amount above zero."))
    return minor


class OfficeForm(forms.Form):
    """Somebody to be given an office."""

    email = forms.EmailField(
        max_length=254, label=_("E-mail address of their account"), help_text=_("They sign in with it here.")
    )
    office = forms.ChoiceField(choices=Office.choices, label=_("Office"))
    college = forms.ChoiceField(
        choices=[("", "—"), *College.choices],
        required=False,
        label=_("College"),
        help_text=_("For whom somebody sits on the board. Other offices have none."),
    )
    last_day = _date(
        _("Last day"), _("The office is over after it by itself. Empty: it is held until somebody ends it.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("office") == Office.BOARD and not cleaned.get("college"):
            self.add_error("college", _now("Say for which college somebody is to sit on the board."))
        if cleaned.get("office") != Office.BOARD:
            cleaned["college"] = ""
        return cleaned


class WordForm(forms.Form):
    """Why a decision is refused or withdrawn."""

    reason = forms.CharField(max_length=REASON_MAX, label=_("Why"), help_text=_("It stays with the decision."))


class ProposalForm(forms.Form):
    """What every proposal has: the name of the request, and why."""

    token = token_field()

    @property
    def key(self) -> UUID:
        """The name under which it is proposed, for ever."""
        return UUID(str(self.cleaned_data["token"]))

    @property
    def why(self) -> str:
        """What the board reads besides."""
        return str(self.cleaned_data.get("reason", ""))


class CloseForm(ProposalForm):
    """A period to be closed."""


class ConditionsForm(ProposalForm):
    """The conditions of a fund: what its money is for, who gives it, and under which agreement."""

    title_en = forms.CharField(max_length=120, label=_("Name in English"))
    title_fr = forms.CharField(max_length=120, label=_("Name in French"))
    slug = forms.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=60,
        label=_("Name in addresses"),
        help_text=_("Small letters, digits and hyphens, such as city-of-lyon-2026. It never changes."),
    )
    purpose_en = forms.CharField(max_length=1000, widget=_words(), label=_("Purpose in English"))
    purpose_fr = forms.CharField(max_length=1000, widget=_words(), label=_("Purpose in French"))
    funder = forms.CharField(
        max_length=200, required=False, label=_("Who gives"), help_text=_("As it is published. Needed if restricted.")
    )
    convention = forms.CharField(
        max_length=200,
        required=False,
        label=_("Agreement"),
        help_text=_("A reference that people can look up. Needed if restricted."),
    )
    return_clause = forms.CharField(
        max_length=1000,
        required=False,
        widget=_words(2),
        label=_("What becomes of unspent money"),
        help_text=_("As the agreement says. Needed if restricted."),
    )
    opens_on = _date(_("Opens"), _("Empty: at once."))
    closes_on = _date(_("Closes"), _("Empty: no last day is known."))
    reason = forms.CharField(
        max_length=REASON_MAX, required=False, label=_("For the board"), help_text=_("What it should know to decide.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _now("It closes before it opens. Exchange the two days."))
        return cleaned

    def conditions(self) -> dict[str, Any]:
        """What was filled in, as it is proposed."""
        said = self.cleaned_data
        return {
            "slug": said["slug"],
            "titles": {"en": said["title_en"], "fr": said["title_fr"]},
            "purposes": {"en": said["purpose_en"], "fr": said["purpose_fr"]},
            "funder": said["funder"],
            "convention": said["convention"],
            "return_clause": said["return_clause"],
            "opens_on": said["opens_on"].isoformat() if said["opens_on"] else "",
            "closes_on": said["closes_on"].isoformat() if said["closes_on"] else "",
        }


class FundForm(ConditionsForm):
    """A fund to be opened."""

    nature = forms.ChoiceField(
        label=_("Its money is"),
        choices=[
            (Nature.RESTRICTED.value, _("restricted by an agreement with who gives")),
            (Nature.DESIGNATED.value, _("set aside by ourselves for a purpose")),
            (Nature.UNRESTRICTED.value, _("free for everything that the foundation is for")),
        ],
    )
    field_order = ("token", "nature")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("nature") == Nature.RESTRICTED:
            for name in ("funder", "convention", "return_clause"):
                if not cleaned.get(name):
                    self.add_error(name, _now("A restricted fund needs this."))
        return cleaned

    def wanted(self) -> FundWanted:
        """The fund as it is proposed."""
        return FundWanted(nature=self.cleaned_data["nature"], **self.conditions())


class MoveForm(ProposalForm):
    """Money that is to belong to another fund."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        widget=forms.RadioSelect,
        choices=[
            (
                Decision.Kind.RELEASE.value,
                _("a release: restricted money has served its purpose, or its funder frees it"),
            ),
            (Decision.Kind.RECLASSIFY.value, _("a correction: the money stood in the wrong fund")),
        ],
    )
    source = forms.ChoiceField(label=_("Out of"))
    target = forms.ChoiceField(label=_("Into"))
    account = forms.ChoiceField(label=_("Where the money lies"), help_text=_("It stays there."))
    amount = forms.CharField(max_length=30, label=_("Amount"), help_text=_("Such as 1250.50"))
    document = forms.CharField(
        max_length=DOCUMENT_MAX,
        label=_("Document"),
        help_text=_("The letter, the minutes, the clause that says so: it is published with the entry."),
    )
    reason = forms.CharField(max_length=REASON_MAX, label=_("Why"), help_text=_("It is published with the entry."))

    def __init__(self, *args: Any, funds: Choices, accounts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("source", funds), ("target", funds), ("account", accounts)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "—"), *choices]  # nothing is chosen for whom it must be right

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("source") and cleaned.get("source") == cleaned.get("target"):
            self.add_error("target", _now("Choose two different funds."))
        account, typed = str(cleaned.get("account", "")), str(cleaned.get("amount", ""))
        if account and typed:
            try:
                cleaned["minor"] = _minor(typed, account.rpartition("-")[2].upper())
            except ValidationError as error:
                self.add_error("amount", error)
        return cleaned

    def wanted(self) -> MoveWanted:
        """The move as it is proposed."""
        said = self.cleaned_data
        return MoveWanted(said["account"], said["source"], said["target"], said["minor"], said["document"])


class BackForm(ProposalForm):
    """An entry that is to be taken back."""

    entry = forms.CharField(
        max_length=200, label=_("Entry"), help_text=_("Its number, or the address of its page in the public accounts.")
    )
    reason = forms.CharField(max_length=REASON_MAX, label=_("Why"), help_text=_("Those who hold an office read it."))
    document = forms.CharField(
        max_length=DOCUMENT_MAX,
        required=False,
        label=_("Document"),
        help_text=_("It is published with the reversal. Empty: the document of the entry."),
    )

    def clean_entry(self) -> str:
        found = _ID.search(self.cleaned_data["entry"])
        if found is None:
            raise ValidationError(_now("This is no number of an entry. Copy the address of its page."))
        return found.group().lower()

    def wanted(self) -> BackWanted:
        """The reversal as it is proposed."""
        return BackWanted(self.cleaned_data["entry"], self.cleaned_data["document"])


class OverdraftForm(ProposalForm):
    """An account at a bank that may fall below zero, as agreed."""

    name = forms.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=20,
        label=_("Name in the books"),
        help_text=_("Small letters, digits and hyphens."),
    )
    currency = forms.ChoiceField(choices=[(code, code) for code in ("EUR", "CHF", "GBP", "USD")], label=_("Currency"))
    amount = forms.CharField(
        max_length=30, label=_("Agreed overdraft"), help_text=_("By how much it may fall below zero, in each fund.")
    )
    document = forms.CharField(max_length=DOCUMENT_MAX, label=_("Document"), help_text=_("Where it is agreed."))
    reason = forms.CharField(
        max_length=REASON_MAX, label=_("Why"), help_text=_("What the board should know to decide.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("amount") and cleaned.get("currency"):
            try:
                cleaned["minor"] = _minor(cleaned["amount"], cleaned["currency"])
            except ValidationError as error:
                self.add_error("amount", error)
        return cleaned

    def wanted(self) -> OverdraftWanted:
        """The account as it is proposed."""
        said = self.cleaned_data
        return OverdraftWanted(said["name"], said["currency"], said["minor"], said["document"])
