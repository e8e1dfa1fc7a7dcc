"""The story in its order. It is told once: a site that has a fund keeps its own."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from communs.apps.foundation.demo import giving, paying, people, sharing
from communs.apps.foundation.queries.public import funds
from communs.kit.catalogue import next_sequence


def tell(today: date) -> bool:
    """Tell the story up to today, all of it or nothing; False where there is a foundation already."""
    if funds().exists():
        return False
    calendar = people.Calendar(today)
    with transaction.atomic():
        voters = people.gather()
        people.give_offices(calendar)
        giving.open_everything(calendar)
        giving.agree(calendar)
        closing = giving.first_statement(calendar)
        sharing.accept_sharing(calendar)
        sharing.first_round(calendar, voters)
        paying.give_details(calendar)
        sent = paying.pay(calendar)
        paying.second_statement(calendar, closing, sent)
        sharing.open_round(calendar, voters[-12:])
        paying.propose_a_release(calendar)
        next_sequence("foundation")  # pages that were kept before say that there is nothing yet
    return True
