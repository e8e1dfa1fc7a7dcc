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
    path("queue/look-for-duplicates/", pages.look_for_duplicates, name="look-for-duplicates"),
    path("awards/", pages.awards, name="awards"),
    path("awards/export.json", pages.export_awards, name="export-awards"),
    path("awards/by/<slug:public_id>/", pages.award_funder, name="award-funder"),
    path("awards/<slug:public_id>/", pages.award, name="award"),
    path("calendar/", pages.calendar, name="calendar"),
    path("changes/", pages.changes, name="changes"),
    path("changes/feed.atom", pages.changes_feed, name="changes-feed"),
    path("gap/", pages.gap, name="gap"),
    path("gap/figures.csv", pages.gap_csv, name="gap-csv"),
    path("gap/figures.json", pages.gap_json, name="gap-json"),
    path("gap/series.csv", pages.series_csv, name="gap-series-csv"),
    path("gap/series.json", pages.series_json, name="gap-series-json"),
    path("gap/embed/<slug:figure>/", pages.gap_embed, name="gap-embed"),
    path("gap/<slug:figure>.svg", pages.gap_svg, name="gap-svg"),
    path("for/", pages.choose, name="choose"),
    path("for/<slug:commons_id>/", pages.for_commons, name="for"),
    path("for/<slug:commons_id>/received/", pages.received, name="received"),
    path("for/<slug:commons_id>/answers/", pages.answer, name="answer"),
    path("for/<slug:commons_id>/export.csv", pages.fit_csv, name="for-csv"),
    path("for/<slug:commons_id>/export.json", pages.fit_json, name="for-json"),
    *pages.PAGES.urls(),
    *pages.MERGING.urls(),
    path("<slug:public_id>/", pages.detail, name="detail"),
    path("<slug:public_id>/for/<slug:commons_id>/", pages.fit, name="match"),
    path("<slug:public_id>/confirm/", pages.confirm, name="confirm"),
    path("<slug:public_id>/remove/", pages.remove, name="remove"),
]
