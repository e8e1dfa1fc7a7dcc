"""What waits for somebody who holds an office, each in a sentence with its address; and their section on "My page"."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.apps.foundation.queries.gate import duties_of
from communs.apps.foundation.queries.keeping import Waiting, waiting_for
from communs.apps.foundation.queries.offices import held_by


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
        "details": (
            ngettext("{n} account number to be confirmed", "{n} account numbers to be confirmed", n), "payees", "",
        ),
    }[one.what]  # fmt: skip
    return words.format(n=n), reverse(f"foundation:{name}") + query


def section_of(person: Any) -> list[tuple[str, str, str]]:
    """Rows of "My page": nothing for who holds no office."""
    if not duties_of(person):
        return []
    waiting = [sentence_of(one) for one in waiting_for(person, timezone.now())]
    held = ", ".join(str(one.get_office_display()) for one in held_by(person))
    return [(_("What waits for you"), reverse("foundation:keep"), held), *((words, at, "") for words, at in waiting)]
