"""Writes of the books: record entries, open funds, accounts and periods, close periods, promise money.

What may be recorded is decided by the database (`communs.apps.foundation.sql`). Where it refuses, the rule itself says
what is wrong and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from communs.apps.foundation import models as rows
from communs.apps.foundation.queries import books as queries
from communs.apps.foundation.sql.postgresql import SLOTS
from communs.apps.foundation.sql.words import SAYS
from communs.core.ledger import Account, Entry, EntryKind, Fund, Posting, Problem, check
from communs.core.texts import Translate, identity
from communs.kit.texts import texts

POSTINGS_AT_ONCE: Final = 5000
Done = TypeVar("Done")
TRIES_MAX: Final = 10
TRY_AGAIN: Final = frozenset({"40P01", "40001"})
"""A deadlock, and what could not be put in an order: nothing was written, and the same may work now."""
NAMES: Final = UUID("5f0c1f3a-6a0e-4a53-9a55-6b8f5f2f3c1d")
"""The name space of entries' ids."""


class NotRecorded(Exception):
    """An entry breaks a rule of the books; `problems` say which, where, and what to do. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.render() for problem in problems[:5]))
        self.problems = tuple(problems)

    def said(self, translate: Translate = identity) -> list[str]:
        """One line a problem, in the reader's language."""
        return [problem.render(translate) for problem in self.problems]


class KeyTaken(Exception):
    """Something else was recorded under this key: HTTP 409."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The key “{key}” was used for something else. Use a new key for a new request.")
        self.key = key


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where an entry stands now. `again`: it stood there before, and nothing was written."""

    id: str
    sequence: int
    again: bool = False


def record(entry: Entry) -> Recorded:
    """Record one entry for good. The same key and body again: what was recorded then.

    Raises `NotRecorded`, and `KeyTaken` for another body under this key.
    """
    (done,) = record_all([entry])
    return done


def record_all(entries: Iterable[Entry]) -> list[Recorded]:
    """Record entries in this order, all or none, in one transaction. Raises as `record`.

    Within no other transaction it begins anew where the database asks for it, as two batches may wait for each other.
    """
    batch = list(entries)
    return _persist(lambda: _attempt(batch))


def _persist(work: Callable[[], Done]) -> Done:
    """Begin anew where the database asks for it: within another transaction nobody but its owner can."""
    for _again in range(0 if connection.in_atomic_block else TRIES_MAX - 1):
        try:
            return work()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in TRY_AGAIN:
                raise
    return work()


def _attempt(batch: Sequence[Entry]) -> list[Recorded]:
    done: list[Recorded] = []
    try:
        with _whole(batch), connection.cursor() as cursor:
            if len(batch) > 1 and connection.vendor == "postgresql":
                _wait_in_order(cursor, batch)
            for current in batch:
                done.append(_record(cursor, current))
    except (DatabaseError, OverflowError) as error:
        if not batch or isinstance(error, OperationalError):
            raise
        if _is_twice(error) and rows.Entry.objects.filter(key=current.key).exists():
            return _attempt(batch)  # Somebody recorded it meanwhile: this time it is seen to be there.
        raise NotRecorded(_why(current, error)) from error
    return done


def _is_twice(error: Exception) -> bool:
    """Something is there already that there is once."""
    return getattr(error.__cause__, "sqlstate", None) == "23505" or str(error).startswith("once: ")


def _whole(batch: Sequence[Entry]) -> AbstractContextManager[Any]:
    """All or none. One statement alone is a transaction already, without two more messages to the server."""
    alone = len(batch) == 1 and connection.vendor == "postgresql" and not connection.in_atomic_block
    return nullcontext() if alone else transaction.atomic()


def _wait_in_order(cursor: Any, batch: Sequence[Entry]) -> None:
    """Lock what the whole batch may change, in the order in which a single entry does: so few wait in a ring.

    Batches of one fund come one after the other: balances that there are not yet cannot be locked.
    """
    postings = [one for entry in batch for one in entry.postings]
    accounts, funds = ({getattr(one, name) for one in postings} for name in ("account", "fund"))
    cursor.execute(_LOCK_FUNDS, [sorted(funds)])
    cursor.execute(_LOCK_BALANCES, [sorted(accounts), sorted(funds)])
    cursor.execute(_LOCK_OWNED, [sorted(funds)])


_SLOTS = f"slot IN (0, 1 + pg_backend_pid() %% {SLOTS - 1})"
_LOCK_FUNDS = "SELECT 1 FROM foundation_fund WHERE slug = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_LOCK_BALANCES = (
    "SELECT 1 FROM foundation_balance b JOIN foundation_account a ON a.id = b.account_id "  # noqa: S608
    "JOIN foundation_fund f ON f.id = b.fund_id WHERE a.slug = ANY(%s) AND f.slug = ANY(%s) "
    f"AND b.{_SLOTS} ORDER BY b.account_id, b.fund_id, b.slot FOR UPDATE OF b"
)
_LOCK_OWNED = (
    "SELECT 1 FROM foundation_owned o JOIN foundation_fund f ON f.id = o.fund_id WHERE f.slug = ANY(%s) "  # noqa: S608
    f"AND o.{_SLOTS} ORDER BY o.fund_id, o.currency, o.slot FOR UPDATE OF o"
)


_FIXES: Final = {"decided": "Let two of the board decide it first; the second approval records it."}


def _why(entry: Entry, error: Exception) -> Sequence[Problem]:
    """What the rule says is wrong; where it depends on entries of the same batch, what the database said."""
    problems = check(entry, queries.books_for(entry))
    name, _, sentence = str(error).partition(": ")
    if problems:
        return problems
    if _is_twice(error):
        name, sentence = "one-transition", SAYS["one-transition"]
    if name not in SAYS:
        raise error
    fix = _FIXES.get(name, "Look at the entries recorded together with it.")
    return (Problem(name, entry.id, sentence.splitlines()[0], fix),)


def _record(cursor: Any, entry: Entry) -> Recorded:
    if connection.vendor == "postgresql":
        return _call(cursor, entry)
    number = _insert_entry(cursor, entry)
    if number is None:
        return _answer_again(entry)
    lines = list(enumerate(entry.postings))
    for start in range(0, len(lines), POSTINGS_AT_ONCE):
        _insert_postings(cursor, entry, number, lines[start : start + POSTINGS_AT_ONCE])
    cursor.execute("UPDATE foundation_entry SET sealed = true, sequence = id WHERE id = %s", [number])
    return Recorded(entry.id, number)


_COLUMNS = (
    "public_id", "key", "kind", "effective_on", "happened_on", "recorded_at", "memo", "document", "actor",
    "provider", "provider_object", "provider_state", "body_sha256", "sealed",
)  # fmt: skip


def _call(cursor: Any, entry: Entry) -> Recorded:
    """The same by the database's own function: one message for what would take three."""
    told, lines = entry.transition, entry.postings
    head = (
        entry.id, entry.key, entry.kind.value, entry.effective_on.isoformat(),
        None if entry.happened_on is None else entry.happened_on.isoformat(), entry.recorded_at.isoformat(),
        entry.memo, entry.document, entry.actor, *((told.provider, told.object, told.state) if told else ("", "", "")),
        entry.body_sha256, entry.reverses,
    )  # fmt: skip
    values = (
        _array(head), _array(one.account for one in lines), _array(one.fund for one in lines),
        _array(str(one.minor) for one in lines), _array(one.currency for one in lines),
    )  # fmt: skip
    cursor.execute("SELECT foundation_record(%s, %s, %s, %s, %s)", values)
    (sequence,) = cursor.fetchone()
    return _answer_again(entry) if sequence is None else Recorded(entry.id, int(sequence))


def _array(values: Iterable[str | None]) -> str:
    """An array in PostgreSQL's own writing: an adapter for each value would take half the time of an entry."""
    return "{" + ",".join("NULL" if one is None else f'"{_escaped(one)}"' for one in values) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"') if "\\" in text or '"' in text else text


def _insert_entry(cursor: Any, entry: Entry) -> int | None:
    """The number of the new row; None where the key is taken."""
    told, ops = entry.transition, connection.ops
    public_id = rows.Entry._meta.get_field("public_id").get_db_prep_value(UUID(entry.id), connection)
    values = [
        public_id, entry.key, entry.kind.value, ops.adapt_datefield_value(entry.effective_on),
        ops.adapt_datefield_value(entry.happened_on), ops.adapt_datetimefield_value(entry.recorded_at), entry.memo,
        entry.document, entry.actor, *((told.provider, told.object, told.state) if told else ("", "", "")),
        entry.body_sha256, False,
    ]  # fmt: skip
    reverses = "NULL"
    if entry.reverses is not None:
        reverses = "(SELECT id FROM foundation_entry WHERE public_id = %s)"
        values.append(rows.Entry._meta.get_field("public_id").get_db_prep_value(UUID(entry.reverses), connection))
    marks = ", ".join(["%s"] * len(_COLUMNS))
    cursor.execute(
        f"INSERT INTO foundation_entry ({', '.join(_COLUMNS)}, reverses_id) SELECT {marks}, {reverses} "  # noqa: S608
        "WHERE NOT EXISTS (SELECT 1 FROM foundation_entry WHERE key = %s) RETURNING id",
        [*values, entry.key],
    )
    row = cursor.fetchone()
    return None if row is None else int(row[0])


def _insert_postings(cursor: Any, entry: Entry, number: int, batch: Sequence[tuple[int, Posting]]) -> None:
    """Postings by the names of their places. Raises `DatabaseError` where a place is unknown."""
    marks = ", ".join(["(%s, %s, %s, %s, %s)"] * len(batch))
    values = [value for at, one in batch for value in (at, one.account, one.fund, one.minor, one.currency)]
    cursor.execute(
        "INSERT INTO foundation_posting (entry_id, position, account_id, fund_id, minor, currency) "  # noqa: S608
        f"SELECT {int(number)}, v.column1, a.id, f.id, CAST(v.column4 AS bigint), v.column5 FROM (VALUES {marks}) v "
        "JOIN foundation_account a ON a.slug = v.column2 JOIN foundation_fund f ON f.slug = v.column3",
        values,
    )
    if cursor.rowcount != len(batch):
        raise DatabaseError(f"known-places: {SAYS['known-places']} ({entry.key})")


def _answer_again(entry: Entry) -> Recorded:
    there = rows.Entry.objects.get(key=entry.key)
    if there.body_sha256 != entry.body_sha256:
        raise KeyTaken(entry.key)
    return Recorded(str(there.public_id), int(there.sequence or 0), again=True)


def open_fund(
    fund: Fund, *, now: datetime, titles: Mapping[str, str] | None = None, purposes: Mapping[str, str] | None = None
) -> rows.Fund:
    """A new fund; `titles` and `purposes` by language where there is more than one. Its conditions never change."""
    return rows.Fund.objects.create(
        slug=fund.id,
        nature=fund.nature.value,
        title=texts(**(titles or {"en": fund.title})),
        purpose=texts(**(purposes or {"en": fund.purpose})),
        funder=fund.funder,
        convention=fund.convention,
        return_clause=fund.return_clause,
        opens_on=fund.opens_on,
        closes_on=fund.closes_on,
        floor_minor=fund.floor_minor,
        created_at=now,
    )


def open_account(account: Account, *, now: datetime) -> rows.Account:
    """An account, or the one that is there under this name. Raises `KeyTaken` where that one is another."""
    fund = None if account.fund is None else queries.get_fund(account.fund)
    row, _made = rows.Account.objects.get_or_create(
        slug=account.id,
        defaults={
            "kind": account.kind.value,
            "currency": account.currency,
            "fund": fund,
            "owner": account.owner,
            "title": account.title,
            "overdraft_minor": account.overdraft_minor,
            "expires_on": account.expires_on,
            "destination": account.destination,
            "created_at": now,
        },
    )
    if replace(queries.account_of(row), title=account.title) != account:
        raise KeyTaken(account.id)
    return row


def open_period(starts_on: date, ends_on: date) -> rows.Period:
    """A period; one that is there with these days already is answered. Overlaps are refused by the database."""
    row, _made = rows.Period.objects.get_or_create(starts_on=starts_on, ends_on=ends_on)
    return row


def close_period(period: rows.Period, now: datetime) -> None:
    """Close a period for ever. Nothing is recorded in it after that."""
    with transaction.atomic():
        locked = rows.Period.objects.select_for_update().get(pk=period.pk)
        if locked.closed_at is None:
            locked.closed_at = now
            locked.save(update_fields=["closed_at"])


def reserve(key: str, fund: str, minor: int, currency: str, now: datetime) -> rows.Reservation:
    """Promise a part of a fund. Twice under one key is once. Raises `NotRecorded` where the fund has not enough."""
    wanted = {"fund": queries.get_fund(fund), "minor": minor, "currency": currency, "made_at": now}
    try:
        row, _made = _persist(lambda: rows.Reservation.objects.get_or_create(key=key, defaults=wanted))
    except IntegrityError as error:
        message = "{minor} {currency} (in smallest units) are more than the fund can still promise."
        values = {"minor": str(minor), "currency": currency}
        raise NotRecorded([Problem("reserved", fund, message, "Reserve less.", values)]) from error
    if (row.fund.slug, row.minor, row.currency) != (fund, minor, currency):
        raise KeyTaken(key)
    return row


def give_up(key: str, now: datetime) -> None:
    """End a reservation: it was granted, or is not needed. Twice is once."""
    rows.Reservation.objects.filter(key=key, ended_at=None).update(ended_at=now)


def id_of(key: str) -> str:
    """The id of the entry that is recorded under this key."""
    return str(uuid5(NAMES, key))


def entry(
    key: str,
    kind: EntryKind,
    postings: Iterable[tuple[str, str, int, str]],
    *,
    on: date,
    now: datetime,
    **said: Any,
) -> Entry:
    """An entry to be recorded: its id follows from its key, so that the same request makes the same entry.

    `postings`: account, fund, minor units, currency. `said`: memo, document, actor, reverses, transition, happened_on.
    """
    return Entry(id_of(key), key, kind, on, now, tuple(Posting(*line) for line in postings), **said)
