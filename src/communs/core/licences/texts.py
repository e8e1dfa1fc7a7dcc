"""The reasons of a judgement in words."""

from __future__ import annotations

from typing import Final

from communs.core.licences.judging import Reason, ReasonCode
from communs.core.texts import N_, Translate, identity

REASONS: Final[dict[ReasonCode, str]] = {
    "osi": N_("{licence} is approved by the Open Source Initiative."),
    "fsf": N_("{licence} is a free licence for the Free Software Foundation."),
    "open_definition": N_("{licence} conforms to the Open Definition."),
    "open_hardware": N_("{licence} was made for open hardware."),
    "open_model": N_("{licence} was made for open models."),
    "non_commercial": N_("{licence} forbids commercial use, so not everyone may use the work."),
    "no_derivatives": N_("{licence} forbids changed versions, so nobody else can build on the work."),
    "use_restricted": N_("{licence} forbids some uses, so not everyone may use the work for any purpose."),
    "service_restricted": N_("{licence} keeps some users or competitors out."),
    "not_free": N_("{licence} is not a free licence for the Free Software Foundation."),
    "not_on_lists": N_("{licence} is on none of the lists we go by. That says nothing against it."),
    "made_for_other_works": N_("{licence} is open, but was not made for works of this kind."),
    "local_text": N_("{licence} points to a text that only the files of the project contain."),
    "local_restricted": N_(
        "{licence} is named like a licence that keeps some people or uses out; the text in the project's files decides."
    ),
    "unknown_name": N_("“{licence}” is not the name of a licence we know."),
    "unknown_exception": N_("{licence} contains an exception we do not know."),
    "not_stated": N_("No licence is stated."),
}


def explain_reason(reason: Reason, translate: Translate = identity) -> str:
    """The sentence for one reason.

    >>> explain_reason(Reason("osi", "MIT"))
    'MIT is approved by the Open Source Initiative.'
    """
    return translate(REASONS[reason.code]).format(licence=reason.licence)
