"""What is asked of providers: to take a payment, to give one back. No transaction is open while somebody is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from communs.apps.foundation.actions.back import State, provider_refuses
from communs.apps.foundation.actions.hearing import hear
from communs.apps.foundation.models import Gift, Refund
from communs.apps.foundation.models.pay_ins import BANK
from communs.apps.foundation.payment_clients import clients
from communs.core.ledger import PAY_IN
from communs.core.providers import Every, Payer, PayIn, Provider, Refunding, Refused, Terms, Unavailable, Unknown
from communs.kit.records.actions import Impossible
from communs.kit.texts import pick

AT_ONCE_MAX: Final = 200
LOOK_BACK: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a payer comes back to: when done, when turning back, when something fails. Absolute."""

    done: str
    back: str
    error: str


def begin(gift: Gift, addresses: Addresses, now: datetime) -> Gift:
    """Have the provider of a gift wait for its payer at `gift.begun_url`. Asked again: the same page, while it lasts.

    Where it ended unpaid, another one.

    That we ask is written down first, so that an answer that gets lost is looked for before we ask again.
    Raises `Impossible` with what can be done.
    """
    if gift.begun_url and (gift.begun_until is None or gift.begun_until > now):
        return gift
    if gift.every and gift.stopped_at is not None:
        raise Impossible(_("It was said that no more will come of this gift. Give anew if you changed your mind."))
    client = clients().get(gift.way)
    if client is None:
        raise Impossible(_("This way to pay is not offered here any more. Give by transfer instead."))
    try:
        if gift.asked_at is not None and _was_paid(client, gift, now):
            return gift
        Gift.objects.filter(pk=gift.pk, asked_at=None).update(asked_at=now)
        begun = client.begin(_pay_in(gift, addresses, client, now))
    except (Unavailable, Unknown) as error:
        raise Impossible(_("The provider does not answer. Nothing was paid: try again in a moment.")) from error
    except Refused as error:
        raise Impossible(_("The provider does not take this payment. Give by transfer instead.")) from error
    values = {"begun_id": begun.provider_id, "begun_url": begun.redirect_url, "begun_until": begun.expires_at}
    Gift.objects.filter(pk=gift.pk).update(**values)
    gift.refresh_from_db()
    return gift


def _was_paid(client: Provider, gift: Gift, now: datetime) -> bool:
    """Whether anybody pays for a gift whose begin was asked for before. What is found is taken in."""
    found = client.find(gift.public_id, (gift.asked_at or gift.made_at) - LOOK_BACK)
    for news in found:
        hear(news, now)
    return any(news.state not in PAY_IN.ends - {"paid-out-to-bank"} for news in found)


def _pay_in(gift: Gift, addresses: Addresses, client: Provider, now: datetime) -> PayIn:
    giver, language = gift.giver, gift.giver.language
    payer = Payer(giver.email, giver.given_names, "" if giver.is_company else giver.name)
    terms = None
    if gift.every:
        terms = Terms(Every(gift.every), gift.times if client.abilities.has_finite_terms else None)
    return PayIn(
        gift.public_id,
        sum(part.minor for part in gift.parts.all()),
        gift.currency,
        pick(gift.fund.title, language).value or gift.fund.slug,
        addresses.done,
        addresses.back,
        addresses.error,
        now.date(),
        terms,
        payer,
        is_donation=gift.kind in {Gift.Kind.DONATION, Gift.Kind.PLEDGE},
        may_debit=gift.currency == "EUR",
        metadata={"reference": gift.reference},
        after=gift.begun_id,
    )


def ask_providers(now: datetime) -> int:
    """Ask providers for the refunds that are approved; how many were. An answer that is lost is asked for again."""
    waiting = Refund.objects.filter(state=State.REQUESTED, approved_at__isnull=False).exclude(pay_in__provider=BANK)
    numbers = list(waiting.order_by("pk").values_list("public_id", flat=True)[:AT_ONCE_MAX])
    return sum(_ask(number, now) for number in numbers)


def _ask(public_id: UUID, now: datetime) -> bool:
    refund = Refund.objects.select_related("pay_in").get(public_id=public_id)
    pay_in = refund.pay_in
    client = clients().get(pay_in.provider)
    if client is None:
        return False
    others = pay_in.refunds.exclude(pk=refund.pk).exclude(object_id="").values_list("object_id", flat=True)
    wanted = Refunding(public_id, pay_in.object_id, refund.minor, pay_in.currency, frozenset(others), refund.reason)
    try:
        hear(client.refund(wanted), now)
    except Refused as error:
        provider_refuses(public_id, str(error), now)
        return True
    except Exception as error:
        # What was asked for is looked up before it is asked for again; whatever it is, it holds up no other.
        Refund.objects.filter(pk=refund.pk).update(problem=str(error)[:300])
        return False
    return True
