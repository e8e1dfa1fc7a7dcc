"""One commons and the money: the ranked list, one match, the questions and what is remembered of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from communs.apps.funding import queries
from communs.apps.funding.models import Answer

FOR = "/en/funding/for/atlas/"
MATCH = "/en/funding/french-fund/for/atlas/"
ANSWERS = f"{FOR}answers/"


def groups(response: Any) -> dict[str, list[str]]:
    return {group["result"]: [row.public_id for row in group["rows"]] for group in response.context["groups"]}


def asked(response: Any) -> list[str]:
    return [question.key for question in response.context["asked"]]


def test_sources_stand_under_the_answer_they_give(
    client: Client, atlas: Any, open_fund: Any, french_fund: Any, data_fund: Any
) -> None:
    response = client.get(FOR)
    assert groups(response) == {
        "now": ["open-fund"],
        "eligible": [],
        "likely": [],
        "ask": ["french-fund"],
        "no": ["data-fund"],
    }
    page = response.content.decode()
    assert "You can apply now" in page
    assert "Not as you are: they fund hardware only." in page


def test_what_is_not_open_is_not_there_for_the_taking(client: Client, atlas: Any, open_fund: Any, make: Any) -> None:
    make("waits", **{**open_values(), "windows": [{"model": "recurring"}]})
    found = groups(client.get(FOR))
    assert (found["now"], found["eligible"]) == (["open-fund"], ["waits"])


def test_closed_sources_are_left_out_and_ask_nothing(client: Client, atlas: Any, make: Any) -> None:
    make("closed", recipients=["association"], windows=[{"model": "closed"}])
    response = client.get(FOR)
    assert not any(groups(response).values())
    assert asked(response) == []


def test_each_question_is_asked_once_and_says_how_much_it_decides(
    client: Client, atlas: Any, french_fund: Any, make: Any
) -> None:
    make("second", recipients=["association"], countries=["INT"], licence_requirement="none")
    response = client.get(FOR)
    first = response.context["asked"][0]
    assert (first.key, first.decides) == ("legal_form", "decides 2 sources")
    assert len(asked(response)) == len(set(asked(response)))
    assert len(asked(client.get(f"{FOR}?step=1"))) == 1


def test_a_visitors_answers_are_remembered_for_every_source(client: Client, atlas: Any, french_fund: Any) -> None:
    assert "territory:FR" in asked(client.get(MATCH))
    response = client.post(ANSWERS, {"answer.territory:FR": "yes", "answer.legal_form": "association", "next": MATCH})
    assert (response.status_code, response["Location"]) == (302, MATCH)
    assert asked(client.get(MATCH)) == ["application_language:fr"]
    assert asked(client.get(FOR)) == ["application_language:fr"]
    client.post(ANSWERS, {"answer.application_language:fr": "yes"})
    assert client.get(MATCH).context["result"] == "eligible"
    assert Client().get(MATCH).context["result"] == "ask"


def test_a_members_answers_are_kept_in_rows_of_their_own(
    signed_in: Any, atlas: Any, french_fund: Any, bob: Any, alice: Any
) -> None:
    signed_in(bob).post(ANSWERS, {"answer.legal_form": "association"})
    signed_in(bob).post(ANSWERS, {"answer.legal_form": "foundation"})
    assert queries.answers_of(bob, atlas) == {"legal_form": "foundation"}
    assert queries.answers_of(alice, atlas) == {}
    assert "legal_form" in asked(signed_in(alice).get(MATCH))


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_answers_can_be_taken_back(
    client: Client, signed_in: Any, atlas: Any, french_fund: Any, bob: Any, who: str
) -> None:
    reader = client if who == "visitor" else signed_in(bob)
    reader.post(ANSWERS, {"answer.legal_form": "individual", "answer.hosted": "no"})
    assert reader.get(MATCH).context["result"] == "no"
    page = reader.get(FOR)
    assert [(answer.text, answer.value) for answer in page.context["answered"]] == [
        ("Does a fiscal host hold money for you?", "no"),
        ("What is your legal form?", "a natural person"),
    ]
    reader.post(ANSWERS, {"forget": "hosted"})
    assert reader.get(MATCH).context["result"] == "ask"
    reader.post(ANSWERS, {"clear": "1"})
    assert reader.get(FOR).context["answered"] == []
    assert Answer.objects.count() == 0


def test_a_no_says_what_would_change_it_and_names_hosts(
    client: Client, atlas: Any, french_fund: Any, host: Any
) -> None:
    client.post(
        ANSWERS,
        {
            "answer.legal_form": "informal_collective",
            "answer.hosted": "no",
            "answer.territory:FR": "yes",
            "answer.application_language:fr": "yes",
        },
    )
    page = client.get(MATCH)
    assert page.context["result"] == "no"
    assert page.context["sentence"].startswith("Not as you are")
    assert "A fiscal host would change that." in page.content.decode()
    assert '<a href="/en/funding/a-host/for/atlas/">A friendly host</a>' in page.content.decode()


def test_the_sentence_stands_first_and_signs_come_with_words(client: Client, atlas: Any, french_fund: Any) -> None:
    page = client.get(MATCH).content.decode()
    assert page.index('id="answer"') < page.index("Criterion by criterion")
    assert '<span aria-hidden="true">✓</span> met' in page
    assert '<span aria-hidden="true">?</span> not known' in page


def test_a_link_carries_answers_without_storing_them(client: Client, atlas: Any, french_fund: Any) -> None:
    client.post(ANSWERS, {"answer.legal_form": "association"})
    link = client.get(FOR).context["share_url"]
    assert link.endswith("?answer.legal_form=association")
    other = Client()
    page = other.get(link)
    assert [answer.key for answer in page.context["answered"]] == ["legal_form"]
    assert page.context["are_shared"]
    assert other.get(FOR).context["answered"] == []


def test_answers_lead_nowhere_but_back_to_this_site(client: Client, atlas: Any) -> None:
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        response = client.post(ANSWERS, {"answer.hosted": "no", "next": target})
        assert response["Location"] == FOR


def test_what_cannot_be_an_answer_is_refused(client: Client, atlas: Any, signed_in: Any, bob: Any) -> None:
    too_long = {"answer.hosted": "x" * 100}
    too_many = {f"answer.q{number}": "yes" for number in range(301)}
    for reader in (client, signed_in(bob)):
        assert reader.post(ANSWERS, too_long).status_code == 409
        assert reader.post(ANSWERS, too_many).status_code == 409
    assert client.get(f"{FOR}?answer.hosted={'x' * 100}").status_code == 409


def test_answers_need_the_form_of_the_page(atlas: Any) -> None:
    assert Client(enforce_csrf_checks=True).post(ANSWERS, {"answer.hosted": "no"}).status_code == 403


def test_an_answer_to_a_question_nobody_asks_is_harmless(client: Client, atlas: Any, french_fund: Any) -> None:
    client.post(ANSWERS, {"answer.<script>": "yes", "answer.legal_form": "emperor"})
    page = client.get(FOR)
    assert "<script>" not in page.content.decode().replace("</script>", "")
    assert groups(page)["ask"] == ["french-fund"]


def test_the_list_can_be_taken_along(client: Client, atlas: Any, open_fund: Any, french_fund: Any) -> None:
    document = json.loads(b"".join(client.get(f"{FOR}export.json")))  # type: ignore[arg-type]
    assert [item["id"] for item in document["results"]] == ["open-fund", "french-fund"]
    assert document["results"][1]["criteria"]
    lines = b"".join(client.get(f"{FOR}export.csv")).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert lines[0] == "id,title,result,status,sentence"
    assert len(lines) == 3


def test_the_export_counts_the_answers_of_who_asks(client: Client, atlas: Any, french_fund: Any) -> None:
    client.post(ANSWERS, {"answer.legal_form": "company", "answer.hosted": "no"})
    document = json.loads(b"".join(client.get(f"{FOR}export.json")))  # type: ignore[arg-type]
    assert document["results"][0]["result"] == "no"


def test_choosing_goes_straight_to_the_one_that_is_meant(
    client: Client, make_commons: Any, french_fund: Any, atlas: Any
) -> None:
    make_commons("atlas-of-atlas")
    assert client.get("/en/funding/for/?q=Atlas")["Location"] == FOR
    assert client.get("/en/funding/for/?q=atlas&opportunity=french-fund")["Location"] == MATCH
    assert client.get("/en/funding/for/?q=atlas&to=list")["Location"] == "/en/funding/?for=atlas"
    several = client.get("/en/funding/for/?q=atl").content.decode()
    assert "/en/funding/for/atlas-of-atlas/" in several
    assert "No commons of that name" in client.get("/en/funding/for/?q=zzz").content.decode()


def test_the_words_are_french_on_french_pages(client: Client, atlas: Any, french_fund: Any, host: Any) -> None:
    page = client.get("/fr/funding/for/atlas/").content.decode()
    assert "Quelle est votre forme juridique\u202f?" in page
    assert "départage" in page
    match = client.get("/fr/funding/french-fund/for/atlas/").content.decode()
    assert "Pourquoi cette réponse" in match
    assert "Tout dépend de" in match


def open_values() -> dict[str, Any]:
    """What leaves nothing to ask."""
    from communs.core.matching import FORMS

    return {
        "recipients": list(FORMS),
        "countries": ["INT"],
        "commons_kinds": ["software"],
        "licence_requirement": "none",
        "requires_legal_entity": False,
    }
