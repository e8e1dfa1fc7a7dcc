"""What every payout keeps: steps in order, two people who approve, one key. The steps come payout by payout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from communs.core.ledger.rules.watching import Problem
from communs.core.ledger.states import PAYOUT
from communs.core.texts import N_

APPROVALS: Final = 2
PAYOUT_RULES: Final = {
    "one-way": N_("A payout goes from step to step, and never back."),
    "two-people": N_("Two people who did not propose it approve a payout before money is reserved."),
    "one-name": N_("A payout reaches the provider under one key for ever."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A payout reached a state, by a person (`by`) or the machine (empty). One row “approved” for each approval."""

    payout: str
    state: str
    by: str = ""
    key: str = ""


def verify_payouts(steps: Iterable[Step]) -> Iterator[Problem]:
    """What is wrong with payouts. Steps in the order of payouts, then as they happened."""
    for payout, group in groupby(steps, key=lambda step: step.payout):
        yield from _one(payout, tuple(group))


def _one(payout: str, steps: tuple[Step, ...]) -> Iterator[Problem]:
    state, approved = "", set[str]()
    proposers = {step.by for step in steps if step.state == "proposed"}
    keys = {step.key for step in steps if step.key}
    for step in steps:
        again = step.state == "approved" == state
        first = not state and step.state == PAYOUT.start
        if not (again or first or PAYOUT.may(state, step.state)):
            values = {"before": state or "—", "after": step.state}
            message = N_("It went from “{before}” to “{after}”.")
            yield Problem("one-way", payout, message, N_("Look up what happened, and post what is missing."), values)
        state = step.state
        approved |= {step.by} if step.state == "approved" and step.by else set()
        if step.state == "reserved" and len(approved - proposers) < APPROVALS:
            message = N_("Money was reserved with {number} approvals of others than who proposed it.")
            values = {"number": str(len(approved - proposers))}
            yield Problem("two-people", payout, message, N_("Withdraw it, or let two other people approve it."), values)
        if step.state == "submitted" and not step.key:
            message = N_("It was submitted without a key.")
            yield Problem("one-name", payout, message, N_("Give the payout’s own key to the provider."))
    if len(keys) > 1:
        message, values = N_("It has several keys: {keys}."), {"keys": ", ".join(sorted(keys)[:5])}
        yield Problem("one-name", payout, message, N_("Ask the provider about each, and keep the first."), values)
