"""How a gift stands, in the words of who gives: what has arrived and stays, is under way, follows, or stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communs.apps.foundation.pages.answering import money
from communs.apps.foundation.queries import giving_back, receipts
from communs.apps.foundation.queries.gifts import DISPUTES, EVERY, HAS_MONEY, STATES, STOPS
from communs.apps.foundation.queries.giving_back import Standing
from communs.core.providers import Every, Terms
from communs.kit.formats import day, moment

TONES: Final = {
    "settled": "yes", "paid-out-to-bank": "yes", "refused": "no", "cancelled": "no", "expired": "no",
}  # fmt: skip
UNDER_WAY: Final = ("pending", "authorised")
SHOWN_MAX: Final = 24
"""So many payments are shown, the latest ones."""
GOES_BACK: Final = (Standing.APPROVED, Standing.OWED, Standing.ON_ITS_WAY)
BACK: Final = {
    Standing.APPROVED: gettext_lazy("{amount} go back to you"),
    Standing.OWED: gettext_lazy("{amount} go back to you"),
    Standing.ON_ITS_WAY: gettext_lazy("{amount} are on their way back to you"),
    Standing.PAID_BACK: gettext_lazy("{amount} were paid back"),
}
DISPUTED: Final = {
    DISPUTES.OPENED: gettext_lazy("{amount} are disputed, and held until that is decided"),
    DISPUTES.WON: gettext_lazy("{amount} were disputed, and stay"),
    DISPUTES.LOST: gettext_lazy("{amount} went back, since they were disputed"),
}


@dataclass(frozen=True, slots=True)
class Arrived:
    """What has come of a gift: a heading and its tone, the latest payments, and how many more there are."""

    heading: str
    text: str
    tone: str
    payments: Sequence[dict[str, Any]]
    earlier: int


def arrived(gift: Any, pay_ins: Sequence[Any]) -> Arrived | None:
    """What has come, and what of it stays; None where no payment was ever made.

    A payment of which nothing happened yet, or that will not be taken, is none to who gives again and again.
    """
    hidden = {STATES.CREATED, STATES.CANCELLED} if gift.every else {STATES.CREATED}
    shown = [one for one in pay_ins if one.state not in hidden]
    if not shown:
        return None
    heading, text, tone = _heading(gift, shown)
    latest = shown[-SHOWN_MAX:]
    return Arrived(heading, text, tone, [_payment(one) for one in latest], len(shown) - len(latest))


def _heading(gift: Any, pay_ins: Sequence[Any]) -> tuple[str, str, str]:
    there = [one for one in pay_ins if one.state in HAS_MONEY]
    came, left = sum(one.minor for one in there), sum(receipts.left_of(one) for one in there)
    held = sum(dispute.minor for one in there for dispute in one.disputes.all() if dispute.state == DISPUTES.OPENED)
    said = {"came": money(came, gift.currency), "left": money(left, gift.currency), "held": money(held, gift.currency)}
    if not there:
        return _("Nothing has arrived yet"), "", ""
    if left <= 0:
        refunds = [refund for one in there for refund in one.refunds.all()]
        goes = any(standing in GOES_BACK for standing in giving_back.standings_of(refunds).values())
        if goes:
            return _("{came} arrived, and all of it goes back to you").format(**said), "", ""
        return _("{came} arrived, and all of it went back").format(**said), "", ""
    if held:
        text = _(
            "It was asked back at a bank. Until that is decided the money is held, and given to nobody. If that was a"
            " mistake, tell your bank."
        )
        return _("{came} have arrived, of which {held} are disputed").format(**said), text, "ask"
    if left < came:
        return _("{left} of the {came} that arrived stay. Thank you.").format(**said), "", "yes"
    return _("{came} have arrived. Thank you.").format(**said), "", "yes"


def _payment(pay_in: Any) -> dict[str, Any]:
    refunds, disputes = list(pay_in.refunds.all()), list(pay_in.disputes.all())
    standings = giving_back.standings_of(refunds)
    backs = [(BACK.get(standings[one.pk]), one.minor) for one in refunds]
    backs += [(DISPUTED.get(DISPUTES(one.state)), one.minor) for one in disputes]
    label, tone = _label(pay_in, disputes)
    return {
        "amount": money(pay_in.minor, pay_in.currency),
        "label": label,
        "tone": tone,
        "when": day(pay_in.came_on) if pay_in.came_on else moment(pay_in.told_at),
        "backs": [text.format(amount=money(minor, pay_in.currency)) for text, minor in backs if text is not None],
    }


def _label(pay_in: Any, disputes: Sequence[Any]) -> tuple[str, str]:
    """What a provider pays out to our bank is our affair: it was received."""
    if pay_in.state == STATES.PENDING:
        return _("Waits for your bank"), ""
    if pay_in.state not in HAS_MONEY:
        return str(STATES(pay_in.state).label), TONES.get(pay_in.state, "")
    if receipts.left_of(pay_in) <= 0:
        return _("Gone back"), "no"
    if any(one.state == DISPUTES.OPENED for one in disputes):
        return _("Disputed"), "ask"
    return _("Received"), "yes"


def stage_of(gift: Any, pay_ins: Sequence[Any], now: datetime) -> str:
    """What the page of a gift by a provider is about now.

    "stopped", "goes-on" or "over" of what repeats; "waits" for an answer; "paid", "held" or "back"; "open" where a
    page of the provider waits for the payer, "prepare" where none does.
    """
    states = [one.state for one in pay_ins]
    there = [one for one in pay_ins if one.state in HAS_MONEY]
    if gift.every and gift.stopped_at is not None:
        return "stopped"
    if gift.every and there:
        ended = "cancelled" in states and not {"created", *UNDER_WAY} & set(states)
        return "over" if ended or (gift.times and len(there) >= gift.times) else "goes-on"
    if any(state in UNDER_WAY for state in states):
        return "waits"
    if any(dispute.state == DISPUTES.OPENED for one in there for dispute in one.disputes.all()):
        return "held"
    if there:
        return "paid" if any(receipts.left_of(one) > 0 for one in there) else "back"
    return "open" if gift.begun_url and (gift.begun_until is None or gift.begun_until > now) else "prepare"


def follows(gift: Any, pay_ins: Sequence[Any], provider: str) -> str:
    """What comes after the payments of a gift that repeats by itself."""
    taken = [one for one in pay_ins if one.state in HAS_MONEY]
    said: dict[str, Any] = {"provider": provider, "taken": len(taken), "times": gift.times}
    if gift.times is None:
        said["amount"] = money(gift.promised, gift.currency)
        if gift.every == EVERY.MONTH:
            text = _("{provider} takes {amount} every month by itself: there is nothing to do.")
        else:
            text = _("{provider} takes {amount} every year by itself: there is nothing to do.")
        return text.format(**said) + " " + _("It ends when you say so below: “I will give no more”.")
    first = min(one.came_on or one.told_at.date() for one in taken)
    said["last"] = day(Terms(Every(gift.every), gift.times).days(first)[-1])
    text = _(
        "{taken} of {times} payments have been taken. {provider} takes the others by itself, the last about {last}:"
        " there is nothing to do."
    )
    return text.format(**said) + " " + _("It ends when you say so below: “I will give no more”.")


def waits(pay_ins: Sequence[Any], provider: str) -> str:
    """Who was asked for a payment that is under way, and how long that takes."""
    if any(one.means == "sepa-debit" for one in pay_ins if one.state in UNDER_WAY):
        text = _(
            "{provider} has asked your bank for a direct debit. That takes five working days as a rule, and fourteen at"
            " most."
        )
    else:
        text = _("{provider} waits for an answer about your payment. That takes minutes as a rule, sometimes days.")
    return text.format(provider=provider)


@dataclass(frozen=True, slots=True)
class Stopped:
    """How it stands with a gift that is to take no more."""

    heading: str
    text: str
    tone: str


def stopped(stop: Any, provider: str, way: str) -> Stopped:
    """What who gives is told of a stop that a provider is asked for."""
    heading, text, tone = _stopped(stop, way)
    when = moment(stop.told_at) if stop is not None and stop.told_at is not None else ""
    return Stopped(heading.format(provider=provider), text.format(provider=provider, when=when), tone)


def _stopped(stop: Any, way: str) -> tuple[str, str, str]:
    state = stop.state if stop is not None else STOPS.ASKED
    if state == STOPS.STOPPED:
        text = _(
            "It said so on {when}. What was under way then may still arrive, and stands here if it does. What had"
            " arrived stays a gift."
        )
        return _("{provider} takes no more"), text, "yes"
    if state == STOPS.NOTHING:
        return _("No more will come"), _("Nothing was paid through {provider}, so nothing repeats."), "yes"
    if state == STOPS.REFUSED:
        text = _(
            "We asked it to, and it refused on {when}. We see that too, and have to end it on {provider}’s own pages."
            " To be sure, ask your bank to refuse further payments to {provider}."
        )
        if way == "helloasso":
            text += " " + _("Your own account at www.helloasso.com shows what is still to be paid.")
        return _("{provider} has not stopped"), text, "no"
    if stop is not None and stop.tries:
        text = _("It has not answered yet. We go on asking until it does: there is nothing for you to do.")
    else:
        text = _("This page says when it has stopped: that takes a few minutes. There is nothing for you to do.")
    return _("We ask {provider} to stop"), text, "ask"
