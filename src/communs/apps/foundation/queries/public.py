"""The public accounts: the same entries as in the books, without what is personal in them.

What people wrote about themselves (the memo of a gift) and who recorded it are left out; all else is what the books
hold, so that every total is the same. Keys are left out too: they may be known to somebody who gave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum

from communs.apps.foundation import models as rows
from communs.apps.foundation.queries import books
from communs.core.ledger import AccountKind, Custody, Entry, EntryKind, Fund, Unspent, custody, unspent
from communs.core.ledger.entries import body
from communs.core.transparency.canonical import INTEGER_MAX
from communs.kit.gates import NotThere
from communs.kit.paging import ROWS

ABOUT_PEOPLE: Final = frozenset({
    EntryKind.PAY_IN, EntryKind.IDENTIFICATION, EntryKind.PAYOUT, EntryKind.REVERSAL,
})  # fmt: skip
"""Kinds whose memo may speak of a person: of the first three there is none, which the database holds."""
ACCOUNTS_MAX: Final = 500
SHOWN_POSTINGS: Final = 3


def personal(entry: Entry | rows.Entry) -> dict[str, str]:
    """The fields of an entry that are not public, with what they say."""
    found = {}
    if entry.memo and EntryKind(entry.kind) in ABOUT_PEOPLE:
        found["memo"] = entry.memo
    if entry.actor.startswith("person:"):
        found["actor"] = entry.actor
    return found


def published(entry: Entry) -> Entry:
    """The entry as anyone may see it. Its hash is that of what is public; its key is its id."""
    hidden = personal(entry)
    memo, actor = ("" if name in hidden else value for name, value in (("memo", entry.memo), ("actor", entry.actor)))
    return replace(entry, key=entry.id, memo=memo, actor=actor, body_sha256="")


def document_of(entry: Entry, veiled: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the log: the public entry, and commitments to what is not public of it."""
    shown = published(entry)
    said = {"id": shown.id, "recorded_at": shown.recorded_at.isoformat(), **body(shown)}
    said["postings"] = [[one[0], one[1], _exact(one[2]), one[3]] for one in said["postings"]]
    if shown.actor:
        said["actor"] = shown.actor
    if veiled:
        said["veiled"] = dict(veiled)
    return {**said, "body_sha256": shown.body_sha256}


def _exact(minor: int) -> int | str:
    """Amounts that other readers of JSON would round are written as texts."""
    return minor if abs(minor) <= INTEGER_MAX else str(minor)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the entries is asked for. `account` is a name, `account_kind` and `kind` are of the rule ledger-1."""

    fund: str = ""
    kind: str = ""
    account_kind: str = ""
    account: str = ""
    first_on: date | None = None
    last_on: date | None = None
    text: str = ""

    @property
    def is_filtered(self) -> bool:
        return self != Asked()


def kept(asked: Asked) -> Q:
    """The entries that fit."""
    found = Q(sealed=True)
    if asked.kind:
        found &= Q(kind=asked.kind)
    if asked.first_on:
        found &= Q(effective_on__gte=asked.first_on)
    if asked.last_on:
        found &= Q(effective_on__lte=asked.last_on)
    on = Q()
    for name, value in (
        ("fund__slug", asked.fund), ("account__kind", asked.account_kind), ("account__slug", asked.account),
    ):  # fmt: skip
        on &= Q(**{name: value}) if value else Q()
    if on:
        found &= Q(Exists(rows.Posting.objects.filter(on, entry=OuterRef("pk"))))
    return found & _spoken(asked.text) if asked.text else found


def _spoken(text: str) -> Q:
    """Entries that say a text in public: their document, their memo where it is public, their accounts, their id."""
    named = Q(slug__icontains=text) | Q(owner__icontains=text) | Q(title__icontains=text)
    accounts = list(rows.Account.objects.filter(named).values_list("pk", flat=True)[:ACCOUNTS_MAX])
    found = Q(document__icontains=text) | (Q(memo__icontains=text) & ~Q(kind__in=[kind.value for kind in ABOUT_PEOPLE]))
    if accounts:
        found |= Q(Exists(rows.Posting.objects.filter(account__in=accounts, entry=OuterRef("pk"))))
    with suppress(ValueError):
        found |= Q(public_id=UUID(text))
    return found


def read(asked: Asked) -> Iterator[Entry]:
    """Public entries that fit, in the order of sealing, as they are read."""
    for entry in books.read_kept(kept(asked)):
        yield published(entry)


@dataclass(frozen=True, slots=True)
class Slice:
    """Twenty entries, newest first. `older` and `newer` are sequences to go on from, None at either end."""

    rows: list[rows.Entry]
    older: int | None
    newer: int | None


def slice_of(asked: Asked, before: int | None = None, after: int | None = None, limit: int = ROWS) -> Slice:
    """Entries before a sequence, or after one; the newest where neither is given. A deep page costs no more."""
    found = rows.Entry.objects.filter(kept(asked)).select_related("leaf", "reverses")
    if after is not None:
        back = list(found.filter(sequence__gt=after).order_by("sequence")[: limit + 1])
        shown = back[:limit][::-1]
        newer = shown[0].sequence if len(back) > limit else None
        return Slice(shown, shown[-1].sequence if shown else None, newer)
    if before is not None:
        found = found.filter(sequence__lt=before)
    ahead = list(found.order_by("-sequence")[: limit + 1])
    shown = ahead[:limit]
    return Slice(
        shown,
        shown[-1].sequence if len(ahead) > limit else None,
        shown[0].sequence if before is not None and shown else None,
    )


@dataclass(slots=True)
class Summary:
    """Of one entry in a list: what moved by currency (debits), the funds, the first accounts, how many postings."""

    moved: dict[str, int] = field(default_factory=dict)
    funds: list[rows.Fund] = field(default_factory=list)
    accounts: list[rows.Account] = field(default_factory=list)


def summaries(found: Iterable[rows.Entry]) -> dict[int, Summary]:
    """By the number of the entry; of one with thousands of postings no more is read than of another."""
    numbers = [row.pk for row in found]
    made = {number: Summary() for number in numbers}
    # What passes from fund to fund stands on both sides: it moved once.
    between = [AccountKind.TRANSFER.value, AccountKind.CONVERSION.value]
    moved = rows.Posting.objects.filter(entry__in=numbers, minor__gt=0).exclude(account__kind__in=between)
    debits = moved.values_list("entry", "currency")
    for number, currency, minor in debits.annotate(total=Sum("minor")):
        made[number].moved[currency] = int(minor)
    first = rows.Posting.objects.filter(entry__in=numbers, position__lt=SHOWN_POSTINGS + 1)
    for posting in first.select_related("account", "fund").order_by("entry", "position"):
        summary = made[posting.entry_id]
        if posting.fund not in summary.funds:
            summary.funds.append(posting.fund)
        if posting.account not in summary.accounts:
            summary.accounts.append(posting.account)
    return made


def get_entry(public_id: UUID) -> rows.Entry:
    """A sealed entry. Every one is public. Raises `NotThere`."""
    found = rows.Entry.objects.filter(public_id=public_id, sealed=True).select_related("leaf", "reverses").first()
    if found is None:
        raise NotThere
    return found


def number_of_entries() -> int:
    """How many entries there are."""
    return rows.Entry.objects.filter(sealed=True).count()


def held() -> tuple[Custody, ...]:
    """What is held and to whom it is owed, by currency, from the balances that are kept."""
    return custody(books.balances(), books.books())


def unspent_of(first_on: date, last_on: date) -> tuple[tuple[Fund, Unspent], ...]:
    """What restricted funds had, got, spent and still have over these days, as funds are called."""
    there = books.books()
    of_restricted = Q(Exists(rows.Posting.objects.filter(entry=OuterRef("pk"), fund__nature="restricted")))
    found = unspent(
        books.read_kept(Q(sealed=True, effective_on__lte=last_on) & of_restricted), there, first_on, last_on
    )
    return tuple((there.funds[row.fund], row) for row in found)


@dataclass(frozen=True, slots=True)
class Share:
    """The largest of several: who, how much of the whole, in minor units."""

    name: str
    minor: int
    whole: int


def largest_funder(currency: str) -> Share | None:
    """Of all that was given (gifts and grants less what was given back), the largest part that bears one name.

    Gifts of people have no name here: together they are nobody's share.
    """
    given = rows.Balance.objects.filter(account__kind=AccountKind.INCOME, account__currency=currency)
    by_name = {
        name: -int(minor) for name, minor in given.values_list("fund__funder").annotate(minor=Sum("minor")) if minor
    }
    whole = sum(by_name.values())
    return _largest({name: minor for name, minor in by_name.items() if name}, whole)


def largest_recipient(currency: str) -> Share | None:
    """Of all that was granted to commons, the largest part that went to one."""
    by_owner = dict(granted_to(Q(currency=currency)))
    return _largest(by_owner, sum(by_owner.values()))


def _largest(parts: Mapping[str, int], whole: int) -> Share | None:
    if not parts or whole <= 0:
        return None
    name, minor = max(parts.items(), key=lambda part: (part[1], part[0]))
    return Share(name, minor, whole)


GRANTED: Final = tuple(kind.value for kind in (EntryKind.GRANT, EntryKind.CLAIM, EntryKind.EXPIRY))
GIVEN: Final = tuple(kind.value for kind in (EntryKind.PAY_IN, EntryKind.IDENTIFICATION))


def granted_to(on: Q) -> list[tuple[str, int]]:
    """What each owner ("commons:<id>") was granted, reversals and expiries taken off: largest first, minor units."""
    return _by_owner(on, GRANTED)


def given_to(on: Q) -> list[tuple[str, int]]:
    """The same for what was given to one commons directly."""
    return _by_owner(on, GIVEN)


def _by_owner(on: Q, kinds: tuple[str, ...]) -> list[tuple[str, int]]:
    owned = rows.Posting.objects.filter(
        on,
        Q(entry__kind__in=kinds) | Q(entry__reverses__kind__in=kinds),
        entry__sealed=True,
        account__kind__in=[AccountKind.COMMONS.value, AccountKind.UNCLAIMED.value],
    )
    sums = owned.values_list("account__owner").annotate(total=Sum("minor"))
    found = [(owner, -int(minor)) for owner, minor in sums if minor]
    return sorted(found, key=lambda part: (-part[1], part[0]))


def owners(kinds: Iterable[AccountKind]) -> dict[str, str]:
    """The commons (public id) that each account of these kinds is for."""
    found = rows.Account.objects.filter(kind__in=[kind.value for kind in kinds], owner__startswith="commons:")
    return {slug: owner.removeprefix("commons:") for slug, owner in found.values_list("slug", "owner")}


def number_granted(asked: Asked, accounts: Sequence[str]) -> int:
    """How many of the grants that fit are to these accounts, or in another currency than euros."""
    granted = rows.Entry.objects.filter(kept(only(asked, EntryKind.GRANT)))
    found = rows.Posting.objects.filter(entry__in=granted, minor__lt=0, account__owner__startswith="commons:")
    return found.filter(Q(account__slug__in=accounts) | ~Q(currency="EUR")).count()


def only(asked: Asked, kind: EntryKind) -> Asked:
    """The same question about entries of one kind."""
    return replace(asked, kind=kind.value)


FUNDS_MAX: Final = 10_000


def funds() -> QuerySet[rows.Fund]:
    """Every fund, in the order of their names."""
    return rows.Fund.objects.order_by("slug")


def standings(found: Iterable[rows.Fund]) -> dict[int, list[books.Standing]]:
    """What each of these funds has, by currency, in two questions for all of them."""
    by_number = {fund.pk: fund for fund in found}
    made: dict[int, list[books.Standing]] = {number: [] for number in by_number}
    promised = books.reserved()
    kept_ = rows.Owned.objects.filter(fund__in=list(by_number)).values_list("fund", "currency")
    for number, currency, minor in kept_.annotate(minor=Sum("minor")).order_by("fund", "currency"):
        fund = by_number[number]
        reserved = promised.get((fund.slug, currency), 0)
        made[number].append(books.Standing(currency, int(minor), reserved, fund.floor_minor or 0))
    return made


def account_rows(names: Iterable[str]) -> dict[str, rows.Account]:
    """Accounts by their names."""
    return {row.slug: row for row in rows.Account.objects.filter(slug__in=list(names))}


def years() -> list[int]:
    """Years in which something was recorded, the latest first."""
    ends = rows.Entry.objects.filter(sealed=True).aggregate(first=Min("effective_on"), last=Max("effective_on"))
    if ends["first"] is None:
        return []
    return list(range(ends["last"].year, ends["first"].year - 1, -1))


def memo_of(row: rows.Entry) -> str:
    """What an entry says of itself in public."""
    return "" if "memo" in personal(row) else row.memo


def hash_of(row: rows.Entry) -> str:
    """The hash of what is public of an entry: that of the books, where nothing is left out of what they hash."""
    if "memo" not in personal(row):
        return row.body_sha256
    (entry,) = books.as_entries([row])
    return published(entry).body_sha256


def number_of_postings(row: rows.Entry) -> int:
    """How many postings an entry has."""
    return rows.Posting.objects.filter(entry=row).count()


def postings_of(row: rows.Entry, offset: int, limit: int) -> list[rows.Posting]:
    """Some postings of an entry, in their order."""
    found = rows.Posting.objects.filter(entry=row, position__gte=offset).select_related("account", "fund")
    return list(found.order_by("position")[:limit])


def reversals_of(row: rows.Entry) -> list[rows.Entry]:
    """What took an entry back, in the order of recording; at most a hundred."""
    return list(rows.Entry.objects.filter(reverses=row, sealed=True).order_by("sequence")[:100])


def numbers_of_postings(found: Iterable[rows.Entry]) -> Counter[int]:
    """How many postings each of these entries has, by its number."""
    counted = rows.Posting.objects.filter(entry__in=[row.pk for row in found]).values_list("entry")
    return Counter(dict(counted.annotate(number=Count("pk"))))


def first_postings(found: Iterable[rows.Entry], limit: int) -> dict[int, list[rows.Posting]]:
    """The first postings of each of these entries, by its number."""
    made: dict[int, list[rows.Posting]] = {row.pk: [] for row in found}
    first = rows.Posting.objects.filter(entry__in=list(made), position__lt=limit).select_related("account", "fund")
    for posting in first.order_by("entry", "position"):
        made[posting.entry_id].append(posting)
    return made
