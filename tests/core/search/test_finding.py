"""What is found, in which order, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from communs.core.search import Finder, Index, plan, shown, unpack
from communs.core.search.analysis import Text, pack, terms_of

from .conftest import RECORDS, best_first

Search = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("tracking of hazardous waste", "trackdechets"),
        ("Nachverfolgung gefährlicher Abfälle", "trackdechets"),
        ("śledzenie odpadów niebezpiecznych", "trackdechets"),
        ("tracciabilità dei rifiuti pericolosi", "trackdechets"),
        ("état civil : naissances et décès", "opencrvs"),
        ("Geburtenregister", "opencrvs"),
        ("registro civil de nacimientos", "opencrvs"),
        ("Termin beim Amt", "rdv"),
        ("prenotare un appuntamento", "rdv"),
        ("Krankenakte", "openmrs"),
        ("dossier médical", "openmrs"),
        ("school meals", "cantine"),
        ("stołówka szkolna", "cantine"),
        ("Videos teilen", "peertube"),
        ("partager des fichiers", "nextcloud"),
        ("sentiers de randonnée", "geotrek"),
        ("Wanderwege", "geotrek"),
    ],
)
def test_a_need_in_one_language_finds_a_record_in_another(search: Search, query: str, first: str) -> None:
    assert search(query)[0] == first


@pytest.mark.parametrize("query", ["xyzzy plugh", "qwrtpsdf", "?!", "", "   ", "(", "( )", "the of and", "0000"])
def test_nonsense_finds_nothing(search: Search, query: str) -> None:
    assert search(query) == []


@pytest.mark.parametrize("query", ["nextcluod", "Nextclod", "nextcloud"])
def test_a_slip_of_the_finger_is_understood(search: Search, finder: Finder, query: str) -> None:
    assert search(query)[0] == "nextcloud"
    told = [word for correction in finder.find(plan(query)).corrections for word in correction.meant]
    assert told == ([] if query == "nextcloud" else ["nextcloud"])


def test_who_is_called_so_comes_first(search: Search) -> None:
    assert search("ma cantine")[0] == "cantine"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"medical record"', {"openmrs"}),
        ('"record medical"', set()),
        ('"of births and deaths"', {"opencrvs"}),
        ("hospitals AND clinics", {"openmrs"}),
        ("hospitals AND videos", set()),
        ("hospitals OR films", {"openmrs", "peertube"}),
        ("(hospitals OR films) AND NOT live", {"openmrs"}),
        ("next*", {"nextcloud"}),
        ("hik* AND map", {"geotrek"}),
    ],
)
def test_what_is_held_to_the_letter(search: Search, query: str, found: set[str]) -> None:
    assert set(search(query)) == found


def test_a_minus_leaves_out_and_a_phrase_is_demanded(search: Search) -> None:
    assert "rdv" in search("services publics")
    assert "rdv" not in search("services publics -prise")
    assert search('"file sharing" calendar')[0] == "nextcloud"


def test_why_it_was_found_is_said_in_words(finder: Finder) -> None:
    found = finder.find(plan("odpady niebezpieczne", ("pl",)))
    reasons = finder.reasons(found.plan, int(found.keys[found.scores.argmax()]))
    assert {reason.word for reason in reasons} == {"odpady", "niebezpieczne"}
    assert all(reason.how == "concept" and 0 < reason.weight <= 100 for reason in reasons)
    assert "déchets" in " ".join(shown(reason.term, "fr") for reason in reasons)


def test_what_comes_near_is_said_to_do_no_more(finder: Finder) -> None:
    assert finder.find(plan("hiking paths")).is_near is False
    near = finder.find(plan("vineyard hiking insurance for beekeepers in winter"))
    assert near.is_near or not len(near.keys)


@pytest.mark.parametrize("query", ["hiking with donkeys", "school swimming pool", "piscine scolaire"])
def test_a_word_that_is_known_and_not_there_weighs_as_much_as_the_rarest(finder: Finder, query: str) -> None:
    found = finder.find(plan(query))
    assert found.is_near or not len(found.keys)


@pytest.mark.parametrize("query", ["flood", "inondations", "Hochwasser"])
def test_what_is_only_related_is_shown_after_what_answers(query: str) -> None:
    texts = ["Plans for disasters", "Flood warnings", "Booking an appointment"]
    index = Index.of((key, pack(terms_of([Text(text, 2, "en")]))) for key, text in enumerate(texts))
    found = Finder(index, texts.__getitem__).find(plan(query))
    assert [texts[key] for key in best_first(found)] == ["Flood warnings", "Plans for disasters"]
    assert not found.is_near


def test_a_record_alone_is_judged_as_in_the_list(finder: Finder) -> None:
    """What following relies on: a plan accepts of the records that a search finds those that do more than come near."""
    for query in ("gefährliche Abfälle", "file sharing", "hospitals AND clinics", '"medical record"', "map -hiking"):
        asked = plan(query)
        found = finder.find(asked)
        accepted = set()
        for key, (name, summary, lang) in enumerate(RECORDS.values()):
            terms = unpack(pack(terms_of([Text(name, 5, is_name=True), Text(summary, 2, lang)])))
            if asked.accepts(terms, finder.text_of(key), finder.masses(asked)):
                accepted.add(key)
        assert accepted <= set(found.keys.tolist()), query
        assert bool(accepted) is (len(found.keys) > 0 and not found.is_near), query
        assert not accepted or best_first(found)[0] in accepted, query


def test_the_order_is_the_same_on_every_run(search: Search) -> None:
    assert [search("open service map") for _time in range(3)] == [search("open service map")] * 3
