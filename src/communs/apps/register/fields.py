"""The fields of a commons as people meet them. Questions on governance and community come from the commons test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communs.apps.register import wording
from communs.apps.register.categories import category_name
from communs.core.openness.fields import COMMUNITY_FIELDS, GOVERNANCE_FIELDS
from communs.core.openness.fields import Field as Question
from communs.kit import formats
from communs.kit.formats import language_name
from communs.kit.places import place_name
from communs.kit.records.fields import Column, Field, FieldSet, Widget

_WIDGETS = {"yes_no": Widget.YES_NO, "url": Widget.URL, "choice": Widget.CHOICE, "number": Widget.NUMBER}
_WHAT = _("What it is")
_WHERE = _("Where it is")
_LICENCES = _("Licences")
_STEWARD = _("Who looks after it")
_SOFTWARE = _("If it is software")
_GOVERNANCE = _("Governance")
_COMMUNITY = _("Community")
_USE = _("Use and funding")


def _questions(group: str, heading: Any, questions: Sequence[Question]) -> Iterator[Field]:
    """The questions of the commons test as fields."""
    for question in questions:
        choices = tuple((choice.value, _lazy(choice.label)) for choice in question.choices)
        yield Field(
            f"{group}.{question.name}",
            _lazy(question.question),
            _WIDGETS[question.type],
            group=heading,
            choices=choices,
        )


def _lazy(message: str) -> Any:
    """A message of the core, translated when it is read."""
    return _(message)


def _related(value: Any) -> str:
    """The other ends of relations, as the history keeps them."""
    ends = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    return ", ".join(str(item.get("name") or item.get("id") or "") for item in ends)


FIELDS = FieldSet(
    [
        Field("name", pgettext_lazy("of a commons", "Name"), required=True, group=_WHAT),
        Field("kind", _("Kind"), Widget.CHOICE, group=_WHAT, choices=tuple(wording.KINDS.items())),
        Field("summaries", _("In two sentences"), Widget.LONG_TEXTS, group=_WHAT),
        Field("names", _("Name in other languages"), Widget.TEXTS, group=_WHAT, is_folded=True),
        Field("functions", _("What it is for"), Widget.WORDS, group=_WHAT, help=_("One use a line, in a few words.")),
        Field(
            "categories_publiccode",
            _("Categories"),
            Widget.WORDS,
            group=_WHAT,
            help=_("Names of the publiccode.yml list, one a line, such as document-management."),
        ),
        Field("homepage", _("Website"), Widget.URL, group=_WHERE),
        Field("repository", _("Source repository"), Widget.URL, group=_WHERE),
        Field("identifiers.wikidata", _("Wikidata id"), group=_WHERE, help=_("Such as Q936.")),
        Field("identifiers.doi", _("DOI"), group=_WHERE),
        Field(
            "identifiers.org_id",
            _("Organisation identifier"),
            group=_WHERE,
            help=_("Of those who receive money for it, such as GB-CHC-1164883: awards to it are then found."),
        ),
        Field(
            "licences",
            _("Licence of each part"),
            Widget.ROWS,
            group=_LICENCES,
            help=_(
                "Code, data, texts, images … each with its SPDX identifier, such as AGPL-3.0-or-later or CC-BY-SA-4.0."
            ),
            columns=(Column("part", _("Part")), Column("spdx", _("Licence"))),
        ),
        Field(
            "platforms",
            _("Platforms"),
            Widget.WORDS,
            group=_SOFTWARE,
            help=_("Such as web, linux, android; one a line."),
        ),
        Field(
            "development_status",
            _("State of development"),
            Widget.CHOICE,
            group=_SOFTWARE,
            choices=tuple(wording.DEVELOPMENT.items()),
        ),
        Field(
            "software_type",
            _("Type of software"),
            group=_SOFTWARE,
            help=_("As in publiccode.yml, such as standalone/web or library."),
        ),
        Field(
            "maintenance.type",
            _("Maintenance"),
            Widget.CHOICE,
            group=_SOFTWARE,
            choices=tuple(wording.MAINTENANCE.items()),
        ),
        Field("localisation_ready", _("Ready for translation"), Widget.YES_NO, group=_SOFTWARE),
        Field("steward.name", pgettext_lazy("of a steward", "Organisation or group"), group=_STEWARD),
        Field("steward.form", _("Legal form"), Widget.CHOICE, group=_STEWARD, choices=tuple(wording.FORMS.items())),
        Field("steward.country", _("Country of the organisation"), group=_STEWARD, help=_("Two letters, such as FR.")),
        *_questions("governance", _GOVERNANCE, GOVERNANCE_FIELDS),
        *_questions("community", _COMMUNITY, COMMUNITY_FIELDS),
        Field(
            "countries",
            _("Countries where it is used"),
            Widget.WORDS,
            group=_USE,
            help=_("Two letters each; INT for the whole world."),
        ),
        Field("languages", _("Languages"), Widget.WORDS, group=_USE, help=_("Two letters each; mul for many.")),
        Field(
            "replaces",
            _("Replaces"),
            Widget.ROWS,
            group=_USE,
            columns=(
                Column("product", _("Product")),
                Column("confidence", _("How far"), Widget.CHOICE, tuple(wording.CONFIDENCES.items())),
            ),
        ),
        Field(
            "funded_by",
            _("Funded by"),
            Widget.ROWS,
            group=_USE,
            columns=(
                Column("name", _("Who")),
                Column("programme", _("Programme")),
                Column("project", _("Project")),
                Column("ref", _("Address"), Widget.URL),
            ),
        ),
    ],
    families={
        "identifiers": _("Identifier"),
        "descriptions": _("Description"),
        "features": _("Features"),
        "resources": _("Address"),
        "audience": _("For whom"),
        "funding.plans": _("Money it asks for"),
        "funding.links": _("Where to give"),
        "funding.history": _("Its accounts"),
        "funding": _("Money"),
        "release": _("Release"),
        "software_version": _("Version"),
        "release_date": _("Released on"),
        "suite": _("Part of the suite"),
        "used_by": _("Used by"),
        "based_on": _("Based on"),
        "supports": _("Supports"),
        "dependencies": _("Needs"),
        **{f"relations.{kind}": words for kind, words in wording.RELATIONS_OUT.items()},
    },
    say={
        "kind": lambda value: wording.said(wording.KINDS, str(value)),
        "release_date": lambda value: formats.day(str(value)),
        "countries": lambda value: ", ".join(place_name(str(code)) for code in value),
        "steward.country": lambda value: place_name(str(value)),
        "languages": lambda value: ", ".join(language_name(str(code)) for code in value),
        "categories_publiccode": lambda value: ", ".join(category_name(str(slug)) for slug in value),
        "replaces": lambda value: ", ".join(_replaced(item) for item in value if isinstance(item, dict)),
        **dict.fromkeys((f"relations.{kind}" for kind in wording.RELATIONS_OUT), _related),
        "funding.plans": lambda value: "\n".join(_plan(item) for item in value if isinstance(item, dict)),
        "funding.links": lambda value: "\n".join(str(item.get("url", "")) for item in value if isinstance(item, dict)),
        "funded_by": lambda value: "\n".join(funder(item) for item in value if isinstance(item, dict)),
    },
)


def title_of(commons: Any) -> str:
    """What a commons is called in the reader's language."""
    return wording.name_of(commons.values, commons.public_id)


def funder(item: dict[str, Any]) -> str:
    """A line of "funded by": who, through which programme, for what."""
    return ", ".join(str(item[key]) for key in ("name", "programme", "project") if item.get(key))


def _plan(item: dict[str, Any]) -> str:
    """What somebody asks for: how much, how often, for what."""
    amount, currency = item.get("amount"), str(item.get("currency") or "")
    much = formats.amount(str(amount), currency) if isinstance(amount, int | float) and amount and currency else ""
    how_often = wording.said(wording.FREQUENCIES, str(item["frequency"])) if item.get("frequency") else ""
    return ", ".join(part for part in (str(item.get("name") or ""), much or str(_("any amount")), how_often) if part)


def _replaced(item: dict[str, Any]) -> str:
    confidence = str(item.get("confidence") or "")
    words = wording.said(wording.CONFIDENCES, confidence) if confidence else ""
    return f"{item.get('product', '')} ({words})" if words else str(item.get("product", ""))
