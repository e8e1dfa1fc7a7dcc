"""Everything that is checked of the books: one list, for `communs verify ledger`, the public page and each batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Q

from communs.apps.foundation.models import Entry, Leaf
from communs.apps.foundation.queries import books, checking, moves, payouts
from communs.apps.foundation.queries.log_check import log_problems
from communs.apps.foundation.queries.payout_check import money_out_problems
from communs.apps.foundation.queries.round_check import grant_problems
from communs.core.ledger import (
    INVARIANTS,
    LOG_RULES,
    MOVE_RULES,
    PAYOUT_RULES,
    Problem,
    verify_logged,
    verify_moves,
    verify_payouts,
)
from communs.core.ledger.rules.grounds import GROUND_RULES

RULES: Final = {one.name: one.sentence for one in INVARIANTS} | MOVE_RULES | PAYOUT_RULES | GROUND_RULES | LOG_RULES
"""Every rule by its name, in a sentence."""


def everything() -> Iterator[Problem]:
    """What is wrong, of all that is kept now. Inside a moment of the caller's (`books.one_moment`)."""
    yield from books.verified()
    yield from verify_moves(moves.moves(), moves.between())
    yield from verify_payouts(payouts.steps())
    yield from money_out_problems()
    yield from grant_problems()
    yield from log_problems()
    yield from _logged()


def what_is_new(point: checking.Point) -> Iterator[Problem]:
    """What is wrong with the entries after a point. Payouts and the log are looked at with everything."""
    yield from checking.verified_since(point)
    yield from verify_moves(moves.moves(Q(sequence__gt=point.sequence)), moves.between())


def _logged() -> Iterator[Problem]:
    """Entries get their places in order: none that stands before the last of them is without one."""
    last = Leaf.objects.order_by("-number").values_list("number", "entry__sequence").first()
    if last is not None:
        number, sequence = last
        yield from verify_logged(Entry.objects.filter(sealed=True, sequence__lte=sequence).count(), number + 1)
