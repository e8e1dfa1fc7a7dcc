"""Who does what in the foundation: offices that two people give, so that nobody gives one to themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import DateField, F, Func, Q
from django.utils.translation import gettext_lazy as _


class Office(models.TextChoices):
    """What one may do with the foundation's money."""

    TREASURER = "treasurer", _("Treasurer")
    BOARD = "board", _("Member of the board")
    AUDITOR = "auditor", _("Auditor")


class College(models.TextChoices):
    """For whom somebody sits on the board."""

    STATES = "states", _("States")
    COMMISSION = "commission", _("European Commission")
    COMMUNITIES = "communities", _("Communities")


class Appointment(models.Model):
    """An office given to a person: in force from when a second person confirms it until it ends. Never deleted.

    With a last day it is over after that day by itself. A renewal is another appointment, which may begin before.
    Where no two of the board are left, the operator of the site gives a seat on it, alone, and says why in public.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=12, choices=Office.choices)
    college = models.CharField(max_length=12, choices=College.choices, blank=True)
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    appointed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    last_day = models.DateField(
        null=True, blank=True, help_text="in force to its end (UTC); empty: until somebody ends it"
    )
    warned_at = models.DateTimeField(null=True, blank=True, help_text="when letters said that it ends soon")
    given_because = models.CharField(max_length=400, blank=True, help_text="why the operator of the site gave it")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "office"),
                condition=Q(confirmed_at=None, ended_at=None),
                name="one_proposal_an_office",
            ),
            models.UniqueConstraint(
                fields=("person", "office"),
                condition=Q(confirmed_at__isnull=False, ended_at=None, last_day=None),
                name="one_office_without_end",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | (~Q(confirmed_by=F("appointed_by")) & ~Q(confirmed_by=F("person"))),
                name="another_person_confirms",
            ),
        )

    def __str__(self) -> str:
        return f"{self.office} {self.person_id}"


TODAY = Func(template="CURRENT_DATE", output_field=DateField())
"""The day of the database's clock in UTC, which its own triggers read: what is shown and what is refused agree."""
HAS_TIME = Q(last_day=None) | Q(last_day__gte=TODAY)
IN_FORCE = Q(confirmed_at__isnull=False, ended_at=None) & HAS_TIME
"""A condition: the office is held now."""
