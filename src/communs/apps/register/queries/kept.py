"""A commons as visitors read it again and again, page after page of a list: kept until any commons changes."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

from communs.apps.register.catalogue import Mark
from communs.apps.register.models import Commons
from communs.apps.register.queries.gate import get_commons
from communs.apps.register.queries.lists import newest_change

KEPT_MAX = 64


class _Kept:
    """What the gate gave to visitors of this process, the longest unread dropped first; all of it at a change."""

    lock = Lock()
    mark: Mark | None = None
    rows: OrderedDict[str, Commons] = OrderedDict()


def read_commons(person: Any, public_id: str) -> Commons:
    """`get_commons` for a page that only reads: the same answer, shared between visitors and never to be changed.

    Visitors are all the same to the gate, and every change of a commons (who sees it, what it was merged into) takes a
    number: the same number, the same answer. Anyone signed in is asked about anew. Raises `NotThere`.
    """
    if person.is_authenticated:
        return get_commons(person, public_id)
    mark = newest_change()
    with _Kept.lock:
        if _Kept.mark != mark:
            _Kept.mark, _Kept.rows = mark, OrderedDict()
        rows = _Kept.rows
        if found := rows.get(public_id):
            rows.move_to_end(public_id)
            return found
    found = get_commons(person, public_id)
    with _Kept.lock:
        rows[public_id] = found
        while len(rows) > KEPT_MAX:
            rows.popitem(last=False)
    return found
