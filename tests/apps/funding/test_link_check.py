"""Looking at addresses: a flag for each, nothing else; flagged ones are looked at again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from communs.apps.funding import linkcheck, queries
from communs.apps.funding.models import LinkCheck
from communs.kit.fetch import Policy

WITHIN = Policy(timeout_s=3.0, also_allowed=("127.0.0.1/32",))


class Site(ThreadingHTTPServer):
    """A site whose pages can be taken away."""

    daemon_threads = True
    statuses: dict[str, int]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Site)
        self.send_response(self.server.statuses.get(self.path, 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Silent."""


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site(("127.0.0.1", 0), Handler)
    served.statuses = {}
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield served
    served.shutdown()
    served.server_close()
    thread.join()


def url(site: Site, path: str) -> str:
    return f"http://127.0.0.1:{site.server_address[1]}{path}"


def later(days: int) -> Any:
    moment = timezone.now() + timedelta(days=days)
    return lambda: moment


def problems() -> dict[str, str]:
    return dict(LinkCheck.objects.values_list("url", "link_problem"))


def test_a_good_link_does_not_reset_the_flag_of_a_bad_one(site: Site, make: Any) -> None:
    fund = make("fund", url=url(site, "/origin"), application_url=url(site, "/apply"))
    site.statuses["/origin"] = 404
    report = linkcheck.check_links(10, WITHIN)
    assert (report.checked, report.flagged) == (2, 1)
    assert problems() == {url(site, "/origin"): "http-404", url(site, "/apply"): ""}
    assert [check.url for check in queries.problems_of(fund)] == [url(site, "/origin")]


def test_a_check_changes_no_value_no_version_and_no_status(site: Site, make: Any, today: Any) -> None:
    fund = make("fund", url=url(site, "/gone"), windows=[{"model": "permanent"}])
    before = (fund.values, fund.version, fund.sequence, fund.updated_at, queries.home_figures(today)["open"])
    site.statuses["/gone"] = 410
    linkcheck.check_links(10, WITHIN)
    fund.refresh_from_db()
    after = (fund.values, fund.version, fund.sequence, fund.updated_at, queries.home_figures(today)["open"])
    assert after == before
    assert fund.revisions.count() == 1


def test_flagged_ones_are_looked_at_again_and_first(site: Site, make: Any) -> None:
    make("bad", url=url(site, "/bad"))
    site.statuses["/bad"] = 500
    linkcheck.check_links(10, WITHIN)
    make("fresh", url=url(site, "/fresh"))
    first = queries.links_due(1, timezone.now() + timedelta(seconds=1))
    assert [link.url for link in first] == [url(site, "/bad")]
    since = LinkCheck.objects.get(url=url(site, "/bad")).problem_since
    linkcheck.check_links(10, WITHIN, now=later(7))
    assert LinkCheck.objects.get(url=url(site, "/bad")).problem_since == since
    site.statuses.clear()
    linkcheck.check_links(10, WITHIN, now=later(14))
    again = LinkCheck.objects.get(url=url(site, "/bad"))
    assert (again.link_problem, again.problem_since) == ("", None)


def test_what_was_looked_at_lately_is_left_alone_and_the_limit_holds(site: Site, make: Any) -> None:
    for number in range(3):
        make(f"fund-{number}", url=url(site, f"/{number}"))
    assert linkcheck.check_links(2, WITHIN).checked == 2
    assert linkcheck.check_links(10, WITHIN).checked == 1
    assert linkcheck.check_links(10, WITHIN).checked == 0
    assert linkcheck.check_links(10, WITHIN, now=later(7)).checked == 3


def test_private_addresses_are_not_looked_at_unless_the_operator_says_so(site: Site, make: Any, settings: Any) -> None:
    make("inside", url=url(site, "/ok"))
    assert linkcheck.check_links(10, linkcheck.policy()).silent == ((url(site, "/ok"), "private"),)
    settings.ALLOW_PRIVATE_ADDRESSES = True
    assert linkcheck.check_links(10, linkcheck.policy(), now=later(7)).flagged == 0


def test_a_flag_for_an_address_that_was_corrected_is_not_shown(site: Site, make: Any, eva: Any) -> None:
    from communs.kit.records.actions import Author, state
    from communs.kit.records.models import Method

    fund = make("fund", url=url(site, "/old"))
    site.statuses["/old"] = 404
    linkcheck.check_links(10, WITHIN)
    state(fund, {"url": url(site, "/new")}, Author(eva, Method.EDITOR))
    fund.refresh_from_db()
    assert queries.problems_of(fund) == []


@pytest.mark.parametrize("status", [401, 403, 405, 429, 503])
def test_a_server_that_sends_robots_away_does_answer(site: Site, make: Any, status: int) -> None:
    make("fund", url=url(site, "/robots"))
    site.statuses["/robots"] = status
    assert linkcheck.check_links(10, WITHIN).flagged == 0


def test_an_opportunity_that_is_gone_meanwhile_is_no_error(make: Any) -> None:
    from communs.apps.funding.actions import note_link

    assert note_link(123456, "https://example.org/", "slow", "", timezone.now()) is None


def test_the_queue_shows_editors_what_does_not_answer(site: Site, make: Any, signed_in: Any, eva: Any) -> None:
    make("fund", url=url(site, "/lost"))
    site.statuses["/lost"] = 404
    linkcheck.check_links(10, WITHIN)
    page = signed_in(eva).get("/en/funding/queue/").content.decode()
    assert "http-404" in page
    assert url(site, "/lost") in page


def test_an_editor_can_leave_a_look_to_the_worker(signed_in: Any, eva: Any, bob: Any) -> None:
    from django_tasks_db.models import DBTaskResult

    assert signed_in(bob).post("/en/funding/queue/check-links/").status_code == 403
    assert signed_in(eva).post("/en/funding/queue/check-links/").status_code == 302
    assert DBTaskResult.objects.filter(task_path__endswith="funding.tasks.check_links").count() == 1


def test_the_command_tells_what_it_found(
    site: Site, make: Any, settings: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from argparse import Namespace

    from communs.cli import check_links

    monkeypatch.setattr(check_links, "need_database", lambda: None)
    settings.ALLOW_PRIVATE_ADDRESSES = True
    make("fund", url=url(site, "/lost"))
    site.statuses["/lost"] = 404
    assert check_links.run(Namespace(limit=5, json=True, data=None)) == 0
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert document == {"checked": 1, "flagged": 1, "silent": [{"url": url(site, "/lost"), "problem": "http-404"}]}
    assert "/lost" in printed.err


def test_a_moment_is_stored_with_each_look(site: Site, make: Any) -> None:
    make("fund", url=url(site, "/ok"))
    moment: datetime = later(0)()
    linkcheck.check_links(1, WITHIN, now=lambda: moment)
    assert LinkCheck.objects.get().link_checked_at == moment
