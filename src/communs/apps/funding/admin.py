"""Administration of the one-stop shop: to look and to repair, not to write history. Values come from statements."""

from __future__ import annotations

from django.contrib import admin

from communs.apps.funding.models import (
    Award,
    AwardFunder,
    GapSnapshot,
    LikelySame,
    LinkCheck,
    Opportunity,
    OpportunityComment,
    OpportunityProposal,
    OpportunityRevision,
    OpportunityStatement,
)
from communs.kit.records.admin import CommentAdmin, ProposalAdmin, ReadOnly, RevisionAdmin, StatementAdmin

admin.site.register(OpportunityStatement, StatementAdmin)
admin.site.register(OpportunityRevision, RevisionAdmin)
admin.site.register(OpportunityProposal, ProposalAdmin)
admin.site.register(OpportunityComment, CommentAdmin)


@admin.register(Opportunity)
class OpportunityAdmin(ReadOnly):
    list_display = ("public_id", "title", "kind", "visibility", "last_confirmed", "updated_at")
    list_filter = ("visibility", "kind")
    search_fields = ("public_id", "title", "funder_name")


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnly):
    list_display = ("subject", "url", "link_problem", "problem_since", "link_checked_at")
    list_filter = ("link_problem",)
    list_select_related = ("subject",)


@admin.register(GapSnapshot)
class GapSnapshotAdmin(ReadOnly):
    list_display = ("month", "taken_on")


@admin.register(AwardFunder)
class AwardFunderAdmin(ReadOnly):
    list_display = ("name", "org_id")
    search_fields = ("name", "org_id")


@admin.register(Award)
class AwardAdmin(ReadOnly):
    list_display = ("key", "funder", "amount_minor", "currency", "awarded_on", "recipient_kind")
    list_filter = ("recipient_kind", "currency")
    search_fields = ("key", "title")
    list_select_related = ("funder",)


@admin.register(LikelySame)
class LikelySameAdmin(ReadOnly):
    list_display = ("one", "other", "score", "found_at", "distinct_at")
    list_select_related = ("one", "other")
