"""What can be asked for, in one form: equal questions are one interest, whoever asks and however it was typed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from communs.apps.following.vocabulary import CATALOGUES, COMMONS, OPPORTUNITIES, What
from communs.apps.funding.queries import FACETS as FUNDING_FACETS
from communs.apps.register.catalogue import FACETS as COMMONS_FACETS
from communs.kit.records.actions import Impossible

TEXT_LENGTH_MAX = 200
VALUES_MAX = 20  # as `facets.read_choice` reads them
VALUE_LENGTH_MAX = 100
NUL = "\0"  # PostgreSQL keeps none
FACETS: Mapping[str, Sequence[str]] = {COMMONS: COMMONS_FACETS, OPPORTUNITIES: FUNDING_FACETS}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to hear of. `record_id` is of the commons or opportunity that it is about."""

    what: What
    catalogue: str
    record_id: int | None = None
    query: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The same for equal wishes."""
        said = json.dumps([self.what, self.catalogue, self.record_id, self.query], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


def search(catalogue: str, chosen: Mapping[str, Sequence[str]], text: str = "", language: str = "en") -> Wish:
    """A search as the list of the catalogue would show it; sort and page are left out, so is the order of values.

    Raises `Impossible` for a catalogue that cannot be searched, and for more than a list would read.

    >>> one = search("opportunities", {"country": ["FR", "BE"], "kind": []}, "  Eau   potable ", "fr")
    >>> one.query
    {'facets': {'country': ['BE', 'FR']}, 'text': 'Eau potable', 'lang': 'fr'}
    >>> one.digest == search("opportunities", {"country": ["BE", "FR", "FR"]}, "Eau potable", "fr").digest
    True
    """
    if catalogue not in CATALOGUES:
        raise Impossible(_("This list cannot be followed."))
    said = " ".join(text.replace(NUL, " ").split())
    asked = {name: {value for value in chosen.get(name, ()) if NUL not in value} for name in sorted(FACETS[catalogue])}
    facets = {name: sorted(values) for name, values in asked.items() if values}
    values = [value for found in facets.values() for value in found]
    if len(said) > TEXT_LENGTH_MAX or any(len(found) > VALUES_MAX for found in facets.values()):
        raise Impossible(_("This search is too long to be followed: shorten it."))
    if any(len(value) > VALUE_LENGTH_MAX for value in values):
        raise Impossible(_("This search is too long to be followed: shorten it."))
    query: dict[str, Any] = {"facets": facets} if facets else {}
    if said:
        query |= {"text": said, "lang": language}
    return Wish(What.SEARCH, catalogue, query=query)


def about(what: str, record: Any) -> Wish:
    """A commons, an opportunity, or new money for a commons. Raises `Impossible` for one that is not public."""
    wanted = OPPORTUNITIES if what == What.OPPORTUNITY else COMMONS
    if what not in What.values or what == What.SEARCH or wanted != record.CATALOGUE or not record.is_public:
        raise Impossible(_("This cannot be followed: it is not public."))
    catalogue = COMMONS if what == What.COMMONS else OPPORTUNITIES
    return Wish(What(what), catalogue, record_id=record.pk)
