"""Giving: a gift is written down first, under a key that was chosen with the form; then money comes."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from communs.apps.accounts.actions import take_back_letters
from communs.apps.foundation import letters, naming
from communs.apps.foundation.actions.books import KeyTaken
from communs.apps.foundation.actions.pay_ins import Moment, book
from communs.apps.foundation.actions.places import platform_fund
from communs.apps.foundation.models import BankLine, Gift, GiftPart, Giver, PayIn, PayInStep
from communs.apps.foundation.models.pay_ins import BANK
from communs.apps.foundation.payment_clients import clients
from communs.apps.foundation.queries import gifts as queries
from communs.apps.foundation.queries.books import account_of, get_fund
from communs.core.ledger import PAY_IN, Account
from communs.core.providers import Provider
from communs.core.standards.creditor_reference import check_reference, make_reference
from communs.core.standards.refusals import Refusal
from communs.kit.records.actions import Impossible

Kind = Gift.Kind
BASE_LENGTH: Final = 21
MINOR_MAX: Final = 10**10
LETTERS_AN_HOUR_MAX: Final = 3
REMIND_AFTER: Final = timedelta(days=10)
REMINDERS_AT_ONCE_MAX: Final = 500
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class GiverSaid:
    """Who gives, as they said it; everything may be empty but `language`."""

    language: str = "en"
    email: str = field(default="", repr=False)
    wants_receipt: bool = False
    given_names: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    is_company: bool = False
    legal_form: str = ""
    siren: str = ""
    street: str = field(default="", repr=False)
    postcode: str = ""
    town: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to give. Minor units; `tip_minor` is on top of `minor`, for the platform."""

    fund: str
    minor: int
    kind: str = Kind.DONATION
    way: str = Gift.TRANSFER
    currency: str = "EUR"
    every: str = ""
    times: int | None = None
    due_on: date | None = None
    tip_minor: int = 0
    counterpart: str = ""
    giver: GiverSaid = GiverSaid()


def give(key: UUID, wanted: Wanted, now: datetime) -> Gift:
    """Write down what somebody wants to give. The same key and body again: the same gift. Nobody is called.

    Raises `NotThere`, `Impossible`, and `KeyTaken` for another body under this key.
    """
    _check(wanted)
    body = _digest(wanted)
    with transaction.atomic():
        there = Gift.objects.filter(public_id=key).first()
        if there is not None:
            return _same(there, body)
        fund = get_fund(wanted.fund)
        if fund.closes_on is not None and fund.closes_on < now.date():
            raise Impossible(_("This fund is closed: it takes no more gifts."))
        gift, made = write_down(key, wanted, now)
        if not made:
            return _same(gift, body)
        _write(gift, wanted, now)
        return gift


def write_down(key: UUID, wanted: Wanted, now: datetime) -> tuple[Gift, bool]:
    """The rows of a gift, and whether they are new; within a transaction of its caller. Raises `NotThere`."""
    fund = get_fund(wanted.fund)
    gift, made = Gift.objects.get_or_create(
        public_id=key,
        defaults={
            "token": secrets.token_urlsafe(32), "body_sha256": _digest(wanted), "reference": reference_of(key),
            "kind": wanted.kind, "way": wanted.way, "fund": fund, "currency": wanted.currency,
            "every": wanted.every, "times": wanted.times, "due_on": wanted.due_on,
            "counterpart": wanted.counterpart or _counterpart(wanted.kind), "made_at": now,
        },
    )  # fmt: skip
    if made:
        GiftPart.objects.create(gift=gift, number=1, what=GiftPart.What.GIFT, fund=fund, minor=wanted.minor)
        if wanted.tip_minor:
            tip = {"what": GiftPart.What.TIP, "fund": get_fund(platform_fund(now)), "minor": wanted.tip_minor}
            GiftPart.objects.create(gift=gift, number=2, **tip)
        Giver.objects.create(gift=gift, **asdict(wanted.giver))
    return gift, made


def _write(gift: Gift, wanted: Wanted, now: datetime) -> None:
    """Send the address of the gift's page. An address that anybody may type is not written to again and again."""
    email = wanted.giver.email
    recent = Giver.objects.filter(email__iexact=email, gift__made_at__gt=now - timedelta(hours=1))
    if email and recent.count() <= LETTERS_AN_HOUR_MAX:
        total = wanted.minor + wanted.tip_minor
        letters.write_thanks(email, wanted.giver.language, gift.token, total, gift.currency)


def _same(gift: Gift, body: str) -> Gift:
    if gift.body_sha256 != body:
        raise KeyTaken(str(gift.public_id))
    return gift


def _check(wanted: Wanted) -> None:
    if not 0 < wanted.minor <= MINOR_MAX or not 0 <= wanted.tip_minor <= MINOR_MAX:
        raise Impossible(_("Give an amount above zero."))
    if wanted.way != Gift.TRANSFER:
        client = clients().get(wanted.way)
        if client is None:
            raise Impossible(_("This way to pay is not offered here. Choose another one."))
        _check_way(wanted, client)


def _check_way(wanted: Wanted, client: Provider) -> None:
    can = client.abilities
    if can.currencies is not None and wanted.currency not in can.currencies:
        raise Impossible(_("This currency cannot be paid in this way. Choose another one."))
    if wanted.every and not (can.has_finite_terms if wanted.times else can.has_open_terms):
        raise Impossible(_("This way to pay does not repeat like that. Choose another one, or give once."))


def _counterpart(kind: str) -> str:
    """What the foundation gives in exchange: then there is no receipt."""
    if kind == Kind.EVENT:
        return _("Part in an event or a campaign")
    return str(settings.FOUNDATION.membership_gives) if kind == Kind.MEMBERSHIP else ""


def _digest(wanted: Wanted) -> str:
    said = asdict(wanted)
    text = json.dumps(said, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def reference_of(key: UUID) -> str:
    """The reference (ISO 11649) of a gift, always of 25 characters: made of its key, and telling nothing of it.

    >>> reference_of(UUID(int=7))
    'RF11C67J9HSOFXRRPAM3REJSX'
    """
    number, base = int.from_bytes(hashlib.sha256(key.bytes).digest()) % 36**BASE_LENGTH, ""
    while number:
        number, digit = divmod(number, 36)
        base = _DIGITS[digit] + base
    return make_reference(base.rjust(BASE_LENGTH, "0"))


def received_by_transfer(reference: str, minor: int, currency: str, on: date, line_key: str, now: datetime) -> bool:
    """A line of the bank with one of our references: post what came. True where it was ours to post.

    Every line is a payment of its own: a standing order makes one a month. Whatever amount came is taken; what was to
    be added for the platform only where the whole came. Raises `NotRecorded`.
    """
    if minor <= 0:
        return False
    line = BankLine.objects.filter(key=line_key).select_related("bank_account__account").first()
    gift = _gift_by(reference)
    if gift is None or gift.currency != currency:
        return False
    with transaction.atomic():
        moment = datetime.combine(on, time(12), UTC)
        values: dict[str, Any] = {"state": PAY_IN.start, "minor": minor, "currency": currency, "told_at": moment}
        pay_in, made = PayIn.objects.get_or_create(
            provider=BANK,
            object_id=line_key[:100],
            defaults={**values, "gift": gift, "means": "transfer", "line": line},
        )
        if not made:
            return pay_in.gift_id == gift.pk and pay_in.minor == minor
        for number, state in enumerate(("created", "settled"), 1):
            PayInStep.objects.create(pay_in=pay_in, number=number, state=state, told_at=moment, heard_at=now)
        pay_in.state = PayIn.State.SETTLED
        pay_in.save(update_fields=["state"])
        book(pay_in, None, Moment(on, now), _held(line, currency))
        return True


def _held(line: BankLine | None, currency: str) -> Account:
    return naming.bank(currency) if line is None else account_of(line.bank_account.account)


def _gift_by(reference: str) -> Gift | None:
    try:
        checked = check_reference(reference)
    except Refusal:
        return None
    return Gift.objects.select_related("fund").filter(reference=checked).first()


def remind(now: datetime) -> int:
    """Write to who meant to give by transfer on a day that is ten days over, once; how many letters were written.

    A standing order is reminded of once, when the first month or year without a transfer is over.
    """
    count = 0
    for gift, due_on in queries.overdue(now.date(), REMIND_AFTER)[:REMINDERS_AT_ONCE_MAX]:
        with transaction.atomic():
            if Gift.objects.filter(pk=gift.pk, reminded_on=None).update(reminded_on=due_on):
                minor = sum(part.minor for part in gift.parts.all())
                letters.write_reminder(gift.giver.email, gift.giver.language, gift.token, minor, gift.currency)
                count += 1
    return count


def forget_giver(gift: Gift) -> None:
    """Erase who gave, and letters that wait to be sent. What a receipt says stays with it, as the law wants it."""
    with transaction.atomic():
        for email in Giver.objects.filter(gift=gift).values_list("email", flat=True):
            take_back_letters(email, gift.token)
        Giver.objects.filter(gift=gift).update(
            email="", wants_receipt=False, given_names="", name="", legal_form="", siren="", street="", postcode="",
            town="", country="",
        )  # fmt: skip
