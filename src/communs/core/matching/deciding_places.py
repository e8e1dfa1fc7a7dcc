"""Where: seat, activity, residence. Exclusion wins; what a code cannot settle is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from communs.core.matching.criteria import Criterion
from communs.core.matching.deciding import Codes, asked, met, not_met, unstated, yes_no
from communs.core.matching.outcomes import NOBODY, Fact, Outcome, Params
from communs.core.matching.places import ANYWHERE, within
from communs.core.matching.profile import Profile
from communs.core.matching.vocabulary import Tri

_CODES = Codes("place_declared", "place_denied", "place_not_known")


def decide_place(criterion: Criterion, profile: Profile) -> Outcome:
    """Whether the place that the dimension speaks of is accepted."""
    if criterion.operator == "not_stated":
        return unstated(criterion, "places_not_stated")
    answer, fact = _DECIDERS[criterion.dimension](criterion, profile)
    params = _params(criterion)
    if answer == "yes":
        anywhere = ANYWHERE in criterion.values and not criterion.excluded
        return met(criterion, "place_anywhere" if anywhere else "place_accepted", params, fact)
    if answer == "no":
        return not_met(criterion, "place_not_accepted", params, fact)
    return asked(criterion, profile, yes_no(criterion.key, f"in_{criterion.dimension}", params), _CODES)


def _seat(criterion: Criterion, profile: Profile) -> tuple[Tri, Fact]:
    return _within(profile.country, criterion), _fact("country", profile.country)


def _activity(criterion: Criterion, profile: Profile) -> tuple[Tri, Fact]:
    answers = {_within(country, criterion) for country in profile.countries or (None,)}
    fact = Fact("profile", "countries", profile.countries) if profile.countries else NOBODY
    # One place of activity that is accepted suffices; all must be elsewhere for a no.
    return ("yes" if "yes" in answers else "unknown" if "unknown" in answers else "no"), fact


def _seat_or_activity(criterion: Criterion, profile: Profile) -> tuple[Tri, Fact]:
    """Funders that name countries rarely say of what: a seat there suffices, both elsewhere fail, the rest is asked."""
    seat, seat_fact = _seat(criterion, profile)
    if seat == "yes":
        return "yes", seat_fact
    if within(profile.country, (ANYWHERE,), criterion.excluded) == "no":
        return "no", seat_fact
    activity, _ = _activity(criterion, profile)
    return ("no" if seat == activity == "no" else "unknown"), seat_fact


def _residence(criterion: Criterion, _profile: Profile) -> tuple[Tri, Fact]:
    # Where people live is no fact about a commons: only "anywhere" is settled without asking.
    return within(None, criterion.values or (ANYWHERE,), criterion.excluded), NOBODY


_DECIDERS: Final[dict[str, Callable[[Criterion, Profile], tuple[Tri, Fact]]]] = {
    "seat": _seat,
    "place": _activity,
    "territory": _seat_or_activity,
    "residence": _residence,
    "tax_residence": _residence,
}


def _within(place: str | None, criterion: Criterion) -> Tri:
    return within(place, criterion.values or (ANYWHERE,), criterion.excluded)


def _fact(name: str, value: str | None) -> Fact:
    return Fact("profile", name, (value,)) if value else NOBODY


def _params(criterion: Criterion) -> Params:
    places = ("places", criterion.values or (ANYWHERE,))
    return (places, ("excluded", criterion.excluded)) if criterion.excluded else (places,)
