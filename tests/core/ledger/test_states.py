"""States go forward whatever the order of news; payouts need two people and keep one key."""

from __future__ import annotations

from itertools import permutations

import pytest

from communs.core.ledger import DISPUTE, LIVES, PAY_IN, PAYOUT, REFUND, Contradiction, Life, Step, verify_payouts

GOOD = [
    Step("p1", "proposed", "Ana"), Step("p1", "approved", "Ben"), Step("p1", "approved", "Cleo"),
    Step("p1", "reserved"), Step("p1", "submitted", key="p1"),
    Step("p1", "unknown"), Step("p1", "confirmed"), Step("p1", "returned"),
]  # fmt: skip


@pytest.mark.parametrize("life", LIVES.values(), ids=lambda life: life.name)
def test_every_state_is_reached_and_every_life_ends(life: Life) -> None:
    assert {state for steps in life.steps.values() for state in steps} | {life.start} == set(life.steps)
    assert life.ends
    assert all(not life.may(end, state) for end in life.ends for state in life.steps)


@pytest.mark.parametrize("news", list(permutations(["pending", "authorised", "settled", "paid-out-to-bank"])))
def test_news_in_any_order_and_twice_end_at_the_same_state(news: tuple[str, ...]) -> None:
    state = PAY_IN.start
    for one in (*news, *news):
        state = PAY_IN.hear(state, one)
    assert state == "paid-out-to-bank"


@pytest.mark.parametrize(
    ("life", "known", "news", "said"),
    [
        (PAY_IN, "refused", "settled", "A pay-in that is refused cannot become settled. Fetch it again"),
        (DISPUTE, "won", "lost", "cannot become lost"),
        (REFUND, "failed", "succeeded", "cannot become succeeded"),
        (PAYOUT, "confirmed", "refused", "cannot become refused"),
        (PAYOUT, "confirmed", "lost", "“lost” is no state of a payout. It may be: proposed, "),
    ],
)  # fmt: skip
def test_news_that_nothing_explains_are_left_to_a_person(life: Life, known: str, news: str, said: str) -> None:
    with pytest.raises(Contradiction, match=said):
        life.hear(known, news)


def test_a_payout_that_went_well_has_no_problem() -> None:
    other = [Step("p2", step.state, step.by, step.key and "p2") for step in GOOD]
    assert list(verify_payouts([*GOOD, *other])) == []


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        ([*GOOD, Step("p1", "confirmed")], "one-way"),
        ([*GOOD[:4], Step("p1", "confirmed")], "one-way"),
        (GOOD[1:], "one-way"),
        ([*GOOD[:2], *GOOD[3:]], "two-people"),
        ([*GOOD[:2], GOOD[1], *GOOD[3:]], "two-people"),
        ([*GOOD[:2], Step("p1", "approved", "Ana"), *GOOD[3:]], "two-people"),
        ([*GOOD[:4], Step("p1", "submitted"), *GOOD[5:]], "one-name"),
        ([*GOOD[:5], Step("p1", "confirmed", key="p1-again")], "one-name"),
        ([*GOOD[:6], Step("p1", "submitted", key="p1")], "one-way"),
    ],
)
def test_a_payout_that_broke_a_rule_is_found(steps: list[Step], name: str) -> None:
    problems = list(verify_payouts(steps))
    assert {problem.invariant for problem in problems} == {name}
    assert all("{" not in problem.render() for problem in problems)
