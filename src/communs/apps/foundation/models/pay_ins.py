"""Money that came in, payment by payment, and what became of it; what providers send, kept byte for byte.

States go forward only (`core.ledger.states`), also for raw SQL. Refunds and disputes are things of their own.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communs.apps.foundation.models.bank import BankLine
from communs.apps.foundation.models.books import Entry
from communs.apps.foundation.models.gifts import Gift

BANK = "bank"
"""The provider of transfers to our own account."""


class PayIn(models.Model):
    """One payment. `minor`: what is for us, before fees. Nobody's gift: paid on a page of the provider's own."""

    class State(models.TextChoices):
        CREATED = "created", _("Begun")
        PENDING = "pending", _("Waits for the payer’s bank")
        AUTHORISED = "authorised", _("Authorised")
        SETTLED = "settled", _("Received")
        PAID_OUT = "paid-out-to-bank", _("Paid out to our bank")
        REFUSED = "refused", _("Refused")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Not paid in time")

    provider = models.CharField(max_length=20)
    object_id = models.CharField(max_length=100)
    gift = models.ForeignKey(Gift, null=True, blank=True, on_delete=models.PROTECT, related_name="pay_ins")
    state = models.CharField(max_length=16, choices=State.choices)
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    told_at = models.DateTimeField(help_text="the moment that the latest news is of")
    came_on = models.DateField(null=True, blank=True, help_text="the day on which the money was there")
    means = models.CharField(max_length=20, blank=True)
    at_risk_until = models.DateField(null=True, blank=True)
    settlement = models.CharField(max_length=100, blank=True, db_index=True)
    form = models.CharField(max_length=200, blank=True)
    doubt = models.CharField(max_length=500, blank=True, help_text="why a person has to look")
    line = models.OneToOneField(
        BankLine, null=True, blank=True, on_delete=models.PROTECT, related_name="pay_in", help_text="of the bank"
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=("provider", "object_id"), name="one_pay_in_an_object"),)

    def __str__(self) -> str:
        return f"{self.provider} {self.object_id}"


class Payer(models.Model):
    """Who paid on a page of the provider's own, kept until it is known whose gift it is."""

    pay_in = models.OneToOneField(PayIn, on_delete=models.PROTECT, related_name="payer")
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"payer of {self.pay_in_id}"


class PayInStep(models.Model):
    """A state that a payment reached, when it did and when we heard."""

    pay_in = models.ForeignKey(PayIn, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=PayIn.State.choices)
    told_at = models.DateTimeField()
    heard_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("pay_in", "number"), name="pay_in_steps_are_counted"),)

    def __str__(self) -> str:
        return self.state


class Refund(models.Model):
    """Money given back. Ours: proposed, approved by another, then asked of the provider under `public_id`.

    Begun at the provider (`proposed_by` None): heard of. `lost_minor`: what the fund no longer had, so that the
    general fund bore it.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("Proposed")
        SUBMITTED = "submitted", _("Under way")
        SUCCEEDED = "succeeded", _("Given back")
        FAILED = "failed", _("Failed")

    public_id = models.UUIDField(unique=True)
    pay_in = models.ForeignKey(PayIn, on_delete=models.PROTECT, related_name="refunds")
    object_id = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=9, choices=State.choices)
    minor = models.BigIntegerField()
    lost_minor = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=400, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True, help_text="what the provider said the last time")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(minor__gt=0), name="refund_is_an_amount"),
            models.UniqueConstraint(
                fields=("pay_in", "object_id"), condition=~Q(object_id=""), name="one_refund_an_object"
            ),
        )

    def __str__(self) -> str:
        return str(self.public_id)


class Dispute(models.Model):
    """A payer takes a payment back. While it is open a part of the fund is held; lost, the money has gone."""

    class State(models.TextChoices):
        OPENED = "opened", _("Disputed")
        WON = "won", _("Won: it stays")
        LOST = "lost", _("Lost: it has gone back")

    pay_in = models.ForeignKey(PayIn, on_delete=models.PROTECT, related_name="disputes")
    object_id = models.CharField(max_length=100)
    state = models.CharField(max_length=6, choices=State.choices)
    minor = models.BigIntegerField()
    lost_minor = models.BigIntegerField(default=0)
    told_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("pay_in", "object_id"), name="one_dispute_an_object"),)

    def __str__(self) -> str:
        return self.object_id


class Settlement(models.Model):
    """A payout of a provider to our bank: first heard of, then posted line by line, then found on a statement."""

    provider = models.CharField(max_length=20)
    object_id = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    heard_at = models.DateTimeField()
    minor = models.BigIntegerField(null=True, blank=True, help_text="what arrives at the bank, once posted")
    posted_at = models.DateTimeField(null=True, blank=True)
    line = models.OneToOneField(BankLine, null=True, blank=True, on_delete=models.PROTECT, related_name="settlement")
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("provider", "object_id"), name="one_settlement_an_object"),)

    def __str__(self) -> str:
        return f"{self.provider} {self.object_id}"


class SettledPart(models.Model):
    """What a posted payout moved of a payment that was nobody's gift yet: it follows the payment to its fund.

    `number`: the line of the payout. `fee`: that of the payment itself; any other is not the payment's to bear.
    """

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    pay_in = models.ForeignKey(PayIn, on_delete=models.PROTECT, related_name="settled_parts")
    gross = models.BigIntegerField()
    fee = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("settlement", "number"), name="settled_parts_are_counted"),)

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.number}"


class PayInEntry(models.Model):
    """Which entries of the books a payment made, and what each is of it."""

    pay_in = models.ForeignKey(PayIn, on_delete=models.PROTECT, related_name="entries")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="of_pay_in")
    what = models.CharField(max_length=10, help_text="gift, tip, fee, back, loss, undone, moved")

    def __str__(self) -> str:
        return self.what


class Notification(models.Model):
    """What a provider sent, byte for byte, once. A hint where to look, never a fact."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        DONE = "done", _("Followed")
        FORGED = "forged", _("Signed with another key")
        UNREADABLE = "unreadable", _("No notification")

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=255)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    kind = models.CharField(max_length=20, blank=True)
    object_id = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("provider", "event_id"), name="one_notification_an_event"),)
        indexes = (models.Index(fields=("state", "next_at"), name="notification_due"),)

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"


class Sweep(models.Model):
    """Up to when the payments of a provider were looked through for news that got lost."""

    provider = models.CharField(max_length=20, unique=True)
    watermark = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.provider
