"""Relations from the dump of another site: what is known is left, what was taken back there is taken back here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from communs.apps.register.importing.relations import add_relations, ids_of
from communs.apps.register.models import Commons, Relation
from communs.apps.register.queries import relations_told
from communs.kit.records.actions import lock_row, refresh
from communs.kit.records.exchange import Exchange
from communs.kit.records.files import Placed
from communs.kit.records.models import Revision

SAME = ("from_commons_id", "to_commons_id", "kind", "detail", "source_id")
TEXT_MAX = {"detail": 60, "source_ref": 300, "confidence": 10, "seen_as_of": 10}


def take_relations(exchange: Exchange, now: datetime) -> None:
    """Write the relations of what was taken over, once all commons are there."""
    told = [(item, one) for item in exchange.taken for one in item.record.get("relations") or []]
    ids = ids_of({str(name) for item, one in told for name in (item.record["id"], one.get("to"))})
    rows = [
        (_relation(one, ids[item.record["id"]], ids[one["to"]], exchange), bool(one.get("withdrawn")))
        for item, one in told
        if _is_sound(item, one, ids, exchange)
    ]
    add_relations([row for row, withdrawn in rows if not withdrawn], now, exchange.told)
    _withdraw([row for row, withdrawn in rows if withdrawn], now, exchange)


def _is_sound(item: Placed, one: Any, ids: dict[str, int], exchange: Exchange) -> bool:
    """Whether both ends are here and the kind is known; what is not sound is refused with its place."""
    if one.get("kind") not in Relation.Kind.values:
        problem = f"a relation of kind {one.get('kind')!r:.40}"
        exchange.report.refused.append((item.place, problem, f"Use one of {', '.join(Relation.Kind.values)}"))
        return False
    return item.record["id"] in ids and one.get("to") in ids and one["to"] != item.record["id"]


def _relation(one: dict[str, Any], start: int, end: int, exchange: Exchange) -> Relation:
    texts = {name: str(one.get(name) or "")[:most] for name, most in TEXT_MAX.items()}
    count = one.get("count")
    return Relation(
        from_commons_id=start,
        to_commons_id=end,
        kind=one["kind"],
        source=exchange.source(one.get("source")),
        verified=bool(one.get("verified", True)),
        count=count if isinstance(count, int) and 0 <= count < 2**31 else None,
        **texts,
    )


def _withdraw(gone: Iterable[Relation], now: datetime, exchange: Exchange) -> None:
    for said in gone:
        same = {
            name: getattr(said, name) for name in ("from_commons_id", "to_commons_id", "kind", "detail", "source_id")
        }
        relation = Relation.objects.filter(**same, withdrawn_at=None).select_related("to_commons").first()
        if relation is None:
            continue
        with transaction.atomic():
            commons = lock_row(Commons.objects.get(pk=said.from_commons_id))
            revision: Any = refresh(commons, Revision.Kind.IMPORTED, now)
            Relation.objects.filter(pk=relation.pk).update(withdrawn_at=now, withdrawn_in=revision.pk)
            revision.diff |= {field: [ends, None] for field, ends in relations_told([relation]).items()}
            revision.save(update_fields=["diff"])
        exchange.told.note([revision])
