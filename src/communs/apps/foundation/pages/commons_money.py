"""The money of one commons in words: what is owed to it and what that waits for, what came and what went."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from communs.apps.foundation.pages.funds import fund_title
from communs.apps.foundation.pages.public_words import entry_kind, money
from communs.apps.foundation.queries import commons_money as queries
from communs.apps.foundation.queries.owed import Owed, owed
from communs.apps.foundation.queries.public import funds


def money_of(commons: str) -> dict[str, Any]:
    """What the page of a commons says of its money. `needs_details`: its stewards have to say where it is paid."""
    rows, account = owed(f"commons:{commons}"), queries.account_of(commons)
    waits = queries.has_details_waiting(commons)
    titles = {one.slug: fund_title(one) for one in funds().filter(slug__in={row.fund for row in rows})}
    return {
        "owed": [
            {"amount": money(row.minor, row.currency), "fund": titles[row.fund], "next": _next(row, waits)}
            for row in rows
        ],
        "needs_details": bool(rows) and not waits and any(row.details is None for row in rows),
        "details_url": reverse("foundation:payee", args=[account]) if account else "",
        "moves": [
            {
                "on": one.on,
                "kind": entry_kind(one.kind),
                "amount": ("+" if one.minor > 0 else "−") + money(abs(one.minor), one.currency),
                "url": reverse("foundation:entry", args=[one.entry]),
            }
            for one in queries.moves_of(commons)
        ],
        "entries_url": f"{reverse('foundation:entries')}?{urlencode({'account': account})}" if account else "",
    }


def _next(row: Owed, waits: bool) -> str:
    """What has to happen before an amount is paid."""
    if row.open and not row.left:
        return _("being paid out")
    if row.details is None and waits:
        return _("a second person confirms the bank details")
    if row.details is None:
        return _("its stewards have to say where it is paid")
    return _("the treasurer proposes to pay it, two members of the board approve")
