"""Where people are paid: given by a steward or the treasurer, in force when a second person has confirmed it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communs.apps.foundation import letters, naming
from communs.apps.foundation.actions.books import NAMES, open_account
from communs.apps.foundation.models import BankDetails, BankLine, DetailsSetAside, Payee, Payout, Refund
from communs.apps.foundation.queries import giving_back
from communs.apps.foundation.queries import payees as queries
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.apps.foundation.queries.payouts import is_set_aside
from communs.apps.foundation.sql.words import SAYS
from communs.core.standards.iban import check_iban
from communs.core.standards.iso20022.reasons import never_paid_there
from communs.kit.gates import NotThere, Refused, Right
from communs.kit.records.actions import Impossible


@dataclass(frozen=True, slots=True)
class Given:
    """Bank details as given. `iban` is checked and written without spaces; an address names town and country."""

    name: str
    iban: str
    town: str
    country: str
    bic: str = ""
    street: str = ""
    building: str = ""
    postcode: str = ""


@contextmanager
def refusals_told() -> Iterator[None]:
    """Where the database refuses what a check before did not see (two people at once): say so as `Impossible`."""
    try:
        yield
    except IntegrityError as error:
        name = str(error).partition(":")[0]
        if name not in SAYS and "UNIQUE" not in str(error).upper():
            raise
        why = _("Somebody else was quicker, or the rules do not allow it ({rule}). Look at the present state.")
        raise Impossible(why.format(rule=name if name in SAYS else "once")) from error


def give(by: Any, slug: str, said: Given, now: datetime) -> BankDetails:
    """Give bank details of a payee: by its stewards or those who keep the money. They wait for a second person.

    Raises `Refused`, `NotThere`, `InvalidIban`.
    """
    account, payee = queries.place_of(slug)
    if Duty.KEEP not in queries.allow(by, account) and not queries.looks_after(by, account):
        raise Refused(Right.ADMINISTER, signed_in=True)
    iban = check_iban(said.iban)
    with transaction.atomic():
        if payee is None:
            payee, _made = Payee.objects.get_or_create(slug=slug, defaults={"account": account, "created_at": now})
        values = {**asdict(said), "iban": iban}
        last = payee.details.order_by("-pk").first()
        if last is not None and last.given_by_id == by.pk and _same(last, values) and not is_set_aside(last):
            return last
        return BankDetails.objects.create(payee=payee, given_by=by, given_at=now, **values)


def _same(row: BankDetails, values: dict[str, str]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def confirm(by: Any, number: int, now: datetime) -> BankDetails:
    """Confirm bank details that another gave, after asking the payee in another way. Twice is once.

    Raises `Refused`, `NotThere`, `Impossible`.
    """
    if not duties_of(by) & {Duty.KEEP, Duty.APPROVE}:
        raise Refused(Right.ADMINISTER, signed_in=bool(getattr(by, "is_authenticated", False)))
    with refusals_told(), transaction.atomic():
        found = BankDetails.objects.select_for_update(of=("self",)).select_related("payee").filter(pk=number).first()
        if found is None:
            raise NotThere
        if found.confirmed_at is not None:
            return found
        if by.pk in {found.given_by_id, found.payee.person_id}:
            raise Impossible(_("Somebody else has to confirm it: neither who gave it nor who is paid."))
        if found.payee.details.filter(pk__gt=found.pk).exists():
            raise Impossible(_("Newer bank details were given since. Confirm those."))
        found.confirmed_by, found.confirmed_at = by, now
        found.save(update_fields=["confirmed_by", "confirmed_at"])
        return found


def set_aside(payout: Payout, reason: str, now: datetime) -> bool:
    """The bank has not paid, or sent it back: where that lies with the account, its details are in force no more.

    Those who look after the payee are written to. True where this was new. Within a transaction of its caller.
    """
    if not never_paid_there(reason):
        return False
    said = {"payout": payout, "reason": reason[:400], "at": now}
    _row, made = DetailsSetAside.objects.get_or_create(details=payout.details, defaults=said)
    if made:
        for person in queries.told_of(payout.payee):
            letters.write_set_aside(person, queries.called(payout.payee), payout.payee.slug, reason)
    return made


def add_donor(by: Any, title: str, now: datetime, person: Any = None, currency: str = "EUR") -> Payee:
    """Write down somebody to whom money is given back. Raises `Refused`."""
    require(by, Duty.KEEP)
    account = open_account(naming.donor(currency), now=now)
    return Payee.objects.create(slug=_donor(uuid4()), account=account, title=title, person=person, created_at=now)


def add_paid_back(by: Any, title: str, what: Refund | BankLine, now: datetime) -> Payee:
    """Write down who is paid back a refund that was approved, or a line of the bank. The same again is once.

    Raises `Refused`, and `Impossible` where nothing is owed for it.
    """
    require(by, Duty.KEEP)
    of: dict[str, Any]
    if isinstance(what, Refund):
        name, currency, of = f"payee:{what.public_id}", what.pay_in.currency, {"refund": what}
    else:
        name, currency, of = f"payee-of-line:{what.key}", what.bank_account.account.currency, {"line": what}
    with transaction.atomic():
        account = open_account(naming.donor(currency), now=now)
        values = {"account": account, "title": title, "created_at": now, **of}
        payee, _made = Payee.objects.get_or_create(slug=_donor(uuid5(NAMES, name)), defaults=values)
        if not giving_back.owed_to(payee):
            raise Impossible(_("Nothing is owed for it: it has to be decided first that it goes back."))
        return payee


def _donor(number: UUID) -> str:
    return f"donor-{number.hex[:12]}"
