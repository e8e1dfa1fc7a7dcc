"""The form of an agreement with a public funder: the conditions of its fund, what may be funded, what is due when."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communs.apps.foundation.actions.agreements import AgreementWanted
from communs.apps.foundation.forms.giving import read_minor
from communs.apps.foundation.forms.keeping import ConditionsForm
from communs.apps.foundation.queries.rounds import as_kept, found_by

TRANCHE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\s*[:;,]?\s+(.+)")
MINOR_MAX: Final = 10**13


class AgreementForm(ConditionsForm):
    """What a public funder and the foundation agree on."""

    funder = forms.CharField(max_length=200, label=_("Funder"), help_text=_("As it is published."))
    convention = forms.CharField(
        max_length=200, label=_("Agreement"), help_text=_("Its number or name: a reference that people can look up.")
    )
    return_clause = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("What becomes of unspent money"),
        help_text=_("As the agreement says."),
    )
    eligible = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label=_("What may be funded with it")
    )
    eligible_query = forms.CharField(
        max_length=1000,
        required=False,
        label=_("Which commons, as a list"),
        help_text=_(
            "The address of the list of commons with the filters that the agreement means: rounds out of this fund"
            " offer no others. Empty: the words above are all there is, and people keep to them."
        ),
    )
    tranches = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("When how much is due"),
        help_text=_("A line each: the day and the euros, such as 2026-09-01 50000."),
    )
    field_order = (
        "token", "funder", "convention", "title_en", "title_fr", "slug", "purpose_en", "purpose_fr", "eligible",
        "eligible_query", "return_clause", "opens_on", "closes_on", "tranches",
    )  # fmt: skip

    def clean_eligible_query(self) -> str:
        typed = self.cleaned_data["eligible_query"].strip()
        kept = as_kept(typed)
        if typed and not kept:
            raise ValidationError(
                _now("This address filters nothing. Open the list of commons, filter, and copy its address.")
            )
        if kept and not found_by(kept):
            raise ValidationError(_now("No commons of the register is in this list."))
        return kept

    def clean_tranches(self) -> list[tuple[str, int]]:
        found = [_tranche(line.strip()) for line in self.cleaned_data["tranches"].splitlines() if line.strip()]
        if not found:
            raise ValidationError(_now("Say at least one day and the amount that is due on it."))
        return found

    def wanted(self) -> AgreementWanted:
        """The agreement as it is proposed."""
        said: dict[str, Any] = self.cleaned_data
        names = ("eligible", "eligible_query", "tranches")
        return AgreementWanted(**{name: said[name] for name in names}, **self.conditions())


def _tranche(line: str) -> tuple[str, int]:
    """A day and cents. Raises `ValidationError`."""
    parts = TRANCHE.fullmatch(line)
    try:
        day = date.fromisoformat(parts[1]).isoformat() if parts else None
    except ValueError:
        day = None
    if parts is None or day is None:
        why = _now("“{line}” is no day and amount. Write it like 2026-09-01 50000.")
        raise ValidationError(why.format(line=line[:60]))
    return day, read_minor(parts[2], MINOR_MAX)
