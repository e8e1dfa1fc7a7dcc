"""The list of opportunities with facets and eligibility at full size, and public pages through the cache.

Control: a bare list page in the same layout (twenty rows from the database with a count and a pager; no facet, no
eligibility), on the same data in the same run. CPU is process time of the web application called in-process, the 95th
percentile is over HTTP against a server of its own with the page cache off, requests come one after the other.
"""

from communs.testing.bench import Line, read_options, report, set_up
from communs.testing.scale import commons_records, opportunity_records, write_records

OPTIONS = read_options(__doc__)
COUNT = 300 if OPTIONS.smoke else 20_000
ROUNDS = 20 if OPTIONS.smoke else 200
PORT = 8766
FOLDER = set_up(OPTIONS.db, cache_seconds=0)

from django.core.wsgi import get_wsgi_application  # noqa: E402 - after the settings are named
from django.db import connection  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

from communs.cli.import_ import import_file  # noqa: E402
from communs.testing.pages import (  # noqa: E402
    control_templates,
    cpu_ms,
    p95_ms,
    queries_of,
    urls_with_control,
)


def addresses() -> list[str]:
    """Lists as people ask for them: plain, filtered, searched, sorted, with eligibility for several commons."""
    from communs.apps.register.queries import public_commons

    ids = list(public_commons().order_by("pk").values_list("public_id", flat=True)[:8])
    plain = ["", "page=3", "kind=grant", "funds_what=maintenance&page=2", "country=FR&kind=grant", "q=open"]
    return [f"/en/funding/?{query}" for query in plain] + [f"/en/funding/?for={name}" for name in ids]


write = FOLDER / "records.jsonl"
import_file("commons", write_records(write, commons_records(COUNT)))
import_file("opportunities", write_records(write, opportunity_records(COUNT)))
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")

with override_settings(ROOT_URLCONF=urls_with_control(), TEMPLATES=control_templates(), PUBLIC_PAGE_SECONDS=0):
    application = get_wsgi_application()
    controls = [f"/en/control/?page={number}" for number in range(1, 9)]
    urls = addresses()
    eligible = [address for address in urls if "for=" in address]
    control_ms, list_ms, eligible_ms = (cpu_ms(application, group, ROUNDS) for group in (controls, urls, eligible))
    queries = max(queries_of(application, address) for address in urls)
with override_settings(ROOT_URLCONF=urls_with_control(), TEMPLATES=control_templates(), PUBLIC_PAGE_SECONDS=300):
    kept_ms = cpu_ms(get_wsgi_application(), [address for address in urls if "for=" not in address], ROUNDS * 5)
connection.close()
p95 = p95_ms(urls, ROUNDS, PORT)

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
