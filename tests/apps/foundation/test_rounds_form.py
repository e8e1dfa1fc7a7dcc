"""Preparing a round: commons chosen by filters, what they ask for and who may vote as tables, mistakes line by line."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from communs.apps.foundation import tasks
from communs.apps.foundation.actions import bundles, round_typed, rounds
from communs.apps.foundation.models import Round, RoundTyped
from communs.apps.foundation.queries import rounds as queries
from communs.apps.foundation.queries.bundles import Taking, taking
from communs.apps.foundation.queries.round_typed import KEPT_FOR
from communs.kit.gates import Refused
from communs.kit.records.actions import Impossible
from communs.testing import money_out, votes

pytestmark = pytest.mark.django_db
DATA = [f"data-{number:02d}" for number in range(23)]


@pytest.fixture
def cast() -> dict[str, Any]:
    people = money_out.people()
    money_out.found(people, {})
    votes.commons("atlas", "wiki")
    votes.commons(*DATA, kind="data")
    return people


@pytest.fixture
def tom(cast: dict[str, Any]) -> Client:
    return client_of(cast["Tom"])


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(name: str, *values: Any) -> str:
    return reverse(f"foundation:{name}", args=values)


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def table(words: str, encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile("table.csv", words.encode(encoding), "text/csv")


def kept_of(page: str) -> str:
    (kept,) = re.findall(r'name="eligible" value="([^"]*)"', page)
    return str(kept)


def test_commons_are_chosen_by_filters_and_come_back_with_the_form(tom: Client) -> None:
    assert "All filters" in text(tom.get(at("round-choose")))
    page = text(tom.get(at("round-choose"), {"kind": "data"}))
    assert "Use these 23 for a new round" in page
    assert "nobody looks after it here (23)" in page
    answer = tom.post(at("round-choose"), {"eligible": kept_of(page)})
    assert answer.headers["Location"] == at("round-new")
    form = text(tom.get(at("round-new")))
    assert "23 commons can be chosen" in form
    assert "is back" not in form
    kept = kept_of(form)
    assert kept == "?kind=data"
    assert tom.post(at("round-new"), votes.form(eligible=kept)).status_code == 302
    page = text(tom.get(at("round", "spring")))
    assert "23 commons can be chosen" in page
    assert "<dt>Kind</dt>" in page
    assert text(tom.get(at("round-options", "spring") + "?page=2")).count('class="tag ask"') == 3


def test_the_choice_of_a_draft_is_changed_without_its_form(tom: Client, cast: dict[str, Any]) -> None:
    tom.post(at("round-new"), votes.form(eligible="?kind=data"))
    place = at("round-choose-for", "spring")
    page = text(tom.get(place, {"q": "atlas"}))
    assert "Use this one for the round" in page
    assert 'name="eligible" value="?q=atlas"' in page
    assert tom.post(place + "?q=atlas", {"eligible": "?q=atlas"}).headers["Location"] == at("round", "spring")
    made = Round.objects.get()
    assert (made.eligible, made.pot_minor) == ("?q=atlas", 100_000)
    assert "<dt>Words</dt><dd>atlas</dd>" in text(tom.get(at("round", "spring")))
    assert tom.post(place, {"eligible": "?" + "&".join(f"kind={n:0>90}" for n in range(20))}).status_code == 409
    tom.post(place, {"eligible": "https://example.org/en/commons/?kind=data&page=3&x=1#top"})
    assert Round.objects.get().eligible == "?kind=data"
    assert client_of(cast["Bea"]).get(place).status_code == 403
    assert Client().get(at("round-choose")).status_code == 302
    rounds.propose(cast["Tom"], rounds.choose(cast["Tom"], "spring", "?kind=data").slug)
    assert tom.get(place).status_code == 409
    with pytest.raises(Impossible):
        rounds.choose(cast["Tom"], "spring", "")
    with pytest.raises(Refused):
        rounds.choose(cast["Bea"], "spring", "")


def test_filters_that_find_nothing_cannot_be_used(tom: Client) -> None:
    page = text(tom.get(at("round-choose"), {"kind": "hardware", "q": "atlas"}))
    assert "No commons answers all of this" in page
    assert "for a new round" not in page


def test_each_commons_says_whether_it_could_be_paid(tom: Client) -> None:
    looks_after = votes.steward("Ana", "atlas")
    votes.steward("Cyd", "wiki")
    bundles.accept_rule(looks_after, "atlas", money_out.NOW)
    ids = ["atlas", "wiki", "data-00"]
    assert list(taking(ids).values()) == [Taking.NOW, Taking.NOT_YET, Taking.NOBODY]
    page = text(tom.get(at("round-choose"), {"kind": "software"}))
    assert '<span class="tag yes">takes money</span>' in page
    assert "its stewards have not accepted the sharing rule" in page
    tom.post(at("round-new"), votes.form(eligible="?kind=software"))
    assert "takes money (1) · its stewards have not accepted the sharing rule (1)" in text(
        tom.get(at("round", "spring"))
    )
    bundles.end_rule(looks_after, "atlas", money_out.NOW)
    assert taking(["atlas"]) == {"atlas": Taking.NOT_YET}


def test_a_table_of_the_commons_is_filled_in_and_handed_in_again(tom: Client) -> None:
    tom.post(at("round-new"), votes.form(eligible="?kind=software", rule="mes", format="approve"))
    answer = tom.get(at("round-options-export", "spring", "csv"))
    export = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert export.splitlines()[1:] == ["atlas,,Atlas,nobody", "wiki,,Wiki,nobody"]
    filled = export.replace("atlas,,", "atlas,500.50,")
    form = votes.form(eligible="?kind=software", rule="mes", format="approve", costs_file=table(filled))
    assert tom.post(at("round-edit", "spring"), form).status_code == 302
    assert Round.objects.get().costs == {"atlas": 50_050}
    assert "the one whose amount stands in the draft" in text(tom.get(at("round", "spring")))


def test_people_are_invited_by_a_table_and_by_lines_together(tom: Client) -> None:
    listed = table("e-mail;collège\nana@example.org;states\nElodie@example.org ; communities\n", "cp1252")
    form = votes.form(roll_kind="invited", colleges="states; 1\ncommunities; 2", invited="cyd@example.org; states")
    assert tom.post(at("round-new"), {**form, "invited_file": listed}).status_code == 302
    found = Round.objects.get().invitations.order_by("pk").values_list("email", "college")
    assert list(found) == [
        ("cyd@example.org", "states"), ("ana@example.org", "states"), ("elodie@example.org", "communities"),
    ]  # fmt: skip


def test_mistakes_in_a_table_are_told_line_by_line_and_can_be_mended_in_place(tom: Client) -> None:
    listed = table("email,college\nana@example.org,states\nnobody,states\nbob@example.org,stat\n")
    costs = table("id,amount\natlas,12\nnowhere,5\nwiki,much\n")
    form = votes.form(roll_kind="invited", colleges="states; 1", invited_file=listed, costs_file=costs)
    page = text(tom.post(at("round-new"), form))
    for words in (
        "Line 3: “nobody” is no e-mail address.", "Line 4: “stat” is none of the colleges.",
        "Line 3: “nowhere” is the id of no public commons.", "Line 4: “much” is no amount", "bob@example.org; stat",
        f'name="token" value="{form["token"]}"', 'value="Printemps"',
    ):  # fmt: skip
        assert words in page
    assert Round.objects.count() == 0


def test_of_many_mistakes_the_first_are_told(tom: Client) -> None:
    page = text(tom.post(at("round-new"), votes.form(roll_kind="invited", invited="\n".join("abcdefghijklmn"))))
    assert "Line 10: “j” is no e-mail address." in page
    assert "And 4 more lines like these." in page
    assert "Line 11" not in page


def test_a_file_that_is_no_table_is_refused_and_what_was_typed_stays(tom: Client) -> None:
    broken = SimpleUploadedFile("table.csv", b"\n\n", "text/csv")
    page = text(tom.post(at("round-new"), votes.form(costs_file=broken, title_en="Kept words")))
    assert "no line that can be read" in page
    assert "Kept words" in page


def test_what_was_typed_comes_back_from_choosing_among_the_commons(tom: Client, cast: dict[str, Any]) -> None:
    half = {"token": votes.form()["token"], "title_en": "Half a round", "pot": "much", "rule": "greedy", "do": "choose"}
    listed = table("e-mail\nelodie@example.org\n")
    answer = tom.post(at("round-new"), {**half, "eligible": "?kind=data", "invited_file": listed})
    assert answer.headers["Location"] == at("round-choose") + "?kind=data"
    page = text(tom.get(answer.headers["Location"]))
    assert "elodie" not in page
    tom.post(at("round-choose"), {"eligible": "?q=atlas"})
    page = text(tom.get(at("round-new")))
    for said in (
        "One commons can be chosen", 'value="Half a round"', 'value="much"', 'value="greedy" required id="id_rule_3"',
        "elodie@example.org", "is back", half["token"],
    ):  # fmt: skip
        assert said in page
    assert re.search(r'name="is_secret"[^>]*checked', page) is None
    assert Round.objects.count() == 0
    assert "Half a round" not in text(client_of(cast["Tina"]).get(at("round-new")))
    assert tom.post(at("round-new"), votes.form(eligible=kept_of(page))).status_code == 302
    assert RoundTyped.objects.count() == 0
    assert "is back" not in text(tom.get(at("round-new")))


def test_every_commons_can_be_chosen_again_after_some(tom: Client) -> None:
    tom.post(at("round-choose"), {"eligible": "?kind=data"})
    tom.post(at("round-choose"), {"eligible": ""})
    assert "25 commons can be chosen" in text(tom.get(at("round-new")))


def test_a_draft_that_is_being_changed_comes_back_with_what_was_typed(tom: Client, cast: dict[str, Any]) -> None:
    tom.post(at("round-new"), votes.form(eligible="?kind=data"))
    form = votes.form(eligible="?kind=data", title_en="Another title", do="choose")
    place = at("round-choose-for", "spring")
    assert tom.post(at("round-edit", "spring"), form).headers["Location"] == place + "?kind=data"
    assert at("round-edit", "spring") in text(tom.get(place))
    assert tom.post(place, {"eligible": "?q=wiki"}).headers["Location"] == at("round-edit", "spring")
    page = text(tom.get(at("round-edit", "spring")))
    assert 'value="Another title"' in page
    assert kept_of(page) == "?q=wiki"
    assert (Round.objects.get().eligible, Round.objects.get().title["en"]["v"]) == ("?kind=data", "Spring")
    assert tom.post(at("round-edit", "spring"), {"do": "forget"}).status_code == 302
    assert kept_of(text(tom.get(at("round-edit", "spring")))) == "?kind=data"
    tom.post(at("round-edit", "spring"), form)
    rounds.propose(cast["Tom"], "spring")
    assert RoundTyped.objects.count() == 0


def test_what_was_typed_is_forgotten_after_days(tom: Client, cast: dict[str, Any]) -> None:
    tom.post(at("round-new"), {**votes.form(title_en="Old words"), "do": "choose"})
    (row,) = queries.rows_of_person(cast["Tom"])
    assert row["round"] == ""
    RoundTyped.objects.update(typed_at=row["typed_at"] - KEPT_FOR)
    assert "Old words" not in text(tom.get(at("round-new")))
    tasks.forget_typed()
    assert RoundTyped.objects.count() == 0


def test_of_a_table_that_cannot_be_read_only_that_is_told_on_the_way_to_the_commons(tom: Client) -> None:
    broken = SimpleUploadedFile("table.csv", b"\n\n", "text/csv")
    page = text(tom.post(at("round-new"), {"title_en": "Kept words", "costs_file": broken, "do": "choose"}))
    assert "One thing to correct" in page
    assert "Kept words" in page
    assert RoundTyped.objects.count() == 0


def test_a_draft_that_was_proposed_meanwhile_keeps_nothing(tom: Client, cast: dict[str, Any]) -> None:
    tom.post(at("round-new"), votes.form(eligible="?kind=data"))
    rounds.propose(cast["Tom"], "spring")
    with pytest.raises(Impossible):
        round_typed.keep(cast["Tom"], Round.objects.get(), {}, money_out.NOW)
    with pytest.raises(Refused):
        round_typed.keep(cast["Bea"], None, {}, money_out.NOW)


def test_a_list_too_long_for_its_field_stays_without_being_sent_again(tom: Client) -> None:
    long = "\n".join(f"voter-number-{n:06}@example.org;states" for n in range(12_000))
    form = votes.form(roll_kind="invited", colleges="states; 1\nothers; 1")
    page = text(tom.post(at("round-new"), {**form, "slug": "", "invited_file": table(long)}))
    assert "too long to be shown above: hand it in once more" in page
    assert "voter-number" not in page
    answer = tom.post(at("round-new"), {**form, "do": "choose", "invited_file": table(long)}, follow=True)
    assert "hand it in when you are back" in text(answer)
    assert tom.post(at("round-new"), {**form, "invited_file": table(long)}).status_code == 302
    place, people = at("round-edit", "spring"), Round.objects.get().invitations
    page = text(tom.get(place))
    assert "Keep the 12,000 people who are on the list" in page
    assert "voter-number" not in page
    more = {
        **form,
        "keeps_invited": "on",
        "invited": "voter-number-000001@example.org; others\nana@example.org; others",
    }
    assert tom.post(place, more).status_code == 302
    assert people.count() == 12_001
    assert people.filter(college="others").count() == 2
    assert "Name the people" in text(tom.post(place, {**form, "invited": ""}))
    assert tom.post(place, {**form, "invited": "ana@example.org; states"}).status_code == 302
    assert people.count() == 1
    assert "keeps_invited" not in text(tom.get(place))
