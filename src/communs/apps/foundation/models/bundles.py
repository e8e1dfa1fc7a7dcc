"""Who accepted that a commons is paid, and how it shares what it is granted (bundle-1). Rows are only added."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SharingRule(models.Model):
    """A steward says that a commons takes money, and by which rule. In force until it is ended."""

    commons = models.CharField(max_length=80, help_text="public id")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("commons",), condition=Q(ended_at=None), name="one_sharing_rule"),
        )

    def __str__(self) -> str:
        return self.commons


class Bundle(models.Model):
    """Shares of a commons from a day on, proposed by a steward of it. `terms`: their hash, as parties accept it."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    token = models.UUIDField(unique=True)
    commons = models.CharField(max_length=80, db_index=True, help_text="public id")
    starts_on = models.DateField()
    terms = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("commons", "starts_on"), condition=Q(withdrawn_at=None), name="one_bundle_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.commons} {self.starts_on}"


class BundleShare(models.Model):
    """The part of a commons, in millionths."""

    class Kind(models.TextChoices):
        COMMUNITY = "community", _("the people who look after it")
        COMMONS = "commons", _("a commons that it builds on")
        RESERVE = "reserve", _("a reserve that several commons share")

    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="shares")
    party = models.CharField(max_length=80, help_text="public id of a commons")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ppm = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("bundle", "party"), name="one_share_a_party"),
            models.CheckConstraint(condition=Q(ppm__gte=1, ppm__lte=1_000_000), name="share_is_a_part"),
        )

    def __str__(self) -> str:
        return f"{self.party} {self.ppm}"


class BundleAcceptance(models.Model):
    """A steward of a party says yes to the terms."""

    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="acceptances")
    party = models.CharField(max_length=80)
    terms = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("bundle", "party"), name="accepted_once"),)

    def __str__(self) -> str:
        return f"{self.bundle_id} {self.party}"
