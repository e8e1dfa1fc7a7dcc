"""A Pabulib file as one record that sums it up, and everything that is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from communs.core.standards.documents import Document
from communs.core.standards.pabulib import NAME
from communs.core.standards.pabulib.amounts import written
from communs.core.standards.pabulib.examining import examine
from communs.core.standards.pabulib.parsing import Parsed, parse
from communs.core.standards.reading import FEED, TooMuch

_TOLD: Final = ("description", "country", "unit", "instance", "rule")
_SHOWN: Final = 300


def read(data: bytes | str) -> Document:
    """What the election is about, in one record, and all problems. Never raises for what the file holds."""
    try:
        parsed = parse(as_bytes(data), FEED.size)
    except TooMuch as much:
        return Document(NAME, "elections", problems=(much.problem,))
    problems = examine(parsed)
    return Document(NAME, "elections", records=_records(parsed), problems=problems)


def as_bytes(data: bytes | str) -> bytes:
    """A text as bytes; a lone surrogate cannot be written out."""
    return data.encode("utf-8", errors="replace") if isinstance(data, str) else data


def _records(parsed: Parsed) -> tuple[Mapping[str, Any], ...]:
    election = parsed.election
    if election is None:
        return ()
    told = {name: value[:_SHOWN] for name in _TOLD if (value := parsed.head.value(name))}
    return (
        {
            **told,
            "vote_type": election.kind,
            "projects": len(election.projects),
            "voters": int(election.ballots.sizes.sum()),
            "budget": written(election.budget, election.decimals),
            "currency": election.currency,
        },
    )
