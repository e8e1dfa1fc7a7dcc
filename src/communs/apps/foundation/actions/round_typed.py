"""What is typed into the form of a round waits for its author, who goes on choosing commons: for them alone, for days.

It is deleted once the draft is kept (`rounds.prepare`, `rounds.change`), once the round is proposed or withdrawn, and
when it is old: it may hold addresses of people who are to be invited.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communs.apps.foundation.actions.payees import refusals_told
from communs.apps.foundation.actions.rounds import eligible_kept
from communs.apps.foundation.models import Round, RoundTyped
from communs.apps.foundation.queries.gate import Duty, require
from communs.apps.foundation.queries.round_typed import KEPT_FOR, typed_by
from communs.kit.records.actions import Impossible


def keep(by: Any, round_: Round | None, said: Mapping[str, str | bool], now: datetime) -> None:
    """Keep what was typed for a draft, or for a new round, instead of what was kept before.

    Raises `Refused`, `Impossible`.
    """
    require(by, Duty.KEEP)
    if round_ is not None and round_.state != Round.State.DRAFT:
        raise Impossible(_("It was proposed, and changes no more. Withdraw it, and prepare another one."))
    with refusals_told(), transaction.atomic():
        RoundTyped.objects.update_or_create(person=by, round=round_, defaults={"said": dict(said), "typed_at": now})


def choose(by: Any, round_: Round | None, eligible: str, now: datetime) -> None:
    """Put the commons that were chosen into what is kept. Raises `Refused`, `Impossible`."""
    found = typed_by(by, round_, now)
    keep(by, round_, {**(found.said if found else {}), "eligible": eligible_kept(eligible)}, now)


def forget(by: Any, round_: Round | None) -> None:
    """Forget what this person typed."""
    RoundTyped.objects.filter(person=by, round=round_).delete()


def forget_old(now: datetime) -> int:
    """Forget what nobody came back for; how many."""
    return RoundTyped.objects.filter(typed_at__lte=now - KEPT_FOR).delete()[0]
