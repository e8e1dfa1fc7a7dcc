"""Names of places by the codes that records use: ISO 3166-1 alpha-2 and areas of several countries.

The names that sentences about eligibility need stand in the core, with their article ("the Netherlands"); here are
those that stand alone, in lists and facts ("Netherlands"), and the other countries that records name. EL, UK and EU
are read as GR, GB and EU27. An unknown code is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communs.core.matching.names import PLACE_NAMES
from communs.core.matching.places import canonical

_ALONE: Mapping[str, str | Promise] = MappingProxyType(
    {
        "INT": _("worldwide"),
        "EU27": _("European Union"),
        "EEA": _("European Economic Area"),
        "GB": _("United Kingdom"),
        "NL": _("Netherlands"),
        "US": _("United States"),
    }
)
_MORE: Mapping[str, str | Promise] = MappingProxyType(
    {
        "AD": _("Andorra"),
        "AL": _("Albania"),
        "AM": _("Armenia"),
        "AR": _("Argentina"),
        "AU": _("Australia"),
        "BA": _("Bosnia and Herzegovina"),
        "BR": _("Brazil"),
        "CL": _("Chile"),
        "CN": _("China"),
        "CO": _("Colombia"),
        "DZ": _("Algeria"),
        "EG": _("Egypt"),
        "GE": _("Georgia"),
        "GH": _("Ghana"),
        "GT": _("Guatemala"),
        "IL": _("Israel"),
        "IN": _("India"),
        "JP": _("Japan"),
        "KE": _("Kenya"),
        "KR": _("South Korea"),
        "MA": _("Morocco"),
        "MC": _("Monaco"),
        "MD": _("Moldova"),
        "ME": _("Montenegro"),
        "MK": _("North Macedonia"),
        "MX": _("Mexico"),
        "NG": _("Nigeria"),
        "NZ": _("New Zealand"),
        "PE": _("Peru"),
        "RS": _("Serbia"),
        "SG": _("Singapore"),
        "SM": _("San Marino"),
        "SN": _("Senegal"),
        "TN": _("Tunisia"),
        "TR": _("Türkiye"),
        "TW": _("Taiwan"),
        "TZ": _("Tanzania"),
        "XK": _("Kosovo"),
        "ZA": _("South Africa"),
    }
)
CODES = frozenset({*PLACE_NAMES, *_MORE})
"""The codes that have a name."""


def place_name(code: str) -> str:
    """A place as it stands alone: "Netherlands", "worldwide"."""
    key = canonical(code.strip().upper())
    return str(_ALONE[key]) if key in _ALONE else _named(key, code)


def place_in_sentence(code: str) -> str:
    """A place inside a sentence: "the Netherlands", "anywhere"."""
    return _named(canonical(code.strip().upper()), code)


def _named(key: str, code: str) -> str:
    return gettext(PLACE_NAMES[key]) if key in PLACE_NAMES else str(_MORE.get(key, code))
