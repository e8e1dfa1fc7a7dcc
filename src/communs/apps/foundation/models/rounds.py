"""Rounds: a pot shared by a vote. What is asked, who may vote, ballots, and the files that are published (round-1).

What is frozen when a round is proposed and opened is frozen by triggers (`communs.apps.foundation.sql.rounds`). Voters
and ballots stand here under pseudonyms alone: whose they are is known to whoever has the secret of the round.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communs.apps.foundation.models.books import Entry, Fund


class Round(models.Model):
    """A round and its question. Money in minor units of `currency`, shares in millionths."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        PROPOSED = "proposed", _("waiting for two of the board")
        OPENED = "opened", _("open")
        CLOSED = "closed", _("closed, being counted")
        POSTED = "posted", _("decided, in the books")
        PUBLISHED = "published", _("decided and published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class RollKind(models.TextChoices):
        CITIZENS = "citizens", _("Everybody with an account and a confirmed e-mail address when the round opens")
        INVITED = "invited", _("People of a list, by their e-mail addresses")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    token = models.UUIDField(unique=True, help_text="of the request that made it")
    slug = models.SlugField(max_length=60, unique=True)
    title = models.JSONField(default=dict, help_text="by language")
    description = models.JSONField(default=dict, blank=True, help_text="by language")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="rounds")
    currency = models.CharField(max_length=3)
    pot_minor = models.BigIntegerField()
    rule = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict, blank=True)
    format = models.CharField(max_length=10)
    most = models.PositiveIntegerField()
    points = models.BigIntegerField(default=0)
    within_pot = models.BooleanField(default=False)
    is_secret = models.BooleanField(default=True)
    ppm = models.PositiveIntegerField(default=0, help_text="that flows on to what a commons depends on")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    expires_on = models.DateField(help_text="until when unclaimed shares wait")
    destination = models.CharField(max_length=80, help_text='then they go to "fund", or to "commons:<id>"')
    roll_kind = models.CharField(max_length=10, choices=RollKind.choices)
    colleges = models.JSONField(default=list, help_text="[name, weight]; empty: one for everybody")
    eligible = models.CharField(max_length=1000, blank=True, help_text="a query of the register's list")
    costs = models.JSONField(default=dict, blank=True, help_text="what commons ask for, in minor units by id")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    graph = models.JSONField(default=list, blank=True, help_text="[from, to, weight], as it was at the opening")
    seed_commitment = models.CharField(max_length=64, blank=True)
    roll_sha256 = models.CharField(max_length=64, blank=True)
    opening_sha256 = models.CharField(max_length=64, blank=True)
    voters = models.PositiveIntegerField(default=0, help_text="on the roll")
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(pot_minor__gt=0), name="pot_is_an_amount"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="round_opens_before_it_closes"),
        )
        indexes = (models.Index(fields=("state", "closes_at"), name="round_by_state"),)

    def __str__(self) -> str:
        return self.slug


class RoundTyped(models.Model):
    """What somebody has typed into the form of a round and has not kept yet: personal, and gone after a few days."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, null=True, blank=True, related_name="+", help_text="empty: of a new one"
    )
    said = models.JSONField(default=dict, help_text="texts by field, right or wrong")
    typed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "round"), name="typed_once_a_round"),
            models.UniqueConstraint(fields=("person",), condition=Q(round__isnull=True), name="typed_once_a_new_round"),
        )

    def __str__(self) -> str:
        return f"{self.round_id} {self.person_id}"


class RoundApproval(models.Model):
    """Somebody of the board who did not propose the round lets it open. Two are needed."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="approvals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("round", "person"), name="one_approval_a_person"),)

    def __str__(self) -> str:
        return f"{self.round_id} {self.person_id}"


class RoundInvitation(models.Model):
    """An address on the list of a round. Deleted when the round opens: then the roll holds pseudonyms."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    college = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("round", "email"), name="invited_once"),)

    def __str__(self) -> str:
        return f"{self.round_id} {self.pk}"


class RoundOption(models.Model):
    """A commons that can be chosen, as it was when the round opened. `facets`: what the ballot page filters by."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="options")
    commons = models.CharField(max_length=80, help_text="public id")
    name = models.CharField(max_length=300)
    cost_minor = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=40, blank=True)
    search_text = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("round", "commons"), name="one_option_a_commons"),)

    def __str__(self) -> str:
        return self.commons


class RoundSecret(models.Model):
    """What makes pseudonyms, and the seed of ties. The row of a secret round is deleted once it is published."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="kept_secret")
    secret = models.BinaryField(max_length=32)
    seed = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.round_id)


class RollVoter(models.Model):
    """Somebody who may vote: a pseudonym, and the college."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="roll")
    pseudonym = models.CharField(max_length=64)
    college = models.CharField(max_length=100)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("round", "pseudonym"), name="on_the_roll_once"),)

    def __str__(self) -> str:
        return self.pseudonym


class Ballot(models.Model):
    """The last ballot that a voter cast. `names`: ids of options; `points` beside them where the ballot has points."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="ballots")
    voter = models.OneToOneField(RollVoter, on_delete=models.PROTECT, related_name="ballot")
    names = models.JSONField(default=list)
    points = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.voter_id)


class BallotDraft(models.Model):
    """What a voter has filled in so far, by option: points, money or rank; 1 where it is only chosen."""

    voter = models.OneToOneField(RollVoter, on_delete=models.PROTECT, related_name="draft")
    said = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.voter_id)


class RoundResult(models.Model):
    """What came of a round, and the entry that put it into the books (none where nothing was granted)."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="result")
    entry = models.OneToOneField(Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ballots = models.PositiveIntegerField()
    paid_minor = models.BigIntegerField()
    unclaimed_minor = models.BigIntegerField()
    carried_minor = models.BigIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.round_id)


class RoundFile(models.Model):
    """A file of a round, byte for byte as it is published."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("round", "name"), name="one_file_a_name"),)

    def __str__(self) -> str:
        return self.name
