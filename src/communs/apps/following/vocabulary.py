"""The closed lists of following, with their labels."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

COMMONS, OPPORTUNITIES = "commons", "opportunities"
CATALOGUES = (COMMONS, OPPORTUNITIES)
"""What can be followed: the names of the catalogues (`communs.kit.catalogue`)."""


class What(models.TextChoices):
    """What a subscription follows."""

    SEARCH = "search", _("a search")
    COMMONS = "commons", _("a commons")
    OPPORTUNITY = "opportunity", _("a source of funding")
    MONEY_FOR = "money_for", _("new money for a commons")


class Rhythm(models.TextChoices):
    """How often one is written to."""

    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("once a week")


class Standing(models.TextChoices):
    """How a subscription stands."""

    ASKED = "asked", _("to be confirmed")
    ACTIVE = "active", pgettext_lazy("subscription", "active")
    STOPPED = "stopped", _("stopped")


class EventKind(models.TextChoices):
    """What happened to a record, in the order in which a letter tells it."""

    NEW = "new", pgettext_lazy("event", "new")
    OPENED = "opened", pgettext_lazy("event", "open now")
    REOPENED = "reopened", pgettext_lazy("event", "open again")
    MOVED = "moved", _("deadline moved")
    CLOSING = "closing", _("closes soon")
    CHANGED = "changed", pgettext_lazy("event", "changed")
    CLOSED = "closed", pgettext_lazy("event", "closed")


class Edge(models.TextChoices):
    """Which day of a window a calendar shows. `CLOSES` is the first day while no last one is known."""

    CLOSES = "closes", _("last day")
    OPENS = "opens", _("opening day")


class DeliveryState(models.TextChoices):
    """How an event stands for one subscription."""

    WAITING = "waiting", _("waiting for the next letter")
    LETTER = "letter", _("in a letter on its way")
    TOLD = "told", _("told by e-mail")
    FEED = "feed", _("in the feed only")
    MUTED = "muted", _("muted")
    WITHDRAWN = "withdrawn", _("no longer public")


class MailingKind(models.TextChoices):
    """What a letter is for."""

    CONFIRM = "confirm", _("please confirm")
    AGAIN = "again", _("you follow this already")
    DIGEST = "digest", _("news")


class MailingState(models.TextChoices):
    """How a letter stands."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DEAD = "dead", pgettext_lazy("letter", "given up")
    EMPTY = "empty", _("nothing left to tell")


WEEKDAYS = ((0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
            (5, _("Saturday")), (6, _("Sunday")))  # fmt: skip
