"""Addresses of the register, under /commons/."""

from __future__ import annotations

from django.urls import path

from communs.apps.register.pages import adding, entry, listing, moderating, taking
from communs.apps.register.pages.shared import pages

app_name = "commons"
ENTRY = "<slug:public_id>/"

urlpatterns = [
    path("", listing.listing, name="list"),
    path("export.csv", listing.as_csv, name="csv"),
    path("export.json", listing.as_json, name="json"),
    path("recent.atom", listing.recent, name="recent"),
    path("queue/", moderating.queue, name="queue"),
    path("new/from/", adding.start, name="start"),
    path("new/from/<str:token>/", adding.started, name="started"),
    path("new/from/<str:token>/<int:number>/", adding.fixed, name="fixed"),
    *pages.urls(),
    path(ENTRY, entry.detail_page, name="detail"),
    path(f"{ENTRY}take/<slug:form>/", pages.page(taking.file), name="file"),
    path(f"{ENTRY}test/", entry.test_page, name="test"),
    path(f"{ENTRY}confirm/", pages.step(moderating.confirm), name="confirm"),
    path(f"{ENTRY}remove/", pages.page(moderating.remove), name="remove"),
    *moderating.MERGING.urls(),
    path(f"{ENTRY}steward/", pages.page(moderating.steward), name="steward"),
    path(f"{ENTRY}steward/<int:pk>/", pages.step(moderating.decide_steward), name="decide_steward"),
    path(f"{ENTRY}relations/", pages.page(moderating.relate), name="relate"),
    path(f"{ENTRY}relations/<int:pk>/remove/", pages.step(moderating.unrelate), name="unrelate"),
]
