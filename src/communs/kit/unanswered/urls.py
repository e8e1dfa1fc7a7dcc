"""Addresses of the searches without an answer, under /search/unanswered/."""

from __future__ import annotations

from django.urls import path

from communs.kit.unanswered import pages

app_name = "unanswered"

urlpatterns = [
    path("", pages.listing, name="list"),
    path("export.csv", pages.export, name="csv"),
    path("<int:pk>/", pages.decide, name="decide"),
]
