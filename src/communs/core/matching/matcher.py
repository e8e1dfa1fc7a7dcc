"""`match`: one commons against one opportunity; `hosts_for`: the fiscal hosts that would take it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from communs.core.matching.evaluate import evaluate
from communs.core.matching.opportunity import FISCAL_HOSTING, Opportunity
from communs.core.matching.profile import Profile
from communs.core.matching.ranking import score_of
from communs.core.matching.verdicts import Match, sheet_of

_SHUT = frozenset({"closed"})


def match(profile: Profile, opportunity: Opportunity, *, today: date | None = None) -> Match:
    """Match one commons with one opportunity: rule `communs-matching-1`.

    >>> commons = Profile(id="atlas", legal_form="informal_collective", hosted_by=None)
    >>> fund = Opportunity("fund", applicants=("association",), places=("INT",), licence="none",
    ...                    commons_kinds=("software",), fiscal_host="yes")
    >>> found = match(commons, fund)
    >>> found.result, [question.key for question in found.questions]
    ('ask', ['hosted', 'commons_kind:software'])
    >>> refused = match(commons.with_answers({"hosted": "no"}), fund)
    >>> refused.result, [change.code for change in refused.changes]
    ('no', ['join_host', 'find_carrier'])
    """
    outcomes = [evaluate(criterion, profile) for criterion in opportunity.requirements]
    return Match(profile, opportunity, sheet_of(outcomes), today=today)


def hosts_for(profile: Profile, opportunities: Iterable[Opportunity], *, today: date | None = None) -> list[Match]:
    """The fiscal hosts that do not refuse this commons, best first; closed ones are left out."""
    hosting = (match(profile, o, today=today) for o in opportunities if o.kind == FISCAL_HOSTING)
    open_ones = [m for m in hosting if m.result != "no" and m.status not in _SHUT and not _ended(m.opportunity)]
    return sorted(open_ones, key=score_of)


def _ended(opportunity: Opportunity) -> bool:
    return bool(opportunity.windows) and all(window.model == "closed" for window in opportunity.windows)
