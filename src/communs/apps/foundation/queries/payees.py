"""Who is paid, and who may see and give where: stewards of the commons, and those who keep the foundation's money."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models import TextChoices as Choices
from django.utils.translation import pgettext_lazy

from communs.apps.foundation.models import Account, BankDetails, Payee
from communs.apps.foundation.queries.gate import Duty, duties_of
from communs.apps.register.models import Commons
from communs.apps.register.queries import is_steward, names_of, stewards_of
from communs.core.ledger import AccountKind
from communs.kit.gates import NotThere, Refused, Right


def payees() -> QuerySet[Payee]:
    """Everybody who can be paid."""
    return Payee.objects.select_related("account", "person").order_by("slug")


class Standing(Choices):
    """Whether somebody can be paid."""

    PAYABLE = "payable", pgettext_lazy("payee", "can be paid")
    WAITING = "waiting", pgettext_lazy("payee", "a second person has to confirm")
    SET_ASIDE = "set-aside", pgettext_lazy("payee", "the bank does not pay there")
    NOWHERE = "nowhere", pgettext_lazy("payee", "no bank details")


def payees_standing(standing: str = "") -> QuerySet[Any]:
    """Everybody who can be paid with their `standing`, or those of one; what waits for a person is told first."""
    given = BankDetails.objects.filter(payee=OuterRef("pk"))
    last, confirmed = given.order_by("-pk"), given.filter(confirmed_at__isnull=False).order_by("-confirmed_at", "-pk")
    found = payees().annotate(
        last=Subquery(last.values("pk")[:1]),
        last_confirmed_at=Subquery(last.values("confirmed_at")[:1]),
        set_aside_at=Subquery(confirmed.values("set_aside__at")[:1]),
    )
    found = found.annotate(
        standing=Case(
            When(last=None, then=Value(Standing.NOWHERE.value)),
            When(last_confirmed_at=None, then=Value(Standing.WAITING.value)),
            When(set_aside_at__isnull=False, then=Value(Standing.SET_ASIDE.value)),
            default=Value(Standing.PAYABLE.value),
            output_field=TextField(),
        )
    )
    return found.filter(standing=standing) if standing else found


def standings() -> dict[str, int]:
    """How many payees there are of each standing."""
    return dict(payees_standing().order_by().values_list("standing").annotate(n=Count("pk")))


def called(payee: Payee) -> str:
    """What people call a payee: what was written of a donor, the name of a commons."""
    public_id = payee.account.owner.partition(":")[2]
    return payee.title or names_of([public_id]).get(public_id) or payee.slug


def commons_of(account: Account) -> Commons | None:
    """The commons that an account belongs to."""
    kind, _, public_id = account.owner.partition(":")
    return Commons.objects.filter(public_id=public_id).first() if kind == "commons" else None


def looks_after(person: Any, account: Account) -> bool:
    """Whether a person is a steward of the commons that an account belongs to."""
    commons = commons_of(account)
    return commons is not None and getattr(person, "is_authenticated", False) and is_steward(person, commons)


def told_of(payee: Payee) -> list[Any]:
    """Who is written to about where a payee is paid: the stewards of its commons, or the person that it is."""
    commons = commons_of(payee.account)
    people = [one.person for one in stewards_of(commons)] if commons is not None else []
    return [one for one in (*people, payee.person) if one is not None and one.is_active and one.email]


def place_of(slug: str) -> tuple[Account, Payee | None]:
    """The account and the payee behind an address: a commons can be paid before anybody has been written down for it.

    Raises `NotThere`.
    """
    payee = Payee.objects.select_related("account", "person").filter(slug=slug).first()
    if payee is not None:
        return payee.account, payee
    account = Account.objects.filter(slug=slug, kind=AccountKind.COMMONS).first()
    if account is None:
        raise NotThere
    return account, None


def allow(person: Any, account: Account) -> frozenset[Duty]:
    """The duties of somebody who may see where an account is paid: by office, or as its steward. Raises `Refused`."""
    duties = duties_of(person)
    if not duties and not looks_after(person, account):
        raise Refused(Right.ADMINISTER, signed_in=bool(getattr(person, "is_authenticated", False)))
    return duties


def given_for(payee: Payee | None) -> list[BankDetails]:
    """All bank details that were given for a payee, the latest first."""
    if payee is None:
        return []
    return list(payee.details.select_related("given_by", "confirmed_by", "set_aside").order_by("-pk")[:20])
