"""What several tests begin with: the treasurer at a browser, a bank that is played, money moved as two decided it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.test import Client

from communs.apps.foundation.actions import books
from communs.apps.foundation.models import Account, Decision, DecisionStep
from communs.apps.foundation.queries.offices import has_board
from communs.core.ledger import AccountKind, Entry, EntryKind
from communs.core.ledger.kinds import MOVES
from communs.testing import money_out as house

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def theirs(cast: dict[str, Any], tmp_path: Path) -> house.Bank:
    """The bank, once the people of the test are there."""
    return house.Bank(tmp_path)


@pytest.fixture
def tom(cast: dict[str, Any], client: Client) -> Client:
    """The treasurer, signed in."""
    client.force_login(cast["Tom"])
    return client


@pytest.fixture
def as_decided() -> Callable[[Entry], Entry]:
    """`as_decided(entry)`: the same entry, decided by two."""
    return _as_decided


def _as_decided(entry: Entry) -> Entry:
    """The same entry under the key of a decision that says what it does, which two have approved by now.

    An entry that moves nothing between funds is given back as it is; so is one of which a decision could not tell.
    """
    content = _content(entry) if entry.key else None
    if content is None:
        return entry
    named = uuid5(NAMESPACE_URL, f"decided:{entry.key}")
    tom, *board = _people()
    decision = Decision.objects.create(
        public_id=named,
        kind=entry.kind.value,
        content=content,
        content_sha256=hashlib.sha256(repr(content).encode()).hexdigest(),
        proposed_by=tom,
        proposed_at=AT,
    )
    for number, person in enumerate(board, 1):
        outcome = entry.id if number == len(board) else ""
        DecisionStep.objects.create(
            decision=decision, number=number, what="approved", person=person, at=AT, outcome=outcome
        )
    lines = [(one.account, one.fund, one.minor, one.currency) for one in entry.postings]
    said = {"document": entry.document, "memo": entry.memo, "reverses": entry.reverses, "transition": entry.transition}
    key = f"decision:{named}"
    return books.entry(
        key, entry.kind, lines, on=entry.effective_on, now=entry.recorded_at, happened_on=entry.happened_on, **said
    )


def _content(entry: Entry) -> dict[str, Any] | None:
    if entry.kind is EntryKind.REVERSAL and entry.reverses is not None:
        return {"entry": entry.reverses, "document": entry.document}
    if entry.kind not in MOVES:
        return None
    between = set(Account.objects.filter(kind=AccountKind.TRANSFER).values_list("slug", flat=True))
    held = [one for one in entry.postings if one.account not in between]
    into = [one for one in held if one.minor > 0]
    out = [one for one in held if one.minor < 0]
    if (len(entry.postings), len(into), len(out)) != (4, 1, 1):
        return None
    return {
        "account": out[0].account,
        "source": out[0].fund,
        "target": into[0].fund,
        "minor": min(into[0].minor, 10**18),
        "document": entry.document,
    }


def _people() -> list[Any]:
    """A treasurer and two of the board; offices are given once."""
    tom, bea, ben = (house.person(name) for name in ("Tom", "Bea", "Ben"))
    if not has_board():
        for person, office in ((bea, "board"), (ben, "board"), (tom, "treasurer")):
            house.hold(person, office)
    return [tom, bea, ben]
