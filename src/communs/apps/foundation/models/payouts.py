"""Who is paid, to which account, and each payout with its steps.

A payout never changes after it was proposed: its state is its last step, and steps are only added. Triggers hold both,
and the rules of who may do what, whatever writes to the tables (`communs.apps.foundation.sql`).
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communs.apps.foundation.models.bank import BankAccount, BankFile, BankLine
from communs.apps.foundation.models.books import Account, Fund
from communs.apps.foundation.models.pay_ins import Refund


class Payee(models.Model):
    """Somebody who is paid from an account: a commons from its own, somebody who gave from the donors' account.

    `refund`, `line`: what is given back to them, a refund or a line of the bank; then they are owed that and no more.
    """

    slug = models.SlugField(max_length=60, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payees")
    title = models.CharField(max_length=200, blank=True, help_text="who it is, for those who hold an office")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refund = models.ForeignKey(Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="payees")
    line = models.ForeignKey(BankLine, null=True, blank=True, on_delete=models.PROTECT, related_name="payees")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug


class BankDetails(models.Model):
    """Where a payee is paid. In force from when a second person confirms it, until the next one is confirmed.

    Set aside (`DetailsSetAside`), they are in force no more, and what was in force before is not again.
    """

    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="details")
    name = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    street = models.CharField(max_length=70, blank=True)
    building = models.CharField(max_length=16, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    town = models.CharField(max_length=35)
    country = models.CharField(max_length=2)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("given_by")), name="another_confirms_bank_details"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="confirmed_bank_details_say_by_whom",
            ),
        )

    def __str__(self) -> str:
        return f"{self.payee_id} {self.iban[-4:]}"


class Payout(models.Model):
    """Money to be paid. `public_id` is its name at the bank for ever; `key` the request that proposed it."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    key = models.CharField(max_length=200, unique=True)
    body_sha256 = models.CharField(max_length=64)
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="payouts")
    details = models.ForeignKey(BankDetails, on_delete=models.PROTECT, related_name="payouts")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+", db_index=False)
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    text = models.CharField(max_length=140, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(minor__gt=0) & Q(minor__lte=10**18), name="payout_is_an_amount"),
        )
        indexes = (models.Index(fields=("account", "fund"), name="payout_of_account"),)

    def __str__(self) -> str:
        return str(self.public_id)


class PayoutBatch(models.Model):
    """A file of payment orders, as it was made: it can be taken again, byte for byte, and is never made anew."""

    ident = models.CharField(max_length=35, unique=True)
    key = models.CharField(max_length=200, unique=True)
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="batches")
    execute_on = models.DateField()
    count = models.PositiveIntegerField()
    total_minor = models.BigIntegerField()
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.ident


class DetailsSetAside(models.Model):
    """The bank says that nobody can be paid there: an account that is closed, or that there never was."""

    details = models.OneToOneField(BankDetails, on_delete=models.PROTECT, related_name="set_aside")
    payout = models.ForeignKey(
        Payout, on_delete=models.PROTECT, related_name="+", help_text="of which the bank said so"
    )
    reason = models.CharField(max_length=400)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.details_id} {self.reason}"


class PayoutStep(models.Model):
    """A payout reached a state (`core.ledger.PAYOUT`): by a person, or by the machine from what the bank said."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("approved")
        RESERVED = "reserved", _("reserved")
        SUBMITTED = "submitted", _("sent to the bank")
        UNKNOWN = "unknown", _("nothing heard")
        CONFIRMED = "confirmed", _("paid")
        REFUSED = "refused", _("refused by the bank")
        RETURNED = "returned", _("came back")
        WITHDRAWN = "withdrawn", _("withdrawn")

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    reason = models.CharField(max_length=400, blank=True)
    batch = models.ForeignKey(PayoutBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="steps")
    line = models.ForeignKey(BankLine, null=True, blank=True, on_delete=models.PROTECT, related_name="steps")
    file = models.ForeignKey(BankFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("payout", "number"), name="steps_are_counted"),)

    def __str__(self) -> str:
        return f"{self.payout_id} {self.number} {self.state}"
