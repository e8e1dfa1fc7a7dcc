"""The register in the administration, to look at. Claims are appended by the pages, never edited here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from communs.apps.register.models import (
    Commons,
    CommonsComment,
    CommonsProposal,
    CommonsRevision,
    CommonsStatement,
    Relation,
    Stewardship,
)


class ReadOnly(admin.ModelAdmin[Any]):
    """Rows that may be looked at only: changing them here would leave no trace in the history."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Commons)
class CommonsAdmin(ReadOnly):
    list_display = ("public_id", "name", "kind", "verdict", "visibility", "updated_at")
    list_filter = ("visibility", "kind", "verdict")
    search_fields = ("public_id", "name")


@admin.register(CommonsStatement)
class StatementAdmin(ReadOnly):
    list_display = ("subject", "method", "source", "person", "stated_at", "superseded_at", "withdrawn_at")
    list_filter = ("method",)
    list_select_related = ("subject", "source", "person")
    search_fields = ("subject__public_id",)


@admin.register(CommonsRevision)
class RevisionAdmin(ReadOnly):
    list_display = ("subject", "version", "kind", "person", "source", "at")
    list_filter = ("kind",)
    list_select_related = ("subject", "source", "person")
    search_fields = ("subject__public_id",)


@admin.register(CommonsProposal)
class ProposalAdmin(ReadOnly):
    list_display = ("subject", "status", "person", "created_at", "decided_by")
    list_filter = ("status",)
    list_select_related = ("subject", "person", "decided_by")


@admin.register(CommonsComment)
class CommentAdmin(ReadOnly):
    list_display = ("subject", "person", "at", "hidden_at")
    list_select_related = ("subject", "person")


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
