"""One opportunity: two answers on who, the calendar without promises, flags, what each person may do."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communs.apps.funding import actions, queries
from communs.kit.records import actions as records
from communs.kit.records.models import Visibility


@pytest.fixture(autouse=True)
def _no_page_cache(settings: Any) -> None:
    settings.PUBLIC_PAGE_SECONDS = 0


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_who_may_apply_and_who_may_be_paid_are_two_answers(client: Client, make: Any) -> None:
    make("two", recipients=["individual"], payees=["association"])
    page = read(client, "/en/funding/two/")
    assert "<dt>Who may apply</dt><dd>natural persons</dd>" in page
    assert "<dt>Who may be paid</dt><dd>associations</dd>" in page


def test_it_never_promises_to_be_open_today(client: Client, open_fund: Any) -> None:
    page = read(client, "/en/funding/open-fund/")
    assert "last confirmed in March 2026" in page
    assert "only the funder’s page can say" in page
    assert "open today" not in page.replace("Whether it is open today", "")


def test_criteria_say_how_much_they_weigh_and_when_they_were_seen(client: Client, make: Any) -> None:
    make(
        "strict",
        criteria=[
            {"dimension": "topic", "statement": "Only maps", "force": "hard", "seen_as_of": "2025-02"},
            {"dimension": "quality", "statement": "Good work", "force": "scored"},
        ],
    )
    page = read(client, "/en/funding/strict/")
    assert "Only maps</td>" in page
    assert "a must" in page
    assert "February 2025" in page
    assert "compared between applications" in page


def test_a_silent_link_is_told_with_its_date_and_changes_nothing_else(client: Client, make: Any) -> None:
    fund = make("fund", url="https://example.org/a", windows=[{"model": "permanent"}])
    version = fund.version
    actions.note_link(fund.pk, "https://example.org/a", "http-404", "HTTP 404", timezone.now())
    assert "The link did not answer on" in read(client, "/en/funding/fund/")
    fund.refresh_from_db()
    assert (fund.version, fund.is_public) == (version, True)


def test_an_address_that_is_no_web_address_is_never_a_link(client: Client, make: Any) -> None:
    make("bad", url="javascript:alert(1)", titles__en='"><script>alert(2)</script>', programme="<b>x</b>")
    page = read(client, "/en/funding/bad/")
    assert "javascript:" not in page
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_a_text_in_another_language_says_which(client: Client, make: Any) -> None:
    make("french", titles__fr="Fonds des cartes", titles__en=None, summaries__fr="Pour les cartes.")
    page = read(client, "/en/funding/french/")
    assert '<span lang="fr">Fonds des cartes</span>' in page
    assert 'lang="fr">Pour les cartes.' in page


def test_the_evidence_links_are_for_editors(client: Client, signed_in: Any, open_fund: Any, eva: Any, bob: Any) -> None:
    from communs.kit.records.models import Method

    secret = "https://example.org/evidence"
    records.state(open_fund, {"programme": "P"}, records.Author(eva, Method.EDITOR), evidence_url=secret)
    for path in ("/en/funding/open-fund/", "/en/funding/open-fund/sources/"):
        assert secret not in read(client, path)
        assert secret not in read(signed_in(bob), path)
    assert secret in read(signed_in(eva), "/en/funding/open-fund/sources/")


def test_it_takes_few_queries(client: Client, open_fund: Any) -> None:
    client.get("/en/funding/open-fund/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/en/funding/open-fund/")
    assert len(captured) <= 12


def test_merged_ones_lead_to_where_they_went(client: Client, make: Any, eva: Any) -> None:
    old, new = make("old"), make("new-one")
    records.merge(old, new, eva)
    response = client.get("/en/funding/old/")
    assert (response.status_code, response["Location"]) == (302, "/en/funding/new-one/?merged=old")
    assert "old was merged into this entry" in read(client, response["Location"])


def test_signed_in_people_follow_it_and_stop(signed_in: Any, open_fund: Any, bob: Any) -> None:
    client = signed_in(bob)
    assert "A letter on each change" in read(client, "/en/funding/open-fund/")
    client.post("/en/funding/open-fund/watch/")
    assert queries.followed_by(bob)[0][1] == "/en/funding/open-fund/"
    client.post("/en/funding/open-fund/watch/", {"stop": "1"})
    assert queries.followed_by(bob) == []


def test_an_editor_confirms_and_removes(signed_in: Any, client: Client, make: Any, eva: Any, bob: Any) -> None:
    make("hidden", visibility=Visibility.UNCONFIRMED)
    assert client.get("/en/funding/hidden/").status_code == 404
    assert signed_in(bob).post("/en/funding/hidden/confirm/").status_code == 404
    assert signed_in(eva).get("/en/funding/hidden/confirm/").status_code == 405
    signed_in(eva).post("/en/funding/hidden/confirm/", {"note": "read their page"})
    assert client.get("/en/funding/hidden/").status_code == 200
    assert signed_in(bob).post("/en/funding/hidden/remove/").status_code == 403
    signed_in(eva).post("/en/funding/hidden/remove/")
    assert client.get("/en/funding/hidden/").status_code == 404
