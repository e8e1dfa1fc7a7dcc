"""Addresses of the register, under /commons/."""

from __future__ import annotations

from django.urls import path

from communs.apps.register.pages import entry, listing, moderating
from communs.apps.register.pages.shared import pages

app_name = "commons"
ENTRY = "<slug:public_id>/"

urlpatterns = [
    path("", listing.listing, name="list"),
    path("export.csv", listing.as_csv, name="csv"),
    path("export.json", listing.as_json, name="json"),
    path("recent.atom", listing.recent, name="recent"),
    path("queue/", moderating.queue, name="queue"),
    *pages.urls(),
    path(ENTRY, entry.detail_page, name="detail"),
    path(f"{ENTRY}test/", entry.test_page, name="test"),
    path(f"{ENTRY}confirm/", pages.step(moderating.confirm), name="confirm"),
    path(f"{ENTRY}remove/", pages.page(moderating.remove), name="remove"),
    path(f"{ENTRY}merge/", pages.page(moderating.merge), name="merge"),
    path(f"{ENTRY}separate/", pages.step(moderating.separate), name="separate"),
    path(f"{ENTRY}steward/", pages.page(moderating.steward), name="steward"),
    path(f"{ENTRY}steward/<int:pk>/", pages.step(moderating.decide_steward), name="decide_steward"),
    path(f"{ENTRY}relations/", pages.page(moderating.relate), name="relate"),
    path(f"{ENTRY}relations/<int:pk>/remove/", pages.step(moderating.unrelate), name="unrelate"),
]
