"""What the calendar and the changes share: for which commons one looks, and the filters brought along from the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from communs.apps.funding.pages.listing import chosen_commons, read_browse
from communs.apps.funding.pages.rows import commons_name
from communs.apps.funding.queries import Browse
from communs.apps.register import queries as register
from communs.kit.facets import query_with

MINE_MAX = 8


@dataclass(frozen=True, slots=True)
class Looking:
    """What a page of dates looks at: `asked` of the list, for one commons or for none."""

    commons: Any
    name: str
    asked: Browse
    parameters: dict[str, Any]

    @property
    def is_filtered(self) -> bool:
        return bool(self.asked.chosen or self.asked.text or self.asked.fits)

    @property
    def kept(self) -> str:
        """The query string without what belongs to the page itself: the same choice, for a link elsewhere."""
        return query_with(self.parameters, month=None)

    def context(self, request: HttpRequest, here: str) -> dict[str, Any]:
        """For the templates: the choice in words, and links to every other one. `here`: the name of the page."""
        to_list, parameters = reverse("funding:list"), self.parameters
        cleared = {"for": self.commons.public_id} if self.commons else {}
        return {
            "commons": self.commons,
            "commons_name": self.name,
            "is_filtered": self.is_filtered,
            "list_url": f"{to_list}?{self.kept}" if self.kept else to_list,
            "clear_url": f"?{query_with(cleared)}" if cleared else reverse(f"funding:{here}"),
            "choices": _choices(request, here, parameters, self.commons),
            "hidden": [("to", here)],
            "query": query_with(parameters),
        }


def looking(request: HttpRequest) -> Looking:
    """What the query string asks for. Raises `NotThere` for a commons that nobody may see."""
    commons, fitting = chosen_commons(request)
    name = commons_name(commons) if commons else ""
    return Looking(commons, name, read_browse(request, fitting), dict(request.GET.lists()))


def _choices(request: HttpRequest, here: str, parameters: dict[str, Any], commons: Any) -> list[tuple[str, str, bool]]:
    """All sources, and one click for each commons that the person looks after: (words, address, whether it is here)."""
    if not request.user.is_authenticated:
        return []
    ids = register.ids_looked_after_by(request.user)[:MINE_MAX]
    names = register.names_of(ids)
    here_id = commons.public_id if commons else ""
    everything = query_with(parameters, **{"for": None, "fits": None})
    rows = [(_("all sources"), f"?{everything}" if everything else reverse(f"funding:{here}"), not here_id)]
    for public_id in sorted(names, key=lambda key: names[key].casefold()):
        label = _("for {name}").format(name=names[public_id] or public_id)
        rows.append((label, f"?{query_with(parameters, **{'for': public_id})}", public_id == here_id))
    return rows if ids else []
