"""Chores of the foundation, done by the worker."""

from __future__ import annotations

from django.utils import timezone

from communs.apps.foundation.actions import (
    asking,
    batches,
    bearing,
    gifts,
    inbox,
    offices,
    proof,
    round_typed,
    settling,
    stopping,
)
from communs.apps.foundation.actions.bundles import expire
from communs.apps.foundation.actions.payout_news import unheard


def mark_unheard_payouts() -> int:
    """Mark payouts of which the bank has said nothing for too long, so that people ask it."""
    return unheard(timezone.now())


def keep_log() -> None:
    """Put new entries into the log of the public accounts, and sign it once an hour."""
    proof.keep_log(timezone.now())


def verify_books() -> None:
    """Check the books against every rule, for the public page."""
    proof.verify_now(timezone.now())


def follow_payments() -> None:
    """Follow what payment providers have sent, ask them for refunds and to stop, post what they paid out."""
    now = timezone.now()
    inbox.follow(now)
    asking.ask_providers(now)
    stopping.ask_to_stop(now)
    settling.settle(now)
    bearing.cover(now)


def remind_of_transfers() -> None:
    """Write once to who meant to give by transfer and has not."""
    gifts.remind(timezone.now())


def warn_of_ends() -> int:
    """Write once to who holds an office, and to the board, that it ends within thirty days."""
    return offices.warn_of_ends(timezone.now())


def sweep_payments() -> None:
    """Look through what changed at payment providers, for notifications that got lost."""
    now = timezone.now()
    inbox.sweep(now)
    settling.settle(now)
    bearing.cover(now)


def close_rounds() -> int:
    """Close rounds whose end has come; how many. One that cannot be counted is told with its reason."""
    done = batches.close_due(timezone.now())
    faults = [f"{slug}: {error}" for slug, error in done.items() if isinstance(error, Exception)]
    if faults:
        raise RuntimeError("; ".join(faults))
    return len(done)


def forget_typed() -> int:
    """Forget what was typed into the form of a round and never kept."""
    return round_typed.forget_old(timezone.now())


def expire_shares() -> int:
    """Give unclaimed shares of rounds to where it was said they go, once their day has come."""
    return expire(timezone.now())


def tell_demonstration() -> bool:
    """Fill the foundation of the demonstration, once; done by the worker, so that the site answers before."""
    from communs.apps.foundation.demo import tell

    return tell(timezone.localdate())
