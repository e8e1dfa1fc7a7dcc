"""One criterion, one profile, one outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from communs.core.matching.criteria import Criterion, declaration_key
from communs.core.matching.deciding_forms import decide_applicant_form, decide_legal_entity, decide_payee
from communs.core.matching.deciding_licences import decide_output_licence
from communs.core.matching.deciding_places import decide_place
from communs.core.matching.deciding_rest import (
    decide_application_language,
    decide_commons_kind,
    decide_declared,
    decide_number,
)
from communs.core.matching.outcomes import Outcome, Reason
from communs.core.matching.profile import Profile
from communs.core.matching.vocabulary import GEOGRAPHIC

Decide = Callable[[Criterion, Profile], Outcome]

_DECIDE: Final[dict[str, Decide]] = {
    "applicant_form": decide_applicant_form,
    "payee": decide_payee,
    "legal_entity": decide_legal_entity,
    "output_licence": decide_output_licence,
    "commons_kind": decide_commons_kind,
    "application_language": decide_application_language,
    **dict.fromkeys(GEOGRAPHIC, decide_place),
}

_OF_FORMS: Final = frozenset({"applicant_form", "payee", "legal_entity"})

# Which facts a dimension reads, beside the answers to its own questions. A change to any other fact leaves it alone.
FACTS_READ: Final[dict[str, frozenset[str]]] = {
    "applicant_form": frozenset({"legal_form", "hosted_by"}),
    "payee": frozenset({"legal_form", "hosted_by"}),
    "legal_entity": frozenset({"legal_form", "hosted_by"}),
    "output_licence": frozenset({"licences"}),
    "commons_kind": frozenset({"kinds"}),
    "application_language": frozenset({"languages"}),
    "territory": frozenset({"country", "countries"}),
    "seat": frozenset({"country"}),
    "place": frozenset({"countries"}),
}


def evaluate(criterion: Criterion, profile: Profile) -> Outcome:
    """Answer one criterion from the facts and answers of a profile.

    >>> english = Criterion("application_language", "any_of", ("en",))
    >>> evaluate(english, Profile(languages=frozenset({"en"}))).status
    'met'
    >>> evaluate(english, Profile()).question.key
    'application_language:en'
    """
    return decider(criterion)(criterion, profile)


def answers_read(criterion: Criterion) -> frozenset[str]:
    """The question keys whose answers can play a part in this criterion."""
    own = {criterion.key, declaration_key(criterion.dimension, criterion.statement)}
    return frozenset(own | {"legal_form", "hosted"}) if criterion.dimension in _OF_FORMS else frozenset(own)


def decider(criterion: Criterion) -> Decide:
    """The function that answers this criterion."""
    if criterion.force != "hard":
        return _for_people
    if not criterion.is_typed:
        return decide_declared
    return decide_number if criterion.operator == "between" else _DECIDE[criterion.dimension]


def _for_people(criterion: Criterion, _profile: Profile) -> Outcome:
    code = "scored" if criterion.force == "scored" else "for_people"
    return Outcome(criterion, "text", Reason(code, (("statement", (criterion.statement,)),)))
