"""What a reader fills in: where to, how often, in which language, and where the mornings are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from communs.apps.following.cities import city_of
from communs.apps.following.due import HOME_ZONE, zones, zones_offered
from communs.apps.following.vocabulary import WEEKDAYS, Rhythm
from communs.kit.records.fields import pair

EMAIL_LENGTH_MAX = 254


def often(rhythm: str, weekday: int) -> str:
    """How often letters come, in words."""
    if rhythm == Rhythm.DAILY:
        return gettext("every morning")
    return gettext("once a week, on {weekday}").format(weekday=dict(WEEKDAYS)[weekday])


def often_value(rhythm: str, weekday: int) -> str:
    """Rhythm and weekday as one choice: "daily", "weekly-0"."""
    return str(rhythm) if rhythm == Rhythm.DAILY else f"{rhythm}-{weekday}"


def often_choices() -> list[tuple[str, str]]:
    """How often letters may come: rhythm and weekday in one choice, so that neither contradicts the other."""
    weekly = [(often_value(Rhythm.WEEKLY, day), often(Rhythm.WEEKLY, day)) for day, _name in WEEKDAYS]
    return [(often_value(Rhythm.DAILY, 0), often(Rhythm.DAILY, 0)), *weekly]


def zone_choices() -> list[tuple[str, str]]:
    """The time zones, for checking what was chosen; `ZoneSelect` has those of today by continent."""
    return [(name, name) for name in sorted(zones())]


class ZoneSelect(forms.Select):
    """Cities by continent. Written once a language: hundreds of options would be most of the work of a page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = str(value or "")
        options = _zone_options(get_language() or "en")
        if chosen in zones_offered():
            options = options.replace(f'value="{chosen}"', f'value="{chosen}" selected', 1)
        elif chosen in zones():  # a former name, chosen when it was offered: it stays until another one is
            options = format_html('<option value="{}" selected>{}</option>', chosen, city_of(chosen)) + options
        built = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        said = format_html_join("", ' {}="{}"', [(key, text) for key, text in built.items() if text is not False])
        return format_html("<select{}>{}</select>", said, mark_safe(options))  # noqa: S308 - escaped where written


@cache
def _zone_options(language: str) -> str:
    """Every zone as an option, by continent, in this language."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in zones_offered():
        region, _slash, rest = zone.partition("/")
        country = rest.rpartition("/")[0].replace("_", " ")
        groups.setdefault(region, []).append((zone, pair(country, city_of(zone)) if country else city_of(zone)))
    labels = _regions()
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        [
            (labels.get(region, region), format_html_join("", '<option value="{}">{}</option>', cities))
            for region, cities in groups.items()
        ],
    )


def _regions() -> Mapping[str, str]:
    return {
        "UTC": gettext("World time"),
        "Africa": gettext("Africa"),
        "America": gettext("America"),
        "Antarctica": gettext("Antarctica"),
        "Arctic": gettext("Arctic"),
        "Asia": gettext("Asia"),
        "Atlantic": gettext("Atlantic"),
        "Australia": gettext("Australia"),
        "Europe": gettext("Europe"),
        "Indian": gettext("Indian Ocean"),
        "Pacific": gettext("Pacific"),
    }


class PlaceForm(forms.Form):
    """In which language, and where: all that a feed has to know."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, label=_("In which language"))
    time_zone = forms.ChoiceField(
        choices=zone_choices,
        widget=ZoneSelect,
        label=_("Time zone"),
        help_text=_("A city with the same time as yours. Deadlines are told in this time too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        usual = {"often": Rhythm.DAILY, "language": get_language() or "en", "time_zone": HOME_ZONE}
        super().__init__(*args, **{**kwargs, "initial": {**usual, **kwargs.get("initial", {})}})


class RhythmForm(PlaceForm):
    """For letters also: how often."""

    often = forms.ChoiceField(
        choices=often_choices,
        label=_("How often"),
        help_text=_("At eight in the morning, and only when there is something to tell."),
    )
    field_order: tuple[str, ...] = ("often", "language", "time_zone")

    @property
    def rhythm(self) -> str:
        """The rhythm of what was chosen."""
        return str(self.cleaned_data["often"]).partition("-")[0]

    @property
    def weekday(self) -> int:
        """Its weekday; Monday where it is daily."""
        return int(str(self.cleaned_data["often"]).partition("-")[2] or 0)


class AskForm(RhythmForm):
    """The same, with the address to write to."""

    email = forms.EmailField(
        max_length=EMAIL_LENGTH_MAX,
        label=_("Your e-mail address"),
        help_text=_("First comes one letter to confirm; without it, nothing follows."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ("email", "often", "language", "time_zone")
