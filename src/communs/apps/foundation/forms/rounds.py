"""The form of a round: everything that is decided before anybody votes, on one page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communs.apps.foundation.actions.rounds import ELIGIBLE_MAX, Invited, Wanted
from communs.apps.foundation.forms.lines import IsRow, Line, each, lines_field, split, text_of
from communs.apps.foundation.forms.payouts import token_field
from communs.apps.foundation.models import Round
from communs.apps.foundation.queries.rounds import as_kept, not_public
from communs.apps.foundation.round_words import FORMATS, RULES
from communs.core.money import InvalidAmount, UnknownCurrency, parse_amount
from communs.core.money import Money as Amount
from communs.kit.formats import number
from communs.kit.texts import plain

COLLEGE_MAX: Final = 100
if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FILES: Final = {"costs_file", "invited_file"}
SHOWN_CHARACTERS_MAX: Final = 300_000
"""Longer lists are not shown in their field: the form could not be sent with them."""
GROUPS: Final = {
    "about": (
        _("What it is about"), ("slug", "title_en", "title_fr", "description_en", "description_fr"),
    ),
    "money": (_("The money"), ("fund", "currency", "pot", "passes_on", "expires_on", "reserve")),
    "rule": (
        _("The rule and the ballot"),
        ("rule", "parameters", "format", "most", "points", "within_pot", "is_secret"),
    ),
    "commons": (_("Which commons can be chosen"), ("costs", "costs_file")),
    "people": (
        _("Who may vote, and when"),
        ("roll_kind", "keeps_invited", "invited", "invited_file", "colleges", "opens_at", "closes_at"),
    ),
}  # fmt: skip
"""The fields under their headings, in the order of the page."""
MOMENT: Final = "%Y-%m-%dT%H:%M"
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}", re.ASCII)


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)


class RoundForm(forms.Form):
    """A round as it is prepared."""

    token = token_field()
    slug = forms.RegexField(
        r"^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$",
        label=_("Name in the address"),
        help_text=_("Small letters, digits and hyphens, such as autumn-2026. It is part of every file."),
    )
    title_en = forms.CharField(max_length=200, label=_("Title in English"))
    title_fr = forms.CharField(max_length=200, required=False, label=_("Title in French"))
    description_en = forms.CharField(
        max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}), label=_("What it is for, in English")
    )
    description_fr = forms.CharField(
        max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}), label=_("What it is for, in French")
    )
    fund = forms.ChoiceField(label=_("Paid from the fund"))
    currency = forms.RegexField(r"^[A-Z]{3}$", initial="EUR", label=_("Currency"), help_text=_("Such as EUR."))
    pot = forms.CharField(max_length=20, label=_("The pot"), help_text=_("Reserved when the round opens, e.g. 25000."))
    eligible = forms.CharField(max_length=ELIGIBLE_MAX, required=False, widget=forms.HiddenInput)
    rule = forms.ChoiceField(widget=forms.RadioSelect, label=_("The rule"), initial="proportional")
    costs = lines_field(
        4,
        label=_("What commons ask for"),
        help_text=_("One line each: id; amount. Rules that pay what is asked offer only the commons that stand here."),
    )
    costs_file = forms.FileField(
        required=False,
        label=_("Or a table of it"),
        help_text=_("A CSV file: id, amount. The page of the commons of a draft has one to fill in."),
    )
    parameters = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        label=_("Parameters of the rule"),
        help_text=_("One line each: name = value, as the page of the rule describes them. Usually none."),
    )
    format = forms.ChoiceField(choices=list(FORMATS.items()), initial="divide", label=_("On the ballot, people"))
    most = forms.IntegerField(min_value=1, initial=5, label=_("Commons on one ballot, at most"))
    points = forms.IntegerField(
        min_value=0,
        initial=10,
        label=_("Points"),
        help_text=_("To be divided, or the most for one commons. 0 where there are none; a median divides the pot."),
    )
    within_pot = forms.BooleanField(
        required=False, label=_("What somebody chooses may not ask for more than the pot together")
    )
    is_secret = forms.BooleanField(
        required=False,
        initial=True,
        label=_("Secret: when it is over, nobody can tell any more whose ballot is whose"),
    )
    roll_kind = forms.ChoiceField(choices=Round.RollKind.choices, widget=forms.RadioSelect, label=_("Who may vote"))
    keeps_invited = forms.BooleanField(required=False, initial=True)
    invited = lines_field(
        4,
        label=_("The list"),
        help_text=_("One line each: e-mail address, or: e-mail address; college. Forgotten when the round opens."),
    )
    invited_file = forms.FileField(
        required=False,
        label=_("Or a table of them"),
        help_text=_("A CSV file: e-mail address, college. Its lines are added to the list."),
    )
    colleges = lines_field(
        2,
        label=_("Colleges"),
        help_text=_("One line each: name; weight. Empty: everybody votes together."),
    )
    opens_at = forms.DateTimeField(widget=_moment(), input_formats=[MOMENT, "%Y-%m-%d %H:%M"], label=_("Voting begins"))
    closes_at = forms.DateTimeField(widget=_moment(), input_formats=[MOMENT, "%Y-%m-%d %H:%M"], label=_("Voting ends"))
    passes_on = forms.DecimalField(
        min_value=0,
        max_value=90,
        decimal_places=4,
        initial=0,
        label=_("Flows on to what a commons depends on, per cent"),
        help_text=_("Along the dependencies that the register knows when the round opens."),
    )
    expires_on = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        label=_("Shares that nobody accepts wait until"),
    )
    reserve = forms.SlugField(
        required=False,
        label=_("Then they go to this commons"),
        help_text=_("The id of a commons, such as a shared reserve. Empty: back to the fund."),
    )

    def __init__(self, *args: Any, funds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_long: set[str] = set()
        kept = self.initial.get("invited_kept", 0)
        if kept:
            label = _now("Keep the {n} people who are on the list; lines below are added to it")
            self.fields["keeps_invited"].label = label.format(n=number(kept))
        else:
            del self.fields["keeps_invited"]
        rules = [(name, f"{label}. {words}") for name, (label, words) in RULES.items()]
        for name, choices in (("fund", list(funds)), ("rule", rules)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    @property
    def groups(self) -> list[tuple[str, _StrPromise, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [
            (name, label, [self[field] for field in fields if field in self.fields])
            for name, (label, fields) in GROUPS.items()
        ]

    def clean_eligible(self) -> str:
        return as_kept(self.cleaned_data["eligible"])

    def clean(self) -> dict[str, Any]:
        said = dict(super().clean() or {})
        self._take_in(said, "costs", _has_amount)
        self._take_in(said, "invited", lambda number, email, _college: number > 1 or "@" in email)
        readers = (("pot", self._pot), ("costs", self._costs), ("parameters", self._parameters))
        for name, read in (*readers, ("colleges", self._colleges), ("invited", self._invited)):
            if name in said:
                try:
                    said[name] = read(said)
                except ValidationError as error:
                    said.pop(name)
                    self.add_error(name, error)
        if {"opens_at", "closes_at"} <= said.keys() and said["closes_at"] <= said["opens_at"]:
            self.add_error("closes_at", _now("It has to end after it begins."))
        for name in self.too_long if self.errors else ():
            self.add_error(f"{name}_file", _now("This table is too long to be shown above: hand it in once more."))
        return said

    def _take_in(self, said: dict[str, Any], name: str, is_row: IsRow) -> None:
        """Put the lines of a file below what was typed, where they can be mended: a file cannot be shown again."""
        upload = said.pop(f"{name}_file", None)
        if not upload:
            return
        try:
            lines = text_of(upload, is_row)
        except ValidationError as error:
            self.add_error(f"{name}_file", error)
            return
        typed = said.get(name, "").rstrip()
        said[name] = f"{typed}\n{lines}" if typed else lines
        if len(said[name]) > SHOWN_CHARACTERS_MAX:
            self.too_long.add(name)
            return
        sent: Any = self.data
        changed = sent.copy()  # not spread: the values of a QueryDict are lists then
        changed[name] = said[name]
        self.data = changed

    def typed(self) -> dict[str, str | bool] | None:
        """What was typed, right or wrong, and the tables that were handed in as lines; None if one cannot be read.

        Then that alone is what is wrong: the rest need not be filled in yet. Tables in `too_long` are left out.
        """
        wrong = FILES & self.errors.keys() - {f"{name}_file" for name in self.too_long}
        for name in self.errors.keys() - wrong:
            del self.errors[name]
        if wrong:
            return None
        said: dict[str, str | bool] = {}
        for name, field in self.fields.items():
            if isinstance(field, forms.BooleanField):
                said[name] = bool(self.data.get(name))
            elif name not in FILES:
                said[name] = str(self.data.get(name, "")).replace("\0", "")
        return said

    def _pot(self, said: dict[str, Any]) -> int:
        minor = _amount(said["pot"], said.get("currency", "EUR"))
        if minor <= 0:
            raise ValidationError(_now("Write an amount above 0."))
        return minor

    def _costs(self, said: dict[str, Any]) -> dict[str, int]:
        lines = split(said["costs"])
        unknown = not_public([line.first for line in lines])

        def read(line: Line) -> tuple[str, int]:
            if line.first in unknown:
                raise ValidationError(_now("“{id}” is the id of no public commons.").format(id=line.first[:100]))
            return line.first, _amount(line.second, said.get("currency", "EUR"))

        return dict(each(lines, read))

    def _parameters(self, said: dict[str, Any]) -> dict[str, str | int | bool]:
        found: dict[str, str | int | bool] = {}
        for line in filter(str.strip, said["parameters"].splitlines()):
            name, equals, value = (part.strip() for part in line.partition("="))
            if not equals or not name or not value:
                raise ValidationError(_now("“{line}” is no parameter. Write name = value.").format(line=line[:100]))
            whole = int(value) if _WHOLE.fullmatch(value) else value
            found[name] = {"true": True, "false": False}.get(value, whole)
        return found

    def _colleges(self, said: dict[str, Any]) -> list[tuple[str, int]]:
        def read(line: Line) -> tuple[str, int]:
            if not line.second.isdecimal() or len(line.first) > COLLEGE_MAX:
                why = _now("“{line}”: write name; weight, the weight a whole number.")
                raise ValidationError(why.format(line=line.first))
            return line.first, int(line.second)

        return each(split(said["colleges"]), read)

    def _invited(self, said: dict[str, Any]) -> list[Invited]:
        colleges = {name for name, _weight in said.get("colleges", ())}

        def read(line: Line) -> Invited:
            try:
                validate_email(line.first)
            except ValidationError as error:
                why = _now("“{line}” is no e-mail address.").format(line=line.first[:100])
                raise ValidationError(why) from error
            if colleges and line.second not in colleges:
                why = _now("“{name}” is none of the colleges.").format(name=line.second[:100])
                raise ValidationError(why)
            return Invited(line.first, line.second[:COLLEGE_MAX])

        found = each(split(said["invited"]), read)
        if not found and not said.get("keeps_invited") and said.get("roll_kind") == Round.RollKind.INVITED:
            raise ValidationError(_now("Name the people who may vote."))
        return found

    def wanted(self) -> Wanted:
        """The round as asked for. The form is valid."""
        said = self.cleaned_data
        is_list = said["roll_kind"] == Round.RollKind.INVITED
        points = said["pot"] if said["rule"] == "median" else said["points"]
        return Wanted(
            slug=said["slug"],
            title={"en": said["title_en"], "fr": said["title_fr"]},
            description={"en": said["description_en"], "fr": said["description_fr"]},
            fund=said["fund"],
            currency=said["currency"],
            pot_minor=said["pot"],
            rule=said["rule"],
            parameters=said["parameters"],
            format=said["format"],
            most=said["most"],
            points=0 if said["format"] in {"approve", "rank"} else points,
            opens_at=said["opens_at"],
            closes_at=said["closes_at"],
            expires_on=said["expires_on"],
            destination=f"commons:{said['reserve']}" if said["reserve"] else "fund",
            roll_kind=said["roll_kind"],
            within_pot=said["within_pot"],
            is_secret=said["is_secret"],
            ppm=int(said["passes_on"] * 10_000),
            eligible=said["eligible"],
            costs=said["costs"],
            colleges=said["colleges"] if is_list else (),
            invited=said["invited"] if is_list else (),
            keeps_invited=is_list and said.get("keeps_invited", False),
        )


def _has_amount(number: int, _id: str, amount: str) -> bool:
    """Whether a row of a table says what a commons asks for: the heading does not, nor one that was left empty."""
    return bool(amount) and (number > 1 or any(character.isdigit() for character in amount))


def _amount(text: str, currency: str) -> int:
    try:
        return parse_amount(text.replace(",", "."), currency).minor
    except (InvalidAmount, UnknownCurrency) as error:
        raise ValidationError(str(error)) from error


def initial_of(round_: Round) -> dict[str, Any]:
    """A draft as its form shows it."""
    currency = round_.currency
    titles, descriptions = plain(round_.title), plain(round_.description)
    kind, _colon, public_id = round_.destination.partition(":")
    people = round_.invitations.order_by("pk").values_list("email", "college")
    invited = "\n".join(f"{email}; {college}" if college else email for email, college in people)
    is_long = len(invited) > SHOWN_CHARACTERS_MAX
    return {
        "token": round_.token,
        "slug": round_.slug,
        **{f"title_{language}": titles.get(language, "") for language in ("en", "fr")},
        **{f"description_{language}": descriptions.get(language, "") for language in ("en", "fr")},
        "fund": round_.fund.slug,
        "currency": currency,
        "pot": str(Amount(round_.pot_minor, currency).major),
        "eligible": round_.eligible,
        "rule": round_.rule,
        "costs": "\n".join(f"{name}; {Amount(minor, currency).major}" for name, minor in round_.costs.items()),
        "parameters": "\n".join(f"{name} = {_written(value)}" for name, value in round_.parameters.items()),
        "format": round_.format,
        "most": round_.most,
        "points": round_.points,
        "within_pot": round_.within_pot,
        "is_secret": round_.is_secret,
        "roll_kind": round_.roll_kind,
        "invited": "" if is_long else invited,
        "invited_kept": len(people) if is_long else 0,
        "colleges": "\n".join(f"{name}; {weight}" for name, weight in round_.colleges),
        "opens_at": round_.opens_at,
        "closes_at": round_.closes_at,
        "passes_on": round_.ppm / 10_000,
        "expires_on": round_.expires_on,
        "reserve": public_id if kind == "commons" else "",
    }


def _written(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
