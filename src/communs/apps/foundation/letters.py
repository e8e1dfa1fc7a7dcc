"""What somebody who gives is written: once how to pay, and a reminder where a transfer that was to come did not."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from communs.apps.accounts.tasks import post_letter
from communs.core.money import Money
from communs.kit.formats import amount
from communs.kit.records.feeds import absolute


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
        sentence, opening, said = reason.partition(" (")
        why = _(sentence) + opening + said  # the sentences of reasons are translated where they are made
        subject = _("{name} cannot be paid at the account that was given").format(name=called)
        text = _(
            "The bank has not paid, or has sent the money back: {reason}\n\nNothing is lost, and it is still owed."
            " Please give other bank details; a second person confirms them before anything is paid there:\n\n{url}"
        )
        url = absolute(reverse("foundation:payee", args=(payee,)))
        post_letter(person.email, subject, text.format(reason=why, url=url))


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
