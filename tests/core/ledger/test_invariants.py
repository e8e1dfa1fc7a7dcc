"""Histories that keep the rule have no problem; each thing that breaks it is found and called by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.core.ledger import (
    INVARIANTS,
    Books,
    Entry,
    EntryKind,
    Order,
    Posting,
    Transition,
    balances_of,
    check,
    posted,
    sorting,
    verify,
)

Make = Callable[..., Entry]
SWAPPED = "main city -5, provider city 5, main open 5, provider open -5"
Broken = tuple[list[Entry], Books]
SHARED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def names(entries: Iterable[Entry], books: Books) -> set[str]:
    return {problem.invariant for problem in verify(sorting(entries), books)}


def rewritten(entry: Entry, **more: Any) -> Entry:
    """The entry as it would be had it been recorded so: its hash fits."""
    return replace(entry, body_sha256="", **more)


def test_a_history_that_keeps_the_rule_has_no_problem_one_by_one_or_as_a_whole(
    history: list[Entry], books: Books
) -> None:
    now = books
    for entry in history:
        assert check(entry, now) == ()
        now = posted(now, entry)
    assert names(history, replace(now, stated=balances_of(history), published=balances_of(history))) == set()


# Of each invariant: what breaks it in the plain history, and all the names that are then called.
BREAKS: dict[str, tuple[Callable[[list[Entry], Books, Make], Broken], set[str]]] = {
    "balanced": (
        lambda past, books, make: ([*past, make(20, "fee", "fees city 6, main city -5")], books),
        {"balanced", "custody"},
    ),
    "whole-amounts": (
        lambda past, books, make: ([*past, make(20, "fee", "fees city 5, main city -5, fees city 0")], books),
        {"whole-amounts"},
    ),
    "known-places": (
        lambda past, books, make: ([*past, make(20, "fee", "nowhere city 5, nowhere city -5")], books),
        {"known-places"},
    ),
    "in-kind": (
        lambda past, books, make: ([*past, make(20, "claim", "fees city 5, main city -5")], books),
        {"in-kind"},
    ),
    "one-fund": (
        lambda past, books, make: (
            [*past, make(20, "settlement", SWAPPED, document="x")],
            books,
        ),
        {"one-fund"},
    ),
    "documented": (
        lambda past, books, make: (
            [*past, make(20, "release", "main city -5, transfer city 5, main open 5, transfer open -5")],
            books,
        ),
        {"documented"},
    ),
    "open-period": (
        lambda past, books, make: (
            [*past, make(20, "fee", "fees city 5, main city -5", effective_on=date(2025, 12, 31))],
            books,
        ),
        {"open-period"},
    ),
    "expired": (
        lambda past, books, make: (
            [
                *past,
                make(20, "grant", "grants city 9, food city -9"),
                make(21, "expiry", "food city 9, grants city -9", effective_on=date(2026, 6, 29)),
            ],
            books,
        ),
        {"expired"},
    ),
    "unaltered": (lambda past, books, _make: ([*past[:-1], replace(past[-1], memo="other")], books), {"unaltered"}),
    "one-key": (
        lambda past, books, make: ([*past, make(20, "fee", "fees city 5, main city -5", key="k0003")], books),
        {"one-key"},
    ),
    "one-transition": (
        lambda past, books, make: (
            [
                *past,
                make(20, "pay-in", "provider city 10000, income city -10000",
                     transition=Transition("helloasso", "payment 7", "Authorized")),
            ],
            books,
        ),
        {"one-transition"},
    ),
    "mirrors": (
        lambda past, books, make: (
            [*past, make(20, "reversal", "provider open -4600, income open 4600", reverses="e0004")],
            books,
        ),
        {"mirrors", "floor"},
    ),
    "floor": (
        lambda past, books, make: ([*past, make(20, "grant", "grants city 6401, maps city -6401")], books),
        {"floor"},
    ),
    "reserved": (lambda past, books, _make: (past, replace(books, reserved={("city", "EUR"): 6401})), {"reserved"}),
    "custody": (
        lambda past, books, make: ([*past, make(20, "fee", "nowhere city 5, main city -5")], books),
        {"custody", "known-places"},
    ),
    "kept-balances": (
        lambda past, books, _make: (past, replace(books, stated={**balances_of(past), ("main", "city"): 1})),
        {"kept-balances"},
    ),
    "public-totals": (
        lambda past, books, _make: (past, replace(books, published={**balances_of(past), ("ghost", "city"): 1})),
        {"public-totals"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [invariant.name for invariant in INVARIANTS])
def test_what_breaks_an_invariant_is_called_by_its_name(
    name: str, history: list[Entry], books: Books, make: Make
) -> None:
    breaks, called = BREAKS[name]
    entries, broken = breaks(history, books, make)
    assert name in called
    assert names(entries, broken) == called
    for problem in verify(sorting(entries), broken, [name]):
        assert "{" not in problem.render()
        assert problem.render().startswith(f"{name}: {problem.place}: ")


@pytest.mark.parametrize(
    "name",
    [
        invariant.name
        for invariant in INVARIANTS
        if invariant.name not in {"unaltered", "reserved", "kept-balances", "public-totals"}
    ],
)
def test_an_entry_that_would_break_it_is_refused_before_it_is_recorded(
    name: str, history: list[Entry], books: Books, make: Make, after: Callable[[Iterable[Entry]], Books]
) -> None:
    entries, _books = BREAKS[name][0](history, books, make)
    assert name in {problem.invariant for problem in check(entries[-1], after(entries[:-1]))}


@pytest.mark.parametrize(
    ("said", "kind", "more", "name"),
    [
        ("transfer city 5, main city -5", "release", {"document": "x"}, "one-fund"),
        ("main open -5, transfer open 5, main city 5, transfer city -5", "release", {"document": "x"}, "documented"),
        ("provider city 100, income city -100", "reversal", {"reverses": "e0001"}, "mirrors"),
        ("provider city -1, income city 1", "reversal", {"reverses": "e0099"}, "mirrors"),
        ("provider city 1, income city -1", "reversal", {"reverses": "e0010"}, "mirrors"),
        ("main city 5, ana city -5", "reversal", {"reverses": "e0006"}, "mirrors"),
        ("fees city 5, main city -5", "fee", {"reverses": "e0002"}, "in-kind"),
        ("main city 500, transfer city -500", "reversal", {"reverses": "e0008", "document": "x"}, "one-fund"),
        ("income city 5, income city -5", "pay-in", {"happened_on": date(2026, 3, 1)}, "open-period"),
        ("income city 5, income city -5", "pay-in", {"effective_on": date(2031, 3, 1)}, "open-period"),
        ("income city 5 USD, income city -5 USD", "pay-in", {}, "known-places"),
        ("income atlantis 5, income atlantis -5", "pay-in", {}, "known-places"),
        ("main city 1000000000000000001, income city -1000000000000000001", "pay-in", {}, "whole-amounts"),
        ("fees open 1, main city -1", "fee", {"document": "x"}, "balanced"),
        ("maps city 901, main city -901", "payout", {}, "floor"),
        ("fees city 5, main city -5", "fee", {"key": ""}, "one-key"),
    ],
)  # fmt: skip
def test_other_ways_to_break_it_are_refused_too(
    said: str, kind: str, more: dict[str, Any], name: str, history: list[Entry], make: Make,
    after: Callable[[Iterable[Entry]], Books],
) -> None:  # fmt: skip
    found = check(make(30, kind, said, **more), after(history))
    assert name in {problem.invariant for problem in found}
    assert all("{" not in problem.render() for problem in found)


def test_a_release_is_reversed_as_a_whole_or_in_part_with_a_document(
    history: list[Entry], make: Make, after: Callable[[Iterable[Entry]], Books]
) -> None:
    said = "main city 500, transfer city -500, main open -500, transfer open 500"
    assert check(make(30, "reversal", said, reverses="e0008", document="Minutes 5"), after(history)) == ()
    found = check(make(30, "reversal", said, reverses="e0008"), after(history))
    assert [problem.invariant for problem in found] == ["documented"]


def test_money_of_one_fund_is_not_lent_to_another_though_the_bank_has_enough(
    make: Make, after: Callable[[Iterable[Entry]], Books]
) -> None:
    """The city's money is still with the provider: paying now would take the other fund's."""
    past = [
        make(1, "pay-in", "provider city 100, income city -100"),
        make(2, "pay-in", "main open 900, income open -900"),
        make(3, "grant", "grants city 100, maps city -100"),
    ]
    found = check(make(4, "payout", "maps city 100, main city -100"), after(past))
    assert [problem.invariant for problem in found] == ["floor"]
    assert "The part of fund “city” on “main” would be -100" in found[0].render()


def test_equal_partial_refunds_are_two_reversals(make: Make, after: Callable[[Iterable[Entry]], Books]) -> None:
    gift = make(1, "pay-in", "provider open 100, income open -100")
    refunds = [make(n, "reversal", "provider open -50, income open 50", reverses="e0001") for n in (2, 3, 4)]
    assert check(refunds[1], after([gift, refunds[0]])) == ()
    assert {problem.invariant for problem in check(refunds[2], after([gift, *refunds[:2]]))} == {"mirrors", "floor"}


def test_only_the_invariants_that_are_asked_for_are_read(history: list[Entry], books: Books) -> None:
    asked: list[Order] = []

    def read(order: Order) -> list[Entry]:
        asked.append(order)
        return sorted(history, key=order.of)

    assert list(verify(read, books, ["one-key", "balanced"])) == []
    assert asked == [Order.RECORDED, Order.KEY]
    with pytest.raises(KeyError):
        list(verify(read, books, ["unheard-of"]))


@st.composite
def histories(draw: st.DrawFn, books: Books, make: Make) -> list[Entry]:
    """Whatever may happen next, of amounts up to what there is."""
    past: list[Entry] = []
    now = books
    for number in range(1, draw(st.integers(1, 14)) + 1):
        fund = draw(st.sampled_from(("open", "city")))
        have = {name: now.balances.get((name, fund), 0) for name in ("main", "provider", "maps", "food", "unknown")}
        owns = now.owned.get((fund, "EUR"), 0)
        other = "city" if fund == "open" else "open"
        move = "main {f} -{n}, transfer {f} {n}, main {o} {n}, transfer {o} -{n}"
        options = {
            ("pay-in", "provider {f} {n}, income {f} -{n}"): 10**12,
            ("pay-in", "main {f} {n}, unknown {f} -{n}"): 10**6,
            ("identification", "unknown {f} {n}, income {f} -{n}"): -have["unknown"],
            ("settlement", "main {f} {n}, provider {f} -{n}"): have["provider"],
            ("fee", "fees {f} {n}, main {f} -{n}"): min(owns, have["main"]),
            ("grant", "grants {f} {n}, maps {f} -{n}"): owns,
            ("grant", "grants {f} {n}, food {f} -{n}"): owns,
            ("claim", "food {f} {n}, maps {f} -{n}"): -have["food"],
            ("payout", "maps {f} {n}, main {f} -{n}"): min(-have["maps"], have["main"]),
            ("reclassify", move): min(owns, have["main"]),
            ("release", move): min(owns, have["main"]) if fund == "city" else 0,
        }
        kind, said = draw(st.sampled_from([option for option, most in options.items() if most > 0]))
        minor = draw(st.integers(1, options[kind, said]))
        told = said.format(f=fund, o=other, n=minor)
        past.append(make(number, kind, told, document="Minutes" if said == move else ""))
        assert check(past[-1], now) == (), past[-1]
        now = posted(now, past[-1])
    return past


@SHARED
@given(data=st.data())
def test_random_histories_keep_every_invariant(data: st.DataObject, books: Books, make: Make) -> None:
    past = data.draw(histories(books, make))
    undone = []
    for number, entry in enumerate(past, 100):
        mirrored = ", ".join(f"{one.account} {one.fund} {-one.minor}" for one in entry.postings)
        undone.append(make(number, "reversal", mirrored, reverses=entry.id, document=entry.document))
    everything = [
        *past,
        *reversed([rewritten(one, recorded_at=undone[-1 - at].recorded_at) for at, one in enumerate(undone)]),
    ]
    # Undone from the last to the first, every account comes back to nothing without passing a floor.
    assert names(past, replace(books, stated=balances_of(past), published=balances_of(past))) == set()
    assert names(everything, books) == set()
    assert set(balances_of(everything).values()) == {0}


@SHARED
@given(data=st.data())
def test_a_single_change_in_a_random_history_is_found(data: st.DataObject, books: Books, make: Make) -> None:
    past = data.draw(histories(books, make))
    at = data.draw(st.integers(0, len(past) - 1))
    one = past[at]
    first, *rest = one.postings
    dearer = (replace(first, minor=first.minor + 1 or 1), *rest)
    changes: dict[str, list[Entry]] = {
        "unaltered": [replace(one, postings=dearer)],
        "balanced": [rewritten(one, postings=dearer)],
        "whole-amounts": [rewritten(one, postings=(*one.postings, Posting("main", first.fund, 0, "EUR")))],
        "known-places": [rewritten(one, postings=(replace(first, account="gone"), *rest))],
        "one-key": [one, rewritten(one, id="again")],
        "in-kind": [rewritten(one, reverses="e9999")],
        "mirrors": [rewritten(one, reverses="e9999", kind=EntryKind.REVERSAL)],
        "open-period": [rewritten(one, effective_on=date(2025, 5, 5))],
        "kept-balances": [],
    }
    name = data.draw(st.sampled_from(sorted(changes)))
    assert name in names([*past[:at], *changes[name], *past[at + 1 :]], replace(books, stated=balances_of(past)))
