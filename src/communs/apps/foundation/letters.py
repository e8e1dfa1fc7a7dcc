"""What people are written: how to pay, that a transfer did not come, that nobody can be paid, that an office ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from communs.apps.accounts.tasks import post_letter
from communs.apps.foundation.bank_words import reason_words
from communs.core.money import Money
from communs.kit.formats import amount, day
from communs.kit.records.feeds import absolute
from communs.kit.texts import pick


def write_thanks(to: str, language: str, token: str, minor: int, currency: str) -> None:
    """The address of the page of a gift, which is nobody else's."""
    with override(language):
        subject = _("Your gift of {amount}").format(amount=amount(Money(minor, currency).major, currency))
        text = _(
            "Thank you. This page says how your gift is paid, what has arrived, and has your receipt as soon as there"
            " is one:\n\n{url}\n\nKeep the address to yourself: whoever has it sees what you gave."
        )
        url = absolute(reverse("foundation:gift", args=(token,)))
        post_letter(to, subject, text.format(url=url))


def write_set_aside(person: Any, called: str, payee: str, reason: str) -> None:
    """Nobody can be paid where somebody said: they are asked for other bank details."""
    with override(person.language):
        subject = _("{name} cannot be paid at the account that was given").format(name=called)
        text = _(
            "The bank has not paid, or has sent the money back: {reason}\n\nNothing is lost, and it is still owed."
            " Please give other bank details; a second person confirms them before anything is paid there:\n\n{url}"
        )
        url = absolute(reverse("foundation:payee", args=(payee,)))
        post_letter(person.email, subject, text.format(reason=reason_words(reason), url=url))


@dataclass(frozen=True, slots=True)
class Granted:
    """What a round gave a commons: minor units; `until`: the day until which they wait to be accepted, if they do."""

    name: str
    commons: str
    minor: int
    currency: str
    until: date | None


def write_granted(person: Any, title: Any, what: Granted) -> None:
    """To somebody who looks after a commons: a round gave it something. `title`: of the round, by language."""
    with override(person.language):
        said = {
            "amount": amount(Money(what.minor, what.currency).major, what.currency),
            "name": what.name,
            "round": pick(title, person.language).value,
            "day": day(what.until) if what.until else "",
            "url": absolute(reverse("foundation:sharing-commons", args=(what.commons,))),
        }
        subject = _("{name}: {amount} from “{round}”").format(**said)
        if what.until is None:
            text = _(
                "The round “{round}” gave {amount} to {name}, which you look after. This page says what it waits for"
                " before it is paid, and where you say to which account:\n\n{url}"
            )
        else:
            text = _(
                "The round “{round}” gave {amount} to {name}, which you look after. Nothing is paid against your will:"
                " the money waits until {day} for you to accept the sharing rule and then the shares. After that day it"
                " goes where the round says:\n\n{url}"
            )
        post_letter(person.email, subject, text.format(**said))


def write_office_ends(one: Any, missing: int) -> None:
    """To who holds an office: it ends soon. Written once. `missing`: how many of the board there will not be then."""
    with override(one.person.language):
        said = {"office": one.get_office_display(), "day": day(one.last_day)}
        subject = _("Your office ends on {day}: {office}").format(**said)
        text = _(
            "You hold this office of the foundation until the end of {day}: {office}. After that day you decide nothing"
            " there. If you are to go on, you are proposed for it once more, and another person confirms it; both can"
            " be done today:\n\n{url}"
        )
        _post(one.person.email, subject, text.format(url=_offices(), **said), missing)


def write_office_ends_to(member: Any, one: Any, missing: int) -> None:
    """To a member of the board: somebody's office ends soon."""
    with override(member.language):
        said = {"office": one.get_office_display(), "day": day(one.last_day), "name": one.person.shown_name}
        subject = _("The office of {name} ends on {day}: {office}").format(**said)
        text = _(
            "{name} holds this office of the foundation until the end of {day}: {office}. If they are to go on, propose"
            " them once more, and another person confirms it; otherwise propose somebody else:\n\n{url}"
        )
        _post(member.email, subject, text.format(url=_offices(), **said), missing)


def _post(to: str, subject: str, text: str, missing: int) -> None:
    if missing:
        text += "\n\n" + _(
            "If nothing is done, fewer than two of the board are left then, and nothing can be approved any more."
        )
    post_letter(to, subject, text)


def _offices() -> str:
    return absolute(reverse("foundation:offices"))


def write_reminder(to: str, language: str, token: str, minor: int, currency: str) -> None:
    """A transfer that was to come has not. Written once."""
    with override(language):
        said = amount(Money(minor, currency).major, currency)
        subject = _("Your transfer of {amount} has not arrived").format(amount=said)
        text = _(
            "We expected a transfer of {amount} and have not seen it. If you changed your mind, nothing is to be done."
            " Otherwise the page of your gift has the account and the reference:\n\n{url}"
        )
        url = absolute(reverse("foundation:gift", args=(token,)))
        post_letter(to, subject, text.format(amount=said, url=url))
