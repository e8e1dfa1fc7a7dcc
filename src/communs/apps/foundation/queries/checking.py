"""The check that goes on from where the last one ended: what came since, against what stood then.

A *point* is a sequence up to which every entry is committed and was found sound, with the balances at it. Of the
entries before it nothing is read again but what the new ones name: keys, transitions, entries that are reversed.
Whoever changes old entries past the triggers is found by the daily check of everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from communs.apps.foundation import models as rows
from communs.apps.foundation.queries import books
from communs.core.ledger import Order, Problem, Transition, balances_of, owned_of, verify_more

Balances = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Point:
    """Up to which entry the books were found sound, and what stood where then (minor units, by account and fund)."""

    sequence: int
    balances: Balances


def last_point() -> Point | None:
    """Where the last check ended; None before the first."""
    row = rows.Checked.objects.filter(pk=1).first()
    if row is None:
        return None
    return Point(row.sequence, {(account, fund): minor for account, fund, minor in row.balances})


def point_now() -> Point | None:
    """The point that a check which finds nothing may end at; None where there is none yet. Inside its moment.

    On PostgreSQL a later number may be committed first: only what has its place in the log is sure to be complete.
    """
    if connection.vendor == "sqlite":
        sequence = rows.Entry.objects.filter(sealed=True).aggregate(last=Max("sequence"))["last"]
    else:
        sequence = rows.Leaf.objects.order_by("-number").values_list("entry__sequence", flat=True).first()
    if not sequence:
        return None
    balances = books.balances()
    later: QuerySet[Any] = rows.Posting.objects.filter(entry__sealed=True, entry__sequence__gt=sequence)
    for account, fund, minor in later.values_list("account__slug", "fund__slug").annotate(total=Sum("minor")):
        balances[account, fund] = balances.get((account, fund), 0) - int(minor)
    return Point(int(sequence), {place: minor for place, minor in balances.items() if minor})


def verified_since(point: Point) -> Iterator[Problem]:
    """What is wrong with what came after a point, against what is kept now. Inside a moment of the caller's."""
    since, there = Q(sequence__gt=point.sequence), books.books()
    new = books.entries(since)
    begin = replace(
        there,
        balances=point.balances,
        owned=owned_of(point.balances, there),
        keys=_keys(new, point),
        transitions=_transitions(new, point),
        families=_families(new, point),
    )
    yield from verify_more(lambda order: books.read(order, since), begin)
    yield from books.missing_triggers()
    yield from books.owned_problems(there, _added(point, since))


def _added(point: Point, since: Q) -> Balances:
    found = dict(point.balances)
    for place, minor in balances_of(books.read(Order.RECORDED, since)).items():
        found[place] = found.get(place, 0) + minor
    return found


def _keys(new: QuerySet[rows.Entry], point: Point) -> dict[str, str]:
    before = rows.Entry.objects.filter(key=OuterRef("key"), sequence__lte=point.sequence, sealed=True)
    return dict(new.filter(Exists(before)).values_list("key", "body_sha256"))


def _transitions(new: QuerySet[rows.Entry], point: Point) -> frozenset[Transition]:
    names = ("provider", "provider_object", "provider_state")
    alike = {one: OuterRef(one) for one in names}
    before = rows.Entry.objects.filter(sequence__lte=point.sequence, sealed=True, **alike)
    return frozenset(Transition(*told) for told in new.exclude(provider="").filter(Exists(before)).values_list(*names))


def _families(new: QuerySet[rows.Entry], point: Point) -> dict[str, Any]:
    named = new.filter(reverses__isnull=False).order_by().values_list("reverses__public_id", flat=True).distinct()
    earlier = Q(sequence__lte=point.sequence)
    return {str(one): books.family_of(str(one), earlier) for one in named}
