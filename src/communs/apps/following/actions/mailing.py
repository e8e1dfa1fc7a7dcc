"""Sending letters: each is claimed by one worker, written once, handed over, and marked; failures wait and come again.

A claim is a lease. A worker that is killed leaves its letter to the next one when the lease ends; whether the server
has it then is not known, so it is sent again under the same Message-ID: at least once, never lost.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from communs.apps.accounts.actions import RETRY_WAITS_S
from communs.apps.following import letters
from communs.apps.following.actions.posting import post
from communs.apps.following.due import next_due
from communs.apps.following.models import Delivery, Mailing, Subscription
from communs.apps.following.queries import leaving
from communs.apps.following.sending import Attempt, Outcome, Postman
from communs.apps.following.vocabulary import DeliveryState, MailingKind, MailingState, Standing
from communs.kit.records.actions import Impossible

# The waits of account letters, then twice a day for as long as a mail server may reasonably be out of order.
WAITS_S = (*RETRY_WAITS_S, 43_200, 86_400)
LEASE = timedelta(minutes=15)
UNREACHABLE_WAIT = timedelta(minutes=5)
RUN_SECONDS_MAX = 60.0  # well within a lease, so that other work of the worker gets its turn
CLAIMS_AT_ONCE = 50
DEAD_IN_A_ROW_MAX = 3
log = logging.getLogger("communs.following")


def send_due(now: datetime, seconds: float = RUN_SECONDS_MAX) -> int:
    """Send the letters that are due, for so many seconds; how many left.

    Where there is no server to talk to, the run ends: that says nothing of the letters, and all of them wait.
    """
    ends = time.monotonic() + seconds
    sent = 0
    tried: set[int] = set()
    with Postman() as postman:
        while time.monotonic() < ends:
            due = [pk for pk in leaving.due_letters(now, CLAIMS_AT_ONCE + len(tried)) if pk not in tried]
            if not due:
                break
            for pk in due[:CLAIMS_AT_ONCE]:
                if time.monotonic() >= ends:
                    break
                tried.add(pk)
                outcome = _send(pk, postman, now)
                sent += outcome == Outcome.SENT
                if outcome == Outcome.UNREACHABLE:
                    return sent
    return sent


def _send(pk: int, postman: Postman, now: datetime) -> Outcome | None:
    """One attempt for one letter; None where another worker has it, or nothing is left to tell."""
    mailing = claim(pk, now)
    if mailing is None or not write(mailing, now):
        return None
    attempt = postman.hand_over(letters.message(mailing))
    settle(mailing, attempt, now)
    return attempt.outcome


def claim(pk: int, now: datetime) -> Mailing | None:
    """Take a letter for as long as a lease lasts, by compare-and-set: of several workers one gets it."""
    mine = {"state": MailingState.SENDING, "lease_until": now + LEASE, "attempts": F("attempts") + 1}
    waiting = Mailing.objects.filter(pk=pk, state=MailingState.WAITING, next_at__lte=now)
    if not waiting.update(**mine):
        left = Mailing.objects.filter(pk=pk, state=MailingState.SENDING, lease_until__lte=now)
        if not left.update(**mine, uncertain=F("uncertain") + 1, problem="the worker ended while it was sent"):
            return None
    return Mailing.objects.select_related("subscription__interest").filter(pk=pk).first()


def write(mailing: Mailing, now: datetime) -> bool:
    """Write the letter where that has not been done; whether there is anything to send.

    It is kept, so that a later attempt sends the same one; only what must not be told any more is taken out.
    """
    subscription = mailing.subscription
    if mailing.kind != MailingKind.DIGEST:
        if mailing.kind == MailingKind.CONFIRM and subscription.state != Standing.ASKED:
            return _leave(mailing)
        if not mailing.text:
            _keep(mailing, letters.asking(mailing) if mailing.kind == MailingKind.CONFIRM else letters.again(mailing))
        return True
    contents = leaving.contents_of(mailing)
    if contents.is_less:
        Delivery.objects.filter(pk__in=contents.withdrawn).update(state=DeliveryState.WITHDRAWN)
        Delivery.objects.filter(pk__in=contents.muted).update(state=DeliveryState.MUTED)
    if not contents.items:
        return _leave(mailing)
    if contents.is_less or not mailing.text:
        _keep(mailing, letters.digest(mailing, contents, now))
    return True


def _keep(mailing: Mailing, written: letters.Written) -> None:
    mailing.subject, mailing.text, mailing.html = written.subject, written.text, written.html
    mailing.save(update_fields=["subject", "text", "html"])


def _leave(mailing: Mailing) -> bool:
    """Nothing is left to tell."""
    _mine(mailing).update(state=MailingState.EMPTY, lease_until=None, subject="", text="", html="")
    return False


def settle(mailing: Mailing, attempt: Attempt, now: datetime) -> None:
    """Write down what came of an attempt, with its deliveries: one transaction."""
    with transaction.atomic():
        if attempt.outcome == Outcome.SENT:
            # Whoever has the lease by now: it has left. The text goes, it has served.
            rows = Mailing.objects.filter(pk=mailing.pk)
            rows.update(
                state=MailingState.SENT, sent_at=now, lease_until=None, problem="", subject="", text="", html=""
            )
            mailing.deliveries.filter(state=DeliveryState.LETTER).update(state=DeliveryState.TOLD)
            _wake(mailing, now)
        elif attempt.outcome == Outcome.UNREACHABLE:
            _mine(mailing).update(
                state=MailingState.WAITING,
                lease_until=None,
                next_at=now + UNREACHABLE_WAIT,
                attempts=F("attempts") - 1,
                problem=attempt.problem,
            )
        else:
            _failed(mailing, attempt, now)


def _failed(mailing: Mailing, attempt: Attempt, now: datetime) -> None:
    uncertain = F("uncertain") + int(attempt.outcome == Outcome.UNKNOWN)
    said = {"problem": attempt.problem, "uncertain": uncertain, "lease_until": None}
    if attempt.outcome == Outcome.NEVER or mailing.attempts > len(WAITS_S):
        # What the server said may hold the address: it stands with the letter, not in the log.
        log.error("letter %s given up after %s attempts: %s", mailing.pk, mailing.attempts, attempt.outcome)
        _mine(mailing).update(state=MailingState.DEAD, **said)
        _rest(mailing)
        return
    wait_s = WAITS_S[mailing.attempts - 1]
    log.warning("letter %s not taken (%s): next attempt in %s s", mailing.pk, attempt.outcome, wait_s)
    _mine(mailing).update(state=MailingState.WAITING, next_at=now + timedelta(seconds=wait_s), **said)


def _rest(mailing: Mailing) -> None:
    """After several letters in a row were given up no more are made: what waits goes on waiting."""
    theirs = Mailing.objects.filter(subscription=mailing.subscription_id)
    last = theirs.filter(state=MailingState.SENT).order_by("-pk").values_list("pk", flat=True).first() or 0
    if theirs.filter(state=MailingState.DEAD, pk__gt=last).count() >= DEAD_IN_A_ROW_MAX:
        Subscription.objects.filter(pk=mailing.subscription_id).update(next_due_at=None)


def _wake(mailing: Mailing, now: datetime) -> None:
    """An address that takes letters (again) gets those that waited."""
    subscription = mailing.subscription
    if subscription.state == Standing.ACTIVE and subscription.next_due_at is None:
        moment = next_due(now, subscription.rhythm, subscription.weekday, subscription.time_zone)
        Subscription.objects.filter(pk=subscription.pk, next_due_at=None).update(next_due_at=moment)


def _mine(mailing: Mailing) -> QuerySet[Mailing]:
    """The letter, as long as nobody has taken it over."""
    return Mailing.objects.filter(pk=mailing.pk, state=MailingState.SENDING, attempts=mailing.attempts)


@task()
def send_letters() -> int:
    """The worker's part: send what is due, for a minute; what is left then waits behind the work of others."""
    sent = send_due(timezone.now())
    if sent and leaving.is_anything_due(timezone.now()):
        send_letters.enqueue()
    return sent


def post_now(subscription: Subscription, kind: MailingKind, now: datetime) -> None:
    """A letter by itself that leaves as soon as the transaction around it is stored."""
    post(subscription, kind, now)
    transaction.on_commit(send_letters.enqueue, robust=True)


def send_again(mailing_pk: int, now: datetime) -> None:
    """Put a letter that was given up back into the outbox, with all its attempts. Raises `Impossible` otherwise."""
    dead = Mailing.objects.filter(pk=mailing_pk, state=MailingState.DEAD)
    if not dead.update(state=MailingState.WAITING, next_at=now, attempts=0, problem=""):
        raise Impossible(_("This letter was not given up: there is nothing to send again."))
