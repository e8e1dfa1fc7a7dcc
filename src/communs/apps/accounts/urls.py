"""The addresses of a person's own pages. Signing in and security come from the account library, beside these."""

from __future__ import annotations

from django.urls import path

from communs.apps.accounts import pages

app_name = "accounts"
urlpatterns = [
    path("", pages.me, name="me"),
    path("export/", pages.export, name="export"),
    path("delete/", pages.delete, name="delete"),
]
