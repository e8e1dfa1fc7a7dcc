"""How a commons shares what it is granted: one line a party, in per cent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communs.apps.foundation.actions.bundles import Part
from communs.apps.foundation.forms.payouts import token_field
from communs.apps.foundation.models import BundleShare
from communs.core.bundles import PARTIES_MAX, PPM

Kind = BundleShare.Kind


def _ids(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "spellcheck": "false"})


class BundleForm(forms.Form):
    """Shares from a day on. What is left over is that of the community of the commons itself."""

    token = token_field()
    starts_on = forms.DateField(
        label=_("From this day on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    upstream = forms.CharField(
        required=False,
        widget=_ids(4),
        label=_("Commons that it builds on"),
        help_text=_("One line each: id; per cent, such as debian; 12.5"),
    )
    reserves = forms.CharField(
        required=False,
        widget=_ids(2),
        label=_("Reserves that several commons share"),
        help_text=_("One line each: id; per cent. A reserve is an entry of the register with stewards of its own."),
    )

    def clean(self) -> dict[str, Any]:
        said = dict(super().clean() or {})
        for name, kind in (("upstream", Kind.COMMONS), ("reserves", Kind.RESERVE)):
            if name in said:
                try:
                    said[name] = list(_parts(said[name], kind))
                except ValidationError as error:
                    self.add_error(name, error)
        if not self.errors:
            others = [*said["upstream"], *said["reserves"]]
            if not others:
                self.add_error("upstream", _now("Name somebody who gets a share; without a bundle it keeps all of it."))
            elif sum(part.ppm for part in others) > PPM or len(others) >= PARTIES_MAX:
                self.add_error("upstream", _now("These shares are more than 100 per cent together. Lower one of them."))
        return said

    def parts(self, commons: str) -> list[Part]:
        """The shares, with what is left for the community. The form is valid."""
        others = [*self.cleaned_data["upstream"], *self.cleaned_data["reserves"]]
        rest = PPM - sum(part.ppm for part in others)
        return [*([Part(commons, Kind.COMMUNITY, rest)] if rest else []), *others]


def _parts(text: str, kind: str) -> Iterator[Part]:
    for line in filter(str.strip, text.splitlines()):
        name, _semicolon, share = (part.strip() for part in line.partition(";"))
        try:
            ppm = Decimal(share.replace(",", ".")) * 10_000
        except InvalidOperation:
            ppm = Decimal(0)
        if not name or len(name) > 80 or not 0 < ppm <= PPM or ppm != int(ppm):
            raise ValidationError(_now("“{line}”: write id; per cent, such as debian; 12.5").format(line=line[:100]))
        yield Part(name, kind, int(ppm))
