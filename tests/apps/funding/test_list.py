"""The list: filters, closed ones, sorting, eligibility in each row, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from communs.apps.funding import queries
from communs.apps.funding.wording import FIT_SIGNS
from communs.core import matching

URL = "/en/funding/"
FORMS = [
    *("individual", "informal_collective", "hosted_collective", "association", "foundation", "cooperative"),
    *("company", "social_enterprise", "public_body", "university"),
]
QUERIES_MAX = 12


@pytest.fixture(autouse=True)
def _no_page_cache(settings: Any) -> None:
    settings.PUBLIC_PAGE_SECONDS = 0


ROW = re.compile(
    r'<li><h2><input type="checkbox" name="id" value="(?P<id>[^"]+)".*?<a href="(?P<url>[^"]+)".*?</h2>\n'
    r'<p class="[^"]*">(?P<answer>.*?)</p>\n<p class="facts">.*?</p></li>',
    re.DOTALL,
)


def lines(response: Any) -> dict[str, re.Match[str]]:
    return {row["id"]: row for row in ROW.finditer(response.content.decode())}


def shown(response: Any) -> list[str]:
    return list(lines(response))


def results(response: Any) -> dict[str, str]:
    """The sign of each row's verdict."""
    return {name: row["answer"][0] for name, row in lines(response).items()}


def counts(response: Any, facet: str) -> dict[str, int]:
    found = next(item for item in response.context["facets"] if item.name == facet)
    return {option.value: option.count for option in found.options}


def test_it_says_who_may_apply_how_much_and_how_sure_it_is(client: Client, french_fund: Any) -> None:
    page = client.get(URL).content.decode()
    for words in ("open to associations", "€1,000 to €5,000", "funds a project", "last confirmed in March\xa02026"):
        assert words.replace("\xa0", " ") in page.replace("\xa0", " ")
    assert "legal form needed, a fiscal host will do" in page
    assert "apply in French" in page


def test_closed_ones_are_hidden_until_one_asks_for_them(client: Client, make: Any, open_fund: Any) -> None:
    make("gone", windows=[{"model": "closed"}])
    first = client.get(URL)
    assert shown(first) == ["open-fund"]
    assert "Show the closed one too" in first.content.decode()
    assert set(shown(client.get(f"{URL}?closed=1"))) == {"open-fund", "gone"}
    assert shown(client.get(f"{URL}?status=closed")) == ["gone"]


def test_values_of_a_facet_widen_and_facets_narrow(client: Client, make: Any) -> None:
    make("a", kind="grant", funds_what=["project"])
    make("b", kind="prize", funds_what=["project"])
    make("c", kind="prize", funds_what=["person"])
    assert set(shown(client.get(f"{URL}?kind=grant&kind=prize"))) == {"a", "b", "c"}
    response = client.get(f"{URL}?kind=prize&funds_what=project")
    assert shown(response) == ["b"]
    assert counts(response, "kind") == {"grant": 1, "prize": 1}
    assert counts(response, "funds_what") == {"project": 1, "person": 1}


def test_no_legal_form_needed_is_a_filter(client: Client, open_fund: Any, french_fund: Any) -> None:
    assert shown(client.get(f"{URL}?legal_entity=not_needed")) == ["open-fund"]


def test_what_closes_first_stands_first(client: Client, make: Any, today: Any) -> None:
    def closing(days: int) -> list[dict[str, str]]:
        return [{"model": "one_off", "closes": str(today + timedelta(days=days)), "precision": "day"}]

    make("later", windows=closing(30))
    make("soon", windows=closing(3))
    make("always", windows=[{"model": "permanent"}])
    response = client.get(URL)
    assert shown(response) == ["soon", "later", "always"]
    assert "closes in 3 days" in response.content.decode()


def test_words_are_searched_in_titles_and_summaries(client: Client, make: Any) -> None:
    make("maps", summaries__en="For cartes and maps")
    make("other")
    assert shown(client.get(f"{URL}?q=Mäps")) == ["maps"]


def test_each_row_gives_the_matchers_own_answer(
    client: Client, atlas: Any, open_fund: Any, french_fund: Any, data_fund: Any, today: Any
) -> None:
    for _again in range(2):  # the second time from memory
        rows = lines(client.get(f"{URL}?for=atlas"))
        assert rows.keys() == {"open-fund", "french-fund", "data-fund"}
        for public_id, row in rows.items():
            record = queries.public_opportunities().get(public_id=public_id)
            profile = matching.Profile.from_record({**atlas.facts, "id": "atlas"})
            expected = matching.match(profile, queries.opportunity_of(record), today=today)
            assert row["answer"] == f"{FIT_SIGNS[expected.result]} {escape(matching.sentence(expected))}"
            assert row["url"] == f"/en/funding/{public_id}/for/atlas/"


def test_what_asks_the_same_is_told_apart_by_its_own_address_and_calendar(
    client: Client, make: Any, atlas: Any, today: Any
) -> None:
    same: dict[str, Any] = {"recipients": ["individual"], "countries": ["INT"], "licence_requirement": "none"}
    make("now", **same, windows=[{"model": "permanent"}])
    make("later", **same, windows=[{"model": "one_off", "opens": str(today + timedelta(days=9)), "precision": "day"}])
    rows = lines(client.get(f"{URL}?for=atlas"))
    assert {name: row["url"] for name, row in rows.items()} == {
        name: f"/en/funding/{name}/for/atlas/" for name in ("now", "later")
    }
    assert rows["now"]["answer"] != rows["later"]["answer"]


def test_a_commons_hidden_since_is_gone_for_visitors_at_once(client: Client, atlas: Any, open_fund: Any) -> None:
    from communs.kit.records.actions import set_visibility
    from communs.kit.records.models import Visibility

    assert client.get(f"{URL}?for=atlas").status_code == 200
    set_visibility(atlas, Visibility.REMOVED, None)
    assert client.get(f"{URL}?for=atlas").status_code == 404


def test_a_change_of_the_commons_changes_the_answers_at_once(client: Client, atlas: Any, make: Any, eva: Any) -> None:
    from communs.kit.records.actions import Author, state
    from communs.kit.records.models import Method

    make("for-data", commons_kinds=["data"], recipients=FORMS, countries=["INT"], licence_requirement="none")
    assert results(client.get(f"{URL}?for=atlas")) == {"for-data": FIT_SIGNS["no"]}
    state(atlas, {"kind": "data"}, Author(eva, Method.EDITOR))
    assert results(client.get(f"{URL}?for=atlas")) == {"for-data": FIT_SIGNS["eligible"]}


def test_an_unknown_never_hides_an_opportunity(client: Client, atlas: Any, french_fund: Any, make: Any) -> None:
    make("says-nothing")
    response = client.get(f"{URL}?for=atlas")
    assert results(response) == {"french-fund": FIT_SIGNS["ask"], "says-nothing": FIT_SIGNS["likely"]}


def test_one_can_keep_only_what_fits(client: Client, atlas: Any, open_fund: Any, data_fund: Any) -> None:
    response = client.get(f"{URL}?for=atlas&fits=eligible")
    assert shown(response) == ["open-fund"]
    assert counts(response, "fits") == {"eligible": 1, "no": 1}


def test_best_fit_stands_first_when_a_commons_is_chosen(
    client: Client, atlas: Any, data_fund: Any, french_fund: Any, open_fund: Any
) -> None:
    assert shown(client.get(f"{URL}?for=atlas")) == ["open-fund", "french-fund", "data-fund"]


def test_the_number_of_queries_does_not_grow_with_the_rows(client: Client, make: Any, atlas: Any) -> None:
    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    urls = (URL, f"{URL}?for=atlas", f"{URL}?for=atlas&q=fund&kind=grant&sort=amount&closed=1&more=1")
    make("first", kind="grant", recipients=["association"])
    few = [cost(url) for url in urls]
    for number in range(25):
        make(f"more-{number}", kind="grant", recipients=["association"], themes=[f"theme {number}"])
    assert [cost(url) for url in urls] == few
    assert max(few) <= QUERIES_MAX


def test_wrong_parameters_show_the_list_and_no_error(client: Client, open_fund: Any) -> None:
    for query in (
        "sort=nonsense",
        "sort=fit",
        "page=999",
        "page=-1",
        "kind=%00",
        "fits=no",
        "status=x",
        "q=%F0%9F%98%80",
    ):
        assert client.get(f"{URL}?{query}").status_code == 200
    assert client.get(f"{URL}?for=nobody").status_code == 404


def test_an_empty_list_says_what_would_fill_it(client: Client, db: None) -> None:
    assert "import command" in client.get(URL).content.decode()
    assert "Clear the filters" in client.get(f"{URL}?kind=grant").content.decode()


def test_a_change_is_seen_at_once(client: Client, open_fund: Any, eva: Any) -> None:
    from communs.kit.records.actions import Author, state
    from communs.kit.records.models import Method

    client.get(URL)
    state(open_fund, {"titles.en": "Renamed"}, Author(eva, Method.EDITOR))
    assert "Renamed" in client.get(URL).content.decode()


def test_a_value_that_cannot_be_read_counts_as_not_stated(client: Client, make: Any, atlas: Any) -> None:
    make("odd", countries=["Atlantis"], recipients=["association"])
    assert results(client.get(f"{URL}?for=atlas")) == {"odd": FIT_SIGNS["ask"]}


def test_what_a_record_says_is_never_run(client: Client, make: Any) -> None:
    make("xss", titles__en="<script>alert(1)</script>", funder__name="<img src=x onerror=alert(1)>")
    page = client.get(URL).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_dates_and_amounts_are_written_as_in_the_readers_language(client: Client, make: Any, language: str) -> None:
    make("dated", amount__max=50000, amount__currency="EUR", last_confirmed="2026-12-01")
    page = client.get(f"/{language}/funding/").content.decode()
    wanted = {"en": ("up to €50,000", "1\xa0December 2026"), "fr": ("jusqu’à 50\u202f000\xa0€", "1er\xa0décembre 2026")}
    assert all(words in page for words in wanted[language])
