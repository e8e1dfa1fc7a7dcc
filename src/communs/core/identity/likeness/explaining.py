"""The reasons of a comparison in words."""

from __future__ import annotations

from typing import Final

from communs.core.identity.likeness.deciding import Reason
from communs.core.texts import N_, Translate, identity

WORDS: Final = {
    "same-title": N_("The same title."),
    "like-title": N_("Titles that have words in common."),
    "other-words": N_("Each title has words of its own: {one} and {other}."),
    "same-summary": N_("The same summary."),
    "like-summary": N_("Summaries much alike."),
    "other-summary": N_("Summaries with hardly a word in common."),
    "same-funder": N_("The same funder."),
    "other-funder": N_("Different funders: {one} and {other}."),
    "same-places": N_("The same places."),
    "overlapping-places": N_("Places that overlap."),
    "same-page": N_("The same page of the funder."),
    "other-page": N_("Different pages of one site: {one} and {other}."),
    "same-amounts": N_("The same amounts."),
    "other-amounts": N_("Different amounts."),
    "same-closing": N_("The same closing date."),
    "other-closing": N_("Different closing dates: {one} and {other}."),
    "other-places": N_("Different places: {one} and {other}."),
    "other-places-named": N_("A title names a place that the other entry is not about."),
    "other-edition": N_("Another year or edition: {one} and {other}."),
    "other-period": N_("Periods far apart: {one} and {other}."),
    "other-reference": N_("Different references: {one} and {other}."),
    "other-title": N_("Titles with hardly a word in common."),
}
"""Message ids by the code of a reason."""


def explain(reason: Reason, translate: Translate = identity) -> str:
    """One reason as a sentence.

    >>> explain(Reason("other-edition", 0, "refusal", "2024", "2025"))
    'Another year or edition: 2024 and 2025.'
    """
    nothing = translate(N_("nothing"))
    return translate(WORDS[reason.code]).format(one=reason.one or nothing, other=reason.other or nothing)
