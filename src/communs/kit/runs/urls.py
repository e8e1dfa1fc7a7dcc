"""Addresses of the sources, under /sources/."""

from __future__ import annotations

from django.urls import path

from communs.kit.runs import pages

app_name = "sources"

urlpatterns = [
    path("", pages.listing, name="list"),
    path("new/", pages.new, name="new"),
    path("runs/<int:pk>/", pages.run, name="run"),
    path("reviews/", pages.reviews, name="reviews"),
    path("reviews/<int:pk>/", pages.review, name="review"),
    path("<str:key>/", pages.detail, name="detail"),
    path("<str:key>/edit/", pages.edit, name="edit"),
    path("<str:key>/start/", pages.start, name="start"),
    path("<str:key>/file/", pages.upload, name="upload"),
    path("<str:key>/pause/", pages.pause, name="pause"),
]
