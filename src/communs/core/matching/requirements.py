"""From what an opportunity states to the criteria that are evaluated: each thing once, in one fixed order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from communs.core.matching.criteria import Criterion
from communs.core.matching.places import within
from communs.core.matching.vocabulary import (
    GEOGRAPHIC,
    LEGAL_PERSONS,
    LICENCE_REQUIREMENTS,
    Tri,
)


@dataclass(frozen=True, slots=True)
class Stated:
    """The parts of an opportunity that ask something; see `Opportunity` for their meaning."""

    criteria: tuple[Criterion, ...]
    applicants: tuple[str, ...]
    payees: tuple[str, ...]
    places: tuple[str, ...]
    places_excluded: tuple[str, ...]
    licence: str
    languages: tuple[str, ...]
    commons_kinds: tuple[str, ...]
    legal_entity: Tri
    fiscal_host: Tri

    def listed(self, dimensions: Collection[str]) -> list[Criterion]:
        """The hard criteria of some dimensions that facts can decide."""
        return [c for c in self.criteria if c.dimension in dimensions and c.reads_facts]


def requirements_of(stated: Stated) -> tuple[Criterion, ...]:
    """Everything asked, without asking twice: the listed criteria, then what the fields ask beyond them."""
    taken = {"applicant_form", "payee"}
    found = {c for c in stated.criteria if not (c.dimension in taken and c.reads_facts)}
    for part in (_applicants, _payees, _legal_entity, _territory, _licence, _kinds, _languages):
        found.update(part(stated))
    return tuple(sorted(found, key=lambda criterion: criterion.order))


def host_accepted(stated: Stated) -> Tri:
    """Whether a fiscal host may stand in: said outright, or because hosted collectives are among the applicants."""
    return "yes" if "hosted_collective" in stated.applicants else stated.fiscal_host


def _applicants(stated: Stated) -> Iterator[Criterion]:
    listed, named, host = stated.listed({"applicant_form"}), frozenset(stated.applicants), host_accepted(stated)
    for criterion in listed:
        accepted = frozenset(criterion.values)
        both, either = (accepted & named, accepted ^ named) if named else (accepted, frozenset[str]())
        yield replace(
            criterion, values=tuple(sorted(both)), disputed=tuple(sorted(either)),
            through_host=_named_host(accepted, host),
        )  # fmt: skip
    if listed:
        return
    if named:
        yield Criterion("applicant_form", "any_of", tuple(sorted(named)), through_host=host)
    elif not any(c.dimension == "applicant_form" and c.force == "hard" for c in stated.criteria):
        yield Criterion("applicant_form", "not_stated")


def _payees(stated: Stated) -> Iterator[Criterion]:
    host = host_accepted(stated)
    for criterion in stated.listed({"payee"}):
        yield replace(criterion, through_host=_named_host(frozenset(criterion.values), host))
    if stated.payees and frozenset(stated.payees) != frozenset(stated.applicants):
        payees = tuple(sorted(stated.payees))
        yield Criterion("payee", "any_of", payees, through_host=_named_host(frozenset(payees), host))


def _legal_entity(stated: Stated) -> Iterator[Criterion]:
    listed = any(c.dimension == "legal_entity" and c.force == "hard" for c in stated.criteria)
    said_by_forms = bool(stated.applicants) and frozenset(stated.applicants) <= LEGAL_PERSONS | {"hosted_collective"}
    if stated.legal_entity == "yes" and not listed and not said_by_forms:
        yield Criterion("legal_entity", "required", through_host=host_accepted(stated))


def _territory(stated: Stated) -> Iterator[Criterion]:
    listed = stated.listed(GEOGRAPHIC)
    if not stated.places and not stated.places_excluded:
        if not listed:
            yield Criterion("territory", "not_stated")
        return
    include = stated.places or ("INT",)
    narrower = (
        all(within(place, include, stated.places_excluded) == "yes" for place in criterion.values)
        for criterion in listed
        if criterion.values
    )
    if not any(narrower):
        yield Criterion("territory", "any_of", tuple(sorted(include)), excluded=tuple(sorted(stated.places_excluded)))


def _licence(stated: Stated) -> Iterator[Criterion]:
    if stated.licence == "none" or stated.listed({"output_licence"}):
        return
    if stated.licence == "unknown":
        yield Criterion("output_licence", "not_stated")
        return
    operator, words = LICENCE_REQUIREMENTS[stated.licence]
    yield Criterion("output_licence", operator, words)


def _kinds(stated: Stated) -> Iterator[Criterion]:
    if stated.commons_kinds and not stated.listed({"commons_kind"}):
        yield Criterion("commons_kind", "any_of", tuple(sorted(stated.commons_kinds)))
    elif not stated.commons_kinds and not any(c.dimension == "commons_kind" for c in stated.criteria):
        yield Criterion("commons_kind", "not_stated")


def _languages(stated: Stated) -> Iterator[Criterion]:
    if stated.languages and not stated.listed({"application_language"}):
        yield Criterion("application_language", "any_of", tuple(sorted(stated.languages)))


def _named_host(forms: Collection[str], host: Tri) -> Tri:
    return "yes" if "hosted_collective" in forms else host
