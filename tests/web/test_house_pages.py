"""Home, search, about, and the pages for what is not there, not allowed or broken."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override

from communs.web import pages


def _html(site: Any, path: str, who: str = "", status: int = 200) -> str:
    response = site.client(who).get(path)
    assert response.status_code == status
    return response.content.decode()


def _doors(html: str) -> list[tuple[str, str]]:
    """`(link, figure)` of each door of the home page."""
    return re.findall(r'<a class="door" href="([^"]+)">.*?<strong>(.*?)</strong>', html, flags=re.DOTALL)


def test_home_has_four_doors_that_lead_somewhere(site: Any) -> None:
    doors = _doors(_html(site, "/en/"))
    assert len(doors) == 4
    for link, _figure in doors:
        assert site.client("").get(link, follow=True).status_code == 200


def test_the_figures_of_the_doors_are_those_of_the_lists_behind_them(site: Any) -> None:
    from communs.apps.foundation.queries.public import held as custody
    from communs.apps.funding.queries import public_opportunities
    from communs.apps.register.queries import public_commons

    doors = _doors(_html(site, "/en/"))
    kinds = public_commons().exclude(kind="").values("kind").distinct().count()
    collective = sum("commons_collective" in row.values.get("funds_what", []) for row in public_opportunities())
    figures = [figure for _link, figure in doors]
    held = sum(one.held_minor for one in custody())
    assert figures[1] == f"€{held // 100:,}"
    assert figures[2] == str(kinds)
    assert figures[3] == f"{collective} of {public_opportunities().count()}"
    assert 0 < int(figures[0]) <= public_opportunities().count()


def test_the_chart_counts_what_the_records_say(site: Any) -> None:
    from communs.apps.funding.queries import public_opportunities

    html = _html(site, "/en/")
    persons = sum("person" in row.values.get("funds_what", []) for row in public_opportunities())
    assert re.search(rf'<th scope="row">A person</th><td>{persons}</td>', html)
    assert "style=" not in html


def test_home_in_french_is_written_in_french(site: Any) -> None:
    html = _html(site, "/fr/")
    assert '<html lang="fr">' in html
    assert "Je prends soin d’un commun" in html
    assert "I take care" not in html


def test_reading_sets_no_cookie_and_the_page_may_be_kept(site: Any) -> None:
    for path in ("/en/", "/en/about/", "/en/search/?q=map"):
        response = Client().get(path)
        assert not response.cookies
        assert "csrfmiddlewaretoken" not in response.content.decode()
        assert response["Cache-Control"] == "no-cache"
        again = Client().get(path, headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304


def test_search_answers_for_commons_and_funding_at_once(site: Any) -> None:
    html = _html(site, "/en/search/?q=wikimedia")
    commons, funding = html.split("Funding (", 1)
    assert "/en/commons/" in commons.split("Commons (", 1)[1]
    assert "/en/funding/" in funding


def test_search_finds_a_commons_by_its_name(site: Any) -> None:
    assert 'href="/fr/commons/openstreetmap/"' in _html(site, "/fr/search/?q=OpenStreetMap")


def test_search_without_a_result_says_what_to_do(site: Any) -> None:
    html = _html(site, "/en/search/?q=xyzzyxyzzy")
    assert "Nothing answers this" in html
    assert "/en/commons/new/" in html


def test_search_shows_what_was_typed_as_text(site: Any) -> None:
    html = _html(site, "/en/search/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_search_bounds_what_it_reads(site: Any) -> None:
    html = _html(site, f"/en/search/?q={'a' * 5000}")
    assert len(html) < 20_000


def test_the_language_link_leads_to_the_same_page_with_the_same_question(site: Any) -> None:
    html = _html(site, "/en/search/?q=map+tiles")
    assert 'href="/fr/search/?q=map+tiles" lang="fr" hreflang="fr"' in html
    assert '<link rel="alternate" hreflang="fr" href="http://testserver/fr/search/?q=map+tiles">' in html


def test_about_states_what_a_reader_may_ask_for(site: Any) -> None:
    html = _html(site, "/en/about/")
    for section in ("sources", "data", "licence", "privacy", "accessibility", "instance"):
        assert f'id="{section}"' in html
    assert "mailto:" not in html  # no public address: nobody would read it


def test_someone_signed_in_can_sign_out_by_a_form_only(site: Any) -> None:
    html = _html(site, "/en/about/", who="Bob")
    assert re.search(r'<form action="/en/account/logout/" method="post"><input type="hidden" name="csrf', html)
    assert "Sign in" not in html


def test_an_address_that_is_not_there_offers_search_in_the_readers_language(site: Any) -> None:
    assert 'action="/fr/search/"' in _html(site, "/fr/commons/no-such-commons/", status=404)
    assert "There is nothing at this address" in _html(site, "/en/nowhere/", status=404)


def test_a_form_without_its_token_is_refused_in_words(site: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/fr/account/login/", {"login": "a@example.org", "password": "x"})
    assert response.status_code == 403
    assert "Le formulaire était trop ancien" in response.content.decode()


def test_robots_may_read_everything_but_the_account_pages(site: Any) -> None:
    lines = site.client("").get("/robots.txt").content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /fr/account/" in lines
    assert "Disallow: /" not in lines


def test_the_favicon_is_an_icon(site: Any) -> None:
    response = site.client("").get("/favicon.ico")
    assert response["Content-Type"] == "image/x-icon"
    assert response.content[:6] == b"\x00\x00\x01\x00\x02\x00"  # an icon file with two images


def test_the_page_of_a_breakdown_needs_no_database_and_speaks_both_languages() -> None:
    # Without the `db` fixture a query would fail this test.
    response = pages.broken(RequestFactory().get("/en/"))
    html = response.content.decode()
    assert response.status_code == 500
    assert "Something broke on our side" in html
    assert 'lang="fr"' in html


@pytest.mark.parametrize("right", ["edit", "moderate", "administer"])
def test_a_refusal_says_who_may(right: str) -> None:
    request = RequestFactory().get("/en/commons/x/")
    html = render_to_string("403.html", {"right": right, "request": request})
    who = {"edit": "Those who look after", "moderate": "Editors", "administer": "Administrators"}[right]
    assert who in html


def test_what_cannot_be_done_says_why() -> None:
    with override("fr"):
        html = render_to_string("impossible.html", {"why": "Cette valeur est verrouillée."})
    assert "Cette valeur est verrouillée." in html
    assert "Ce n’est pas possible" in html


def test_the_demonstration_says_that_it_is_one() -> None:
    said = "A demonstration: real records, invented people"
    assert said in render_to_string("base.html", {"is_demo": True})
    assert said not in render_to_string("base.html", {"is_demo": False})
