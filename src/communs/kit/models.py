"""What claims come from and how it was read, the counters that tell when a catalogue has changed, chores."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """Where imported claims come from. `trust` orders sources that disagree: see `docs/rules/claims.md`."""

    key = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    name = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    trust = models.PositiveSmallIntegerField(
        default=50, help_text="0 (general knowledge) to 100 (the commons' own file)"
    )

    class Schedule(models.TextChoices):
        NONE = "none", _("only when somebody starts it")
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")

    # How it is read: what `communs.kit.runs` needs. A source that only records name has none of this.
    format = models.CharField(max_length=40, blank=True, help_text="empty: recognised by the contents")
    schedule = models.CharField(max_length=6, choices=Schedule.choices, default=Schedule.NONE)
    is_paused = models.BooleanField(default=False)
    etag = models.CharField(max_length=500, blank=True)
    modified = models.CharField(max_length=500, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="the last run that went well")
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="runs that failed since the last good one")
    problem = models.CharField(max_length=300, blank=True, help_text="why the last run failed")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """One reading of a source: what came of it. What was changed says in its revision in which run."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for its turn")
        RUNNING = "running", _("being read")
        DONE = "done", _("done")
        UNCHANGED = "unchanged", _("nothing new")
        FAILED = "failed", _("failed")

    class Trigger(models.TextChoices):
        COMMAND = "command", _("command line")
        UPLOAD = "upload", _("file handed in")
        PERSON = "person", _("started by an editor")
        SCHEDULE = "schedule", _("schedule")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="runs")
    catalogue = models.CharField(max_length=40)
    trigger = models.CharField(max_length=8, choices=Trigger.choices)
    origin = models.CharField(max_length=500, blank=True, help_text="name of the file, or address")
    licence = models.CharField(max_length=200, blank=True, help_text="of the source, when it was read")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    records_read = models.PositiveIntegerField(default=0, help_text="so far, while it goes on")
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    back = models.PositiveIntegerField(default=0, help_text="listed again after having been gone")
    refused = models.PositiveIntegerField(default=0)
    contradictions = models.PositiveIntegerField(default=0)
    refusals = models.JSONField(default=list, help_text="the first of them: [[place, problem, remedy]]")
    problem = models.CharField(max_length=300, blank=True, help_text="why it failed, or what was left undone")
    accepts_fewer = models.BooleanField(default=False, help_text="a source that lists far fewer records is believed")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"run {self.pk} of {self.source_id}, {self.state}"

    @property
    def is_over(self) -> bool:
        return self.state not in {self.State.WAITING, self.State.RUNNING}


class RunFile(models.Model):
    """A file handed in that waits for the worker; dropped when it has been read."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="file")
    name = models.CharField(max_length=200)
    data = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """A record that a source lists, or listed until `gone_at`. Nothing else is written while that stays as it is."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="listings")
    catalogue = models.CharField(max_length=40)
    public_id = models.CharField(max_length=120)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True, help_text="when it was last listed; empty while it is")
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "catalogue", "public_id"), name="one_listing_a_record"),
        )
        indexes = (models.Index(fields=("catalogue", "public_id")),)

    def __str__(self) -> str:
        return f"{self.catalogue}/{self.public_id}"


class ReviewTask(models.Model):
    """A source contradicts what people decided: a person says which of the two counts.

    Who decided, and why, stands in the revision of the record that the decision writes.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waiting")
        KEPT = "kept", _("the value shown was kept")
        TAKEN = "taken", _("the value of the source was taken over")
        DISMISSED = "dismissed", _("no contradiction")
        SETTLED = "settled", _("the source no longer says so")

    catalogue = models.CharField(max_length=40)
    public_id = models.CharField(max_length=120)
    field = models.CharField(max_length=120)
    shown = models.JSONField(null=True)
    shown_by = models.CharField(max_length=10, help_text="how the value shown came in")
    shown_at = models.DateTimeField(help_text="when it was stated")
    is_locked = models.BooleanField(default=False)
    claimed = models.JSONField(null=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    seen_as_of = models.CharField(max_length=10, blank=True)
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="review_tasks")
    digest = models.CharField(max_length=64, unique=True, help_text="the same contradiction is raised once")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN, db_index=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created_at", "id")
        indexes = (models.Index(fields=("catalogue", "public_id")),)

    def __str__(self) -> str:
        return f"{self.catalogue}/{self.public_id} {self.field}: {self.state}"


class CatalogueState(models.Model):
    """One row a catalogue: a number that grows with every change, so that caches know what they hold."""

    name = models.CharField(max_length=40, primary_key=True)
    sequence = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.sequence}"


class UnansweredNeed(models.Model):
    """Something that was searched for and not found: the words, how often, on which days. Nobody is named."""

    text = models.CharField(max_length=120, help_text="folded")
    catalogue = models.CharField(max_length=20, blank=True, help_text="commons, funding; empty: both")
    language = models.CharField(max_length=5, blank=True, help_text="of the page")
    times = models.PositiveIntegerField(default=1)
    first_on = models.DateField()
    last_on = models.DateField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text="an editor has dealt with it")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("text", "catalogue"), name="one_need_a_text"),)
        indexes = (models.Index(fields=("settled_at", "-times", "-last_on"), name="needs_by_times"),)

    def __str__(self) -> str:
        return f"{self.text} ({self.times})"


class FileRead(models.Model):
    """A bundled file that has been imported, by its content."""

    name = models.CharField(max_length=200, primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class Chore(models.Model):
    """Something that is done again and again (`communs.kit.schedule`): when a worker last took it, and how it went."""

    name = models.CharField(max_length=60, primary_key=True)
    taken_at = models.DateTimeField()
    problem = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.name}, last taken {self.taken_at:%Y-%m-%d %H:%M}"
