"""The one box: what it finds, what it says about it, what it keeps."""

from __future__ import annotations

from typing import Any

import pytest

from communs.kit.models import UnansweredNeed
from communs.kit.unanswered import actions


@pytest.fixture(autouse=True)
def _nothing_noted(site: Any) -> None:
    """The site is shared: each test starts with no note, and may make as many as it likes."""
    actions._Meter.moments.clear()
    UnansweredNeed.objects.all().delete()


def html(site: Any, address: str) -> str:
    answer = site.client("").get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_need_in_another_language_finds_both_kinds(site: Any) -> None:
    page = html(site, "/fr/search/?q=Kartografie+freie+Software")
    assert "/fr/commons/openstreetmap/" in page
    assert "Trouvé par" in page


def test_a_misspelled_name_is_asked_back(site: Any) -> None:
    page = html(site, "/en/search/?q=openstretmap")
    assert 'href="?q=openstreetmap"' in page
    assert "/en/commons/openstreetmap/" in page


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/fr/funding/?q=xyzzyxyzzy", "0 source de financement<"),
        ("/fr/commons/?q=xyzzyxyzzy", "0 commun<"),
        ("/fr/funding/awards/?q=xyzzyxyzzy", "0 aide versée"),
        ("/fr/follow/?what=search&in=funding&q=xyzzyxyzzy", "0 fiche aujourd’hui"),
        ("/en/funding/?q=xyzzyxyzzy", "0 sources of funding"),
    ],
)
def test_none_is_not_called_one(site: Any, address: str, said: str) -> None:
    """French takes none for a singular, so its singular must not say "une"."""
    assert said in html(site, address)


@pytest.mark.parametrize("address", ["search/?", "commons/?", "funding/?", "funding/awards/?", "funding/for/?"])
@pytest.mark.parametrize("query", ["q=map%00x%E2%80%AEy", "q=%00", "q=%01&country=%00"])
def test_characters_that_no_page_can_hold_are_left_out(site: Any, address: str, query: str) -> None:
    page = html(site, f"/fr/{address}{query}")
    assert not set("\0\1\u202e") & set(page)


def test_brackets_alone_find_nothing_rather_than_everything(site: Any) -> None:
    assert "Rien ne répond à cela" in html(site, "/fr/search/?q=()")


def test_the_lists_with_their_filters_are_one_click_away(site: Any) -> None:
    page = html(site, "/en/search/?q=open+map")
    assert 'href="/en/commons/?q=open%20map"' in page


def test_lists_rank_by_the_answer_and_can_be_sorted_otherwise(site: Any) -> None:
    page = html(site, "/en/commons/?q=openstreetmap")
    assert page.index("/en/commons/openstreetmap/") < page.index("Found by")
    assert "best answer" in page
    assert "sort=name" in page
    assert "best answer" not in html(site, "/en/commons/")


def test_what_nobody_answers_is_kept_without_who_asked(site: Any) -> None:
    html(site, "/en/search/?q=xyzzy+plugh+Éclair")
    html(site, "/en/commons/?q=xyzzyxyzzy")
    html(site, "/en/funding/?q=xyzzyxyzzy")
    kept = set(UnansweredNeed.objects.values_list("text", "catalogue", "language", "times"))
    assert ("xyzzyxyzzy", "commons", "en", 1) in kept
    assert ("xyzzyxyzzy", "funding", "en", 1) in kept
    fields = {field.name for field in UnansweredNeed._meta.get_fields()}
    assert fields == {"id", "text", "catalogue", "language", "times", "first_on", "last_on", "settled_at"}


def test_what_only_comes_near_is_a_need_that_nobody_answers(site: Any) -> None:
    assert "comes near" in html(site, "/en/search/?q=vineyard+sommelier+map")
    assert UnansweredNeed.objects.get().text == "vineyard sommelier map"


def test_what_is_asked_again_is_counted(site: Any) -> None:
    for _time in range(3):
        html(site, "/fr/search/?q=xyzzyxyzzy")
    assert UnansweredNeed.objects.get().times == 3


@pytest.mark.parametrize(
    "text",
    ["jane.doe@example.org qqqzzz", "call 06 12 34 56 78 zzz", "zq", "zzqx " * 12, "FR7630006000011234567890189 zzq"],
)
def test_what_may_name_somebody_is_not_kept(site: Any, text: str) -> None:
    site.client("").get("/en/search/", {"q": text})
    assert not UnansweredNeed.objects.exists()


def test_a_robot_fills_no_table(site: Any) -> None:
    for number in range(actions.MINUTE_MAX + 10):
        site.client("").get("/en/search/", {"q": f"zzq{chr(97 + number % 26)}{chr(97 + number // 26)}xqz"})
    assert UnansweredNeed.objects.count() <= actions.MINUTE_MAX


def test_a_search_that_finds_something_leaves_no_trace(site: Any) -> None:
    html(site, "/en/search/?q=openstreetmap")
    assert not UnansweredNeed.objects.exists()


def test_a_spelling_that_finds_nothing_either_is_not_offered(site: Any) -> None:
    assert "Did you mean" not in html(site, "/en/search/?q=xyzzy+plugh")
    document = site.client("").get("/api/v1/search?q=xyzzy+plugh").json()
    assert document == {"results": [], "total": 0, "meant": [], "near": False}


@pytest.mark.parametrize("path", ["search/", "funding/", "commons/", "funding/awards/", "funding/for/"])
def test_words_that_do_not_fit_into_two_hundred_characters_are_said_to_be_left_out(site: Any, path: str) -> None:
    for language, said in (
        ("en", "Only the first 197 characters were searched."),
        ("fr", "Seuls les 197 premiers caractères ont été pris en compte."),
    ):
        assert said in html(site, f"/{language}/{path}?q={'xyzzy+' * 40}")
        assert said not in html(site, f"/{language}/{path}?q={'xyzzy' + '+' * 300}")


def test_the_api_refuses_what_is_longer_than_it_searches(site: Any) -> None:
    assert site.client("").get(f"/api/v1/search?q={'a' * 201}").status_code == 422
