"""Accounts at banks, the files that banks send, what stands in them line by line, and what was decided of each line.

Nothing here is changed or deleted: a line that was decided wrongly is decided once more, and both stand.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communs.apps.foundation.models.books import Account, Entry, Fund


class BankAccount(models.Model):
    """An account of the foundation at a bank, and the account of the books that it is."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="at_bank")
    fund = models.ForeignKey(
        Fund, on_delete=models.PROTECT, related_name="+", help_text="has money that nobody claims, and pays the fees"
    )
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34, unique=True)
    bic = models.CharField(max_length=11, blank=True)
    town = models.CharField(max_length=35)
    country = models.CharField(max_length=2)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.account.slug


class BankFile(models.Model):
    """A file from a bank, byte for byte. The same bytes twice are one file."""

    class Kind(models.TextChoices):
        STATEMENT = "camt.053", _("Statement")
        REPORT = "pain.002", _("Status report")

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class BankStatement(models.Model):
    """A statement of a file: what the bank says the account held. Minor units of the account's currency."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="statements")
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="statements")
    ident = models.CharField(max_length=80, blank=True)
    number = models.CharField(max_length=40, blank=True)
    opening_minor = models.BigIntegerField(null=True, blank=True)
    opening_on = models.DateField(null=True, blank=True)
    closing_minor = models.BigIntegerField(null=True, blank=True)
    closing_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.ident or f"#{self.pk}"


class BankLine(models.Model):
    """Money that moved at the bank: in above zero, out below. `key` is the same in statements that overlap."""

    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="lines")
    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    key = models.CharField(max_length=64)
    booked_on = models.DateField()
    minor = models.BigIntegerField()
    name = models.CharField(max_length=200, blank=True, help_text="the other side, as the bank writes it")
    iban = models.CharField(max_length=40, blank=True)
    end_to_end = models.CharField(max_length=80, blank=True)
    order = models.CharField(max_length=80, blank=True, help_text="the order of ours that it is about")
    reference = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    code = models.CharField(max_length=40, blank=True)
    is_return = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True, help_text="why it came back: the code, then the bank's words")
    bank_reference = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("bank_account", "key"), name="one_line_a_key"),
            models.CheckConstraint(condition=~Q(minor=0), name="line_is_an_amount"),
        )
        indexes = (models.Index(fields=("bank_account", "booked_on"), name="line_by_day"),)

    def __str__(self) -> str:
        return f"{self.booked_on} {self.minor}"


class LineDecision(models.Model):
    """What a line turned out to be: decided exactly by the machine (no person), or by a person. The last one counts."""

    class What(models.TextChoices):
        PAYOUT = "payout", _("A payout that the bank has made")
        RETURN = "return", _("A payout that came back")
        GIFT = "gift", _("A gift")
        FEE = "fee", _("A fee of the bank")
        UNIDENTIFIED = "unidentified", _("Nobody knows yet what it is")
        INCOME = "income", _("A gift without a name")
        GIVE_BACK = "give-back", _("To be given back")
        CLEARING = "clearing", _("To be cleared up with the bank")
        SETTLEMENT = "settlement", _("A payout of a payment provider")

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=12, choices=What.choices)
    entry = models.ForeignKey(Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("line", "number"), name="decisions_are_counted"),)

    def __str__(self) -> str:
        return self.what
