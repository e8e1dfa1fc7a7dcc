"""Reads of the books: what there is, balances, entries in any order, what an entry is checked against, verification."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from communs.apps.foundation import models as rows
from communs.core.ledger import (
    Account,
    AccountKind,
    Books,
    Entry,
    EntryKind,
    Fund,
    Nature,
    Order,
    Period,
    Posting,
    Problem,
    Transition,
    balances_of,
    owned_of,
    verify,
)
from communs.kit.gates import NotThere
from communs.kit.texts import pick

READ_AT_ONCE = 2000
ENTRIES_AT_ONCE = 500
_ORDERS: dict[Order, tuple[Any, ...]] = {
    Order.RECORDED: ("sequence",),
    Order.KEY: ("key",),
    Order.TRANSITION: ("provider", "provider_object", "provider_state", "pk"),
    Order.FAMILY: (Coalesce("reverses__sequence", "sequence"), "sequence"),
}
_COLUMNS = (
    "entry__public_id", "entry__key", "entry__kind", "entry__effective_on", "entry__recorded_at", "entry__memo",
    "entry__reverses__public_id", "entry__document", "entry__actor", "entry__provider", "entry__provider_object",
    "entry__provider_state", "entry__happened_on", "entry__body_sha256", "account__slug", "fund__slug", "minor",
    "currency",
)  # fmt: skip


def fund_of(row: rows.Fund) -> Fund:
    """A fund as the rules see it."""
    return Fund(
        id=row.slug,
        nature=Nature(row.nature),
        title=pick(row.title, "en").value,
        funder=row.funder,
        convention=row.convention,
        purpose=pick(row.purpose, "en").value,
        return_clause=row.return_clause,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        floor_minor=row.floor_minor,
    )


def account_of(row: rows.Account) -> Account:
    """An account as the rules see it."""
    return Account(
        id=row.slug,
        kind=AccountKind(row.kind),
        currency=row.currency,
        fund=None if row.fund is None else row.fund.slug,
        owner=row.owner,
        title=row.title,
        overdraft_minor=row.overdraft_minor,
        expires_on=row.expires_on,
        destination=row.destination,
    )


def get_fund(slug: str) -> rows.Fund:
    """A fund. Funds are public. Raises `NotThere`."""
    try:
        return rows.Fund.objects.get(slug=slug)
    except rows.Fund.DoesNotExist as error:
        raise NotThere from error


def open_period(day: date) -> rows.Period | None:
    """The open period that holds a day."""
    return rows.Period.objects.filter(starts_on__lte=day, ends_on__gte=day, closed_at=None).first()


def account_balance(account: str, fund: str) -> int:
    """Minor units of a fund on an account, debits less credits: one read whatever the number of postings."""
    found = rows.Balance.objects.filter(account__slug=account, fund__slug=fund).aggregate(minor=Sum("minor"))
    return int(found["minor"] or 0)


def balances() -> dict[tuple[str, str], int]:
    """All balances, by account and fund."""
    kept = rows.Balance.objects.values_list("account__slug", "fund__slug").annotate(minor=Sum("minor"))
    return {(account, fund): int(minor) for account, fund, minor in kept}


def owned() -> dict[tuple[str, str], int]:
    """What each fund has for itself, by fund and currency."""
    kept = rows.Owned.objects.values_list("fund__slug", "currency").annotate(minor=Sum("minor"))
    return {(fund, currency): int(minor) for fund, currency, minor in kept}


def reserved() -> dict[tuple[str, str], int]:
    """What is promised, by fund and currency."""
    kept = rows.Reservation.objects.filter(ended_at=None).values_list("fund__slug", "currency")
    return {(fund, currency): int(minor) for fund, currency, minor in kept.annotate(total=Sum("minor"))}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a fund has in one currency: all of it, what of that is promised, what must stay. Minor units."""

    currency: str
    owned: int
    reserved: int
    floor: int

    @property
    def available(self) -> int:
        """What can still be granted."""
        return self.owned - self.reserved - self.floor


def standing_of(fund: rows.Fund) -> list[Standing]:
    """What a fund has, by currency."""
    promised = {currency: minor for (slug, currency), minor in reserved().items() if slug == fund.slug}
    found = rows.Owned.objects.filter(fund=fund).values_list("currency").annotate(minor=Sum("minor"))
    floor = fund.floor_minor or 0
    return [Standing(code, int(minor), promised.get(code, 0), floor) for code, minor in found.order_by("currency")]


def books(accounts: Iterable[str] | None = None, funds: Iterable[str] | None = None) -> Books:
    """Accounts, funds and periods (all, or these), with what the database keeps of them; no entries."""
    account_rows, fund_rows = rows.Account.objects.select_related("fund"), rows.Fund.objects.all()
    if accounts is not None:
        account_rows = account_rows.filter(slug__in=list(accounts))
    if funds is not None:
        fund_rows = fund_rows.filter(slug__in=list(funds))
    there = Books.of(
        (account_of(row) for row in account_rows),
        (fund_of(row) for row in fund_rows),
        (Period(row.starts_on, row.ends_on, row.closed_at) for row in rows.Period.objects.all()),
    )
    return replace(there, reserved=reserved(), stated=balances())


def read(order: Order, kept: Q | None = None) -> Iterator[Entry]:
    """All sealed entries (or those that fit) in an order, streamed: memory for a few at a time.

    Where nothing was told, and where nothing was reversed, none are given in the orders that are about that.
    """
    found = rows.Entry.objects.filter(sealed=True).filter(kept or Q())
    if order is Order.FAMILY:
        # Entries that were reversed, each followed by its reversals; the others keep this rule by themselves.
        back = rows.Entry.objects.filter(reverses=OuterRef("pk"), sealed=True)
        found = found.filter(Q(reverses__isnull=False) | Exists(back))
    elif order is Order.TRANSITION:
        found = found.exclude(provider="")
    yield from _in_order(found, order)


def _in_order(found: QuerySet[rows.Entry], order: Order) -> Iterator[Entry]:
    """These entries with their postings. An index gives the order of entries, so that no database sorts postings."""
    columns = _ORDERS[order]
    stream = found.order_by(*columns).values_list("pk", flat=True).iterator(chunk_size=READ_AT_ONCE)
    while batch := list(islice(stream, ENTRIES_AT_ONCE)):
        by_number: dict[int, tuple[tuple[Any, ...], list[Posting]]] = {}
        postings = rows.Posting.objects.filter(entry__in=batch).order_by("entry", "position")
        for number, *values in postings.values_list("entry_id", *_COLUMNS).iterator(chunk_size=READ_AT_ONCE):
            _head, lines = by_number.setdefault(number, (tuple(values), []))
            lines.append(Posting(*values[14:]))
        # An entry without postings cannot be sealed; whoever took them away is found by the balances.
        yield from (_entry(*by_number[number]) for number in batch if number in by_number)


def entries(kept: Q | None = None, *, newest_first: bool = False) -> QuerySet[rows.Entry]:
    """Sealed entries that fit, in their order."""
    found = rows.Entry.objects.filter(sealed=True).filter(kept or Q())
    return found.order_by("-sequence" if newest_first else "sequence")


def read_kept(kept: Q) -> Iterator[Entry]:
    """Entries that fit and are there now, in the order of sealing, streamed: memory for a few at a time."""
    last = rows.Entry.objects.filter(sealed=True).aggregate(last=Max("sequence"))["last"] or 0
    yield from _in_order(rows.Entry.objects.filter(kept, sealed=True, sequence__lte=last), Order.RECORDED)


def as_entries(found: Iterable[rows.Entry]) -> list[Entry]:
    """Rows as the rules see them, in the order of sealing."""
    numbers = [row.pk for row in found]
    return list(_in_order(rows.Entry.objects.filter(pk__in=numbers), Order.RECORDED))


def _entry(values: tuple[Any, ...], lines: list[Posting]) -> Entry:
    (public_id, key, kind, day, at, memo, reverses, document, actor, provider, object_, state, happened, body) = values[
        :14
    ]
    return Entry(
        id=str(public_id),
        key=key,
        kind=EntryKind(kind),
        effective_on=day,
        recorded_at=at,
        postings=tuple(lines),
        memo=memo,
        reverses=None if reverses is None else str(reverses),
        document=document,
        actor=actor,
        transition=Transition(provider, object_, state) if provider else None,
        happened_on=happened,
        body_sha256=body,
    )


def books_for(entry: Entry) -> Books:
    """What one entry is checked against: all that it touches, its key, its transition, its family."""
    funds = {one.fund for one in entry.postings}
    there = books({one.account for one in entry.postings}, funds)
    kept = {place: minor for place, minor in (there.stated or {}).items() if place[1] in funds}
    family = {} if entry.reverses is None else {entry.reverses: family_of(entry.reverses)}
    told = entry.transition
    same = (
        told is not None
        and rows.Entry.objects.filter(
            provider=told.provider, provider_object=told.object, provider_state=told.state, sealed=True
        ).exists()
    )
    keys = dict(rows.Entry.objects.filter(key=entry.key, sealed=True).values_list("key", "body_sha256"))
    return replace(
        there,
        balances=kept,
        reserved={place: minor for place, minor in there.reserved.items() if place[0] in funds},
        owned={place: minor for place, minor in owned().items() if place[0] in funds},
        keys=keys,
        transitions=frozenset([told]) if told is not None and same else frozenset(),
        families=family,
    )


def family_of(public_id: str, kept: Q | None = None) -> tuple[Entry, ...]:
    """An entry, then its reversals (or those of them that fit) as they were recorded."""
    of_it = Q(public_id=public_id) | (Q(reverses__public_id=public_id) & (kept or Q()))
    return tuple(sorted(as_entries(entries(of_it)), key=Order.FAMILY.of))


def verify_books(names: Iterable[str] | None = None) -> Iterator[Problem]:
    """Every invariant over all entries, against what is kept; nothing is kept in memory but accounts."""
    with one_moment():
        yield from verified(names)


def verified(names: Iterable[str] | None = None) -> Iterator[Problem]:
    """As `verify_books`, inside a moment that the caller holds."""
    there = books()
    yield from verify(read, replace(there, published=public_totals()), names)
    if names is None:
        yield from missing_triggers()
        yield from owned_problems(there, balances_of(read(Order.RECORDED)))


def missing_triggers() -> Iterator[Problem]:
    """Triggers that are not there: then the database no longer refuses what breaks the rules."""
    from communs.apps.foundation import sql

    for name in sql.missing(connection):
        message = "The database no longer refuses what breaks the rules: “{name}” is missing, or was changed."
        yield Problem("kept-balances", name, message, "Run communs migrate, or communs doctor.", {"name": name})


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is of one moment, while others go on writing: balances and entries belong together."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Django's own transactions would keep others from writing meanwhile.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def owned_problems(there: Books, by_entries: Mapping[tuple[str, str], int]) -> Iterator[Problem]:
    """What funds have, as it is kept, against what the balances of the entries make of it."""
    recomputed = owned_of(by_entries, there)
    for place, minor in sorted(owned().items()):
        if recomputed.get(place, 0) != minor:
            values = {"fund": place[0], "kept": str(minor), "minor": str(recomputed.get(place, 0))}
            message = "What “{fund}” has is kept as {kept}, and its entries add up to {minor} (in smallest units)."
            yield Problem("kept-balances", place[0], message, "Work it out again from entries.", values)


def public_totals() -> dict[tuple[str, str], int]:
    """Balances as the public pages add them up: from postings, by account and fund."""
    found = rows.Posting.objects.filter(entry__sealed=True).values_list("account__slug", "fund__slug")
    return {(account, fund): int(minor) for account, fund, minor in found.annotate(total=Sum("minor"))}
