"""What is proven in public: the log of sealed entries, its checkpoints, and what verifications found.

A leaf is an entry with its place in the log. What is personal in it stands there as a commitment; the secret that opens
the commitment is a row of its own, and deleting that row erases the field from the log while every proof stays valid.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from communs.apps.foundation.models.books import Entry


class LogState(models.Model):
    """The one row that the sequencer locks. `origin`: the log's name, which never changes.

    `up_to` is a sequence whose entries are all committed once no transaction older than `older_than` runs (PostgreSQL).
    """

    origin = models.CharField(max_length=255, blank=True)
    up_to = models.BigIntegerField(default=0)
    older_than = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.origin


class Leaf(models.Model):
    """An entry in the log. `number` counts from 0; `veiled`: commitments by field."""

    number = models.BigIntegerField(unique=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="leaf")
    veiled = models.JSONField(default=dict)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(number__gte=0), name="leaves_count_from_zero"),)

    def __str__(self) -> str:
        return str(self.number)


class Veil(models.Model):
    """The secret behind the commitments of an entry: 32 bytes by chance. Deleted when the personal part is erased."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="veil")
    secret = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.entry_id)


class Checkpoint(models.Model):
    """A state of the log that was signed. The signed note itself is a file of the log."""

    size = models.BigIntegerField(unique=True)
    root = models.CharField(max_length=64, help_text="hexadecimal")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.size)


class Checked(models.Model):
    """The one row of what was found sound: up to which entry, and what stood where then. A check goes on from there."""

    sequence = models.BigIntegerField(default=0)
    balances = models.JSONField(default=list, help_text="account, fund, minor units")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.sequence)


class Verification(models.Model):
    """The books were checked against every rule. `problems`: at most twenty, each with the rule's name, in English."""

    made_at = models.DateTimeField()
    entries = models.BigIntegerField()
    number = models.PositiveIntegerField(default=0, help_text="of problems, all of them")
    problems = models.JSONField(default=list)

    class Meta:
        indexes = (models.Index(fields=("-made_at",), name="verification_by_time"),)

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.number}"
