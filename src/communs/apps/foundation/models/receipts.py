"""Receipts for gifts: numbered without a gap, kept for ever, cancelled where a gift went back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from communs.apps.foundation.models.pay_ins import PayIn


class ReceiptSeries(models.Model):
    """The receipts of one body and one year. Who issues one holds its row until the transaction ends."""

    body = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("body", "year"), name="one_series_a_year"),)

    def __str__(self) -> str:
        return f"{self.body} {self.year}"


class Receipt(models.Model):
    """One receipt, as it was issued. `said`: body, giver, signature in full: these change, and a receipt does not."""

    series = models.ForeignKey(ReceiptSeries, on_delete=models.PROTECT, related_name="receipts")
    number = models.PositiveIntegerField(help_text="counts from 1 in its series")
    minor = models.BigIntegerField()
    given_on = models.DateField()
    given_until = models.DateField(null=True, blank=True)
    issued_on = models.DateField()
    said = models.JSONField()
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    cancelled_on = models.DateField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("series", "number"), name="one_receipt_a_number"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="receipt_is_an_amount"),
        )

    def __str__(self) -> str:
        return f"{self.series_id} {self.number}"


class Receipted(models.Model):
    """A payment that a receipt covers, and how much of it."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="covers")
    pay_in = models.ForeignKey(PayIn, on_delete=models.PROTECT, related_name="receipted")
    minor = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("receipt", "pay_in"), name="covered_once"),)

    def __str__(self) -> str:
        return f"{self.receipt_id} {self.pay_in_id}"
