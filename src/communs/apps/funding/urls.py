"""The addresses of the one-stop shop, under /<language>/funding/."""

from __future__ import annotations

from django.urls import path

from communs.apps.funding import pages

app_name = "funding"

urlpatterns = [
    path("", pages.opportunities, name="list"),
    path("export.csv", pages.export_csv, name="export-csv"),
    path("export.json", pages.export_json, name="export-json"),
    path("feed.atom", pages.export_feed, name="list-feed"),
    path("compare/", pages.compare, name="compare"),
    path("queue/", pages.queue, name="queue"),
    path("queue/check-links/", pages.check_links, name="check-links"),
    path("for/", pages.choose, name="choose"),
    path("for/<slug:commons_id>/", pages.for_commons, name="for"),
    path("for/<slug:commons_id>/answers/", pages.answer, name="answer"),
    path("for/<slug:commons_id>/export.csv", pages.fit_csv, name="for-csv"),
    path("for/<slug:commons_id>/export.json", pages.fit_json, name="for-json"),
    *pages.PAGES.urls(),
    path("<slug:public_id>/", pages.detail, name="detail"),
    path("<slug:public_id>/for/<slug:commons_id>/", pages.fit, name="match"),
    path("<slug:public_id>/confirm/", pages.confirm, name="confirm"),
    path("<slug:public_id>/remove/", pages.remove, name="remove"),
]
