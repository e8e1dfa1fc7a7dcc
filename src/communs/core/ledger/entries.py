"""Entries and their postings. They hold what is said, right or wrong: `check` and `verify` say which."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from communs.core.ledger.kinds import EntryKind

POSTINGS_MAX: Final = 200_000
TEXT_LENGTH_MAX: Final = 500

Leg = tuple[str, str, str, bool]
"""Account, fund, currency, and whether it is a debit."""


@dataclass(frozen=True, slots=True)
class Posting:
    """`minor` smallest units of `currency` on an account, in a fund: a debit above zero, a credit below."""

    account: str
    fund: str
    minor: int
    currency: str


@dataclass(frozen=True, slots=True, order=True)
class Transition:
    """What a provider told us: one of its objects reached a state. It makes at most one entry."""

    provider: str
    object: str
    state: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, under one key for ever. `body_sha256` is worked out where it is not given."""

    id: str
    key: str
    kind: EntryKind
    effective_on: date
    recorded_at: datetime
    postings: tuple[Posting, ...]
    memo: str = ""
    reverses: str | None = None
    """The entry that this one takes back, whole or in part."""
    document: str = ""
    actor: str = ""
    transition: Transition | None = None
    happened_on: date | None = None
    """The day it belongs to, where that day's period was closed before we knew."""
    body_sha256: str = ""

    def __post_init__(self) -> None:
        if not self.body_sha256:
            object.__setattr__(self, "body_sha256", digest(self))


def body(entry: Entry) -> dict[str, Any]:
    """What the key stands for: all but the name, the key, who recorded it and when."""
    said: dict[str, Any] = {
        "kind": entry.kind.value,
        "effective_on": entry.effective_on.isoformat(),
        "postings": [[one.account, one.fund, one.minor, one.currency] for one in entry.postings],
    }
    if entry.memo:
        said["memo"] = entry.memo
    if entry.reverses is not None:
        said["reverses"] = entry.reverses
    if entry.document:
        said["document"] = entry.document
    if entry.transition is not None:
        said["transition"] = [entry.transition.provider, entry.transition.object, entry.transition.state]
    if entry.happened_on is not None:
        said["happened_on"] = entry.happened_on.isoformat()
    return said


def digest(entry: Entry) -> str:
    """SHA-256 of the body as JSON with sorted names, without spaces, in UTF-8."""
    text = json.dumps(body(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def legs(entry: Entry) -> Counter[Leg]:
    """Amounts above zero by leg: a debit and a credit of one account are two."""
    found: Counter[Leg] = Counter()
    for one in entry.postings:
        found[(one.account, one.fund, one.currency, one.minor > 0)] += abs(one.minor)
    return found
