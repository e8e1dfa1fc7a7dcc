"""Why this amount: every commons and every ballot gets an answer, in sentences whose sums are right."""

from __future__ import annotations

from typing import Any

import pytest

from communs.core.rounds import College, Form, Format, why_ballot, why_option
from communs.core.rounds.rules import FORMATS
from communs.testing.rounds import PEOPLE, QUESTION, made, voter

ALONE = (College("all"),)
CHOSEN: dict[str, Any] = {
    "ana": ["atlas", "wiki"],
    "ben": ["forge"],
    "cyd": ["wiki"],
    "france": ["atlas"],
    "estonia": [],
}


def test_a_commons_learns_what_it_was_granted_what_flowed_and_who_is_paid() -> None:
    assert why_option(made(), "atlas") == (
        "Ballots for The Atlas: 2, with 12 points together.",
        "The college people gives 400.00 EUR.",
        "The college states gives 0.00 EUR.",
        "By the weights of the colleges, The Atlas is granted 266.67 EUR.",
        "It passes 53.33 EUR on to what it depends on.",
        "It keeps 213.34 EUR, counted so that no cent is lost in rounding.",
        "149.34 EUR are granted to atlas people.",
        "42.67 EUR are granted to engine.",
        "21.33 EUR are granted to reserve.",
    )
    assert why_option(made(), "fonts") == (
        "17.78 EUR flow to it from The Atlas.",
        "It keeps 17.78 EUR, counted so that no cent is lost in rounding.",
        "17.78 EUR wait for fonts to accept, until 2027-11-30; then they go to the general fund.",
    )


def test_a_commons_that_was_not_funded_learns_what_it_lacked() -> None:
    told = why_option(made(CHOSEN, rule="mes", form=Form(Format.APPROVE, 3), colleges=ALONE), "forge")
    assert told[1] == "The Forge asked for 400.00 EUR and is not funded."
    assert told[2] == "2 more voters who choose only The Forge would have funded it, and no fewer."


def test_a_voter_learns_where_their_share_went() -> None:
    outcome = made(CHOSEN, rule="mes", form=Form(Format.APPROVE, 3))
    # Two of three parts of the pot belong to three people: 222.22 each, whatever the copies of a ballot count.
    assert why_ballot(outcome, voter("ana")) == (
        "Your share of the budget: 222.22 EUR.",
        "150.00 EUR for The Wiki",
        "Left: 72.22 EUR.",
    )
    assert why_ballot(outcome, voter("estonia"))[0].startswith("This is a blank ballot")
    assert why_ballot(outcome, voter("late")) == ("Nobody cast a ballot under this pseudonym.",)
    assert why_ballot(made(), voter("cyd")) == ("10 of the 14 points of The Wiki are yours. It is granted 325.93 EUR.",)


@pytest.mark.parametrize("rule", FORMATS)
@pytest.mark.parametrize("colleges", [ALONE, QUESTION.colleges])
def test_nobody_is_left_without_an_answer(rule: str, colleges: tuple[College, ...]) -> None:
    for format_ in FORMATS[rule]:
        points = {Format.SCORE: 5, Format.DIVIDE: QUESTION.pot if rule == "median" else 10}.get(format_, 0)
        said = {name: dict.fromkeys(names, 2) for name, names in CHOSEN.items()} if points else CHOSEN
        outcome = made(said, rule=rule, form=Form(format_, 3, points), colleges=colleges)
        for id_ in (*QUESTION.by_id, *outcome.received):
            assert why_option(outcome, id_)
        assert all(why_ballot(outcome, voter(name)) for name, _college in PEOPLE)


def test_where_nobody_voted_that_is_the_answer() -> None:
    assert why_option(made({}), "wiki") == (
        "Nobody chose The Wiki.",
        "Nobody voted: nothing is granted, and the pot stays in its fund.",
    )


def test_texts_are_translated_and_amounts_written_as_the_page_wishes() -> None:
    told = why_option(made(), "fonts", lambda amount: f"<{amount}>", lambda message: message.replace("keeps", "garde"))
    assert told[1] == "It garde <1778>, counted so that no cent is lost in rounding."
