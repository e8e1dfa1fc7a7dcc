"""The tables of following: what somebody wants to hear of, what happened, and what is on its way to whom.

A record is named by its catalogue and its id, as in `communs.kit.models.Listing`: two kinds of record, one outbox.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from communs.apps.following.vocabulary import (
    DeliveryState,
    Edge,
    EventKind,
    MailingKind,
    MailingState,
    Rhythm,
    Standing,
    What,
)


class Interest(models.Model):
    """What can be asked for, once for all who ask the same. Never changed after it is made.

    `query` of a search: `{"facets": {name: [values]}, "text", "lang"}`; what is not asked for is left out.
    """

    what = models.CharField(max_length=12, choices=What.choices)
    catalogue = models.CharField(max_length=20, help_text="whose events it hears of")
    record_id = models.BigIntegerField(null=True, blank=True, help_text="the commons or opportunity that it is about")
    query = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    sequence = models.BigIntegerField(db_index=True, help_text="grows in the order in which interests are committed")
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(help_text="when somebody last asked for it")

    class Meta:
        indexes = (models.Index(fields=("catalogue", "record_id"), name="interest_in_record"),)

    def __str__(self) -> str:
        return f"{self.what} {self.catalogue} {self.record_id or self.query}"


class Subscription(models.Model):
    """One reader of an interest: by e-mail, or by feed alone where `email` is empty.

    `token` stands in the address of the feed and gives nothing but reading. What changes the subscription is signed
    (`links.py`). When it is stopped the address and everything that was told are erased.
    """

    token = models.CharField(max_length=16, unique=True)
    interest = models.ForeignKey(Interest, on_delete=models.PROTECT, related_name="subscriptions")
    email = models.EmailField(blank=True, db_index=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    language = models.CharField(max_length=5, default="en")
    time_zone = models.CharField(max_length=40, default="Europe/Brussels")
    rhythm = models.CharField(max_length=6, choices=Rhythm.choices, default=Rhythm.DAILY)
    weekday = models.PositiveSmallIntegerField(default=0, help_text="0 is Monday; counts where it is weekly")
    state = models.CharField(max_length=7, choices=Standing.choices, default=Standing.ASKED)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True, help_text="empty: no letters")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("email", "interest"),
                condition=~Q(email="") & ~Q(state=Standing.STOPPED),
                name="one_subscription_an_address",
            ),
        )
        indexes = (models.Index(fields=("state", "next_due_at"), name="subscription_due"),)

    def __str__(self) -> str:
        return f"subscription {self.pk}, {self.state}"


class Mute(models.Model):
    """One record that a subscription wants to hear nothing of."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="mutes", db_index=False)
    catalogue = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("subscription", "catalogue", "record_id"), name="one_mute_a_record"),
        )

    def __str__(self) -> str:
        return f"{self.catalogue} {self.record_id}"


class Start(models.Model):
    """A catalogue that is being followed, since when. Its row is the lock of those who look for what happened."""

    catalogue = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.catalogue} since {self.at:%Y-%m-%d %H:%M}"


class Known(models.Model):
    """What has been told of a record: up to which version and which day. What differs from it is news.

    `windows`: as they were in that version. `due_on`: the next day on which the calendar has something to say.
    """

    catalogue = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    is_public = models.BooleanField(default=True)
    windows = models.JSONField(default=list, blank=True)
    day = models.DateField()
    due_on = models.DateField(null=True, blank=True, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("catalogue", "record_id"), name="one_known_a_record"),)

    def __str__(self) -> str:
        return f"{self.catalogue} {self.record_id} version {self.version} on {self.day}"


class Deadline(models.Model):
    """One day of a window of an opportunity as calendars show it: the same row, and number, however often it moves.

    `moves` is SEQUENCE in calendars: it grows when the day moves, is cancelled, or comes back.
    """

    record_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField(help_text="of the window")
    edge = models.CharField(max_length=6, choices=Edge.choices, default=Edge.CLOSES)
    stated = models.JSONField(help_text="the window as recorded")
    day = models.DateField(db_index=True, help_text="of `edge`; the first one where no last day is known")
    moves = models.PositiveIntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("record_id", "number", "edge"), name="one_day_an_edge"),)

    def __str__(self) -> str:
        return f"{self.record_id}/{self.number} {self.edge}: {self.day}"


class Event(models.Model):
    """Something that happened to a record. `about` keeps it from being noted twice.

    `day`: the day it belongs to, which may be earlier than `at` when nobody looked. `spread_at`: when it was handed to
    every subscription that it concerns; empty while that is to be done.
    """

    catalogue = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=EventKind.choices)
    about = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField()
    day = models.DateField()
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(db_index=True)
    spread_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("catalogue", "record_id", "kind", "about"), name="one_event_of_its_kind"),
        )
        indexes = (models.Index(fields=("id",), condition=Q(spread_at=None), name="event_to_spread"),)

    def __str__(self) -> str:
        return f"{self.catalogue} {self.record_id} {self.kind} {self.about}"


class Mailing(models.Model):
    """One letter. Its Message-ID is fixed when the row is made, so that a repeat can be recognised as one.

    `uncertain`: attempts after which nobody knows whether the server has the letter. The text is kept until the letter
    has left: every attempt sends the same one.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="mailings")
    kind = models.CharField(max_length=8, choices=MailingKind.choices)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, choices=MailingState.choices, default=MailingState.WAITING)
    created_at = models.DateTimeField(db_index=True)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    uncertain = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("state", "next_at"), name="mailing_due"),)

    def __str__(self) -> str:
        return f"letter {self.pk}, {self.state}, {self.attempts} attempts"


class Delivery(models.Model):
    """An event for a subscription: one row, whatever happens."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    mailing = models.ForeignKey(
        Mailing, null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries", db_index=False
    )
    state = models.CharField(max_length=9, choices=DeliveryState.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("subscription", "event"), name="one_delivery_of_an_event"),)
        indexes = (
            models.Index(fields=("subscription",), condition=Q(state=DeliveryState.WAITING), name="delivery_waiting"),
            models.Index(fields=("mailing",), condition=Q(mailing__isnull=False), name="delivery_in_mailing"),
        )

    def __str__(self) -> str:
        return f"event {self.event_id} for subscription {self.subscription_id}: {self.state}"
