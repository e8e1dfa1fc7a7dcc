"""What the pages say of a subscription: what one hears of, how often, and addresses that give nobody away."""

from __future__ import annotations

import re
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communs.apps.following.cities import city_of
from communs.apps.following.forms import often_value
from communs.apps.following.vocabulary import COMMONS, What

_ADDRESS = re.compile(r"[^\s<>@\"']+@[^\s<>@\"']+")


def hears(what: str, catalogue: str) -> str:
    """What one hears of, in a sentence."""
    if what == What.SEARCH and catalogue == COMMONS:
        return _("You hear of each commons that is new in this list, and of what changes in those that stand in it.")
    if what == What.SEARCH:
        return _(
            "You hear of each source that is new in this list, when one opens, closes, changes or moves its deadline,"
            " and two weeks before it closes."
        )
    if what == What.OPPORTUNITY:
        return _("You hear when it opens or closes, when its deadline moves, two weeks before that, and what changes.")
    if what == What.COMMONS:
        return _("You hear what changes in what is known about it.")
    return _(
        "You hear of each new source of funding that fits it, may well fit, or that a question decides; when one opens"
        " or moves its deadline, and two weeks before it closes."
    )


def heading(what: str, title: str) -> str:
    """The heading of the page on which one asks for it."""
    if what == What.SEARCH:
        return _("Follow this search")
    if what == What.MONEY_FOR:
        return _("Follow: {what}").format(what=title)
    return _("Follow {title}").format(title=title)


def here_and_now() -> str:
    """The city whose time is shown at this moment."""
    return city_of(str(timezone.get_current_timezone()))


def masked(email: str) -> str:
    """An address that its owner recognises and nobody else learns.

    >>> masked("alice@example.org")
    'a…@example.org'
    """
    name, at, domain = email.rpartition("@")
    return f"{name[:1]}…{at}{domain}" if at else email


def masked_in(text: str) -> str:
    """The same for every address in a text: mail servers repeat them in what they answer.

    >>> masked_in("550 <alice@example.org>: unknown")
    '550 <a…@example.org>: unknown'
    """
    return _ADDRESS.sub(lambda found: masked(found[0]), text)


def settings_of(subscription: Any) -> dict[str, str]:
    """How often, in which language and where, as the form has it."""
    return {
        "often": often_value(subscription.rhythm, subscription.weekday),
        "language": subscription.language,
        "time_zone": subscription.time_zone,
    }
