"""What would change a no: for each hard criterion that is not met, what you could do, or that nothing you do would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from communs.core.matching.outcomes import FAILED, Change, Outcome
from communs.core.matching.vocabulary import GEOGRAPHIC, LEGAL_PERSONS


def changes_for(outcomes: Iterable[Outcome]) -> tuple[Change, ...]:
    """The changes for every outcome that failed, each once, in the order of the criteria."""
    found: dict[Change, None] = {}
    for outcome in outcomes:
        if outcome.weight == FAILED:
            found.update(dict.fromkeys(_change_for(outcome)))
    return tuple(found)


def _change_for(outcome: Outcome) -> Iterator[Change]:
    dimension = outcome.criterion.dimension
    if outcome.reason.code == "declared_no" and dimension not in GEOGRAPHIC:
        return _declared(outcome)
    return _CHANGES.get(dimension, _declared)(outcome)


def _forms(outcome: Outcome) -> Iterator[Change]:
    criterion = outcome.criterion
    if criterion.through_host == "yes":
        yield Change("join_host")
    named = LEGAL_PERSONS if criterion.dimension == "legal_entity" else {*criterion.values, *criterion.disputed}
    forms = tuple(sorted(named - {"hosted_collective"}))
    if forms:
        yield Change("find_carrier", (("forms", forms),))
    own_form = dict(outcome.reason.params).get("form", ("",))[0]
    if criterion.through_host == "unknown" and own_form not in LEGAL_PERSONS:
        yield Change("ask_about_host")


def _place(_outcome: Outcome) -> Iterator[Change]:
    yield Change("nothing_place", (), possible=False)


def _licence(outcome: Outcome) -> Iterator[Change]:
    yield Change("open_licence", (("licences_asked", outcome.criterion.values),))


def _language(outcome: Outcome) -> Iterator[Change]:
    yield Change("write_in", (("languages", outcome.criterion.values),))


def _kind(outcome: Outcome) -> Iterator[Change]:
    yield Change("other_part", (("kinds", outcome.criterion.values),))


def _declared(outcome: Outcome) -> Iterator[Change]:
    if outcome.reason.code == "number_out_of_bounds":
        yield Change("other_number", outcome.reason.params)
    else:
        yield Change("make_it_hold", (("statement", (outcome.criterion.statement,)),))


_CHANGES: Final[dict[str, Callable[[Outcome], Iterator[Change]]]] = {
    "applicant_form": _forms,
    "payee": _forms,
    "legal_entity": _forms,
    "output_licence": _licence,
    "application_language": _language,
    "commons_kind": _kind,
    **dict.fromkeys(GEOGRAPHIC, _place),
}
