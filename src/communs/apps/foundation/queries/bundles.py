"""Reads of bundles: who accepted, how shares stand, what waits to be claimed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.db.models import TextChoices as Choices
from django.utils.translation import gettext_lazy as _

from communs.apps.foundation.models import Account, Balance, Bundle, Fund, SharingRule
from communs.apps.register.models import Commons, Relation, Stewardship
from communs.apps.register.queries import is_steward
from communs.core import bundles as core
from communs.core.ledger import AccountKind
from communs.kit.gates import NotThere, Refused, Right

KNOWN_MAX: Final = 40
BundleRow: TypeAlias = Bundle
"""As pages know it."""


def commons_of_steward(person: Any, public_id: str) -> Commons:
    """A public commons that a person looks after. Raises `NotThere`, `Refused`."""
    found = Commons.objects.filter(public_id=public_id, visibility="public", merged_into=None).first()
    if found is None:
        raise NotThere
    if not getattr(person, "is_authenticated", False) or not is_steward(person, found):
        raise Refused(Right.EDIT, signed_in=bool(getattr(person, "is_authenticated", False)))
    return found


def looked_after(person: Any) -> list[str]:
    """Public ids of the commons that a person looks after."""
    if not getattr(person, "is_authenticated", False):
        return []
    mine = Stewardship.objects.filter(person=person, status=Stewardship.Status.ACTIVE)
    return list(mine.order_by("commons__name").values_list("commons__public_id", flat=True)[:200])


def builds_on(commons: str) -> list[tuple[str, str]]:
    """What a commons is known to build on: names and public ids, by name."""
    stated = Relation.objects.filter(kind=Relation.Kind.DEPENDS_ON, withdrawn_at=None, verified=True)
    public = stated.filter(to_commons__visibility="public", to_commons__merged_into=None)
    found = public.filter(from_commons__public_id=commons).order_by("to_commons__name")
    return list(found.values_list("to_commons__name", "to_commons__public_id").distinct()[:KNOWN_MAX])


def rule_of(commons: str) -> SharingRule | None:
    """The sharing rule in force of a commons."""
    return SharingRule.objects.filter(commons=commons, ended_at=None).first()


def accepted(ids: Iterable[str]) -> tuple[core.Recipient, ...]:
    """Those of these who take money now, in the order of ids."""
    known = set(SharingRule.objects.filter(ended_at=None).values_list("commons", flat=True))
    return tuple(core.Recipient(one, accepted=True) for one in sorted(set(ids) & known))


class Taking(Choices):
    """Whether a commons could be paid what it is granted."""

    NOW = "now", _("takes money")
    NOT_YET = "not-yet", _("its stewards have not accepted the sharing rule")
    NOBODY = "nobody", _("nobody looks after it here")


def taking(ids: Collection[str]) -> dict[str, Taking]:
    """Whether each of these commons could be paid now. What is granted to the others waits."""
    if not ids:
        return {}
    ready = set(SharingRule.objects.filter(ended_at=None).values_list("commons", flat=True))
    active = Stewardship.objects.filter(status=Stewardship.Status.ACTIVE)
    kept = set(active.values_list("commons__public_id", flat=True).distinct())
    return {one: Taking.NOW if one in ready else Taking.NOT_YET if one in kept else Taking.NOBODY for one in ids}


def bundles() -> QuerySet[Bundle]:
    """Bundles that were not withdrawn, the latest first."""
    return Bundle.objects.filter(withdrawn_at=None).order_by("-proposed_at", "-pk")


def concerning(ids: Collection[str]) -> QuerySet[Bundle]:
    """Bundles of these commons, and those in which one of them has a share."""
    mine = bundles().filter(commons__in=ids) | bundles().filter(shares__party__in=ids)
    return mine.distinct()


def get_bundle(public_id: UUID) -> Bundle:
    """A bundle; bundles are public. Raises `NotThere`."""
    found = Bundle.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotThere
    return found


def as_core(found: Iterable[Bundle]) -> list[core.Bundle]:
    """Bundles as the rule sees them. Who accepted stands there as stewards, not by name."""
    return [_bundle(one) for one in found]


def _bundle(one: Bundle) -> core.Bundle:
    shares = tuple(
        core.Share(share.party, core.Kind(share.kind), share.ppm)
        for share in sorted(one.shares.all(), key=lambda share: (-share.ppm, share.party))
    )
    signed = tuple(
        core.Acceptance(said.party, f"stewards of {said.party}", said.at.date(), said.terms)
        for said in sorted(one.acceptances.all(), key=lambda said: said.party)
    )
    return core.Bundle(one.commons, one.starts_on, shares, signed)


def reaching(ids: Iterable[str], on: date) -> list[core.Bundle]:
    """All bundles that money for these commons can meet, such that it can be shared.

    Where bundles in force lead in a circle or too far, nobody has agreed to anything that can be done: the acceptances
    are left out, and the shares wait.
    """
    by_commons: dict[str, list[Bundle]] = {}
    for one in bundles().prefetch_related("shares", "acceptances").order_by("pk"):
        by_commons.setdefault(one.commons, []).append(one)
    found: dict[int, Bundle] = {}
    waiting, seen = set(ids), set[str]()
    while waiting:
        seen |= waiting
        more = [one for commons in waiting for one in by_commons.get(commons, ())]
        found |= {one.pk: one for one in more}
        waiting = {share.party for one in more for share in one.shares.all()} - seen
    held = as_core(found[number] for number in sorted(found))
    while faults := core.blocking(held, on):
        wrong = {str(fault.values["commons"]) for fault in faults}
        held = [core.Bundle(one.commons, one.starts_on, one.shares) if one.commons in wrong else one for one in held]
    return held


@dataclass(frozen=True, slots=True)
class Waiting:
    """A share of a round that a commons has not accepted yet."""

    account: Account
    fund: Fund
    minor: int

    @property
    def commons(self) -> str:
        """The public id of whose it is."""
        return self.account.owner.removeprefix("commons:")


def waiting(ids: Collection[str] | None = None, until: date | None = None) -> list[Waiting]:
    """Unclaimed shares with money: of these commons, or of all; that expire by a day, if one is given."""
    accounts = Account.objects.filter(kind=AccountKind.UNCLAIMED)
    if ids is not None:
        accounts = accounts.filter(owner__in=[f"commons:{one}" for one in ids])
    if until is not None:
        accounts = accounts.filter(expires_on__lte=until)
    sums = Balance.objects.filter(account__in=accounts).values_list("account", "fund").annotate(total=Sum("minor"))
    owed = [(account, fund, -int(total)) for account, fund, total in sums if total < 0]
    by_pk = Account.objects.in_bulk([account for account, _fund, _minor in owed])
    funds = Fund.objects.in_bulk({fund for _account, fund, _minor in owed})
    rows = [Waiting(by_pk[account], funds[fund], minor) for account, fund, minor in owed]
    return sorted(rows, key=lambda row: (row.account.expires_on or date.max, row.account.slug))
