"""Which licence is asked of the results: by the licences that the parts of the commons carry today.

- "OSI", "FSF": program code under a licence on that body's list; other parts (texts, plans) under any open licence.
- "open licence", "open content", "open access", "open standard": any open licence, of software or of content.
- SPDX identifiers: a licence that one of them satisfies.
- Any other word is not decided by machine.

All parts open: met. All parts known not to be: not met. Anything else is asked, for the requirement speaks of what the
money will produce, and a closed part beside an open one settles nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from communs.core import licences
from communs.core.matching.criteria import Criterion
from communs.core.matching.deciding import Codes, asked, met, not_met, unstated, yes_no
from communs.core.matching.outcomes import NOBODY, Fact, Outcome
from communs.core.matching.profile import PartLicence, Profile
from communs.core.matching.vocabulary import Tri, all_of, any_of

Listed = Callable[[str], Tri]

_CODES = Codes("licence_promised", "licence_refused", "licence_not_known")
_OPEN_WORDS: Final = frozenset({"open licence", "open content", "open access", "open standard", "open source"})
_SOFTWARE_WORDS: Final = frozenset({"OSI", "FSF"})


def decide_output_licence(criterion: Criterion, profile: Profile) -> Outcome:
    """Whether the licences of the commons are what the funder asks of results."""
    fact = Fact("profile", "licences", _stated(profile)) if profile.licences else NOBODY
    if criterion.operator == "not_stated":
        # Whichever open licence they have in mind, a commons that is open in all parts is not kept out by it.
        if _overall(("OSI", "FSF"), "all_of", profile) == "yes":
            return met(criterion, "licence_not_stated_but_open", (), fact)
        return unstated(criterion, "licence_not_stated")
    answer = _overall(criterion.values, criterion.operator, profile)
    params = (("licences_asked", criterion.values),)
    if answer == "yes":
        return met(criterion, "licence_accepted", params, fact)
    if answer == "no":
        return not_met(criterion, "licence_not_accepted", params, fact)
    return asked(criterion, profile, yes_no(criterion.key, "will_be_open", params), _CODES)


def _stated(profile: Profile) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.spdx for part in profile.licences if part.spdx))


def _overall(words: tuple[str, ...], operator: str, profile: Profile) -> Tri:
    answers = {part_answer(part, words, operator) for part in profile.licences}
    if answers == {"yes"}:
        return "yes"
    return "no" if answers == {"no"} else "unknown"


@lru_cache(maxsize=16_384)
def part_answer(part: PartLicence, words: tuple[str, ...], operator: str) -> Tri:
    """Whether the licence of one part is what `words` ask, taken together as `operator` says."""
    if not part.spdx:
        return "unknown"
    of_code, of_other = _code_answer(part, words, operator), _joined(part, words, operator, {})
    if part.part:
        return of_code if part.is_code else of_other
    # A part without a name may be code or not: only where that makes no difference is it settled.
    return of_code if of_code == of_other else "unknown"


def _code_answer(part: PartLicence, words: tuple[str, ...], operator: str) -> Tri:
    strict = tuple(word for word in words if word not in _OPEN_WORDS)
    return _joined(part, strict or words, operator, {"OSI": licences.is_osi, "FSF": licences.is_fsf})


def _joined(part: PartLicence, words: tuple[str, ...], operator: str, lists: Mapping[str, Listed]) -> Tri:
    named = tuple(word for word in words if word not in _OPEN_WORDS | _SOFTWARE_WORDS)
    answers = [lists[word](part.spdx) if word in lists else _is_open(part) for word in words if word not in named]
    if named:
        answers.append(_named_answer(part.spdx, named))
    return all_of(tuple(answers)) if operator == "all_of" else any_of(tuple(answers))


def _is_open(part: PartLicence) -> Tri:
    return licences.judge(licences.parse(part.spdx), part.work).answer


def _named_answer(spdx: str, named: tuple[str, ...]) -> Tri:
    known = tuple(word for word in named if licences.is_licence(word))
    answer: Tri = "yes" if known and licences.satisfies(spdx, known) else "no"
    return "unknown" if answer == "no" and len(known) < len(named) else answer
