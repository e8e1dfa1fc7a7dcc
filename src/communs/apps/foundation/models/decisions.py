"""What two people decide about the books: a proposal whose content never changes, and what each of them said.

A decision is open until somebody of the board refuses it, who proposed it takes it back, or a second member of the
board approves it: then it is carried out in the same transaction, or nothing happens at all.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Decision(models.Model):
    """An act that changes the frame of the books. `public_id`: chosen with the form, the key of what is done for ever.

    `content`: what is done, by its kind (`communs.apps.foundation.actions.acts`), texts as the funder wrote them.
    """

    class Kind(models.TextChoices):
        OPEN_FUND = "open-fund", _("Open a fund")
        RELEASE = "release", _("Release restricted money")
        RECLASSIFY = "reclassify", _("Put money into another fund")
        OVERDRAFT = "overdraft", _("Open an account with an agreed overdraft")
        REVERSAL = "reversal", _("Take an entry back")
        CLOSE_PERIOD = "close-period", _("Close a period")
        AGREEMENT = "agreement", _("Agree with a public funder")

    public_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=400, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class DecisionStep(models.Model):
    """What somebody said to a decision. The second approval carries it out; `outcome` names what that made."""

    class What(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=9, choices=What.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=400, blank=True)
    outcome = models.CharField(max_length=100, blank=True, help_text="a fund, an account, an entry, or a period")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("decision", "number"), name="decision_steps_are_counted"),
            models.UniqueConstraint(fields=("decision", "person"), name="one_word_on_a_decision"),
        )

    def __str__(self) -> str:
        return f"{self.decision_id} {self.number} {self.what}"
