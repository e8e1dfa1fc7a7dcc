"""What waits for somebody who holds an office, each in a sentence with its address; and their section on "My page"."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.apps.foundation.pages.answering import money
from communs.apps.foundation.queries.bundles import looked_after
from communs.apps.foundation.queries.commons_money import money_waiting_for
from communs.apps.foundation.queries.gate import duties_of
from communs.apps.foundation.queries.keeping import Waiting, waiting_for
from communs.apps.foundation.queries.offices import held_by
from communs.apps.register.queries import names_of


def sentence_of(one: Waiting) -> tuple[str, str]:
    """What waits in words, and where it is done."""
    n = one.count
    words, name, query = {
        "decisions": (
            ngettext("{n} decision waits for your word", "{n} decisions wait for your word", n), "decisions", "",
        ),
        "payouts": (ngettext("{n} payout to approve", "{n} payouts to approve", n), "payouts-approve", ""),
        "refunds": (ngettext("{n} gift to be given back", "{n} gifts to be given back", n), "gifts", ""),
        "rounds": (ngettext("{n} round to be opened", "{n} rounds to be opened", n), "rounds", ""),
        "lines": (
            ngettext("{n} line of the bank to be decided", "{n} lines of the bank to be decided", n), "bank-lines", "",
        ),
        "strays": (
            ngettext("{n} payment to be identified", "{n} payments to be identified", n), "pay-ins", "",
        ),
        "owed": (
            ngettext("{n} amount that is owed and can be paid", "{n} amounts that are owed and can be paid", n),
            "propose", "",
        ),
        "pay-back": (
            ngettext("{n} gift to be paid back: say to whom", "{n} gifts to be paid back: say to whom", n), "gifts", "",
        ),
        "set-aside": (
            ngettext(
                "{n} account at which the bank does not pay", "{n} accounts at which the bank does not pay", n
            ),
            "payees", "",
        ),
        "reserved": (
            ngettext("{n} approved payout to send to the bank", "{n} approved payouts to send to the bank", n),
            "payout-file-new", "",
        ),
        "ask": (
            ngettext("{n} payout to ask the bank about", "{n} payouts to ask the bank about", n),
            "payouts", "?state=unknown",
        ),
        "drafts": (ngettext("{n} round in preparation", "{n} rounds in preparation", n), "rounds", ""),
        "rounds-due": (ngettext("{n} round to be closed", "{n} rounds to be closed", n), "rounds", ""),
        "ending": (
            ngettext("{n} office ends within 30 days", "{n} offices end within 30 days", n), "offices", "",
        ),
        "seats": (
            ngettext(
                "{n} seat on the board is to be given within 30 days: otherwise nothing can be approved any more",
                "{n} seats on the board are to be given within 30 days: otherwise nothing can be approved any more", n,
            ),
            "offices", "",
        ),
        "details": (
            ngettext("{n} account number to be confirmed", "{n} account numbers to be confirmed", n), "payees", "",
        ),
    }[one.what]  # fmt: skip
    return words.format(n=n), reverse(f"foundation:{name}") + query


def section_of(person: Any) -> list[tuple[str, str, str]]:
    """Rows of "My page": nothing for who holds no office and looks after no commons that money waits for."""
    return [*_of_office(person), *_of_steward(person)]


def _of_steward(person: Any) -> list[tuple[str, str, str]]:
    """Commons that somebody looks after whose money waits for them."""
    rows = money_waiting_for(looked_after(person))
    names = names_of([one.commons for one in rows])
    return [
        (
            _("{name}: money waits to be accepted").format(name=names.get(one.commons, one.commons))
            if one.is_unclaimed
            else _("{name}: say where it is paid").format(name=names.get(one.commons, one.commons)),
            reverse("foundation:sharing-commons", args=[one.commons]),
            money(one.minor, one.currency),
        )
        for one in rows
    ]


def _of_office(person: Any) -> list[tuple[str, str, str]]:
    if not duties_of(person):
        return []
    waiting = [sentence_of(one) for one in waiting_for(person, timezone.now())]
    held = ", ".join(str(one.get_office_display()) for one in held_by(person))
    return [(_("What waits for you"), reverse("foundation:keep"), held), *((words, at, "") for words, at in waiting)]
