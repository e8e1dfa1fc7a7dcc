"""Every address of the site. Pages stand under the language they are in; the API and feeds have one address."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from communs.apps.following.urls import feeds
from communs.apps.foundation.pages.public import log_file
from communs.apps.foundation.pages.round_results import round_file
from communs.apps.foundation.urls import hooks
from communs.web import data, pages
from communs.web.api import api
from communs.web.health import health

urlpatterns = [
    path("health", health, name="health"),
    path("api/v1/", api.urls),
    path("data/catalogue.jsonld", data.catalogue, name="catalogue"),
    path("data/<str:name>.<str:kind>", data.download, name="data-file"),
    path("log/<path:name>", log_file, name="log-file"),
    path("rounds/<slug:slug>/<str:name>", round_file, name="round-file"),
    path("robots.txt", pages.robots, name="robots"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("", include((feeds, "feeds"))),
    path("", include((hooks, "hooks"))),
    path("language/", set_language, name="set_language"),
    *i18n_patterns(
        path("", pages.home, name="home"),
        path("search/", pages.search, name="search"),
        path("search/unanswered/", include("communs.kit.unanswered.urls")),
        path("about/", pages.about, name="about"),
        path("data/", data.index, name="data"),
        path("account/", include("communs.apps.accounts.urls")),
        path("account/", include("allauth.urls")),
        path("commons/", include("communs.apps.register.urls")),
        path("funding/", include("communs.apps.funding.urls")),
        path("foundation/", include("communs.apps.foundation.urls")),
        path("follow/", include("communs.apps.following.urls")),
        path("sources/", include("communs.kit.runs.urls")),
        path("admin/", admin.site.urls),
    ),
]

handler404 = "communs.web.pages.not_found"
handler500 = "communs.web.pages.broken"
