"""The register in the administration, to look at. Claims are appended by the pages, never edited here."""

from __future__ import annotations

from django.contrib import admin

from communs.apps.register.models import (
    Commons,
    CommonsComment,
    CommonsProposal,
    CommonsRevision,
    CommonsStatement,
    Relation,
    Stewardship,
)
from communs.kit.records.admin import CommentAdmin, ProposalAdmin, ReadOnly, RevisionAdmin, StatementAdmin

admin.site.register(CommonsStatement, StatementAdmin)
admin.site.register(CommonsRevision, RevisionAdmin)
admin.site.register(CommonsProposal, ProposalAdmin)
admin.site.register(CommonsComment, CommentAdmin)


@admin.register(Commons)
class CommonsAdmin(ReadOnly):
    list_display = ("public_id", "name", "kind", "verdict", "visibility", "updated_at")
    list_filter = ("visibility", "kind", "verdict")
    search_fields = ("public_id", "name")


@admin.register(Relation)
class RelationAdmin(ReadOnly):
    list_display = ("from_commons", "kind", "to_commons", "verified", "source", "withdrawn_at")
    list_filter = ("kind", "verified")
    list_select_related = ("from_commons", "to_commons", "source")


@admin.register(Stewardship)
class StewardshipAdmin(admin.ModelAdmin[Stewardship]):
    list_display = ("commons", "person", "status", "since", "decided_by")
    list_filter = ("status",)
    list_select_related = ("commons", "person", "decided_by")
    autocomplete_fields = ("commons",)
    raw_id_fields = ("person", "decided_by")
