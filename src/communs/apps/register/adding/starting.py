"""The form of a new commons, started from what was handed in."""

from __future__ import annotations

from typing import Any

from communs.apps.register.adding import intake
from communs.apps.register.adding.drafts import FileRead, draft_of, read_file
from communs.kit.gates import NotThere


def prefill(request: Any) -> dict[str, Any]:
    """The values that `?from=TOKEN&record=N` stands for; none where there is no such thing any more."""
    token = request.GET.get("from", "")
    if not token:
        return {}
    try:
        kept = intake.get(token)
    except NotThere:
        # Its week is over: what has been typed meanwhile must not be lost for that.
        return {}
    return {**draft_of(read_all(kept), kept.record, picked_of(request)).initial, "evidence_url": kept.link}


def read_all(kept: Any) -> list[FileRead]:
    """Every file that was handed in, checked."""
    return [read_file(name, data) for name, data in intake.files_of(kept)]


def picked_of(request: Any) -> int:
    """Which commons of a file that describes several, from 0."""
    text = request.GET.get("record", "")
    return int(text) if text.isdecimal() and len(text) < 4 else 0
