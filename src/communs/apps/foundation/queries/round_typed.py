"""What somebody has typed into the form of a round and has not kept yet, while it is young enough."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from communs.apps.foundation.models import Round, RoundTyped

KEPT_FOR: Final = timedelta(days=7)
TypedRow: TypeAlias = RoundTyped
"""As pages know it, which do not reach models otherwise."""


def typed_by(person: Any, round_: Round | None, now: datetime) -> RoundTyped | None:
    """What this person typed for a round, or for a new one."""
    return RoundTyped.objects.filter(person=person, round=round_, typed_at__gt=now - KEPT_FOR).first()
