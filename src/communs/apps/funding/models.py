"""The tables of the one-stop shop: an opportunity and everything said, changed, proposed and answered about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communs.apps.funding.projection import project_opportunity
from communs.apps.funding.vocabulary import OpportunityKind, RecipientKind
from communs.kit.models import Source
from communs.kit.records import models as records

__all__ = [
    "Answer",
    "Award",
    "AwardFunder",
    "GapSnapshot",
    "LikelySame",
    "LinkCheck",
    "Opportunity",
    "OpportunityComment",
    "OpportunityKind",
    "OpportunityProposal",
    "OpportunityRevision",
    "OpportunityStatement",
    "OpportunityWatch",
]


class Opportunity(records.Record):
    """A source of money or help. Everything known stands in `values`; the columns serve lists and sorting."""

    CATALOGUE = "opportunities"

    title = models.CharField(max_length=500, blank=True, db_index=True)
    kind = models.CharField(max_length=20, choices=OpportunityKind.choices, blank=True)
    funder_name = models.CharField(max_length=300, blank=True)
    closes_on = models.DateField(null=True, blank=True, db_index=True)
    last_confirmed = models.CharField(max_length=10, blank=True, help_text="YYYY, YYYY-MM or YYYY-MM-DD")

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")

    def project(self) -> None:
        project_opportunity(self)


class OpportunityRevision(records.Revision):
    subject = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="revisions")


class OpportunityStatement(records.Statement):
    subject = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="statements")
    revision = models.ForeignKey(OpportunityRevision, on_delete=models.PROTECT, related_name="statements")
    superseded_by = models.ForeignKey(
        OpportunityRevision, null=True, blank=True, on_delete=models.PROTECT, related_name="superseded"
    )


class OpportunityProposal(records.Proposal):
    subject = models.ForeignKey(Opportunity, null=True, blank=True, on_delete=models.CASCADE, related_name="proposals")


class OpportunityComment(records.Comment):
    subject = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="comments")


class OpportunityWatch(records.Watch):
    subject = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="watches")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "person"], name="one_opportunity_watch_a_person")]


class LinkCheck(models.Model):
    """What the last look at one address of an opportunity found. Only a flag: it changes no status and no value."""

    subject = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="link_checks")
    url = models.CharField(max_length=500)
    link_checked_at = models.DateTimeField(db_index=True)
    link_problem = models.CharField(max_length=40, blank=True, db_index=True, help_text="a code; empty: it answered")
    detail = models.CharField(max_length=200, blank=True)
    problem_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "url"], name="one_check_an_address")]

    def __str__(self) -> str:
        return f"{self.url}: {self.link_problem or 'answers'}"


class Answer(models.Model):
    """What a person answered to a question of the matcher for one commons, remembered for every opportunity."""

    commons = models.ForeignKey("register.Commons", on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    question = models.CharField(max_length=200)
    value = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commons", "person", "question"], name="one_answer_a_question")]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"


class LikelySame(models.Model):
    """Two opportunities that look alike, by the rule `likeness-1`, until an editor says that they are not the same.

    Renewed once a day (`actions.renew_suggestions`); what an editor decided stays and is not suggested again.
    """

    one = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="+")
    score = models.SmallIntegerField(default=0)
    reasons = models.JSONField(default=list, help_text="[[code, what one says, what the other says]]")
    found_at = models.DateTimeField()
    distinct_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="declared not the same")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_likeness_a_pair")]

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}: {self.score}"


class AwardFunder(models.Model):
    """Who gave: one row an organisation identifier, or a name where there is none."""

    public_id = models.SlugField(max_length=120, unique=True)
    key = models.CharField(max_length=320, unique=True, help_text="the identifier, or name: and the folded name")
    org_id = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300, db_index=True, help_text="folded, for exact comparison")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Award(models.Model):
    """Money that was given, as one source published it. Amounts are whole minor units of their currency.

    A recipient who is a person is never named: the row counts, no more. When the source says something else the row
    follows, and `earlier` keeps what it said before.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=300, help_text="the award's own identifier inside the source")
    public_id = models.SlugField(max_length=120, unique=True)
    funder = models.ForeignKey(AwardFunder, on_delete=models.PROTECT, related_name="awards")
    title = models.CharField(max_length=300, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    awarded_on = models.DateField(null=True, blank=True, db_index=True)
    recipient_kind = models.CharField(max_length=12, choices=RecipientKind.choices)
    recipient_name = models.CharField(max_length=300, blank=True)
    recipient_key = models.CharField(max_length=300, blank=True, db_index=True, help_text="folded name")
    recipient_org_id = models.CharField(max_length=300, blank=True, db_index=True)
    repository_key = models.CharField(max_length=300, blank=True, db_index=True, help_text="normalised")
    programme = models.CharField(max_length=300, blank=True, db_index=True)
    place = models.CharField(max_length=200, blank=True, db_index=True)
    record = models.JSONField(
        help_text="everything the source says, as communs.core.standards.threesixtygiving gives it"
    )
    search_text = models.TextField(blank=True, editable=False)
    digest = models.CharField(max_length=64)
    earlier = models.JSONField(default=list, blank=True, help_text="[{until, record}]: what the source said before")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="one_award_a_key")]
        indexes = [models.Index(fields=["funder", "-awarded_on", "id"], name="award_of_funder_by_day")]

    def __str__(self) -> str:
        return f"{self.key}: {self.amount_minor} {self.currency}"


class GapSnapshot(models.Model):
    """The figures of the gap as they stood once a month (`queries.gap`): codes and numbers, never changed after."""

    month = models.CharField(max_length=7, unique=True, help_text="YYYY-MM")
    taken_on = models.DateField()
    figures = models.JSONField()

    class Meta:
        ordering = ("month",)

    def __str__(self) -> str:
        return f"{self.month}, taken on {self.taken_on}"
