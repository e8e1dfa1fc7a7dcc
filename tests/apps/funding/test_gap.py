"""The gap in figures: each count is the count of its list, months stay as they were, charts stand alone."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from communs.apps.funding import queries
from communs.apps.funding.actions import keep_gap_figures
from communs.apps.funding.importing import import_opportunities
from communs.apps.funding.models import GapSnapshot
from communs.apps.funding.pages import gap_words as words
from communs.apps.funding.pages.gap_figures import FIGURES, change_chart, percent
from communs.apps.funding.queries.gap import SCOPES, Count, Figures, Scope, Sum, figures_of
from communs.apps.funding.queries.reach import age_of, reach_of, size_of
from communs.core.matching import Opportunity
from communs.kit import schedule
from communs.kit.records.files import read_records
from communs.kit.records.models import Visibility

ROOT = Path(__file__).resolve().parents[3]
URL = "/en/funding/gap/"
LINK = re.compile(r'<a (?:class="door" )?href="(/en/funding/\?[^"]+)">(?:<strong>)?([^<]+)<')


@pytest.fixture(autouse=True)
def _no_page_cache(settings: Any) -> None:
    settings.PUBLIC_PAGE_SECONDS = 0


@pytest.fixture
def seed(db: None) -> None:
    """The real catalogue."""
    records = list(read_records(ROOT / "seed" / "opportunities.jsonl"))
    assert import_opportunities(records, now=timezone.now()).new > 100


def table(heading: str) -> Iterator[dict[str, str]]:
    """The rows of the table under a heading of the rule's page."""
    page = (ROOT / "docs" / "rules" / "gap.md").read_text(encoding="utf-8")
    lines = [line for line in page.partition(f"## {heading}\n")[2].partition("\n## ")[0].splitlines() if "|" in line]
    names, _rule, *rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    for row in rows:
        yield dict(zip(names, row, strict=True))


@pytest.mark.parametrize("row", list(table("Reach")), ids=str)
def test_who_can_hold_the_money_is_as_the_rule_says(row: dict[str, str]) -> None:
    said = {
        "id": "one",
        "recipients": [form for form in row["who may apply"].split(", ") if form],
        "payees": [form for form in row["who may be paid"].split(", ") if form],
        "requires_legal_entity": {"yes": True, "no": False}.get(row["legal form"]),
        "fiscal_host_accepted": {"yes": True, "no": False}.get(row["fiscal host"]),
    }
    assert reach_of(Opportunity.from_record(said)) == row["reach"]


@pytest.mark.parametrize("row", list(table("Size")), ids=str)
def test_sizes_are_as_the_rule_says(row: dict[str, str]) -> None:
    amount = {name: int(row[column]) for name, column in (("min", "from"), ("max", "up to")) if row[column]}
    said = {"id": "one", "amount": {**amount, "currency": row["currency"] or None}}
    assert size_of(Opportunity.from_record(said)) == row["size"]


@pytest.mark.parametrize("row", list(table("Age")), ids=str)
def test_ages_are_as_the_rule_says(row: dict[str, str]) -> None:
    assert age_of(row["last confirmed"], date.fromisoformat(row["on"])) == row["age"]


def total_of(client: Client, path: str) -> int:
    """The number of rows that a list says it has."""
    return int(client.get(path).context["total"])


@pytest.mark.usefixtures("seed")
@pytest.mark.parametrize("scope", SCOPES)
def test_every_count_on_the_page_is_the_count_of_its_list(client: Client, scope: str) -> None:
    page = client.get(f"{URL}?scope={scope}").content.decode()
    links = [(html.unescape(url), text) for url, text in LINK.findall(page)]
    assert len(links) > 60
    wrong = []
    for url, text in links:
        said = re.search(r"\d[\d,]*(?!%)\b(?!%)", text)
        if said and int(said[0].replace(",", "")) != total_of(client, url):
            wrong.append((text, url, total_of(client, url)))
    assert not wrong


@pytest.mark.usefixtures("seed")
def test_every_value_of_every_figure_has_its_list(client: Client, today: date) -> None:
    figures = queries.figures_on(today)
    wrong = []
    for name, scope in figures.scopes.items():
        for figure, rows in scope.counts.items():
            for row in rows:
                chosen = queries.filters_of(name, figure, row.code)
                found = client.get("/en/funding/", {key: list(value) for key, value in chosen.items()})
                if found.context["total"] != row.sources:
                    wrong.append((name, figure, row.code, row.sources, found.context["total"]))
    assert not wrong


@pytest.mark.usefixtures("seed")
def test_figures_that_part_the_whole_add_up_to_it(today: date) -> None:
    for scope in queries.figures_on(today).scopes.values():
        for figure in ("reach", "size", "age", "money", "kind"):
            assert sum(row.sources for row in scope.counts[figure]) == scope.total.sources
        assert scope.total.collective == scope.count("purpose", "commons_collective").sources
        assert scope.total.group == scope.count("reach", "informal").sources


def test_only_public_entries_count(client: Client, make: Any, today: date) -> None:
    make("seen", funds_what=["commons_collective"])
    make("doubtful", Visibility.UNCONFIRMED, funds_what=["commons_collective"])
    make("removed", Visibility.REMOVED, funds_what=["commons_collective"])
    assert queries.figures_on(today).scopes["known"].total == Count("", 1, 1, 0)


def test_currencies_are_never_added(client: Client, make: Any, today: date) -> None:
    make("a", amount__pot=1000, amount__currency="EUR", funds_what=["commons_collective"])
    make("b", amount__pot=3000, amount__currency="EUR")
    make("c", amount__pot=500, amount__currency="USD")
    make("d", amount__pot=70, amount__currency="")
    make("e", amount__max=70, amount__currency="EUR")
    scope = queries.figures_on(today).scopes["known"]
    assert scope.sums == (Sum("EUR", Decimal(4000), Decimal(1000)), Sum("USD", Decimal(500)))
    assert {row.code: row.sources for row in scope.counts["money"]} == {"EUR": 2, "USD": 1, "unknown": 2}
    page = client.get(URL).content.decode()
    assert "Of €4,000 stated, €1,000 can go to a commons as a collective" in page
    assert "4,500" not in page


def test_the_filters_of_the_gap_are_filters_of_the_list_and_of_the_api(client: Client, make: Any) -> None:
    make("group", recipients=["informal_collective"], amount__max=4000, amount__currency="EUR")
    make("firm", recipients=["company"])
    found = client.get("/en/funding/?reach=informal")
    assert found.context["total"] == 1
    assert "Who can hold the money" in found.content.decode()
    assert "a group without legal form" in found.content.decode()
    items = client.get("/api/v1/opportunities?size=to_5k").json()["items"]
    assert [item["id"] for item in items] == ["group"]
    assert client.get("/api/v1/opportunities?unsaid=country&reach=legal_person").json()["items"][0]["id"] == "firm"


def scope_of(total: int, **counts: list[Count]) -> Scope:
    return Scope(Count("", total, 0, 0), {name: tuple(rows) for name, rows in counts.items()}, ())


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 0, "None of 3 sources can fund a commons as a collective"),
        ("en", 1, "1 of 3 sources can fund a commons as a collective"),
        ("en", 2, "2 of 3 sources can fund a commons as a collective"),
        ("fr", 0, "Sur 3, aucune source ne peut financer un commun en tant que collectif"),
        ("fr", 1, "1 source sur 3 peut financer un commun en tant que collectif"),
        ("fr", 2, "2 sources sur 3 peuvent financer un commun en tant que collectif"),
    ],
)
def test_titles_state_the_finding_in_both_languages(language: str, count: int, said: str) -> None:
    rows = [Count("commons_collective", count, count, 0)] if count else []
    with override(language):
        assert words.finding("purpose", scope_of(3, purpose=rows)) == said


@pytest.mark.parametrize(
    ("group", "hosted", "said"),
    [
        (0, 0, "None of 3 sources takes a group without legal form"),
        (1, 0, "1 of 3 sources takes a group without legal form"),
        (2, 1, "2 of 3 sources take a group without legal form; 1 more does so through a fiscal host"),
        (0, 2, "None of 3 sources takes a group without legal form; 2 more do so through a fiscal host"),
    ],
)
def test_the_title_of_reach_counts_hosts_apart(group: int, hosted: int, said: str) -> None:
    rows = [Count("informal", group, 0, group), Count("hosted", hosted, 0, 0)]
    with override("en"):
        assert words.finding("reach", scope_of(3, reach=rows)) == said


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("total", [0, 3])
def test_no_title_breaks_where_nothing_is_stated(figure: str, total: int) -> None:
    for language in ("en", "fr"):
        with override(language):
            assert words.finding(figure, scope_of(total))


def test_a_share_of_nothing_is_nothing() -> None:
    with override("en"):
        assert (percent(0, 0), percent(1, 3), percent(3, 3)) == ("0%", "33%", "100%")


def test_an_empty_catalogue_says_so(client: Client, db: None) -> None:
    response = client.get(URL)
    assert response.status_code == 200
    assert "No source of funding has been recorded yet." in response.content.decode()
    assert client.get("/fr/funding/gap/purpose.svg").status_code == 200


# A month is kept once.


def kept(month: str, today: date) -> GapSnapshot:
    """The figures of today as those of a month before."""
    document = queries.document_of(queries.figures_on(today))
    return GapSnapshot.objects.create(month=month, taken_on=date.fromisoformat(f"{month}-01"), figures=document)


def test_a_month_is_kept_once_and_stays_as_it_was(make: Any, today: date) -> None:
    make("a", funds_what=["commons_collective"])
    assert keep_gap_figures(date(2026, 10, 1)) is True
    make("b", funds_what=["commons_collective"])
    assert keep_gap_figures(date(2026, 10, 2)) is False
    assert keep_gap_figures(date(2026, 11, 3)) is True
    assert [(month, found.scopes["known"].total.sources) for month, found in queries.series()] == [
        ("2026-10", 1),
        ("2026-11", 2),
    ]


def test_an_empty_catalogue_is_not_kept(db: None) -> None:
    assert keep_gap_figures(date(2026, 10, 1)) is False
    assert queries.kept_months() == []


def test_the_worker_keeps_the_figures_by_itself(make: Any) -> None:
    make("a")
    now = timezone.now()
    assert "keep-gap-figures" in schedule.run_due(now)  # at once on a new site
    assert queries.kept_months() == [f"{timezone.localdate():%Y-%m}"]


def test_a_worker_that_was_there_before_the_first_entries_keeps_them_an_hour_later(make: Any) -> None:
    now = timezone.now()
    schedule.run_due(now)
    make("a")
    assert "keep-gap-figures" not in schedule.run_due(now + timedelta(minutes=5))
    assert queries.kept_months() == []
    assert "keep-gap-figures" in schedule.run_due(now + timedelta(hours=1))
    assert len(queries.kept_months()) == 1


@pytest.mark.parametrize(
    ("language", "said", "why"),
    [
        ("en", "No figures of March 2019 are kept", "they cannot be made afterwards"),
        ("fr", "Il n’y a pas de chiffres pour mars 2019", "on ne peut pas les établir après coup"),
    ],
)
def test_a_month_that_is_not_kept_says_so_and_leads_to_those_that_are(
    client: Client, open_fund: Any, today: date, language: str, said: str, why: str
) -> None:
    kept("2020-01", today)
    answer = client.get(f"/{language}/funding/gap/?month=2019-03")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert said in page
    assert why in page
    assert 'href="?month=2020-01"' in page
    assert f'href="/{language}/funding/gap/"' in page
    assert client.get(f"/{language}/funding/gap/figures.json?month=2019-03").status_code == 404


def test_this_month_is_said_to_be_not_kept_yet(client: Client, open_fund: Any, today: date) -> None:
    answer = client.get(f"{URL}?month={today:%Y-%m}")
    assert answer.status_code == 404
    assert "has not kept this month’s figures yet" in answer.content.decode()
    assert keep_gap_figures(today)
    assert client.get(f"{URL}?month={today:%Y-%m}").status_code == 200


def test_what_is_kept_reads_back_the_same(make: Any, french_fund: Any, open_fund: Any, today: date) -> None:
    make("a", amount__pot=1000.5, amount__currency="EUR", funds_what=["commons_collective"])
    figures = queries.figures_on(today)
    assert figures_of(today, json.loads(json.dumps(queries.document_of(figures)))) == figures


def test_a_month_of_an_older_rule_is_still_shown(client: Client, make: Any) -> None:
    make("a")
    GapSnapshot.objects.create(month="2020-01", taken_on=date(2020, 1, 1), figures={"rule": "gap-0"})
    assert client.get(f"{URL}?month=2020-01").status_code == 200


def test_an_earlier_month_is_readable_and_leads_to_no_list(client: Client, open_fund: Any, today: date) -> None:
    kept("2020-01", today)
    page = client.get(f"{URL}?month=2020-01").content.decode()
    assert "The gap in figures · January 2020" in page
    assert LINK.findall(page) == []
    assert client.get(f"{URL}?month=2020-02").status_code == 404
    assert client.get(f"{URL}?month=nonsense").status_code == 404


def test_change_is_shown_against_the_month_before(client: Client, make: Any, today: date) -> None:
    make("a", funds_what=["commons_collective"])
    assert client.get(URL).context["change"] is None
    kept("2020-01", today)
    make("b", funds_what=["commons_collective"])
    change = client.get(URL).context["change"]
    assert change["month"] == "January 2020"
    assert [cell.text for cell in change["lines"][1].cells] == ["1", "2", "+1"]
    assert change["chart"] is None
    kept("2020-02", today)
    page = client.get(URL).content.decode()
    assert "Since January 2020, sources for a commons as a collective went from 1 to 2" in page
    assert "<polyline" in page


def test_a_series_that_stands_still_says_so(make: Any, today: date) -> None:
    make("a")
    figures: Figures = queries.figures_on(today)
    with override("en"):
        chart = change_chart([("2026-09", figures), ("2026-10", figures)], "known")
    assert chart is not None
    assert chart.title == "As many sources for a commons as a collective as in September 2026: 0"
    assert change_chart([("2026-09", figures)], "known") is None


# Numbers to take along.


def cells(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode().lstrip("\ufeff"))))


def test_numbers_of_a_month_and_of_all_months_are_there_to_take(client: Client, open_fund: Any, today: date) -> None:
    kept("2020-01", today)
    kept("2020-02", today)
    rows = cells(client.get(f"{URL}figures.csv?month=2020-01"))
    assert {row["month"] for row in rows} == {"2020-01"}
    found = next(row for row in rows if (row["scope"], row["figure"], row["code"]) == ("open", "reach", "informal"))
    assert (found["sources"], found["collective"], found["group"], found["hosted"]) == ("1", "1", "1", "0")
    assert {row["month"] for row in cells(client.get(f"{URL}series.csv"))} == {"2020-01", "2020-02"}
    assert client.get(f"{URL}figures.json").json()["known"]["total"]["sources"] == 1
    assert [month["month"] for month in client.get(f"{URL}series.json").json()["months"]] == ["2020-01", "2020-02"]


def test_the_api_gives_today_and_each_month(client: Client, open_fund: Any, today: date) -> None:
    kept("2020-01", today)
    now = client.get("/api/v1/gap").json()
    assert (now["month"], now["as_of"], now["months"]) == ("", today.isoformat(), ["2020-01"])
    then = client.get("/api/v1/gap/2020-01").json()
    assert (then["as_of"], then["open"]["total"]["group"]) == ("2020-01-01", 1)
    assert client.get("/api/v1/gap/2020-02").status_code == 404
    assert client.get("/api/v1/gap/2020").status_code == 404
    assert client.get("/api/v1/gap?scope=open").status_code == 422
    again = client.get("/api/v1/gap", headers={"If-None-Match": client.get("/api/v1/gap")["ETag"]})
    assert again.status_code == 304


# Charts that stand alone.


@pytest.mark.usefixtures("seed")
@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_chart_is_a_file_that_stands_alone(client: Client, figure: str, language: str) -> None:
    response = client.get(f"/{language}/funding/gap/{figure}.svg")
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    name = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{name}svg"
    assert root.findtext(f"{name}title")
    assert root.findtext(f"{name}desc")
    assert "prefers-color-scheme:dark" in (root.findtext(f"{name}style") or "")
    width = float(root.attrib["width"])
    for text in root.iter(f"{name}text"):
        letters = len(text.text or "") * 5.5
        start = float(text.attrib["x"])
        assert (start >= letters) if text.get("text-anchor") == "end" else (start + letters <= width)
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response


@pytest.mark.usefixtures("seed")
def test_any_site_may_frame_the_embedded_page_and_no_other(client: Client) -> None:
    framed = client.get(f"{URL}embed/reach/")
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    page = framed.content.decode()
    assert "<script" not in page
    assert "/en/funding/gap/#reach" in page
    whole = client.get(URL)
    assert "frame-ancestors 'none'" in whole["Content-Security-Policy"]
    assert whole["X-Frame-Options"] == "DENY"
    assert "&lt;iframe src=&quot;" in whole.content.decode() or '&lt;iframe src="http' in whole.content.decode()


@pytest.mark.usefixtures("seed")
def test_the_page_cache_keeps_what_may_be_framed_framed(client: Client, settings: Any) -> None:
    settings.PUBLIC_PAGE_SECONDS = 60
    for _time in range(2):
        framed = client.get(f"{URL}embed/age/")
        assert "frame-ancestors *" in framed["Content-Security-Policy"]
        assert "X-Frame-Options" not in framed


def test_a_figure_that_is_not_there_is_not_there(client: Client, open_fund: Any) -> None:
    for path in ("embed/nothing/", "nothing.svg", "embed/change/", "change.svg"):
        assert client.get(URL + path).status_code == 404


def test_each_figure_says_how_it_is_counted(client: Client, open_fund: Any) -> None:
    page = client.get(URL).content.decode()
    for figure in FIGURES:
        assert f'id="{figure}"' in page
        assert html.escape(words.method(figure), quote=False)[:40] in html.unescape(page)
    assert "gap-1" in page


def test_the_first_page_and_the_list_lead_to_the_gap(client: Client, open_fund: Any) -> None:
    for path in ("/en/", "/en/funding/"):
        assert f'href="{URL}"' in client.get(path).content.decode()
