"""Bundles and sharing rules: stewards accept, propose, withdraw; unclaimed shares are claimed, or expire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from communs.apps.foundation import naming
from communs.apps.foundation.actions import books
from communs.apps.foundation.actions.closing import open_accounts, place_of
from communs.apps.foundation.actions.payees import refusals_told
from communs.apps.foundation.actions.places import open_year
from communs.apps.foundation.models import Account, Bundle, BundleAcceptance, BundleShare, Posting, SharingRule
from communs.apps.foundation.queries import bundles as queries
from communs.apps.register.queries import names_of
from communs.core import bundles as core
from communs.core.ledger import Account as Place
from communs.core.ledger import EntryKind
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible


@dataclass(frozen=True, slots=True)
class Part:
    """A share as proposed: the public id of a commons, the kind, millionths."""

    party: str
    kind: str
    ppm: int


def accept_rule(by: Any, commons: str, now: datetime) -> SharingRule:
    """A steward says that a commons takes money. Twice is once. Raises `Refused`, `NotThere`."""
    queries.commons_of_steward(by, commons)
    with refusals_told(), transaction.atomic():
        there = queries.rule_of(commons)
        return there or SharingRule.objects.create(commons=commons, person=by, accepted_at=now)


def end_rule(by: Any, commons: str, now: datetime) -> None:
    """A steward takes that back: later shares wait. Twice is once. Raises `Refused`, `NotThere`."""
    queries.commons_of_steward(by, commons)
    with transaction.atomic():
        SharingRule.objects.filter(commons=commons, ended_at=None).update(ended_at=now, ended_by=by)


def propose(by: Any, token: UUID, commons: str, starts_on: date, parts: Sequence[Part], now: datetime) -> Bundle:
    """Propose how a commons shares. The same request again: what it made.

    Raises `Refused`, `NotThere`, `Impossible`.
    """
    queries.commons_of_steward(by, commons)
    shares = tuple(core.Share(part.party, core.Kind(part.kind), part.ppm) for part in parts)
    wanted = core.Bundle(commons, starts_on, shares)
    with refusals_told(), transaction.atomic():
        there = Bundle.objects.filter(token=token).first()
        if there is not None:
            if there.terms != wanted.terms:
                raise books.KeyTaken(str(token))
            return there
        if starts_on < now.date():
            raise Impossible(_("A bundle holds from today on, or from a later day."))
        _check(wanted, starts_on)
        made = Bundle.objects.create(
            public_id=named(token),
            token=token,
            commons=commons,
            starts_on=starts_on,
            terms=wanted.terms,
            proposed_by=by,
            proposed_at=now,
        )
        BundleShare.objects.bulk_create(
            BundleShare(bundle=made, party=one.party, kind=one.kind.value, ppm=one.ppm) for one in shares
        )
    return made


def named(token: UUID) -> UUID:
    """The name of the bundle that a request makes."""
    return uuid5(NAMESPACE_URL, f"communs:bundle:{token}")


def _check(wanted: core.Bundle, on: date) -> None:
    """Refuse what could never be shared by: sums, unknown parties, circles and depth with all that is proposed."""
    parties = [share.party for share in wanted.shares]
    known = names_of(parties)
    unknown = [party for party in parties if party not in known]
    if unknown:
        raise Impossible(
            _("“{party}” is no commons of the register. Add it there first.").format(party=unknown[0][:100])
        )
    others = [one for one in queries.as_core(queries.bundles().order_by("pk")) if one.commons != wanted.commons]
    together = [_as_accepted(one, on) for one in (*others, wanted)]
    found = core.blocking(together, max(on, *(one.starts_on for one in together)))
    if found:
        raise Impossible(" ".join(one.say(_) for one in found[:5]))


def _as_accepted(one: core.Bundle, on: date) -> core.Bundle:
    bare = core.Bundle(one.commons, one.starts_on, one.shares)
    return bare.accepted_by([share.party for share in one.shares], "all", min(on, one.starts_on))


def accept(by: Any, public_id: UUID, party: str, now: datetime) -> Bundle:
    """A steward of a party says yes. Twice is once. Raises `Refused`, `NotThere`, `Impossible`."""
    queries.commons_of_steward(by, party)
    with refusals_told(), transaction.atomic():
        bundle = _locked(public_id)
        if bundle.withdrawn_at is not None:
            raise Impossible(_("This proposal was withdrawn."))
        if not bundle.shares.filter(party=party).exists():
            raise NotThere
        if not bundle.acceptances.filter(party=party).exists():
            BundleAcceptance.objects.create(bundle=bundle, party=party, terms=bundle.terms, person=by, at=now)
    return bundle


def withdraw(by: Any, public_id: UUID, now: datetime) -> None:
    """Take back a proposal that not all have accepted. Raises `Refused`, `NotThere`, `Impossible`."""
    with transaction.atomic():
        bundle = _locked(public_id)
        queries.commons_of_steward(by, bundle.commons)
        if bundle.withdrawn_at is not None:
            return
        if bundle.acceptances.count() == bundle.shares.count():
            raise Impossible(_("All have accepted it: propose another one that begins later instead."))
        bundle.withdrawn_at = now
        bundle.save(update_fields=["withdrawn_at"])


def _locked(public_id: UUID) -> Bundle:
    found = Bundle.objects.select_for_update(no_key=True).filter(public_id=public_id).first()
    if found is None:
        raise NotThere
    return found


def claim(by: Any, commons: str, now: datetime) -> int:
    """Take what waits for a commons, shared by its bundle; how many minor units. Twice is once.

    Raises `Refused`, `NotThere`, `Impossible`.
    """
    queries.commons_of_steward(by, commons)
    if queries.rule_of(commons) is None:
        raise Impossible(_("Accept the sharing rule first: without it nothing is paid."))
    total = 0
    with refusals_told(), transaction.atomic():
        list(Account.objects.select_for_update(no_key=True).filter(owner=f"commons:{commons}").order_by("pk"))
        for one in queries.waiting([commons]):
            if one.account.expires_on is None or now.date() < one.account.expires_on:
                total += _claim(one, now)
    return total


def _claim(one: queries.Waiting, now: datetime) -> int:
    account, commons, on = one.account, one.commons, now.date()
    held = queries.reaching([commons], on)
    parties = {commons, *(share.party for bundle in held for share in bundle.shares)}
    waits = core.Unclaimed(account.expires_on or on, account.destination)
    sharing = core.Sharing.of(account.slug, queries.accepted(parties), held, waits)
    sums: dict[str, int] = {}
    places: dict[str, Place] = {}
    for leaf in core.expand(sharing, commons, one.minor, on):
        place = place_of(account.slug.split("-")[1], leaf, account.currency, account.destination)
        places[place.id] = place
        sums[place.id] = sums.get(place.id, 0) + leaf.minor
    still = sums.pop(account.slug, 0)
    if not sums:
        return 0  # a bundle was proposed, and not all have accepted it yet
    open_accounts(places.values(), now)
    open_year(on)
    moved, fund = one.minor - still, one.fund.slug
    lines = [(account.slug, fund, moved, account.currency)]
    lines += [(name, fund, -minor, account.currency) for name, minor in sorted(sums.items())]
    books.record(books.entry(_key("claim", account, fund), EntryKind.CLAIM, lines, on=on, now=now, actor="bundles"))
    return moved


def _key(what: str, account: Account, fund: str) -> str:
    """A name for what happens to what stands there now: money that comes later is something else."""
    number = Posting.objects.filter(account=account, fund__slug=fund, entry__sealed=True).count()
    return f"{what}:{account.slug}:{fund}:{number}"


def expire(now: datetime) -> int:
    """Give what nobody claimed in time to where it was said it goes; how many shares. Twice is once."""
    done = 0
    for one in queries.waiting(until=now.date()):
        with transaction.atomic():
            Account.objects.select_for_update(no_key=True).get(pk=one.account.pk)
            present = next(
                (
                    now_
                    for now_ in queries.waiting([one.commons])
                    if now_.account == one.account and now_.fund == one.fund
                ),
                None,
            )
            if present is not None:
                _expire(present, now)
                done += 1
    return done


def _expire(one: queries.Waiting, now: datetime) -> None:
    account, fund = one.account, one.fund.slug
    kind, _colon, public_id = account.destination.partition(":")
    is_commons = kind == "commons" and bool(public_id)
    place = naming.commons(public_id, account.currency) if is_commons else naming.grants(account.currency)
    open_accounts([place], now)
    open_year(now.date())
    lines = [(account.slug, fund, one.minor, account.currency), (place.id, fund, -one.minor, account.currency)]
    entry = books.entry(_key("expiry", account, fund), EntryKind.EXPIRY, lines, on=now.date(), now=now, actor="bundles")
    books.record(entry)
