"""Time zones as people call them: by their city, in the active language where it has a name of its own there."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

NAMED = frozenset(
    {
        *(gettext_noop("Algiers"), gettext_noop("Athens"), gettext_noop("Berlin"), gettext_noop("Brussels")),
        *(gettext_noop("Bucharest"), gettext_noop("Copenhagen"), gettext_noop("Kyiv")),
        *(gettext_noop("Lisbon"), gettext_noop("London"), gettext_noop("Noumea")),
        *(gettext_noop("Rome"), gettext_noop("Vienna"), gettext_noop("Warsaw")),
    }
)


def city_of(zone: str) -> str:
    """The last part of the name of a zone.

    >>> city_of("America/Argentina/Buenos_Aires")
    'Buenos Aires'
    """
    name = zone.rpartition("/")[2].replace("_", " ")
    return gettext(name) if name in NAMED else name
