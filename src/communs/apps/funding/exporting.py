"""Awards as lines for another site, and as rows for a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from communs.apps.funding import queries
from communs.kit.records.dumping import FORMAT, MARK, source_of

COLUMNS = (
    *("id", "funder", "funder_org_id", "recipient", "recipient_org_id", "title", "amount_minor", "currency"),
    *("awarded_on", "programme", "place", "source", "source_licence"),
)


def award_lines(public_ids: Collection[str] | None = None) -> Iterator[str]:
    """Every award as `communs import awards` reads it, with its source; people are not named in it."""
    for award in _awards(public_ids):
        line = {**award.record, MARK: FORMAT, "source": source_of(award.source)}
        yield json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def award_cells(public_ids: Collection[str] | None = None) -> Iterator[list[Any]]:
    """The same as cells for `COLUMNS`."""
    for award in _awards(public_ids):
        funder = award.funder
        yield [
            *(award.public_id, funder.name, funder.org_id, award.recipient_name, award.recipient_org_id, award.title),
            *(award.amount_minor, award.currency, award.awarded_on, award.programme, award.place),
            *(award.source.name, award.source.licence),
        ]


def _awards(public_ids: Collection[str] | None) -> Iterator[Any]:
    rows = queries.awards(queries.AwardBrowse()).order_by("public_id")
    if public_ids is not None:
        rows = rows.filter(public_id__in=public_ids)
    return rows.iterator(chunk_size=500)
