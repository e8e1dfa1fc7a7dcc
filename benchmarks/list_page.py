"""The list of opportunities with facets and eligibility at full size, and public pages through the cache.

Control: a bare list page in the same layout (twenty rows from the database with a count and a pager; no facet, no
eligibility), on the same data in the same run. CPU is process time of the web application called in-process, the 95th
percentile is over HTTP against a server of its own with the page cache off, requests come one after the other.
"""

import os
import statistics
import subprocess
import sys
import time
from http.client import HTTPConnection
from io import BytesIO
from itertools import cycle, islice
from types import ModuleType

from communs.testing.bench import Line, read_options, report, set_up
from communs.testing.scale import commons_records, opportunity_records, write_records

OPTIONS = read_options(__doc__)
COUNT = 300 if OPTIONS.smoke else 20_000
ROUNDS = 20 if OPTIONS.smoke else 200
PORT = 8766
FOLDER = set_up(OPTIONS.db, cache_seconds=0)

from django.conf import settings  # noqa: E402 - after the settings are named
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.urls import path  # noqa: E402

from communs.apps.funding.queries import public_opportunities  # noqa: E402
from communs.cli.import_ import import_file  # noqa: E402
from communs.kit.pages import public_page  # noqa: E402
from communs.kit.paging import read_page  # noqa: E402

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


def addresses() -> list[str]:
    """Lists as people ask for them: plain, filtered, searched, sorted, with eligibility for several commons."""
    from communs.apps.register.queries import public_commons

    ids = list(public_commons().order_by("pk").values_list("public_id", flat=True)[:8])
    plain = ["", "page=3", "kind=grant", "funds_what=maintenance&page=2", "country=FR&kind=grant", "q=open"]
    return [f"/en/funding/?{query}" for query in plain] + [f"/en/funding/?for={name}" for name in ids]


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
    assert answered[0].startswith("200"), (address, answered, body[:300])
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


def p95_ms(urls: list[str], rounds: int) -> float:
    """95th percentile of wall milliseconds over HTTP, one request after the other, of a server of its own."""
    command = [sys.executable, "-m", "communs", "serve", "--port", str(PORT), "--workers", "1", "--no-worker"]
    server = subprocess.Popen(command, env={**os.environ}, stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                client = HTTPConnection("127.0.0.1", PORT)
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
            assert answer.status == 200, (address, answer.status)
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


write = FOLDER / "records.jsonl"
import_file("commons", write_records(write, commons_records(COUNT)))
import_file("opportunities", write_records(write, opportunity_records(COUNT)))
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")

template = {**settings.TEMPLATES[0], "APP_DIRS": False}
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
with override_settings(ROOT_URLCONF=urls_with_control(), TEMPLATES=[template], PUBLIC_PAGE_SECONDS=0):
    application = get_wsgi_application()
    controls = [f"/en/control/?page={number}" for number in range(1, 9)]
    urls = addresses()
    eligible = [address for address in urls if "for=" in address]
    control_ms, list_ms, eligible_ms = (cpu_ms(application, group, ROUNDS) for group in (controls, urls, eligible))
    queries = max(queries_of(application, address) for address in urls)
with override_settings(ROOT_URLCONF=urls_with_control(), TEMPLATES=[template], PUBLIC_PAGE_SECONDS=300):
    kept_ms = cpu_ms(get_wsgi_application(), [address for address in urls if "for=" not in address], ROUNDS * 5)
connection.close()
p95 = p95_ms(urls, ROUNDS)

report(
    f"List of {COUNT} opportunities beside {COUNT} commons on {OPTIONS.db}",
    [
        Line("queries of a list page with facets and eligibility", str(queries), "≤ 12", queries <= 12),
        Line("95th percentile over HTTP, cache off", f"{p95:.1f} ms", "≤ 100 ms", p95 <= 100),
        Line("CPU of the bare list page (control)", f"{control_ms:.2f} ms", "", None),
        Line("CPU of the list page, all kinds", f"{list_ms:.2f} ms", "≤ 2× control", list_ms <= 2 * control_ms),
        Line("CPU with eligibility", f"{eligible_ms:.2f} ms", "≤ 2× control", eligible_ms <= 2 * control_ms),
        Line(
            "requests per CPU second: through the cache against the control",
            f"{1000 / kept_ms:.0f} against {1000 / control_ms:.0f} ({control_ms / kept_ms:.1f}×)",
            "≥ 8×",
            control_ms >= 8 * kept_ms,
        ),
    ],
    smoke=OPTIONS.smoke,
)
