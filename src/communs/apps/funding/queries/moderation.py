"""What waits for an editor."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from communs.apps.funding.models import LinkCheck, Opportunity, OpportunityProposal, OpportunityRevision
from communs.kit.records.models import Proposal, Visibility


def unconfirmed() -> QuerySet[Opportunity]:
    """Opportunities known from general knowledge only: off public pages until an editor confirms them."""
    return Opportunity.objects.filter(visibility=Visibility.UNCONFIRMED, merged_into=None).order_by("title")


def open_proposals() -> QuerySet[OpportunityProposal]:
    """New opportunities and corrections that wait, oldest first."""
    waiting = OpportunityProposal.objects.filter(status=Proposal.Status.OPEN)
    return waiting.select_related("subject", "person").order_by("created_at", "pk")


def flagged() -> QuerySet[LinkCheck]:
    """Addresses that did not answer at the last look, longest silent first."""
    silent = LinkCheck.objects.exclude(link_problem="").select_related("subject")
    return silent.filter(subject__merged_into=None).order_by("problem_since", "pk")


def likely_same(titles: Collection[str], url: str) -> list[Opportunity]:
    """Public opportunities with one of these titles (folded), or with this page of the funder; at most five."""
    same = Q()
    for title in titles:
        same |= Q(search_text__contains=f"\n{title}\n")
    if url:
        same |= Q(values__url=url)
    if not same:
        return []
    public = Opportunity.objects.filter(visibility=Visibility.PUBLIC, merged_into=None)
    return list(public.filter(same).order_by("title", "pk")[:5])


def get_revision(pk: int) -> OpportunityRevision | None:
    """One revision with its opportunity, for those who write about it."""
    return OpportunityRevision.objects.select_related("subject", "person", "source").filter(pk=pk).first()
