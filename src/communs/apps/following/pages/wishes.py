"""From the address of a page to what is asked for, and back: `?what=search&in=funding&q=water&country=FR`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communs.apps.following import interests, wording
from communs.apps.following.interests import FACETS, TEXT_LENGTH_MAX, Wish
from communs.apps.following.queries import records
from communs.apps.following.queries.choices import unknown_values
from communs.apps.following.queries.subscriptions import Followed, followed_by
from communs.apps.following.vocabulary import COMMONS, OPPORTUNITIES, What
from communs.apps.funding.queries import get_opportunity
from communs.apps.funding.vocabulary import Calendar
from communs.apps.register.queries import get_commons
from communs.kit.facets import query_with, read_choice
from communs.kit.found import cut_at
from communs.kit.records.actions import Impossible
from communs.kit.search import typed

LISTS: Mapping[str, str] = {"funding": OPPORTUNITIES, "commons": COMMONS}
"""The lists that can be followed, as addresses name them, with their catalogues."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `query` is the same in as few words as will do; `record` is what it is about.

    `cut_at`: how many characters of what was typed are searched for; 0 where that is all of it.
    """

    wish: Wish
    followed: Followed
    query: str
    record: Any = None
    cut_at: int = 0


def read_asked(request: HttpRequest) -> Asked | None:
    """What the address asks for; None where it names nothing that is known here.

    Raises `NotThere` for a record that this person may not see, `Impossible` for one that is not public, and for a
    value that its filter does not know.
    """
    what = request.GET.get("what", "")
    if what == What.SEARCH:
        return _search(request)
    public_id = request.GET.get("id", "")
    if what not in What.values or not public_id:
        return None
    record: Any = (get_opportunity if what == What.OPPORTUNITY else get_commons)(request.user, public_id)
    record = record.merged_into or record
    wish = interests.about(what, record)
    return Asked(wish, followed_by(wish), query_of(wish), record)


def _search(request: HttpRequest) -> Asked | None:
    catalogue = LISTS.get(request.GET.get("in", ""))
    if catalogue is None:
        return None
    chosen = read_choice(dict(request.GET.lists()), FACETS[catalogue])
    for name, value in unknown_values(catalogue, chosen):
        raise Impossible(_unknown(catalogue, name, value))
    if catalogue == OPPORTUNITIES and request.GET.get("closed") == "1" and "status" not in chosen:
        chosen["status"] = list(Calendar.values)  # the list shows closed ones too
    raw = request.GET.get("q", "")
    wish = interests.search(catalogue, chosen, typed(raw, TEXT_LENGTH_MAX), get_language() or "en")
    return Asked(wish, followed_by(wish), query_of(wish), cut_at=cut_at(raw, TEXT_LENGTH_MAX))


def _unknown(catalogue: str, name: str, value: str) -> str:
    return _(
        "The filter “{filter}” does not know “{value}”: the list shows nothing with it, so there is nothing to follow."
        " Take it back in the list, and follow what is shown then."
    ).format(filter=wording.filter_label(catalogue, name), value=value)


def query_of(wish: Any) -> str:
    """The query string that asks for a wish, or for an interest that somebody has; "" for what is gone."""
    if wish.what == What.SEARCH:
        name = next(name for name, catalogue in LISTS.items() if catalogue == wish.catalogue)
        facets = wish.query.get("facets", {})
        return query_with({"what": wish.what, "in": name, **facets, "q": wish.query.get("text", "")})
    catalogue = OPPORTUNITIES if wish.what == What.OPPORTUNITY else COMMONS
    record = records.find_by_pk(catalogue, wish.record_id or 0)
    return query_with({"what": wish.what, "id": record.public_id}) if record is not None else ""


def again_url(interest: Any) -> str:
    """The page on which one asks once more for what was followed; the first one where that is gone."""
    query = query_of(interest)
    return reverse("following:follow") + (f"?{query}" if query else "")
