"""The tables of the books (rule ledger-1). What may be in them is enforced by triggers: `communs.apps.foundation.sql`.

An entry is written unsealed, its postings follow, and sealing it checks everything at once. Whatever is read is sealed.
"""

from __future__ import annotations

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import Q

from communs.core.ledger import AccountKind, EntryKind, Nature


def _choices(kinds: type[StrEnum]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class Fund(models.Model):
    """Money under one set of conditions. Its nature, agreement and floor never change; its words may."""

    slug = models.SlugField(max_length=60, unique=True)
    nature = models.CharField(max_length=12, choices=_choices(Nature))
    title = models.JSONField(default=dict, help_text="by language")
    purpose = models.JSONField(default=dict, blank=True, help_text="by language")
    funder = models.CharField(max_length=200, blank=True, help_text="who gave it, as it is published")
    convention = models.CharField(max_length=200, blank=True, help_text="the agreement that restricts it")
    return_clause = models.TextField(blank=True, help_text="what becomes of money that is not spent")
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    floor_minor = models.BigIntegerField(default=0, null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(nature=Nature.RESTRICTED.value) | (~Q(convention="") & Q(floor_minor__gte=0)),
                name="restricted_fund_is_bound",
            ),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=models.F("opens_on")),
                name="fund_opens_before_it_closes",
            ),
        )

    def __str__(self) -> str:
        return self.slug


class Account(models.Model):
    """A place where money stands, in one currency, for all funds or for one. `owner`: "commons:<id>", or nothing."""

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=12, choices=_choices(AccountKind))
    currency = models.CharField(max_length=3)
    fund = models.ForeignKey(Fund, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.CharField(max_length=80, blank=True, db_index=True)
    title = models.CharField(max_length=200, blank=True)
    overdraft_minor = models.BigIntegerField(default=0)
    expires_on = models.DateField(null=True, blank=True)
    destination = models.CharField(max_length=200, blank=True, help_text="where unclaimed shares go when they expire")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(overdraft_minor__gte=0), name="overdraft_is_positive"),
            models.CheckConstraint(
                condition=~Q(kind=AccountKind.UNCLAIMED.value) | (Q(expires_on__isnull=False) & ~Q(destination="")),
                name="unclaimed_shares_expire",
            ),
        )

    def __str__(self) -> str:
        return self.slug


class Period(models.Model):
    """Days whose entries are closed together, once and for ever."""

    starts_on = models.DateField(unique=True)
    ends_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="period_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.starts_on}/{self.ends_on}"


class Entry(models.Model):
    """One thing that happened, under one key for ever. `sequence`: the order in which entries were sealed."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=14, choices=_choices(EntryKind))
    effective_on = models.DateField()
    happened_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    memo = models.CharField(max_length=500, blank=True)
    document = models.CharField(max_length=500, blank=True)
    actor = models.CharField(max_length=40, blank=True, help_text='"person:<number>", or the part of communs that acts')
    reverses = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversals")
    provider = models.CharField(max_length=20, blank=True)
    provider_object = models.CharField(max_length=100, blank=True)
    provider_state = models.CharField(max_length=40, blank=True)
    body_sha256 = models.CharField(max_length=64)
    sealed = models.BooleanField(default=False)
    sequence = models.BigIntegerField(null=True, blank=True, unique=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "provider_object", "provider_state"),
                condition=~Q(provider=""),
                name="one_entry_a_transition",
            ),
            models.CheckConstraint(condition=~Q(key=""), name="entry_has_a_key"),
            # Entries are never changed, so what somebody who gave may want erased must not stand in them.
            models.CheckConstraint(
                condition=Q(memo="") | ~Q(kind__in=("pay-in", "identification", "payout")),
                name="entry_of_people_says_nothing",
            ),
        )
        indexes = (models.Index(fields=("effective_on",), name="entry_by_day"),)

    def __str__(self) -> str:
        return self.key


class Posting(models.Model):
    """Minor units on an account, in a fund: a debit above zero, a credit below. `position` counts within the entry."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings", db_index=False)
    position = models.PositiveIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+", db_index=False)
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("entry", "position"), name="postings_are_counted"),
            models.CheckConstraint(
                condition=~Q(minor=0) & Q(minor__gte=-(10**18)) & Q(minor__lte=10**18), name="posting_is_an_amount"
            ),
        )
        indexes = (models.Index(fields=("account", "entry"), name="posting_on_account"),)

    def __str__(self) -> str:
        return f"{self.minor} {self.currency}"


class Balance(models.Model):
    """What stands on an account for a fund, in parts that add up: slots, so that gifts do not wait for each other.

    Kept by the trigger that seals. What goes down is taken from slot 0, and so one after the other.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+", db_index=False)
    slot = models.PositiveSmallIntegerField()
    minor = models.BigIntegerField()
    last = models.BigIntegerField(null=True, blank=True, help_text="the newest entry in it, on SQLite")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "fund", "slot"), name="one_balance_a_slot"),)

    def __str__(self) -> str:
        return f"{self.account_id} {self.fund_id} {self.slot}"


class Owned(models.Model):
    """What a fund has for itself in one currency, in slots as `Balance`. Kept by the trigger that seals."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3)
    slot = models.PositiveSmallIntegerField()
    minor = models.BigIntegerField()
    last = models.BigIntegerField(null=True, blank=True, help_text="the newest entry in it, on SQLite")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("fund", "currency", "slot"), name="one_owned_a_slot"),)

    def __str__(self) -> str:
        return f"{self.fund_id} {self.currency} {self.slot}"


class Reservation(models.Model):
    """A part of a fund that is promised: the pot of an open round. It is given up when it is granted, or not needed."""

    key = models.CharField(max_length=200, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    minor = models.BigIntegerField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(minor__gt=0), name="reservation_is_positive"),)

    def __str__(self) -> str:
        return self.key
