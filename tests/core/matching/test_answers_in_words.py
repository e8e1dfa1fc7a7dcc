"""What a reader is told: the sentence first, whole sentences, translated before they are filled."""

import re
from collections.abc import Mapping
from datetime import date

import pytest

from communs.core.matching import Match, Opportunity, Profile, Window, explain, hosts_for, match, messages, sentence

TODAY = date(2026, 11, 23)
FIELDS = {"id": "fund", "countries": ["INT"], "licence_requirement": "none", "commons_kinds": ["software"]}
STATEMENTS = ["A", "B", "C", "D", "E", "F"]


def group(**fields: object) -> Profile:
    return Profile(kinds=frozenset({"software"}), legal_form="informal_collective", **fields)  # type: ignore[arg-type]


def found(profile: Profile, today: date | None = None, **fields: object) -> Match:
    return match(profile, Opportunity.from_record({**FIELDS, **fields}), today=today)


def asking(count: int) -> list[dict[str, object]]:
    return [{"dimension": "topic", "force": "hard", "statement": word} for word in STATEMENTS[:count]]


def test_an_eligible_match_says_so_by_the_calendar() -> None:
    rolling = found(group(), TODAY, recipients=["informal_collective"], window={"model": "rolling"})
    closed = found(group(), TODAY, recipients=["informal_collective"], window={"model": "closed"})
    assert sentence(rolling) == "You can apply now."
    assert sentence(closed) == "You fit what they asked. It is closed."
    assert sentence(found(group(), recipients=["informal_collective"])) == "You fit what they ask."


@pytest.mark.parametrize(
    ("count", "said"), [(1, "One question decides."), (2, "Two questions decide."), (6, "6 questions decide.")]
)
def test_open_questions_are_counted(count: int, said: str) -> None:
    assert sentence(found(group(), recipients=["informal_collective"], criteria=asking(count))) == said


def test_a_refusal_says_why_and_what_would_change_it() -> None:
    refused = found(group(answers={"hosted": "no"}), recipients=["association", "company"], fiscal_host_accepted=True)
    assert sentence(refused) == "Not as you are: they accept legal persons only. A fiscal host would change that."


def test_a_refusal_that_nothing_changes_comes_before_others() -> None:
    refused = found(group(country="US", countries=("US",)), recipients=["association"], countries=["FR"])
    assert sentence(refused) == "Not for you: they are for France only. One more thing stands against it."


def test_a_likely_match_says_what_is_not_settled() -> None:
    assert "They do not say who may apply." in sentence(found(group(), recipients=[]))


def test_every_criterion_has_a_row_with_what_they_ask_what_is_known_and_why() -> None:
    rows = explain(found(group(country="FR"), recipients=["informal_collective"], countries=["EU27"])).rows
    assert [(row.ask, row.you, row.why) for row in rows] == [
        (
            "Applications from groups without legal form", "You are a group without legal form.",
            "Your legal form is among those they accept.",
        ),
        ("A base or work in the European Union", "Your seat: France.", "You are where they ask."),
        ("Work on software", "What you make: software.", "They fund what you make."),
    ]  # fmt: skip


def test_sentences_are_translated_whole_and_filled_afterwards() -> None:
    french = {
        "Not for you: they are for {places} only.": "Pas pour vous : seulement {places}.",
        "France": "la France",
        "Nothing you do changes where they fund.": "Rien de ce que vous ferez n’y changera quoi que ce soit.",
    }
    refused = found(group(country="US", countries=("US",)), recipients=["informal_collective"], countries=["FR"])
    said = sentence(refused, lambda message: french.get(message, message))
    assert said.startswith("Pas pour vous : seulement la France. Rien de ce que")


def test_every_message_uses_only_placeholders_that_can_be_filled() -> None:
    known = {
        "forms", "form", "places", "excluded", "kinds", "licences", "licences_asked", "languages", "statement",
        "count", "values", "asked", "number_of", "low", "high", "unit", "legal_form", "hosted_by", "country",
        "countries", "answer",
    }  # fmt: skip
    tables = [value for key, value in vars(messages).items() if key.isupper() and isinstance(value, Mapping)]
    sentences = [message for table in tables for message in table.values()]
    assert len(sentences) > 80
    assert {name for message in sentences for name in re.findall(r"{(\w+)}", message)} <= known
    assert not [message for message in sentences if "!" in message or "please" in message.lower()]


def test_hosts_are_the_ones_that_do_not_refuse_and_are_not_closed() -> None:
    def host(name: str, takes: str, model: str) -> Opportunity:
        window = {"model": model}
        return Opportunity.from_record(
            {**FIELDS, "id": name, "kind": "fiscal_hosting", "recipients": [takes], "window": window}
        )

    hosts = [
        host("takes-groups", "informal_collective", "permanent"),
        host("takes-firms", "company", "permanent"),
        host("has-ended", "informal_collective", "closed"),
        Opportunity("no-host", kind="grant", windows=(Window("permanent"),)),
    ]
    assert [m.opportunity.id for m in hosts_for(group(), hosts)] == ["takes-groups"]
    assert [m.opportunity.id for m in hosts_for(group(), hosts, today=TODAY)] == ["takes-groups"]
