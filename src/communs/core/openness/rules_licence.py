"""The licence rules: one answer a part, and for a model whether all its parts are there."""

from __future__ import annotations

from typing import Final

from communs.core import licences
from communs.core.licences import REASONS, Judgement, WorkKind
from communs.core.openness.facts import Facts
from communs.core.openness.parts import Part
from communs.core.openness.results import Message, RuleResult
from communs.core.texts import N_

RULE_OF_KIND: Final[dict[WorkKind, str]] = {
    "software": "licence.code", "content": "licence.content", "data": "licence.data", "hardware": "licence.hardware",
    "model": "licence.model", "standard": "licence.standard",
}  # fmt: skip
_WORK: Final[dict[WorkKind, str]] = {
    "software": N_("program code"), "content": N_("texts and media"), "data": N_("data"), "hardware": N_("designs"),
    "model": N_("a model"), "standard": N_("a standard"),
}  # fmt: skip
_TITLE_OF_PART: Final = N_("Is the licence of “{part}” open?")
_TITLE_OF_WHOLE: Final = N_("Is its licence open?")
_CONFLICT: Final = N_("Sources disagree about its licence: {licences}.")
_RELICENSE: Final = N_(
    "Publish it under a licence that is open for {work}, for instance {examples}, "
    "or register what is open as a commons of its own."
)
_NAME_IT: Final = N_("Name its licence by its SPDX identifier, for instance {examples}, and the file where it stands.")
_SETTLE: Final = N_(
    "Make the licence file, the package and the project's pages say the same, or withdraw the claim that is wrong."
)
_EXAMPLES: Final[dict[WorkKind, str]] = {
    "software": "EUPL-1.2, AGPL-3.0-or-later, MIT", "content": "CC-BY-SA-4.0, CC-BY-4.0, CC0-1.0",
    "data": "ODbL-1.0, CC-BY-4.0, CC0-1.0, etalab-2.0", "hardware": "CERN-OHL-S-2.0, CERN-OHL-P-2.0, TAPR-OHL-1.0",
    "model": "Apache-2.0, MIT, OpenMDW-1.0", "standard": "CC-BY-4.0, CC0-1.0, W3C-20150513",
}  # fmt: skip
_MODEL_PARTS: Final[dict[str, str]] = {
    "weights": N_("the weights"),
    "code": N_("the code that trains or runs it"),
    "data": N_("a statement of the data it was made from"),
}


def licence_rules(facts: Facts) -> tuple[RuleResult, ...]:
    """The answers of the licence group, part by part; where no licence is stated, that it is missing."""
    if not facts.parts:
        return (_nothing_stated(facts),)
    judged = [_judge_part(part) for part in facts.parts if not _is_statement_of_data(part, facts)]
    return (*judged, _model_parts(facts)) if facts.kind == "model" else tuple(judged)


def _nothing_stated(facts: Facts) -> RuleResult:
    kind: WorkKind = "software" if facts.kind in ("", "service", "suite", "software") else "content"
    return RuleResult(
        rule="licence.stated",
        group="licence",
        answer="unknown",
        title=Message(N_("Is a licence stated?")),
        reasons=(Message(N_("No licence is known.")),),
        change=Message(_NAME_IT, (("examples", _EXAMPLES[kind]),)),
    )


def _judge_part(part: Part) -> RuleResult:
    judgement = licences.judge(part.shown, part.kind)
    conflict = bool(part.conflicting)
    return RuleResult(
        rule=RULE_OF_KIND[part.kind],
        group="licence",
        answer="unknown" if conflict else judgement.answer,
        title=Message(_TITLE_OF_PART, (("part", part.name),)) if part.name else Message(_TITLE_OF_WHOLE),
        reasons=_conflict_reasons(part) if conflict else _reasons(judgement),
        evidence=tuple(stated.claim for stated in part.statements),
        change=Message(_SETTLE) if conflict else _change(part.kind, judgement),
        part=part.name,
        conflict=conflict,
    )


def _reasons(judgement: Judgement) -> tuple[Message, ...]:
    return tuple(Message(REASONS[reason.code], (("licence", reason.licence),)) for reason in judgement.reasons)


def _conflict_reasons(part: Part) -> tuple[Message, ...]:
    sources: dict[str, list[str]] = {}
    for stated in (part.statements[0], *part.conflicting):
        named = sources.setdefault(stated.licence.spdx or stated.licence.text, [])
        named.extend([stated.claim.source] if stated.claim.source else [])
    spelled = [f"{name} ({', '.join(named)})" if named else name for name, named in sources.items()]
    return (Message(_CONFLICT, (("licences", "; ".join(spelled)),)),)


def _change(kind: WorkKind, judgement: Judgement) -> Message | None:
    if judgement.answer == "yes":
        return None
    examples = (("examples", _EXAMPLES[kind]),)
    known = judgement.answer == "no" or all(reason.code == "made_for_other_works" for reason in judgement.reasons)
    return Message(_RELICENSE, examples, (("work", _WORK[kind]),)) if known else Message(_NAME_IT, examples)


def _is_statement_of_data(part: Part, facts: Facts) -> bool:
    """The data a model was made from need a statement; they need not be open themselves."""
    return facts.kind == "model" and part.kind == "data"


def _model_parts(facts: Facts) -> RuleResult:
    there = {"weights": False, "code": False, "data": False}
    for part in facts.parts:
        there["weights"] |= part.kind == "model"
        there["code"] |= part.kind == "software" or "code" in part.name.lower()
        there["data"] |= part.kind == "data"
    absent = [name for name, found in there.items() if not found]
    if not absent:
        return _model_result(())
    # One absent part after the other is named, so that each can be translated.
    return _model_result(tuple(Message(N_("Not stated: {what}."), (), (("what", _MODEL_PARTS[n]),)) for n in absent))


def _model_result(absent: tuple[Message, ...]) -> RuleResult:
    complete = Message(N_("The weights, the code and a statement of the data are there."))
    return RuleResult(
        rule="licence.model_parts",
        group="licence",
        answer="unknown" if absent else "yes",
        title=Message(N_("Are the weights, the code and a statement of the data there?")),
        reasons=absent or (complete,),
        change=Message(N_("Add the missing parts, each with its licence or the address where it is described."))
        if absent
        else None,
    )
