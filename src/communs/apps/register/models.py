"""The tables of the register: a commons and everything said, changed, proposed and discussed about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communs.apps.register.projection import project_commons
from communs.kit.models import Source
from communs.kit.records import models as records


class Kind(models.TextChoices):
    """The nine kinds of commons."""

    SOFTWARE = "software", _("software")
    DATA = "data", _("data")
    CONTENT = "content", _("content")
    KNOWLEDGE = "knowledge", _("knowledge")
    STANDARD = "standard", _("standard")
    MODEL = "model", _("model")
    HARDWARE = "hardware", _("hardware")
    SERVICE = "service", _("service")
    SUITE = "suite", _("suite")


class Verdict(models.TextChoices):
    """What the commons test says (`docs/rules/commons-test.md`)."""

    COMMONS = "commons", _("commons")
    OPEN_RESOURCE = "open_resource", _("open resource")
    CLOSED = "closed", _("closed")
    UNKNOWN = "unknown", _("not known yet")


class Commons(records.Record):
    """A digital commons. Everything known stands in `values`; the columns serve lists, sorting and identity."""

    CATALOGUE = "commons"
    BESIDE = frozenset({"relations"})

    name = models.CharField(max_length=300, blank=True, db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)
    verdict = models.CharField(max_length=14, choices=Verdict.choices, default=Verdict.UNKNOWN)
    headline = models.CharField(max_length=16, blank=True, help_text="the verdict said more finely, see the test")
    repository_key = models.CharField(max_length=300, blank=True, db_index=True, help_text="normalised")
    wikidata_key = models.CharField(max_length=20, blank=True, db_index=True)
    homepage_key = models.CharField(max_length=300, blank=True, db_index=True, help_text="normalised")

    class Meta:
        verbose_name = _("commons")
        verbose_name_plural = _("commons")

    def project(self) -> None:
        project_commons(self)


class CommonsRevision(records.Revision):
    subject = models.ForeignKey(Commons, on_delete=models.CASCADE, related_name="revisions")


class CommonsStatement(records.Statement):
    subject = models.ForeignKey(Commons, on_delete=models.CASCADE, related_name="statements")
    revision = models.ForeignKey(CommonsRevision, on_delete=models.PROTECT, related_name="statements")
    superseded_by = models.ForeignKey(
        CommonsRevision, null=True, blank=True, on_delete=models.PROTECT, related_name="superseded"
    )


class CommonsProposal(records.Proposal):
    subject = models.ForeignKey(Commons, null=True, blank=True, on_delete=models.CASCADE, related_name="proposals")


class CommonsComment(records.Comment):
    subject = models.ForeignKey(Commons, on_delete=models.CASCADE, related_name="comments")


class CommonsWatch(records.Watch):
    subject = models.ForeignKey(Commons, on_delete=models.CASCADE, related_name="watches")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "person"], name="one_commons_watch_a_person")]


class Relation(models.Model):
    """One commons in relation to another, as one source tells it: itself a claim, withdrawn and never deleted.

    In the history it is the field `relations.<kind>`, whose values are lists of `{"id", "name"}`.
    """

    class Kind(models.TextChoices):
        DEPENDS_ON = "depends_on", _("depends on")
        PART_OF = "part_of", _("part of")
        FORK_OF = "fork_of", _("fork of")
        SIMILAR = "similar", _("similar to")

    from_commons = models.ForeignKey(Commons, on_delete=models.CASCADE, related_name="relations")
    to_commons = models.ForeignKey(Commons, on_delete=models.CASCADE, related_name="relations_in")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    detail = models.CharField(max_length=60, blank=True, help_text="e.g. runtime, uses_language, plug-in")
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    source_ref = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=10, blank=True)
    verified = models.BooleanField(default=True, help_text="false: general knowledge, shown as such")
    seen_as_of = models.CharField(max_length=10, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True, help_text="packages that show the edge, where counted")
    revision = models.ForeignKey(
        CommonsRevision,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="relations",
        help_text="the change that brought it; empty: older than the history of relations",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_in = models.ForeignKey(
        CommonsRevision,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="relations_withdrawn",
        help_text="the change that took it back last; it counts again where withdrawn_at is empty",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_commons", "to_commons", "kind", "detail", "source"],
                name="one_relation_a_source",
            ),
            models.CheckConstraint(
                condition=~models.Q(from_commons=models.F("to_commons")), name="no_relation_with_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_commons_id} {self.kind} {self.to_commons_id}"


class Stewardship(models.Model):
    """A person looks after a commons: asked for by the person, granted by an editor."""

    class Status(models.TextChoices):
        ASKED = "asked", _("asked for")
        ACTIVE = "active", _("active")
        ENDED = "ended", _("ended")

    commons = models.ForeignKey(Commons, on_delete=models.CASCADE, related_name="stewardships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stewardships")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ASKED)
    message = models.CharField(max_length=500, blank=True)
    since = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commons", "person"], name="one_stewardship_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id} looks after {self.commons_id}: {self.status}"


class Distinct(models.Model):
    """Two commons that look alike and are not the same: an editor said so, and they are not suggested again."""

    one = models.ForeignKey(Commons, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Commons, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_distinction_a_pair")]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"


class Intake(models.Model):
    """What somebody handed in to start the description of a commons from: kept for a week, seen by who has its address.

    Files may name people: they are shown to no one else, never searched, and dropped by a chore.
    """

    token = models.CharField(max_length=32, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    link = models.URLField(max_length=500, blank=True)
    files = models.JSONField(default=list, help_text="[{name, data in base64}]")
    record = models.JSONField(null=True, help_text="what the forge told, in the shape of a record")
    problems = models.JSONField(default=list, help_text="what could not be fetched: [{place, code, detail}]")
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"intake of {self.created_at:%Y-%m-%d %H:%M}"


class CrawledRepository(models.Model):
    """The source repository of a commons as the crawl found it (`crawling`): how it stands, and what to ask with next.

    `files`: by role (`core.standards.forges.ROLES`) what each file was and is. `validators`: what answers are asked
    with again, `{name: [ETag, Last-Modified]}`. `facts`: what the forge told last.
    """

    class State(models.TextChoices):
        NEW = "new", _("not reached yet")
        ACTIVE = "active", _("there")
        MISSING = "missing", _("not found; looked for again in a day")
        GONE = "gone", _("no longer there")
        REPLACED = "replaced", _("another repository stands at this address")

    commons = models.OneToOneField(Commons, on_delete=models.CASCADE, related_name="crawled")
    url = models.CharField(max_length=2000)
    key = models.CharField(max_length=300, help_text="normalised; the commons has it or one of the aliases")
    aliases = models.JSONField(default=list, help_text="normalised addresses it had before it was renamed")
    host = models.CharField(max_length=255, db_index=True)
    forge = models.CharField(max_length=12, blank=True)
    forge_id = models.CharField(max_length=40, blank=True, help_text="the forge's own number, which outlives renames")
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW, db_index=True)
    missing_since = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=40, blank=True, help_text="why the last look gave no answer")
    trouble_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    active_on = models.CharField(max_length=10, blank=True)
    is_archived = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    files = models.JSONField(default=dict)
    validators = models.JSONField(default=dict)
    reader = models.PositiveSmallIntegerField(default=0, help_text="version of the rules that read the files")
    checked_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"


class CrawledHost(models.Model):
    """What a host asked of the crawl: how long to leave it alone, what its robots.txt says, and what runs it."""

    name = models.CharField(max_length=255, primary_key=True)
    forge = models.CharField(max_length=12, blank=True)
    wait_until = models.DateTimeField(null=True, blank=True)
    api_wait_until = models.DateTimeField(null=True, blank=True, help_text="until its API counts anew")
    robots = models.TextField(blank=True)
    robots_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
