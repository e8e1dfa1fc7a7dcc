"""How fresh each value is: who confirmed it, when it was last seen in its source, since when it is listed no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from communs.kit import formats
from communs.kit.models import Listing
from communs.kit.records.models import Method
from communs.kit.records.resolve import Claim
from communs.kit.records.wording import said_by

LISTINGS_MAX = 100


@dataclass(frozen=True, slots=True)
class Freshness:
    """Of one record: which sources list it (`listings`, by source), and what follows for its values."""

    listings: Mapping[int, Listing] = field(default_factory=dict)

    def of(self, claim: Claim) -> str:
        """When the value was last confirmed or seen, in words."""
        statement = claim.statement
        if statement.source is None:
            return _("confirmed by {who} on {date}").format(
                who=said_by(statement), date=formats.day(statement.stated_at)
            )
        name = _(str(statement.source))
        listing = self.listings.get(statement.source.pk)
        if listing is not None and listing.gone_at is not None:
            return _("no longer listed by {source} since {date}").format(source=name, date=formats.day(listing.gone_at))
        if listing is not None and statement.source.read_at is not None:
            date = formats.day(statement.source.read_at)
            return _("last seen in {source} on {date}").format(source=name, date=date)
        if statement.method == Method.GENERAL:
            return ""
        date = formats.day(statement.seen_as_of or statement.stated_at)
        return _("last seen in {source} on {date}").format(source=name, date=date)

    def is_gone(self, claim: Claim) -> bool:
        """Whether the source of the value does not list the record any more."""
        listing = self.listings.get(claim.statement.source.pk if claim.statement.source else 0)
        return listing is not None and listing.gone_at is not None

    def of_fields(self, told: Mapping[str, Sequence[Claim]]) -> tuple[str, dict[str, str]]:
        """What holds for most values that are shown, and by field what holds instead."""
        lines = {name: self.of(claims[0]) for name, claims in told.items()}
        counted = Counter(line for line in lines.values() if line).most_common(1)
        common = counted[0][0] if counted else ""
        return common, {name: line for name, line in lines.items() if line and line != common}

    def gone(self) -> list[str]:
        """Each source that does not list the record any more, with the date."""
        return [
            _("{source} has not listed it any more since {date}; what it said stays as it was.").format(
                source=_(str(listing.source)), date=formats.day(listing.gone_at)
            )
            for listing in self.listings.values()
            if listing.gone_at is not None
        ]


def freshness_of(record: Any, told: Mapping[str, Sequence[Claim]]) -> Freshness:
    """Which sources list a record, or did; a source that still lists one of those merged into it lists it.

    `told`: all that is known of the record, by field.
    """
    ids = [record.public_id]
    pks = {claim.statement.subject_id for claims in told.values() for claim in claims}  # type: ignore[attr-defined]
    if others := pks - {record.pk}:
        ids += type(record)._default_manager.filter(pk__in=others).values_list("public_id", flat=True)
    rows = Listing.objects.filter(catalogue=record.CATALOGUE, public_id__in=ids).select_related("source")
    found: dict[int, Listing] = {}
    for row in rows.order_by("source__name", "pk")[:LISTINGS_MAX]:
        if row.source_id not in found or row.gone_at is None:
            found[row.source_id] = row
    return Freshness(found)
