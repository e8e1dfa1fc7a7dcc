"""The tables behind a record made of claims. An app derives one of each and adds the foreign keys among them:

`subject` on each (null on a proposal of a new record), and on the statement `revision` (the change that brought it,
related name `statements`) and `superseded_by` (the import that replaced it).

A `Statement` is what one source or person said on one occasion: several values, one date, one set of evidence. Its
claims are its (field, value) pairs. The values shown on the record are computed from the statements in force by
`communs.kit.records.resolve`; the columns of the record are that result, kept for lists and searches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communs.kit.gates import Right
from communs.kit.models import Run, Source
from communs.kit.records.values import nest


class Method(models.TextChoices):
    """How a claim came in. The order of authority stands in `resolve.AUTHORITY`."""

    GENERAL = "general", _("general knowledge, not checked")
    IMPORT = "import", _("imported")
    READER = "reader", _("a reader")
    EDITOR = "editor", _("an editor")
    STEWARD = "steward", _("those who look after it")
    FUNDER = "funder", _("the funder")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("public")
    UNCONFIRMED = "unconfirmed", _("to be confirmed by an editor")
    REMOVED = "removed", _("removed")


class Record(models.Model):
    """Something known through claims: a commons, an opportunity."""

    CATALOGUE: ClassVar[str]  # the name of its sequence (`communs.kit.catalogue`)
    # First parts of names in diffs that tell of rows beside the record, such as its relations: no claims of its own.
    BESIDE: ClassVar[frozenset[str]] = frozenset()
    # Every claim by field, set while a change is being written so that `project` sees where sources disagree.
    told: Mapping[str, Sequence[Any]] | None = None
    # What the person may do for whom the gate fetched it; None when it was fetched otherwise.
    rights: frozenset[Right] | None = None

    public_id = models.SlugField(max_length=120, unique=True)
    visibility = models.CharField(max_length=12, choices=Visibility.choices, default=Visibility.PUBLIC)
    version = models.PositiveIntegerField(default=1)
    sequence = models.BigIntegerField(default=0, db_index=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from")
    values = models.JSONField(default=dict, help_text="{dotted field: value shown}: computed from the statements")
    search_text = models.TextField(blank=True, editable=False)
    search_terms = models.TextField(blank=True, editable=False, help_text="see communs.kit.search")
    search_version = models.IntegerField(default=0, editable=False, help_text="of the rules that gave the terms")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.public_id

    @property
    def facts(self) -> dict[str, Any]:
        """The values shown, nested: `{"steward": {"form": …}, "names": {"fr": …}, …}`."""
        return nest(self.values)

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC and self.merged_into_id is None  # type: ignore[attr-defined]

    def project(self) -> None:
        """Set the columns that lists, sorting and search use from `values`. Saves nothing."""
        msg = f"{type(self).__name__} must say how its columns follow from its values"
        raise TypeError(msg)


class Statement(models.Model):
    """Values that one source or one person gave on one occasion."""

    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    method = models.CharField(max_length=10, choices=Method.choices)
    key = models.CharField(max_length=300, blank=True, help_text="the record's own key inside the source")
    values = models.JSONField()
    evidence = models.JSONField(default=list, blank=True)
    seen_as_of = models.CharField(max_length=10, blank=True, help_text="YYYY, YYYY-MM or YYYY-MM-DD; empty: not known")
    stated_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    locked = models.JSONField(default=list, blank=True, help_text="fields that imports and other people cannot change")
    superseded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        indexes = (models.Index(fields=("source", "key"), name="%(class)s_key"),)

    def __str__(self) -> str:
        return f"{self.method} {', '.join(self.values)}"

    @property
    def is_in_force(self) -> bool:
        return self.superseded_at is None and self.withdrawn_at is None


class Revision(models.Model):
    """One change of what is shown, in order: who, when, why, and each field before and after."""

    class Kind(models.TextChoices):
        CREATED = "created", _("created")
        CHANGED = "changed", _("changed")
        IMPORTED = "imported", _("imported")
        REVERTED = "reverted", _("reverted")
        LOCKED = "locked", _("locked")
        UNLOCKED = "unlocked", _("unlocked")
        CONFIRMED = "confirmed", _("confirmed")
        REMOVED = "removed", _("removed")
        MERGED = "merged", _("merged")
        SEPARATED = "separated", _("separated")
        REVIEWED = "reviewed", _("reviewed")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField(db_index=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    diff = models.JSONField(default=dict, blank=True, help_text="{field: [before, after]}")
    version = models.PositiveIntegerField(default=1)
    reverts = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reverted_by")

    class Meta:
        abstract = True
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Proposal(models.Model):
    """A change, or a new record, that a member suggests; a steward or an editor decides."""

    class Status(models.TextChoices):
        OPEN = "open", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN, db_index=True)
    values = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    evidence_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"{self.status} {', '.join(self.values)}"


class Comment(models.Model):
    """One contribution to the discussion of a record."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(max_length=5000)
    at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.text[:60]


class Watch(models.Model):
    """A person wants to hear of changes to a record."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"watch since {self.since:%Y-%m-%d}"
