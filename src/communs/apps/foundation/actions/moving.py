"""Money that changes its conditions, and entries that are taken back: what is decided by two, and what is done then."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from communs.apps.foundation import naming
from communs.apps.foundation.actions.books import NotRecorded, entry, id_of, open_account, record
from communs.apps.foundation.models import Account, Decision, Entry, PayInEntry
from communs.apps.foundation.queries import books as queries
from communs.core.ledger import EntryKind, check
from communs.core.ledger.kinds import HELD
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible

REVERSIBLE: Final = frozenset({
    EntryKind.OPENING, EntryKind.SETTLEMENT, EntryKind.FEE, EntryKind.GRANT, EntryKind.CONVERSION, EntryKind.RELEASE,
    EntryKind.RECLASSIFY,
})  # fmt: skip
"""Of the others something else keeps account: a payment is refunded, a payout returned, a line identified once more."""


@dataclass(frozen=True, slots=True)
class MoveWanted:
    """Money that is to belong to another fund. `account`: where it lies, and stays. Minor units above zero."""

    account: str
    source: str
    target: str
    minor: int
    document: str


@dataclass(frozen=True, slots=True)
class BackWanted:
    """An entry that is to be taken back, by its id, and the document that says why."""

    entry: str
    document: str = ""


def check_move(content: dict[str, Any], kind: str) -> None:
    """Raises `Impossible` and `NotThere` for what is wrong in itself, `NotRecorded` for what the books refuse today."""
    wanted = MoveWanted(**content)
    account = Account.objects.filter(slug=wanted.account, kind__in=[one.value for one in HELD]).first()
    if account is None:
        raise NotThere
    if wanted.source == wanted.target:
        raise Impossible(_("Choose two different funds."))
    if wanted.minor <= 0 or not wanted.document.strip():
        raise Impossible(_("Give an amount above zero, and the document that says why."))
    for slug in (wanted.source, wanted.target):
        queries.get_fund(slug)


def carry_out_move(decision: Decision, by: Any, now: datetime) -> None:
    """Post it. Raises `NotRecorded`, where the fund has not that much there."""
    check_move(decision.content, decision.kind)
    wanted = MoveWanted(**decision.content)
    currency = Account.objects.values_list("currency", flat=True).get(slug=wanted.account)
    between = open_account(naming.transfer(currency), now=now).slug
    lines = [
        (wanted.account, wanted.source, -wanted.minor, currency),
        (between, wanted.source, wanted.minor, currency),
        (wanted.account, wanted.target, wanted.minor, currency),
        (between, wanted.target, -wanted.minor, currency),
    ]
    kind = EntryKind(decision.kind)
    _record(decision, by, kind, lines, now, document=wanted.document, memo=decision.reason)


def entry_made(decision: Decision) -> str:
    """The id of the entry that a decision posts."""
    return id_of(_key(decision))


def check_back(content: dict[str, Any], kind: str) -> None:
    """Raises `NotThere`, and `Impossible` where something else has to be done, or nothing is left to take back."""
    row = _entry_of(BackWanted(**content))
    if row.kind not in REVERSIBLE or PayInEntry.objects.filter(entry=row).exists():
        why = _(
            "This entry has a way of its own: a payment is refunded, a payout is returned by the bank, a line of the "
            "bank is decided once more, a reversal is answered by recording anew."
        )
        raise Impossible(why)
    if not _left(row):
        raise Impossible(_("It is taken back already."))


def carry_out_back(decision: Decision, by: Any, now: datetime) -> None:
    """Post the reversal of what is left of an entry. Raises `NotRecorded` where others rely on it."""
    check_back(decision.content, decision.kind)
    wanted = BackWanted(**decision.content)
    row = _entry_of(wanted)
    said = {"document": wanted.document or row.document, "memo": decision.reason, "reverses": str(row.public_id)}
    _record(decision, by, EntryKind.REVERSAL, _left(row), now, **said)


def _entry_of(wanted: BackWanted) -> Entry:
    found = Entry.objects.filter(public_id=UUID(wanted.entry), sealed=True).first()
    if found is None:
        raise NotThere
    return found


def _left(row: Entry) -> list[tuple[str, str, int, str]]:
    """Postings that take back what no reversal has yet: a debit and a credit on one account count apart."""
    left: Counter[tuple[str, str, str, bool]] = Counter()
    whole = queries.as_entries([row, *Entry.objects.filter(reverses=row, sealed=True)])
    for one in whole:
        for posting in one.postings:
            is_debit = (posting.minor > 0) == (one.reverses is None)
            sign = 1 if one.reverses is None else -1
            left[(posting.account, posting.fund, posting.currency, is_debit)] += sign * abs(posting.minor)
    return [
        (account, fund, -minor if is_debit else minor, currency)
        for (account, fund, currency, is_debit), minor in left.items()
        if minor > 0
    ]


def _record(
    decision: Decision, by: Any, kind: EntryKind, lines: list[tuple[str, str, int, str]], now: datetime, **said: Any
) -> None:
    made = entry(_key(decision), kind, lines, on=now.date(), now=now, actor=f"person:{by.pk}", **said)
    problems = check(made, queries.books_for(made))
    if problems:
        raise NotRecorded(problems)
    record(made)


def _key(decision: Decision) -> str:
    return f"decision:{decision.public_id}"
