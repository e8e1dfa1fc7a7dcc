"""Money out, up to the bank: propose, approve by two others, reserve, put into a file. What the bank says comes after.

The file is made once and kept: whoever asks again gets the same bytes, so that a lost answer never pays twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from communs.apps.foundation.actions.books import KeyTaken
from communs.apps.foundation.actions.payees import refusals_told
from communs.apps.foundation.models import (
    Account,
    Balance,
    BankAccount,
    BankDetails,
    Fund,
    Payee,
    Payout,
    PayoutBatch,
    PayoutStep,
)
from communs.apps.foundation.queries import giving_back
from communs.apps.foundation.queries import payees as payee_queries
from communs.apps.foundation.queries import payouts as queries
from communs.apps.foundation.queries.books import get_fund
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.core.money import Money
from communs.core.standards.iso20022.faults import CannotOrder
from communs.core.standards.pain001 import Address, Party, PaymentOrder, Transfer, write
from communs.kit.formats import amount
from communs.kit.gates import NotThere, Refused, Right
from communs.kit.records.actions import Impossible

State = PayoutStep.State
AT_ONCE_MAX: Final = 10_000
FILE_MAX: Final = queries.READY_MAX
IN_ONE_STATEMENT: Final = 500
KEY_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """A payout to propose: to a payee, out of a fund. `minor` in the currency of the payee's account."""

    payee: str
    fund: str
    minor: int
    text: str = ""


def propose(by: Any, key: str, wanted: Sequence[Wanted], now: datetime) -> list[Payout]:
    """Propose payouts together, all or none. The same key and body again: what was proposed then.

    Raises `Refused`, `NotThere`, `Impossible`, and `KeyTaken` for another body under this key.
    """
    require(by, Duty.KEEP)
    if not 1 <= len(wanted) <= AT_ONCE_MAX:
        raise Impossible(_("Choose 1 to {n} payouts at once.").format(n=AT_ONCE_MAX))
    if not 1 <= len(key) <= KEY_MAX:
        raise Impossible(_("A key has 1 to {n} characters.").format(n=KEY_MAX))
    ordered = sorted(wanted, key=lambda one: (one.payee, one.fund))
    with refusals_told(), transaction.atomic():
        payees = _lock_payees({one.payee for one in ordered})
        there = list(Payout.objects.filter(key__startswith=f"{key}:").order_by("key"))
        if there:
            asked = [(f"{key}:{one.payee}:{one.fund}", _digest(one)) for one in ordered]
            if [(payout.key, payout.body_sha256) for payout in there] != sorted(asked):
                raise KeyTaken(key)
            return there
        made = _new_payouts(by, key, payees, ordered, now)
        Payout.objects.bulk_create(made, batch_size=IN_ONE_STATEMENT)
        steps = [PayoutStep(payout=one, number=1, state=State.PROPOSED, person=by, at=now) for one in made]
        PayoutStep.objects.bulk_create(steps, batch_size=IN_ONE_STATEMENT)
        return made


def _lock_payees(slugs: set[str]) -> dict[str, Payee]:
    """Payees by name, their accounts locked in one order, so that one proposal after the other counts what is left."""
    payees = {
        payee.slug: payee
        for payee in Payee.objects.select_related("account", "refund__pay_in", "line").filter(slug__in=slugs)
    }
    if len(payees) != len(slugs):
        raise NotThere
    accounts = {payee.account_id for payee in payees.values()}
    list(Account.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=accounts).order_by("pk"))
    return payees


def _new_payouts(by: Any, key: str, payees: dict[str, Payee], ordered: Sequence[Wanted], now: datetime) -> list[Payout]:
    """Payouts that can be proposed together; what each takes is no longer left for the next."""
    funds = {slug: get_fund(slug) for slug in {one.fund for one in ordered}}
    in_force, left = queries.details_in_force(), queries.left_by_place()
    made = []
    for one in ordered:
        payee, fund = payees[one.payee], funds[one.fund]
        code = payee.account.currency
        place, details = (payee.account_id, fund.pk), in_force.get(payee.pk)
        if details is None:
            why = _("“{payee}” has no confirmed bank details, or the bank does not pay there.")
            raise Impossible(why.format(payee=payee_queries.called(payee)))
        if not 0 < one.minor <= left.get(place, 0):
            why = _("“{payee}”: {amount} is more than is left to be paid ({left}), or nothing.")
            shown = (Money(minor, code).major for minor in (one.minor, left.get(place, 0)))
            amounts = dict(zip(("amount", "left"), (amount(major, code) for major in shown), strict=True))
            raise Impossible(why.format(payee=payee_queries.called(payee), **amounts))
        _check_own(payee, fund, one.minor)
        left[place] -= one.minor
        name = f"{key}:{one.payee}:{one.fund}"
        made.append(
            Payout(
                public_id=uuid5(NAMESPACE_URL, f"communs:payout:{name}"),
                key=name,
                body_sha256=_digest(one),
                payee=payee,
                details=details,
                account=payee.account,
                fund=fund,
                minor=one.minor,
                currency=code,
                text=one.text,
                proposed_by=by,
                proposed_at=now,
            )
        )
    return made


def _check_own(payee: Payee, fund: Fund, minor: int) -> None:
    """Who is paid back one thing is paid that and no more, however much the account of those who gave owes."""
    if not giving_back.is_for_one(payee):
        return
    left = giving_back.owed_to(payee).get(fund.pk, 0) - giving_back.taken_by(payee).get(fund.pk, 0)
    if minor > left:
        why = _("“{payee}” is paid back what they gave, and no more.")
        raise Impossible(why.format(payee=payee_queries.called(payee)))


def approve(by: Any, public_id: UUID, now: datetime) -> str:
    """Approve a payout that another proposed; the second approval reserves its money. The state then.

    Approving twice is once. Raises `Refused`, `NotThere`, `Impossible`.
    """
    require(by, Duty.APPROVE)
    with refusals_told(), transaction.atomic():
        payout = lock(public_id)
        approved = set(payout.steps.filter(state=State.APPROVED).values_list("person_id", flat=True))
        if by.pk in approved:
            return queries.state_of(payout)
        _expect(payout, State.PROPOSED, State.APPROVED)
        if by.pk in {payout.proposed_by_id, payout.payee.person_id} or payee_queries.looks_after(by, payout.account):
            raise Impossible(_("Somebody else has to approve it: neither who proposed it nor who is paid."))
        if len(approved) >= 2:
            raise Impossible(_("Two people have approved it already."))
        _check_details(payout, queries.details_of(payout.payee))
        add_step(payout, State.APPROVED, now, person=by)
        if len(approved) == 1 and _is_covered(payout):
            add_step(payout, State.RESERVED, now)
    return queries.state_of(payout)


def approve_all(by: Any, public_ids: Sequence[UUID], now: datetime) -> tuple[int, list[str]]:
    """Approve many in one transaction; how many, and why others could not be: those keep nothing back.

    Raises `Refused`.
    """
    require(by, Duty.APPROVE)
    count, told = 0, []
    with transaction.atomic():
        for payout in Payout.objects.filter(public_id__in=public_ids).order_by("pk"):
            try:
                approve(by, payout.public_id, now)
                count += 1
            except Impossible as error:
                told.append(str(error))
    return count, told


def reserve(by: Any, public_id: UUID, now: datetime) -> None:
    """Reserve the money of an approved payout for which there was not enough before.

    Raises `Refused`, `NotThere`, `Impossible`.
    """
    require(by, Duty.KEEP)
    with refusals_told(), transaction.atomic():
        payout = lock(public_id)
        if queries.state_of(payout) == State.RESERVED:
            return
        _expect(payout, State.APPROVED)
        if not _is_covered(payout):
            raise Impossible(_("Other payouts have reserved what is owed. Withdraw one of them first."))
        add_step(payout, State.RESERVED, now, person=by)


def withdraw(by: Any, public_id: UUID, reason: str, now: datetime) -> None:
    """Withdraw a payout that has not gone to the bank, or refuse one that another proposed. Twice is once.

    Raises `Refused`, `NotThere`, `Impossible`.
    """
    if not duties_of(by) & {Duty.KEEP, Duty.APPROVE}:
        raise Refused(Right.ADMINISTER, signed_in=bool(getattr(by, "is_authenticated", False)))
    with refusals_told(), transaction.atomic():
        payout = lock(public_id)
        if queries.state_of(payout) == State.WITHDRAWN:
            return
        _expect(payout, State.PROPOSED, State.APPROVED, State.RESERVED)
        add_step(payout, State.WITHDRAWN, now, person=by, reason=reason)


@dataclass(frozen=True, slots=True)
class FileWanted:
    """A file of orders to make: which payouts, from which account, on which day."""

    bank_account: str
    payouts: tuple[UUID, ...]
    execute_on: date


def submit(by: Any, key: str, wanted: FileWanted, now: datetime) -> PayoutBatch:
    """Put reserved payouts into a file for the bank; from then on they count as sent. The same key again: that file.

    Raises `Refused`, `NotThere`, `Impossible`, and `KeyTaken` for another body under this key.
    """
    require(by, Duty.KEEP)
    with refusals_told(), transaction.atomic():
        account = (
            BankAccount.objects.select_for_update(of=("self",), no_key=True)
            .select_related("account")
            .filter(account__slug=wanted.bank_account)
            .first()
        )
        if account is None:
            raise NotThere
        there = PayoutBatch.objects.filter(key=key).first()
        if there is not None:
            return _same_file(there, key, wanted)
        found = _lock_all(wanted.payouts)
        _check_file(found, account, wanted, now)
        batch = _make_file(by, key, account, found, wanted.execute_on, now)
        numbers = dict(PayoutStep.objects.filter(payout__in=found).values_list("payout").annotate(last=Max("number")))
        sent = {"state": State.SUBMITTED, "person": by, "at": now, "batch": batch}
        steps = [PayoutStep(payout=one, number=1 + numbers[one.pk], **sent) for one in found]
        PayoutStep.objects.bulk_create(steps, batch_size=IN_ONE_STATEMENT)
        return batch


def _same_file(there: PayoutBatch, key: str, wanted: FileWanted) -> PayoutBatch:
    asked = set(queries.payouts_in(there).values_list("public_id", flat=True))
    same = there.execute_on == wanted.execute_on and there.bank_account.account.slug == wanted.bank_account
    if not same or asked != set(wanted.payouts):
        raise KeyTaken(key)
    return there


def _lock_all(public_ids: Sequence[UUID]) -> list[Payout]:
    if not 1 <= len(public_ids) <= FILE_MAX:
        raise Impossible(_("Choose 1 to {n} payouts for a file.").format(n=FILE_MAX))
    locked = Payout.objects.select_for_update(of=("self",), no_key=True).select_related("payee", "details", "fund")
    found = list(locked.filter(public_id__in=public_ids).order_by("pk"))
    if len(found) != len(set(public_ids)):
        raise NotThere
    return found


def _check_file(found: Sequence[Payout], account: BankAccount, wanted: FileWanted, now: datetime) -> None:
    if wanted.execute_on < now.date():
        raise Impossible(_("The day of execution is over. Choose today or later."))
    by_fund: dict[int, int] = {}
    states, in_force = queries.states_of(one.pk for one in found), queries.details_in_force()
    for payout in found:
        if states[payout.pk] != State.RESERVED:
            _expect(payout, State.RESERVED)
        if payout.currency != account.account.currency:
            raise Impossible(_("A payout is not in the currency of the account. Make one file a currency."))
        _check_details(payout, in_force.get(payout.payee_id))
        by_fund[payout.fund_id] = by_fund.get(payout.fund_id, 0) + payout.minor
    for fund, minor in by_fund.items():
        if minor > _at_bank(account, fund):
            title = next(one.fund.slug for one in found if one.fund_id == fund)
            why = _("The account at the bank has not enough money of the fund “{fund}” for this file.")
            raise Impossible(why.format(fund=title))


def _check_details(payout: Payout, in_force: BankDetails | None) -> None:
    """A payout goes to the details that are in force, and waits for nothing: it is proposed anew to others."""
    if in_force == payout.details:
        return
    if queries.is_set_aside(payout.details):
        why = _("The bank does not pay “{payee}” at these details. Withdraw this payout; it waits for new ones.")
    else:
        why = _("The bank details of “{payee}” have changed since. Withdraw this payout and propose it again.")
    raise Impossible(why.format(payee=payee_queries.called(payout.payee)))


def _at_bank(account: BankAccount, fund: int) -> int:
    """What a fund has at the bank, less what earlier files ask for."""
    stands = Balance.objects.filter(account=account.account_id, fund=fund).aggregate(minor=Sum("minor"))["minor"] or 0
    sent = queries.payouts(*queries.AT_BANK).filter(fund=fund, steps__batch__bank_account=account)
    return int(stands) - int(sent.order_by().aggregate(total=Sum("minor"))["total"] or 0)


def _make_file(
    by: Any, key: str, account: BankAccount, found: Sequence[Payout], execute_on: date, now: datetime
) -> PayoutBatch:
    ident = f"PO-{uuid5(NAMESPACE_URL, f'communs:file:{key}').hex}"
    payer = Party(account.holder, account.iban, Address(account.town, account.country), account.bic)
    transfers = tuple(_transfer(payout) for payout in found)
    try:
        data = write(PaymentOrder(ident, now, execute_on, payer, transfers))
    except CannotOrder as error:
        raise Impossible(" ".join(error.say_each(_))) from error
    return PayoutBatch.objects.create(
        ident=ident,
        key=key,
        bank_account=account,
        execute_on=execute_on,
        count=len(found),
        total_minor=sum(payout.minor for payout in found),
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        made_by=by,
        made_at=now,
    )


def _transfer(payout: Payout) -> Transfer:
    to = payout.details
    address = Address(to.town, to.country, to.postcode, to.street, to.building)
    payee = Party(to.name, to.iban, address, to.bic)
    return Transfer(payout.public_id, Money(payout.minor, payout.currency), payee, text=payout.text)


def lock(public_id: UUID) -> Payout:
    """A payout, locked until the transaction ends, so that its steps come one after the other. Raises `NotThere`."""
    locked = Payout.objects.select_for_update(of=("self",), no_key=True)
    found = locked.select_related("payee", "details", "account", "fund").filter(public_id=public_id).first()
    if found is None:
        raise NotThere
    return found


def add_step(payout: Payout, state: str, now: datetime, **said: Any) -> PayoutStep:
    """The next step of a locked payout; the database refuses one that may not follow."""
    number = 1 + payout.steps.count()
    return PayoutStep.objects.create(payout=payout, number=number, state=state, at=now, **said)


def _is_covered(payout: Payout) -> bool:
    """Whether the account still owes it; decided by the database as it reserves, asked here so that people are told."""
    holding = queries.payouts(State.RESERVED, *queries.AT_BANK).filter(account=payout.account_id, fund=payout.fund_id)
    held = holding.order_by().aggregate(total=Sum("minor"))["total"] or 0
    return payout.minor + int(held) <= _owes(payout.account_id, payout.fund_id)


def _expect(payout: Payout, *states: str) -> None:
    state = queries.state_of(payout)
    if state not in states:
        why = _("The payout to “{payee}” is {state} by now. Look at it again.")
        raise Impossible(why.format(payee=payee_queries.called(payout.payee), state=State(state).label))


def _owes(account: int, fund: int) -> int:
    return -int(Balance.objects.filter(account=account, fund=fund).aggregate(minor=Sum("minor"))["minor"] or 0)


def _digest(one: Wanted) -> str:
    body = [one.payee, one.fund, one.minor, one.text]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()
