"""Sources in the administration: their names and their trust, which decides when imports disagree."""

from __future__ import annotations

from django.contrib import admin

from communs.kit.models import Source


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    list_display = ("name", "key", "licence", "trust")
    readonly_fields = ("key",)
    search_fields = ("name", "key")
    ordering = ("-trust", "name")
