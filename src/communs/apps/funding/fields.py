"""The fields of an opportunity as people meet them: in the form, the history, the sources page and e-mails."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communs.apps.funding import wording
from communs.apps.funding.vocabulary import (
    Confidence,
    Force,
    FunderType,
    FundsWhat,
    LicenceRequirement,
    OpportunityKind,
    Precision,
    WindowModel,
)
from communs.core.matching.names import FORM_NAMES, KIND_NAMES
from communs.kit import formats
from communs.kit.formats import language_name
from communs.kit.places import place_name
from communs.kit.records.fields import Column, Field, FieldSet, Widget

_WHAT, _WHO, _MONEY, _WHEN, _RULES = (
    _("What it is"),
    _("Who may apply, and for what"),
    _("The money"),
    _("When"),
    _("What they ask"),
)
# The labels of the core are marked there for translation and translated where they are shown.
_FORMS = tuple((code, _(label)) for code, label in FORM_NAMES.items())
_KINDS = tuple((code, _(label)) for code, label in KIND_NAMES.items())


def _windows(value: Any) -> str:
    """Windows in dates and words that stay true: they are shown in histories too."""
    lines = []
    for window in value if isinstance(value, list) else []:
        model = str(window.get("model") or "unknown")
        label = str(WindowModel(model).label) if model in WindowModel.values else model
        dates = " – ".join(_day_of(window, key) for key in ("opens", "closes") if window.get(key))
        lines.append("; ".join(part for part in (label, dates, str(window.get("note") or "")) if part))
    return "\n".join(lines)


def _day_of(window: dict[str, Any], key: str) -> str:
    """A day of a window as exact as it is stated, with its hour where it has one."""
    text = str(window[key])
    first = formats.as_day(text)
    if first is None:
        return formats.day(text)
    said = formats.period(first, str(window.get("precision") or ""))
    if not text[11:16]:
        return said
    hour = f"{text[11:16]} {window.get('tz') or ''}".strip()
    return gettext("{day}, {time}").format(day=said, time=hour)


def _share(value: Any) -> str:
    return formats.share(Decimal(str(value))) if isinstance(value, int | float) else str(value)


def title_of(opportunity: Any) -> str:
    """What it is called, in the reader's language."""
    return wording.title_of(opportunity.facts).value or str(opportunity.public_id)


FIELDS = FieldSet(
    [
        Field("titles", _("Title"), Widget.TEXTS, group=_WHAT),
        Field("summaries", _("In two sentences"), Widget.LONG_TEXTS, group=_WHAT),
        Field("url", _("Page of the funder"), Widget.URL, group=_WHAT),
        Field("application_url", _("Page where one applies"), Widget.URL, group=_WHAT),
        Field("kind", _("Kind"), Widget.CHOICE, choices=OpportunityKind.choices, group=_WHAT),
        Field("funder.name", _("Funder"), group=_WHAT),
        Field("funder.type", _("Whose money it is"), Widget.CHOICE, choices=FunderType.choices, group=_WHAT),
        Field("funder.country", _("Country of the funder"), help=_("Two letters, e.g. FR."), group=_WHAT),
        Field("funder.url", _("Site of the funder"), Widget.URL, group=_WHAT),
        Field("programme", _("Programme"), group=_WHAT),
        Field("themes", _("Themes"), Widget.WORDS, help=_("One a line."), group=_WHAT),
        Field("funds_what", _("What it funds"), Widget.CHOICES, choices=FundsWhat.choices, group=_WHO),
        Field("commons_kinds", _("Kinds of commons"), Widget.CHOICES, choices=_KINDS, group=_WHO),
        Field(
            "recipients",
            _("Who may apply"),
            Widget.CHOICES,
            choices=_FORMS,
            help=_("None chosen: not stated."),
            group=_WHO,
        ),
        Field(
            "payees",
            _("Who may be paid"),
            Widget.CHOICES,
            choices=_FORMS,
            help=_("Only where it differs from who may apply."),
            group=_WHO,
        ),
        Field("requires_legal_entity", _("A legal form of one’s own is needed"), Widget.YES_NO, group=_WHO),
        Field("fiscal_host_accepted", _("A fiscal host may stand in"), Widget.YES_NO, group=_WHO),
        Field(
            "countries",
            _("Where they fund"),
            Widget.WORDS,
            help=_("One code a line: FR, EU27, EEA, FR-NAQ, or INT for anywhere."),
            group=_WHO,
        ),
        Field("countries_excluded", _("Places left out"), Widget.WORDS, help=_("Exclusion wins."), group=_WHO),
        Field(
            "languages_of_application",
            _("Languages of the application"),
            Widget.WORDS,
            help=_("One code a line: en, fr …"),
            group=_WHO,
        ),
        Field("amount.min", _("From"), Widget.NUMBER, help=_("Whole units, e.g. 5000."), group=_MONEY),
        Field("amount.max", _("Up to"), Widget.NUMBER, group=_MONEY),
        Field("amount.pot", _("Money in all"), Widget.NUMBER, group=_MONEY),
        Field("amount.currency", _("Currency"), help=_("Three letters, e.g. EUR."), group=_MONEY),
        Field(
            "cofunding_rate_max",
            _("Largest share of the cost"),
            Widget.NUMBER,
            help=_("0.7 for 70 %."),
            group=_MONEY,
        ),
        Field(
            "windows",
            _("When one can apply"),
            Widget.ROWS,
            columns=(
                Column("model", _("How"), Widget.CHOICE, choices=WindowModel.choices),
                Column("opens", _("Opens (YYYY-MM-DD)")),
                Column("closes", _("Closes (YYYY-MM-DD)")),
                Column("precision", _("How exact"), Widget.CHOICE, choices=Precision.choices),
                Column("note", _("Note")),
            ),
            group=_WHEN,
        ),
        Field(
            "last_confirmed",
            _("Last confirmed"),
            help=_("The date of the page you read: YYYY, YYYY-MM or YYYY-MM-DD."),
            group=_WHEN,
        ),
        Field("confidence", _("Confidence"), Widget.CHOICE, choices=Confidence.choices, group=_WHEN),
        Field(
            "licence_requirement",
            _("Licence of the results"),
            Widget.CHOICE,
            choices=LicenceRequirement.choices,
            group=_RULES,
        ),
        Field(
            "criteria",
            _("Criteria"),
            Widget.ROWS,
            columns=(
                Column("dimension", _("About")),
                Column("statement", _("In their words")),
                Column("force", _("How much it weighs"), Widget.CHOICE, choices=Force.choices),
                Column("accepts", _("Accepted (codes)"), Widget.WORDS),
                Column("seen_as_of", _("Seen (date)"), is_date=True),
            ),
            group=_RULES,
        ),
    ],
    say={
        "windows": _windows,
        "last_confirmed": formats.day,
        **dict.fromkeys(("amount.min", "amount.max", "amount.pot"), formats.number),
        "cofunding_rate_max": _share,
        "recipients": lambda value: wording.listing(map(wording.form, value)),
        "payees": lambda value: wording.listing(map(wording.form, value)),
        "commons_kinds": lambda value: wording.listing(map(wording.commons_kind, value)),
        "funds_what": lambda value: wording.listing(map(wording.funds_what, value)),
        "countries": lambda value: wording.listing(map(place_name, value)),
        "countries_excluded": lambda value: wording.listing(map(place_name, value)),
        "languages_of_application": lambda value: wording.listing(map(language_name, value)),
    },
)
