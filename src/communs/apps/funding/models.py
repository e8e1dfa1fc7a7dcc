"""The tables of the one-stop shop: an opportunity and everything said, changed, proposed and answered about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communs.apps.funding.projection import project_opportunity
from communs.apps.funding.vocabulary import OpportunityKind
from communs.kit.records import models as records

__all__ = [
    "Answer",
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
