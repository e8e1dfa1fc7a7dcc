"""Closing a round: no more ballots, count, one entry in the books with result and files, then the end of secrets.

Three transactions, each of which finds out where the one before ended: whoever is killed in between loses nothing, and
whoever comes again does nothing twice. What is counted is frozen, so that counting again gives the same bytes.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from communs.apps.foundation import naming
from communs.apps.foundation.actions import books
from communs.apps.foundation.actions.places import open_year
from communs.apps.foundation.actions.rounds import reservation_key
from communs.apps.foundation.actions.telling import tell_stewards
from communs.apps.foundation.models import Account, BallotDraft, Entry, Round, RoundFile, RoundResult, RoundSecret
from communs.apps.foundation.queries import bundles as bundle_queries
from communs.apps.foundation.queries import rounds as queries
from communs.apps.foundation.queries.books import account_of
from communs.core import rounds as core
from communs.core.bundles import Leaf
from communs.core.ledger import Account as Place
from communs.core.ledger import EntryKind
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible

State = Round.State
PABULIB_FILE: Final = "ballots.pb"
ACTOR: Final = "rounds"
ROWS_AT_ONCE: Final = 2_000


class Tampered(Exception):
    """The frozen rows of a round are not those that were opened: nothing is decided until people have looked."""


def close(slug: str, now: datetime) -> Round:
    """Close a round whose end has come, up to its publication. Twice is once.

    Raises `NotThere`, `Impossible`, `Tampered`.
    """
    round_ = _end_voting(slug, now)
    if round_.state == State.CLOSED:
        with _uncollected():
            outcome = core.outcome_of(_given(round_))
            files = files_of(outcome)
        round_ = _post(round_, outcome, files, now)
    if round_.state == State.POSTED:
        round_ = _publish(round_)
    return round_


@contextmanager
def _uncollected() -> Iterator[None]:
    """A count makes millions of small objects that all stay: looking for garbage among them doubles its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _locked(slug: str) -> Round:
    found = Round.objects.select_for_update(of=("self",), no_key=True).select_related("fund").filter(slug=slug).first()
    if found is None:
        raise NotThere
    return found


def _end_voting(slug: str, now: datetime) -> Round:
    with transaction.atomic():
        round_ = _locked(slug)
        if round_.state == State.OPENED:
            if now < round_.closes_at:
                raise Impossible(_("People may vote until the round closes. It cannot be counted before."))
            round_.state, round_.closed_at = State.CLOSED, now
            round_.save(update_fields=["state", "closed_at"])
        elif round_.state not in queries.PUBLIC:
            raise Impossible(_("This round has not opened: there is nothing to count."))
    return round_


def _given(round_: Round) -> core.Round:
    """All that goes in. Raises `Tampered` where question and roll are not those whose hash was published."""
    question, roll = queries.question_of(round_), queries.roll_of(round_)
    if core.opening_hash(question, roll) != round_.opening_sha256:
        raise Tampered(
            f"{round_.slug}: question or roll do not give the hash of the opening ({round_.opening_sha256}). "
            "Restore foundation_round, foundation_roundoption and foundation_rollvoter from a backup, then close again."
        )
    ids = {option.id for option in question.options} | {
        target for _source, target, _weight in question.passing_on.graph
    }
    held = bundle_queries.reaching(ids, round_.closes_at.date())
    ids |= {share.party for bundle in held for share in bundle.shares}
    seed = RoundSecret.objects.get(round=round_).seed
    return core.Round(question, roll, queries.ballots_of(round_), seed, bundle_queries.accepted(ids), tuple(held))


def files_of(outcome: core.Outcome) -> dict[str, bytes]:
    """What is published: the two files, and the ballots for other tools where their format can hold them."""
    files = core.files_of(outcome)
    try:
        files[PABULIB_FILE] = core.pabulib_file(outcome.round)
    except (core.NoPabulib, ValueError):
        return files
    return files


def _post(round_: Round, outcome: core.Outcome, files: Mapping[str, bytes], now: datetime) -> Round:
    """The result, its files and its entry, and the end of the promise: all or none."""
    with transaction.atomic():
        round_ = _locked(round_.slug)
        if round_.state != State.CLOSED:
            return round_  # somebody else was quicker
        books.give_up(reservation_key(round_), now)
        entry = _record(round_, outcome, core.digest(files[core.OUTCOME_FILE]), now)
        RoundFile.objects.bulk_create(
            RoundFile(round=round_, name=name, sha256=core.digest(data), data=data) for name, data in files.items()
        )
        RoundResult.objects.create(
            round=round_,
            entry=entry,
            ballots=len(outcome.round.ballots),
            paid_minor=sum(leaf.minor for leaf in outcome.paid),
            unclaimed_minor=sum(leaf.minor for leaf in outcome.unclaimed),
            carried_minor=outcome.carry_over,
            made_at=now,
        )
        round_.state = State.POSTED
        round_.save(update_fields=["state"])
        tell_stewards(round_, outcome.leaves)
    return round_


def _record(round_: Round, outcome: core.Outcome, sha256: str, now: datetime) -> Entry | None:
    """One grant: from the fund to the accounts of those who accepted, and to those where shares wait."""
    places, sums = _sums(round_, outcome.leaves)
    if not sums:
        return None
    grants = naming.grants(round_.currency)
    open_accounts([grants, *places.values()], now)
    open_year(now.date())
    fund = round_.fund.slug
    lines = [(grants.id, fund, sum(sums.values()), round_.currency)]
    lines += [(name, fund, -minor, round_.currency) for name, minor in sorted(sums.items())]
    entry = books.entry(
        f"round:{round_.public_id}",
        EntryKind.GRANT,
        lines,
        on=now.date(),
        now=now,
        memo=outcome.round.question.title,
        document=f"round {round_.slug}, outcome.json {sha256}",
        actor=ACTOR,
    )
    return Entry.objects.get(public_id=books.record(entry).id)


def _sums(round_: Round, leaves: Iterable[Leaf]) -> tuple[Mapping[str, Place], Mapping[str, int]]:
    """The accounts by name, and how much goes to each."""
    places: dict[str, Place] = {}
    sums: dict[str, int] = {}
    for leaf in leaves:
        place = place_of(round_.public_id.hex, leaf, round_.currency, destination_of(round_))
        places[place.id] = place
        sums[place.id] = sums.get(place.id, 0) + leaf.minor
    return places, sums


def destination_of(round_: Round) -> str:
    """Where unclaimed shares of a round go, as accounts hold it."""
    return round_.fund.slug if round_.destination == "fund" else round_.destination


def place_of(round_id: str, leaf: Leaf, currency: str, destination: str) -> Place:
    """The account of a leaf."""
    if leaf.unclaimed is None:
        return naming.commons(leaf.to, currency)
    return naming.unclaimed(round_id, leaf.to, currency, leaf.unclaimed.expires_on, destination)


def open_accounts(places: Iterable[Place], now: datetime) -> None:
    """Open many accounts that are for all funds; those that are there stay. Raises `KeyTaken` where one is another."""
    wanted = {place.id: place for place in places}
    rows = [
        Account(
            slug=place.id, kind=place.kind.value, currency=place.currency, owner=place.owner, title=place.title,
            overdraft_minor=place.overdraft_minor, expires_on=place.expires_on, destination=place.destination,
            created_at=now,
        )
        for place in _missing(wanted)
    ]  # fmt: skip
    Account.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)
    for place in _missing(wanted):
        raise books.KeyTaken(place.id)


def _missing(wanted: Mapping[str, Place]) -> list[Place]:
    """Those that are not there. Raises `KeyTaken` where another account has the name."""
    names = list(wanted)
    there: set[str] = set()
    for start in range(0, len(names), ROWS_AT_ONCE):
        batch = names[start : start + ROWS_AT_ONCE]
        for row in Account.objects.select_related("fund").filter(slug__in=batch):
            if replace(account_of(row), title=wanted[row.slug].title) != wanted[row.slug]:
                raise books.KeyTaken(row.slug)
            there.add(row.slug)
    return [place for name, place in wanted.items() if name not in there]


def _publish(round_: Round) -> Round:
    """Show the result. Of a secret round nobody can tell any more whose pseudonym is whose."""
    with transaction.atomic():
        round_ = _locked(round_.slug)
        if round_.state == State.POSTED:
            BallotDraft.objects.filter(voter__round=round_).delete()
            round_.state = State.PUBLISHED
            round_.save(update_fields=["state"])
            if round_.is_secret:
                RoundSecret.objects.filter(round=round_).delete()
    return round_


def close_due(now: datetime) -> dict[str, Any]:
    """Close every round whose end has come; by slug the round, or what stood in the way."""
    done: dict[str, Any] = {}
    for slug in queries.due(now).order_by("closes_at").values_list("slug", flat=True):
        try:
            done[slug] = close(slug, now)
        except (Tampered, core.InvalidRound, books.NotRecorded) as error:
            done[slug] = error
    return done
