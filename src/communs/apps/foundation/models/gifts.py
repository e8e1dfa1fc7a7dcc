"""What somebody means to give: gifts, what of them is for whom, who gives, and agreements with public funders.

A gift is written down before anybody is asked for money. Its number is the key of every call that is made about it,
its reference what a payer writes on a transfer. What was asked for never changes; money that came stands in `PayIn`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communs.apps.foundation.models.books import Fund
from communs.apps.foundation.models.decisions import Decision


class Gift(models.Model):
    """An intent to give, once or again and again. `public_id`: chosen before anything happens, the key for ever.

    `token` opens its page, for who gives and nobody else. `way`: "transfer", or the name of a payment provider.
    """

    class Kind(models.TextChoices):
        DONATION = "donation", _("Gift")
        PLEDGE = "pledge", _("Pledge: a gift on a later day")
        MEMBERSHIP = "membership", _("Membership fee")
        EVENT = "event", _("Contribution to an event or a campaign")
        GRANT = "grant", _("Grant by a public funder")

    class Every(models.TextChoices):
        ONCE = "", _("Once")
        MONTH = "month", _("Every month")
        YEAR = "year", _("Every year")

    TRANSFER = "transfer"

    public_id = models.UUIDField(unique=True)
    token = models.CharField(max_length=43, unique=True)
    body_sha256 = models.CharField(max_length=64)
    reference = models.CharField(max_length=25, unique=True, help_text="ISO 11649")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    way = models.CharField(max_length=20)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="gifts")
    currency = models.CharField(max_length=3)
    every = models.CharField(max_length=5, choices=Every.choices, blank=True)
    times = models.PositiveSmallIntegerField(null=True, blank=True, help_text="how often in all; empty: until stopped")
    due_on = models.DateField(null=True, blank=True, help_text="the day for which a pledge was made")
    counterpart = models.CharField(max_length=200, blank=True, help_text="what is given for it; then no receipt")
    made_at = models.DateTimeField()
    begun_id = models.CharField(max_length=255, blank=True, db_index=True, help_text="the provider's name for it")
    begun_url = models.URLField(max_length=2000, blank=True)
    begun_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when a provider was asked and its answer is due")
    reminded_on = models.DateField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True, help_text="when it was said that no more will come")

    class Meta:
        indexes = (models.Index(fields=("made_at",), name="gift_by_moment"),)

    def __str__(self) -> str:
        return self.reference


class GiftPart(models.Model):
    """What of each payment is for whom: the gift itself first, then what was added for the platform."""

    class What(models.TextChoices):
        GIFT = "gift", _("The gift")
        TIP = "tip", _("For the platform")

    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=4, choices=What.choices)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    minor = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("gift", "number"), name="parts_are_counted"),
            models.CheckConstraint(condition=Q(minor__gt=0) & Q(minor__lte=10**12), name="part_is_an_amount"),
        )

    def __str__(self) -> str:
        return f"{self.what} {self.minor}"


class Giver(models.Model):
    """Who gives, as far as they said so: erased on request. A receipt keeps what it says, as the law wants it."""

    gift = models.OneToOneField(Gift, on_delete=models.PROTECT, related_name="giver")
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2)
    wants_receipt = models.BooleanField(default=False)
    given_names = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=200, blank=True)
    is_company = models.BooleanField(default=False)
    legal_form = models.CharField(max_length=100, blank=True)
    siren = models.CharField(max_length=9, blank=True)
    street = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    town = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=60, blank=True, help_text="in words; empty for France")

    def __str__(self) -> str:
        return f"giver of {self.gift_id}"


class Stop(models.Model):
    """A provider is asked to take no more payments of a gift that repeats, until it says that it does not.

    `told_at`: when it said so, or that nobody has paid yet, or that it refuses. `asked_by`: who holds an office and
    wished it for the giver; nobody where the giver did it.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        STOPPED = "stopped", _("Takes no more")
        NOTHING = "nothing", _("Nothing was paid")
        REFUSED = "refused", _("Refused")

    gift = models.OneToOneField(Gift, on_delete=models.PROTECT, related_name="stop")
    state = models.CharField(max_length=7, choices=State.choices)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    told_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True, help_text="what the provider said the last time")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="asked", told_at=None) | (~Q(state="asked") & Q(told_at__isnull=False)),
                name="stop_is_told_or_asked",
            ),
        )

    def __str__(self) -> str:
        return f"stop of {self.gift_id}"


class Agreement(models.Model):
    """What a public funder and the foundation agreed on, once two of the board approved it (`decision` has every word).

    Its fund is that of `gift`, as which its money comes in, tranche by tranche.
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="agreement")
    gift = models.OneToOneField(Gift, on_delete=models.PROTECT, related_name="agreement")
    eligible = models.TextField(help_text="what may be funded with it")
    eligible_query = models.CharField(
        max_length=1000, blank=True, help_text="the same as a query of the register's list, which rounds keep to"
    )

    def __str__(self) -> str:
        return str(self.decision_id)


class Tranche(models.Model):
    """A part of an agreed grant, and the day on which it is due."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="tranches")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    minor = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("agreement", "number"), name="tranches_are_counted"),
            models.CheckConstraint(condition=Q(minor__gt=0) & Q(minor__lte=10**15), name="tranche_is_an_amount"),
        )

    def __str__(self) -> str:
        return f"{self.due_on} {self.minor}"
