"""What stands around one commons: relations, stewards, those who watch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from communs.apps.register.models import Commons, Relation, Stewardship
from communs.kit.records.actions import merged_ids, with_ancestors
from communs.kit.records.models import Proposal, Visibility

RELATIONS_MAX = 100


@dataclass(frozen=True, slots=True)
class Edge:
    """One relation as seen from one of its ends: the commons at the other one."""

    pk: int
    kind: str
    is_outgoing: bool
    other: Commons
    detail: str
    verified: bool
    source: str
    seen_as_of: str
    is_personal: bool  # stated by a person here, not read from a source


def relations_of(commons: Commons, group: Collection[int] = ()) -> list[Edge]:
    """Relations both ways to public commons, the verified ones first; ends that were merged lead to the target.

    `group`: the ids of the commons and of all that was merged into it, where the caller knows them.
    """
    group = group or merged_ids(commons)
    found = Relation.objects.filter(Q(from_commons__in=group) | Q(to_commons__in=group), withdrawn_at=None)
    found = found.select_related("from_commons__merged_into", "to_commons__merged_into", "source", "person")
    edges: dict[tuple[str, bool, int], Edge] = {}
    for relation in found.order_by("-verified", "pk")[: RELATIONS_MAX * 4]:
        edge = _edge(relation, outgoing=relation.from_commons_id in group)
        if edge.other.is_public and edge.other.pk not in group:
            edges.setdefault((edge.kind, edge.is_outgoing, edge.other.pk), edge)
    return sorted(edges.values(), key=lambda edge: (not edge.verified, edge.other.name.casefold()))


def relations_from(records: Sequence[Commons]) -> list[Relation]:
    """Every relation that starts from these and leads to a public commons, those taken back included."""
    found = Relation.objects.filter(from_commons__in=records, to_commons__visibility=Visibility.PUBLIC)
    return list(found.select_related("to_commons", "source"))


def relations_told(relations: Iterable[Relation]) -> dict[str, list[dict[str, str]]]:
    """Relations as histories keep them: `{"relations.<kind>": [{"id", "name"}, …]}`."""
    told: dict[str, list[dict[str, str]]] = {}
    for relation in relations:
        other = relation.to_commons
        told.setdefault(f"relations.{relation.kind}", []).append({"id": other.public_id, "name": other.name})
    return told


def _edge(relation: Relation, *, outgoing: bool) -> Edge:
    other = relation.to_commons if outgoing else relation.from_commons
    return Edge(
        pk=relation.pk,
        kind=relation.kind,
        is_outgoing=outgoing,
        other=with_ancestors(other)[-1],
        detail=relation.detail,
        verified=relation.verified,
        source=str(relation.source or relation.person or ""),
        seen_as_of=relation.seen_as_of,
        is_personal=relation.source_id is None,
    )


def stewards_of(commons: Commons) -> list[Stewardship]:
    """Who looks after a commons."""
    active = commons.stewardships.filter(status=Stewardship.Status.ACTIVE)
    return list(active.select_related("person").order_by("since"))


def stewardship_of(person: Any, commons: Commons) -> Stewardship | None:
    """What there is between a person and a commons, asked, active or ended."""
    return Stewardship.objects.filter(person=person, commons=commons).first() if person.is_authenticated else None


def merged_into(commons: Commons) -> list[Commons]:
    """The entries that were merged into this one, each of which can be separated again."""
    return list(Commons.objects.filter(merged_into=commons).only("public_id").order_by("public_id"))


def is_watching(person: Any, commons: Commons) -> bool:
    """Whether a person follows a commons by e-mail."""
    return bool(person.is_authenticated) and commons.watches.filter(person=person).exists()


def open_proposals_of(commons: Commons) -> int:
    """How many proposals wait for a decision."""
    return commons.proposals.filter(status=Proposal.Status.OPEN).count()
