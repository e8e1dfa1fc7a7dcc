"""Pages under measurement: a bare list page as control, CPU in-process, percentiles over HTTP, queries."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from http.client import HTTPConnection
from io import BytesIO
from itertools import cycle, islice
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import connection, reset_queries
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from communs.apps.funding.queries import public_opportunities
from communs.kit.pages import public_page
from communs.kit.paging import read_page

CONTROL_TEMPLATE = """{% extends "base.html" %}{% block title %}Control{% endblock %}{% block main %}
<h1>{{ page.total }} opportunities</h1><ul class="rows">{% for row in rows %}
<li><h3><a href="/en/funding/{{ row.public_id }}/">{{ row.title }}</a></h3>
<p class="facts"><span>{{ row.funder_name }}</span><span>{{ row.kind }}</span><span>{{ row.closes_on|date }}</span></p>
</li>{% endfor %}</ul>{% include "components/pager.html" %}{% endblock %}"""


def control(request: HttpRequest) -> HttpResponse:
    """A list page as simple and as fast as it can be in this house: counted and sorted by the key, few columns."""
    rows = public_opportunities().order_by("pk").only("public_id", "title", "funder_name", "kind", "closes_on")
    page = read_page(request.GET.get("page"), rows.model.objects.count())
    shown = rows[page.offset : page.offset + page.rows]
    return render(request, "control.html", {"rows": shown, "page": page, "query": ""})


def urls_with_control() -> ModuleType:
    """The site's addresses and the control's."""
    from communs.web import urls

    module = ModuleType("urls_with_control")
    module.urlpatterns = [  # type: ignore[attr-defined]
        path("en/control/", control),
        path("en/control-kept/", public_page(control)),
        *urls.urlpatterns,
    ]
    module.handler404, module.handler500 = urls.handler404, urls.handler500  # type: ignore[attr-defined]
    return module


def control_templates() -> list[dict[str, Any]]:
    """The settings TEMPLATES with the control's template beside the site's."""
    template: dict[str, Any] = {**settings.TEMPLATES[0], "APP_DIRS": False}
    template["OPTIONS"] = {
        **template["OPTIONS"],
        "loaders": [
            (
                "django.template.loaders.cached.Loader",
                [
                    "django.template.loaders.filesystem.Loader",
                    "django.template.loaders.app_directories.Loader",
                    ("django.template.loaders.locmem.Loader", {"control.html": CONTROL_TEMPLATE}),
                ],
            )
        ],
    }
    return [template]


def call(application: object, address: str) -> bytes:
    """One GET, in-process, as a server would make it."""
    target, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": target,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_ACCEPT_ENCODING": "gzip",
    }
    answered = []
    body = b"".join(application(environ, lambda status, headers: answered.append(status)))  # type: ignore[operator]
    if not answered[0].startswith("200"):
        raise RuntimeError(f"{address}: {answered}, {body[:300]!r}")
    return body


def cpu_ms(application: object, urls: list[str], rounds: int) -> float:
    """Median CPU milliseconds of a request, after one round to warm up."""
    for address in urls:
        call(application, address)
    spent = []
    for address in islice(cycle(urls), rounds):
        start = time.process_time()
        call(application, address)
        spent.append((time.process_time() - start) * 1000)
    return statistics.median(spent)


def p95_ms(urls: list[str], rounds: int, port: int) -> float:
    """95th percentile of wall milliseconds over HTTP, one request after the other, of a server of its own."""
    command = [sys.executable, "-m", "communs", "serve", "--port", str(port), "--workers", "1", "--no-worker"]
    server = subprocess.Popen(command, env={**os.environ}, stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                client = HTTPConnection("127.0.0.1", port)
                client.request("GET", urls[0])
                client.getresponse().read()
                break
            except OSError:
                time.sleep(0.1)
        spent = []
        for address in islice(cycle(urls), rounds):
            start = time.perf_counter()
            client.request("GET", address)
            answer = client.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{address}: {answer.status}")
            spent.append((time.perf_counter() - start) * 1000)
        return statistics.quantiles(spent, n=20)[-1]
    finally:
        server.terminate()
        server.wait(timeout=20)


def queries_of(application: object, address: str) -> int:
    """Queries of one request when everything that may be kept in memory is there."""
    call(application, address)
    reset_queries()
    connection.force_debug_cursor = True
    call(application, address)
    connection.force_debug_cursor = False
    return len(connection.queries)
