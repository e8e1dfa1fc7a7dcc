"""Who may apply and who may be paid: legal forms, fiscal hosts, legal personality."""

from __future__ import annotations

from communs.core.matching.criteria import Criterion, declaration_key
from communs.core.matching.deciding import Codes, asked, met, not_met, unstated, yes_no
from communs.core.matching.outcomes import Fact, Outcome, Params, Question, Reason
from communs.core.matching.profile import Profile
from communs.core.matching.vocabulary import DONT_KNOW, FORMS, LEGAL_PERSONS, Tri, any_of

_FORM_QUESTION = Question("legal_form", "choice", "which_form", (), (*FORMS, DONT_KNOW))
_HOST_QUESTION = yes_no("hosted", "is_hosted")
_HOST_CODES = Codes("accepted_through_host", "needs_host", "host_not_known")
_DISPUTED_CODES = Codes("declared_yes", "declared_no", "forms_disputed")


def decide_applicant_form(criterion: Criterion, profile: Profile) -> Outcome:
    """Whether the form of whoever applies is accepted, by itself or through a fiscal host."""
    if criterion.operator == "not_stated":
        return unstated(criterion, "applicants_not_stated")
    return _decide(criterion, profile, frozenset(criterion.values))


def decide_payee(criterion: Criterion, profile: Profile) -> Outcome:
    """Whether money may be paid to this form, directly or to its fiscal host."""
    return _decide(criterion, profile, frozenset(criterion.values))


def decide_legal_entity(criterion: Criterion, profile: Profile) -> Outcome:
    """Whether there is a legal person where one is required."""
    return _decide(criterion, profile, LEGAL_PERSONS)


def _decide(criterion: Criterion, profile: Profile, accepted: frozenset[str]) -> Outcome:
    form, disputed = profile.form, frozenset(criterion.disputed)
    own = _accepts(form, accepted, disputed)
    through = _through_host(criterion, profile)
    params = _params(criterion, form)
    if own == "yes":
        return met(criterion, "form_accepted", params, _form_fact(profile))
    if through == "yes":
        return met(criterion, "accepted_through_host", params, _host_fact(profile))
    if any_of((own, through)) == "no":
        return not_met(criterion, _refusal(criterion, accepted | disputed, form), params, _form_fact(profile))
    if form is None:
        return _form_unknown(criterion, profile, params)
    if own == "unknown":
        return _ask_disputed(criterion, profile, params)
    return asked(criterion, profile, _HOST_QUESTION, _HOST_CODES)


def _accepts(form: str | None, accepted: frozenset[str], disputed: frozenset[str]) -> Tri:
    if form is None:
        return "yes" if accepted >= frozenset(FORMS) else "unknown"
    # A hosted collective is an informal collective with a host: it may apply as either.
    mine = {"hosted_collective", "informal_collective"} if form == "hosted_collective" else {form}
    if mine & accepted:
        return "yes"
    return "unknown" if mine & disputed else "no"


def _through_host(criterion: Criterion, profile: Profile) -> Tri:
    # Where the funder has not said that hosts are welcome, a host is something to ask about, not a way in.
    return profile.hosted if criterion.through_host == "yes" else "no"


def _refusal(criterion: Criterion, accepted: frozenset[str], form: str | None) -> str:
    only_legal_persons = accepted <= LEGAL_PERSONS | {"hosted_collective"}
    if only_legal_persons and form not in LEGAL_PERSONS and len(accepted & LEGAL_PERSONS) > 1:
        return "legal_persons_paid" if criterion.dimension == "payee" else "legal_persons_only"
    return "form_not_accepted"


def _form_unknown(criterion: Criterion, profile: Profile, params: Params) -> Outcome:
    if profile.answers.get("legal_form") == DONT_KNOW:
        fact = Fact("answer", "legal_form", (DONT_KNOW,))
        return Outcome(criterion, "unknown", Reason("you_do_not_know", params), None, fact)
    return Outcome(criterion, "unknown", Reason("form_not_known", params), _FORM_QUESTION)


def _ask_disputed(criterion: Criterion, profile: Profile, params: Params) -> Outcome:
    if not criterion.statement:
        return Outcome(criterion, "unknown", Reason("forms_disputed", params), None, Fact("funder"))
    key = declaration_key(criterion.dimension, criterion.statement)
    question = yes_no(key, "does_it_hold", (("statement", (criterion.statement,)), *params))
    return asked(criterion, profile, question, _DISPUTED_CODES)


def _params(criterion: Criterion, form: str | None) -> Params:
    named = tuple(sorted({*criterion.values, *criterion.disputed}))
    forms = ("forms", named or tuple(sorted(LEGAL_PERSONS)))
    return (forms,) if form is None else (forms, ("form", (form,)))


def _form_fact(profile: Profile) -> Fact:
    if profile.legal_form is not None:
        return Fact("profile", "legal_form", (profile.legal_form,))
    return Fact("answer", "legal_form", (profile.form,)) if profile.form else Fact("nobody")


def _host_fact(profile: Profile) -> Fact:
    if profile.hosted_by:
        return Fact("profile", "hosted_by", (profile.hosted_by,))
    if profile.form == "hosted_collective":
        return _form_fact(profile)
    return Fact("answer", "hosted", ("yes",))
