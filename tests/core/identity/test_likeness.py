"""Which opportunities are suggested as the same, and which are told apart: one sentence a rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from communs.core.identity.likeness import THRESHOLD, Comparison, Traits, compare, deciding, explain, known_of, suggest
from communs.core.identity.likeness.explaining import WORDS
from communs.core.identity.likeness.funders import same_body
from communs.core.identity.likeness.places import near

BIKES: dict[str, Any] = {
    "id": "bikes",
    "titles": {"fr": "Aide à l'achat de vélos cargos pour les artisans"},
    "summaries": {"fr": "Remplacez votre camionnette par un vélo cargo avec une aide de la Région"},
    "funder": {"name": "Région Bretagne"},
    "countries": ["FR-BRE"],
    "url": "https://www.bretagne.example/aides/velos-cargos",
    "window": {"opens": "2025-01-15", "closes": "2025-06-30"},
}


def compared(one: dict[str, Any], **changes: Any) -> Comparison:
    return compare(Traits.from_record(one), Traits.from_record({**one, "id": "other", **changes}))


def refusals(comparison: Comparison) -> list[str]:
    return [reason.code for reason in comparison.reasons if reason.sense == "refusal"]


@pytest.mark.parametrize(
    "changes",
    [
        {"titles": {"fr": "AIDE A L’ACHAT DE VÉLOS-CARGOS POUR LES ARTISANS"}},
        {"titles": {"fr": "Aide à l'achat de vélo cargo pour les artisants"}},
        {"url": "https://www.aides.example/42", "summaries": {}, "window": {}},
        {"funder": {"name": "REGION BRETAGNE"}, "countries": ["FR"]},
        {"funder": {}, "countries": [], "summaries": {}, "url": "", "window": {}},
        {"titles": {"fr": "Artisans à vélo"}},  # renamed: summary, funder and page stayed
    ],
)
def test_the_same_scheme_told_otherwise_is_suggested(changes: dict[str, Any]) -> None:
    assert compared(BIKES, **changes).is_suggested


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"countries": ["FR-NOR"]}, "other-places"),
        ({"countries": ["REG-28"]}, "other-places"),
        ({"countries": [], "funder": {"name": "Région Normandie"}}, "other-places"),
        ({"countries": [], "titles": {"fr": "Aide à l'achat de vélos cargos pour les artisans en Corse"}},
         "other-places-named"),
        ({"titles": {"fr": "Aide à l'achat de vélos cargos pour les artisans, 2e édition"}}, "other-edition"),
        ({"window": {"opens": "2026-01-15", "closes": "2026-06-30"}}, "other-period"),
        ({"window": {"opens": "2025-09-01", "closes": "2025-11-30"}}, "other-period"),
        ({"titles": {"fr": "Prêt sans intérêts aux hôtels de montagne"}, "summaries": {}}, "other-title"),
    ],
)  # fmt: skip
def test_what_tells_two_schemes_apart_outweighs_all_likeness(changes: dict[str, Any], code: str) -> None:
    found = compared(BIKES, **changes)
    assert not found.is_suggested
    assert refusals(found) == [code]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Prix du numérique libre 2024", "Prix du numérique libre 2025"),
        ("Appel à communs, 2e édition", "Appel à communs, 3e édition"),
        ("Open call 3", "Open call 4"),
        ("Fonds territoires, vague II", "Fonds territoires, vague III"),
        ("Pass numérique", "Pass numérique 2"),
    ],
)
def test_another_year_or_edition_is_another_opportunity(one: str, other: str) -> None:
    assert refusals(compared({**BIKES, "titles": {"fr": one}}, titles={"fr": other})) == ["other-edition"]


def test_topics_of_one_call_are_told_apart_by_their_references_and_by_their_titles() -> None:
    call = {
        "funder": {"name": "European Commission"},
        "countries": ["EU27"],
        "url": "https://portal.example/call",
        "window": {"opens": "2024-05-01", "closes": "2024-09-05"},
    }
    one = {**call, "title": "HORIZON-CL5-2024-D2-01-03: Circular battery value chain"}
    assert refusals(compared(one, title="HORIZON-CL5-2024-D2-01-04: Circular battery value chain")) == [
        "other-reference"
    ]
    topics = [
        "Development of solutions to optimise the circularity of the battery value chain",
        "Advanced processes for the sustainable refining of lithium from European sources",
        "Open pilot lines for digital twins of cells in stationary storage",
    ]
    records = [Traits.from_record({**call, "id": f"t{n}", "title": title}) for n, title in enumerate(topics)]
    assert suggest(records) == []


def test_a_page_that_many_share_says_nothing_and_one_that_two_share_says_much() -> None:
    page = {"url": "https://portal.example/calls"}
    names = ["Jardins partagés", "Ateliers de réparation", "Cantines solidaires"]
    many = [Traits.from_record({"id": name, "title": name, **page}) for name in names]
    shared = known_of(many)
    assert "same-page" not in {reason.code for reason in compare(many[0], many[1], shared).reasons}
    two = known_of(many[:2])
    assert "same-page" in {reason.code for reason in compare(many[0], many[1], two).reasons}


def test_a_general_title_needs_more_than_itself() -> None:
    general = {"id": "a", "title": "Diagnostic", "funder": {"name": "CCI France"}}
    assert compared(general).is_suggested
    assert not compared(general, funder={"name": "Opco Santé"}).is_suggested


def test_a_word_more_or_less_of_a_short_name_is_another_scheme() -> None:
    loan = {"id": "a", "titles": {"fr": "Prêt Vert"}, "funder": {"name": "Bpifrance"}, "countries": ["FR"]}
    assert not compared(loan, titles={"fr": "Prêt Vert - Ademe"}).is_suggested
    study = {**loan, "titles": {"fr": "Étude « Méthanisation »"}}
    assert not compared(study, titles={"fr": "Investissement « Méthanisation »"}).is_suggested


def test_funders_are_compared_by_their_telling_words_and_acronyms() -> None:
    ademe = "AGENCE DE L ENVIRONNEMENT ET DE LA MAITRISE DE L ENERGIE (ADEME)"
    assert same_body("ADEME", ademe)
    assert same_body("ADEME", "Agence de l'environnement et de la maîtrise de l'énergie")
    assert same_body("CMA FRANCE (APCM)", "Chambre des Métiers et de l'Artisanat")
    assert same_body("Région Sud (PACA)", "REGION PROVENCE-ALPES-COTE D'AZUR")
    assert same_body("Ministère de la Transition Écologique", "MINISTERE DE LA TRANSITION ECOLOGIQUE, DE LA MER")
    assert not same_body("CCI Bretagne", "CCI Normandie")
    assert not same_body("Opco Santé", "Opco Mobilités")


def test_places_are_apart_only_when_their_codes_show_it() -> None:
    assert near({"FR-BRE"}, {"FR-BRE", "FR-NOR", "FR-PDL"}) == "overlapping"
    assert near({"FR-13"}, {"FR-84"}) == "apart"
    assert near({"EU27"}, {"FR-NOR"}) == "overlapping"
    assert near({"FR-33"}, {"FR-NAQ"}) == "unknown"
    assert near({"BE"}, {"FR"}) == "apart"


def test_every_reason_has_words_and_names_what_differs() -> None:
    found = compared(BIKES, countries=["FR-NOR"])
    said = [explain(reason) for reason in found.reasons]
    assert "Different places: FR-BRE and FR-NOR." in said
    assert "The same title." in said
    codes = {reason.code for reason in found.reasons}
    assert codes <= set(WORDS)


def test_it_does_not_matter_which_comes_first() -> None:
    records = [BIKES, {**BIKES, "id": "b", "countries": ["FR-NOR"]}, {**BIKES, "id": "c", "titles": {"fr": "Vélos"}}]
    traits = [Traits.from_record(record) for record in records]
    for one in traits:
        for other in traits:
            there, back = compare(one, other), compare(other, one)
            assert (there.score, there.is_suggested) == (back.score, back.is_suggested)


def test_suggestions_come_likeliest_first_and_can_be_asked_for_some_records_only() -> None:
    other = {"id": "z", "title": "Garantie des emprunts des librairies indépendantes", "countries": ["FR"]}
    records = [BIKES, {**BIKES, "id": "again"}, other, {**other, "id": "y", "countries": ["EU27"]}]
    traits = [Traits.from_record(record) for record in records]
    found = suggest(traits)
    assert [(pair.one.id, pair.other.id) for pair in found] == [("again", "bikes"), ("y", "z")]
    assert found[0].comparison.score > found[1].comparison.score >= THRESHOLD
    assert [(pair.one.id, pair.other.id) for pair in suggest(traits, frozenset({"z"}))] == [("y", "z")]


@pytest.mark.parametrize("record", [{}, {"id": 3, "title": [], "funder": 4, "window": "x", "amount": {"max": "1"}}])
def test_what_cannot_be_read_counts_as_not_said(record: dict[str, Any]) -> None:
    nothing = Traits.from_record(record)
    assert not compare(nothing, nothing).is_suggested
    assert suggest([nothing, nothing]) == []


def test_the_examples_of_the_published_rule_hold() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "rules" / "likeness.md").read_text(encoding="utf-8")
    table = page.partition("| title | funder |")[2].partition("**Where it fails.**")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:] if "|" in line]
    assert len(rows) == 8
    bikes = {name: BIKES[name] for name in ("id", "titles", "funder", "countries")}
    for title, funder, places, suggested, refused in rows:
        found = compared(
            bikes, titles={"fr": title}, funder={"name": funder}, countries=places.split(",") if places else []
        )
        assert found.is_suggested == (suggested == "yes"), title
        assert refusals(found) == ([refused] if refused else []), title


def test_the_points_of_the_published_rule_are_those_of_the_code() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "rules" / "likeness.md").read_text(encoding="utf-8")
    for said in (
        f"from {THRESHOLD} on the pair is suggested",
        f"| {deciding.TITLE}, and up to {deciding.TITLE_SAYS} more",
        f"{deciding.TITLE} × share³",
        f"{deciding.SUMMARY} × likeness²",
        f"from {deciding.SUMMARY_LIKE} on",
        f"less than {deciding.SUMMARY_UNLIKE} alike",
        f"{deciding.FAR_APART_DAYS} days apart",
        f"{deciding.OTHER_YEAR_DAYS} days apart",
        f"more than {deciding.NEAR_DAYS} days apart",
    ):
        assert said in page
