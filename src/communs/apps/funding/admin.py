"""Administration of the one-stop shop: to look and to repair, not to write history. Values come from statements."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from communs.apps.funding.models import (
    LinkCheck,
    Opportunity,
    OpportunityComment,
    OpportunityProposal,
    OpportunityRevision,
    OpportunityStatement,
)


class ReadOnly(admin.ModelAdmin[Any]):
    """Seen, never changed here: the pages of an opportunity do that, with history."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Opportunity)
class OpportunityAdmin(ReadOnly):
    list_display = ("public_id", "title", "kind", "visibility", "last_confirmed", "updated_at")
    list_filter = ("visibility", "kind")
    search_fields = ("public_id", "title", "funder_name")


@admin.register(OpportunityStatement)
class StatementAdmin(ReadOnly):
    list_display = ("subject", "method", "source", "seen_as_of", "stated_at")
    list_filter = ("method",)
    search_fields = ("subject__public_id",)
    list_select_related = ("subject", "source")


@admin.register(OpportunityRevision)
class RevisionAdmin(ReadOnly):
    list_display = ("subject", "kind", "version", "person", "source", "at")
    list_filter = ("kind",)
    search_fields = ("subject__public_id",)
    list_select_related = ("subject", "person", "source")


@admin.register(OpportunityProposal)
class ProposalAdmin(ReadOnly):
    list_display = ("subject", "status", "person", "created_at", "decided_by")
    list_filter = ("status",)
    list_select_related = ("subject", "person", "decided_by")


@admin.register(OpportunityComment)
class CommentAdmin(ReadOnly):
    list_display = ("subject", "person", "at", "hidden_at")
    list_select_related = ("subject", "person")


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnly):
    list_display = ("subject", "url", "link_problem", "problem_since", "link_checked_at")
    list_filter = ("link_problem",)
    list_select_related = ("subject",)
