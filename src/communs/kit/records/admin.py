"""Records in the administration, to look at. Claims are appended by the pages, never edited here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class ReadOnly(admin.ModelAdmin[Any]):
    """Rows that may be looked at only: changing them here would leave no trace in the history."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StatementAdmin(ReadOnly):
    """Who said what, and whether it still counts."""

    list_display = ("subject", "method", "source", "person", "seen_as_of", "stated_at", "superseded_at", "withdrawn_at")
    list_filter = ("method",)
    list_select_related = ("subject", "source", "person")
    search_fields = ("subject__public_id",)


class RevisionAdmin(ReadOnly):
    """What changed, by whom, when."""

    list_display = ("subject", "version", "kind", "person", "source", "at")
    list_filter = ("kind",)
    list_select_related = ("subject", "source", "person")
    search_fields = ("subject__public_id",)


class ProposalAdmin(ReadOnly):
    """What was proposed, and what became of it."""

    list_display = ("subject", "status", "person", "created_at", "decided_by")
    list_filter = ("status",)
    list_select_related = ("subject", "person", "decided_by")


class CommentAdmin(ReadOnly):
    """What was said in discussions."""

    list_display = ("subject", "person", "at", "hidden_at")
    list_select_related = ("subject", "person")
