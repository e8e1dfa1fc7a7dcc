"""Shares of a grant: who has to accept, what is refused, and that not a unit is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.bundles import (
    DEPTH_MAX,
    PPM,
    Acceptance,
    Bundle,
    InvalidBundle,
    Kind,
    Recipient,
    Share,
    Sharing,
    Unclaimed,
    blocking,
    divided,
    expand,
    in_force,
    place_in_ties,
    problems,
)
from communs.core.bundles.documents import read, read_recipient, written

DAY = date(2026, 11, 30)
BEFORE = DAY - timedelta(days=1)
WAITS = Unclaimed(date(2027, 11, 30), "the reserve")


def bundle(commons: str, *shares: tuple[str, Kind, int], accepted: bool = True) -> Bundle:
    made = Bundle(commons, BEFORE, tuple(Share(*share) for share in shares))
    return made.accepted_by([share.party for share in made.shares], "their stewards", BEFORE) if accepted else made


def sharing(*bundles: Bundle, but: tuple[str, ...] = ()) -> Sharing:
    names = {one.commons for one in bundles} | {share.party for one in bundles for share in one.shares} | {"alone"}
    return Sharing.of("round", [Recipient(name, accepted=name not in but) for name in sorted(names)], bundles, WAITS)


ATLAS = bundle(
    "atlas", ("people", Kind.COMMUNITY, 600_000), ("engine", Kind.COMMONS, 300_000), ("pool", Kind.RESERVE, 100_000)
)
ENGINE = bundle("engine", ("engineers", Kind.COMMUNITY, 500_000), ("fonts", Kind.COMMONS, 500_000))


def codes(*bundles: Bundle, on: date = DAY) -> list[str]:
    return [problem.code for problem in problems(bundles, on)]


def test_a_grant_goes_down_to_its_leaves() -> None:
    leaves = expand(sharing(ATLAS, ENGINE), "atlas", 1_001, DAY)
    assert [(leaf.to, leaf.minor, leaf.path) for leaf in leaves] == [
        ("people", 601, ("atlas",)),
        ("engineers", 150, ("atlas", "engine")),
        ("fonts", 150, ("atlas", "engine", "fonts")),
        ("pool", 100, ("atlas",)),
    ]


def test_who_has_accepted_and_has_no_bundle_is_paid_all() -> None:
    (leaf,) = expand(sharing(), "alone", 7, DAY)
    assert (leaf.to, leaf.minor, leaf.unclaimed) == ("alone", 7, None)


def test_nobody_is_paid_who_only_stands_in_a_file() -> None:
    for name, but in (("somebody", ()), ("atlas", ("atlas",))):
        (leaf,) = expand(sharing(ATLAS, but=but), name, 7, DAY)
        assert (leaf.to, leaf.minor, leaf.unclaimed) == (name, 7, WAITS)


def test_the_share_of_a_party_that_has_not_accepted_waits_with_its_day_and_its_destination() -> None:
    leaves = expand(sharing(ATLAS, but=("engine", "pool")), "atlas", 1_000, DAY)
    assert [(leaf.to, leaf.unclaimed) for leaf in leaves] == [("people", None), ("engine", WAITS), ("pool", WAITS)]


def test_a_bundle_that_somebody_has_not_accepted_pays_nobody() -> None:
    proposed = replace(ATLAS, acceptances=ATLAS.acceptances[1:])
    (leaf,) = expand(sharing(proposed), "atlas", 1_000, DAY)
    assert (leaf.to, leaf.minor, leaf.unclaimed) == ("atlas", 1_000, WAITS)
    assert codes(proposed) == ["missing"]


def test_the_accepted_bundle_that_began_last_holds() -> None:
    later = replace(bundle("atlas", ("people", Kind.COMMUNITY, PPM)), starts_on=DAY)
    later = replace(later, acceptances=()).accepted_by(["people"], "their stewards", BEFORE)
    assert in_force([later, ATLAS], DAY)["atlas"] is later
    assert in_force([later, ATLAS], BEFORE)["atlas"] is ATLAS
    unaccepted = replace(later, acceptances=())
    assert in_force([ATLAS, unaccepted], DAY)["atlas"] is ATLAS


def test_nobody_has_accepted_what_was_changed_afterwards() -> None:
    shares = (replace(ATLAS.shares[0], ppm=500_000), replace(ATLAS.shares[1], ppm=400_000), ATLAS.shares[2])
    changed = replace(ATLAS, shares=shares)
    assert codes(changed) == ["other-terms"] * 3
    assert not changed.is_accepted(DAY)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (bundle("a"), "no-share"),
        (bundle("a", ("b", Kind.COMMUNITY, PPM - 1)), "sum"),
        (bundle("a", ("b", Kind.COMMUNITY, PPM), ("c", Kind.COMMUNITY, 0)), "share"),
        (bundle("a", ("b", Kind.COMMUNITY, 1), ("b", Kind.RESERVE, PPM - 1)), "twice"),
        (bundle("a", *((f"p{n}", Kind.COMMUNITY, PPM // 250) for n in range(250))), "many"),
        (bundle("a", ("b", Kind.COMMUNITY, PPM), accepted=False), "missing"),
        (bundle("a", ("b", Kind.COMMUNITY, PPM), accepted=False).accepted_by("b", "x", DAY + timedelta(1)), "future"),
        (bundle("a", ("b", Kind.COMMUNITY, PPM)).accepted_by("c", "x", DAY), "stranger"),
        (bundle("a", ("b", Kind.COMMUNITY, PPM), accepted=False).accepted_by("b", " ", DAY), "nobody"),
    ],
)
def test_what_is_wrong_is_named(wrong: Bundle, code: str) -> None:
    found = problems([wrong], DAY)
    assert [problem.code for problem in found] == [code]
    assert found[0].say().startswith("a: ")


def test_cycles_are_told_with_their_way() -> None:
    ring = [bundle(one, (other, Kind.COMMONS, PPM)) for one, other in (("a", "b"), ("b", "c"), ("c", "a"), ("x", "a"))]
    (problem,) = problems(ring, DAY)
    assert problem.code == "cycle"
    assert "a → b → c → a" in problem.say()
    itself = bundle("a", ("a", Kind.COMMONS, PPM))
    assert codes(itself) == ["cycle"]
    with pytest.raises(InvalidBundle, match="circle"):
        expand(sharing(itself), "a", 5, DAY)


def test_a_party_that_bears_the_name_of_its_commons_is_no_cycle() -> None:
    assert codes(bundle("a", ("a", Kind.COMMUNITY, PPM))) == []


def test_ways_over_too_many_bundles_are_refused() -> None:
    chain = [bundle(f"c{n}", (f"c{n + 1}", Kind.COMMONS, PPM)) for n in range(DEPTH_MAX)]
    assert codes(*chain) == []
    assert sum(leaf.minor for leaf in expand(sharing(*chain), "c0", 9, DAY)) == 9
    longer = [*chain, bundle(f"c{DEPTH_MAX}", ("end", Kind.COMMUNITY, PPM))]
    assert codes(*longer) == ["depth"]
    with pytest.raises(InvalidBundle, match="more than 5 bundles"):
        expand(sharing(*longer), "c0", 9, DAY)


def test_only_what_makes_sharing_impossible_blocks_a_round() -> None:
    assert blocking([replace(ATLAS, acceptances=())], DAY) == ()
    assert [one.code for one in blocking([bundle("a", ("b", Kind.COMMUNITY, 5))], DAY)] == ["sum"]
    with pytest.raises(InvalidBundle, match="millionths"):
        expand(sharing(bundle("a", ("b", Kind.COMMUNITY, 5))), "a", 5, DAY)


def test_two_bundles_may_not_begin_on_one_day() -> None:
    assert codes(ATLAS, ATLAS) == ["same-day"]


def test_equal_remainders_go_by_the_published_hash() -> None:
    halves = [Share("a", Kind.COMMUNITY, 500_000), Share("b", Kind.COMMUNITY, 500_000)]
    for round_id in ("r1", "r2", "r3", "r4", "r5"):
        first = min("ab", key=lambda party: place_in_ties(round_id, party))
        assert divided(round_id, halves, 1)[first] == 1
    assert len({tuple(divided(f"r{n}", halves, 1).items()) for n in range(9)}) == 2


def test_a_recipient_stands_once() -> None:
    with pytest.raises(InvalidBundle, match="stands twice"):
        Sharing.of("r", [Recipient("a", accepted=True), Recipient("a", accepted=False)], (), WAITS)


def test_a_negative_amount_cannot_be_shared() -> None:
    with pytest.raises(InvalidBundle, match="0 or more"):
        expand(sharing(), "alone", -1, DAY)


def test_documents_are_read_back() -> None:
    assert read(written(ATLAS), "here") == ATLAS
    broken: Any
    for broken in ({}, [], {**written(ATLAS), "starts_on": "soon"}, {**written(ATLAS), "shares": [{"party": 1}]}):
        with pytest.raises(InvalidBundle, match="here: this is no bundle"):
            read(broken, "here")
    for broken in ({}, 5, {"id": "a", "accepted": 1}, {"id": 7, "accepted": True}):
        with pytest.raises(InvalidBundle, match="here: this is no recipient"):
            read_recipient(broken, "here")


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Sharing, str]:
    """Bundles in layers, so that none leads back; some parties have not accepted, some bundles neither."""
    bundles: list[Bundle] = []
    for level in range(draw(st.integers(0, DEPTH_MAX - 1))):
        count = draw(st.integers(1, 6))
        cuts = sorted(draw(st.sets(st.integers(1, PPM - 1), min_size=count - 1, max_size=count - 1)))
        ppm = [end - start for start, end in zip([0, *cuts], [*cuts, PPM], strict=True)]
        shares = [
            (f"c{level + 1}" if not n else f"p{level}.{n}", Kind.COMMONS if not n else draw(st.sampled_from(Kind)), one)
            for n, one in enumerate(ppm)
        ]
        bundles.append(bundle(f"c{level}", *shares, accepted=draw(st.booleans()) or not level))
    names = [one.commons for one in bundles] + [share.party for one in bundles for share in one.shares]
    return sharing(*bundles, but=tuple(draw(st.lists(st.sampled_from(names), max_size=3)) if names else ())), "c0"


@given(worlds(), st.integers(0, 10**15))
def test_leaves_add_up_exactly_and_nothing_is_paid_to_who_has_not_accepted(
    world: tuple[Sharing, str], minor: int
) -> None:
    shares, start = world
    leaves = expand(shares, start, minor, DAY)
    assert sum(leaf.minor for leaf in leaves) == minor
    assert all(leaf.minor > 0 for leaf in leaves)
    assert all(shares.has_accepted(leaf.to) for leaf in leaves if leaf.unclaimed is None)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=30), st.integers(0, 10**15))
def test_nobody_is_a_whole_unit_away_from_the_exact_share(weights: list[int], minor: int) -> None:
    ppm = [weight * PPM // sum(weights) for weight in weights]
    ppm[0] += PPM - sum(ppm)
    parts = divided("r", [Share(f"p{n}", Kind.COMMUNITY, one) for n, one in enumerate(ppm)], minor)
    assert sum(parts.values()) == minor
    assert all(abs(parts[f"p{n}"] * PPM - minor * one) < PPM for n, one in enumerate(ppm))


def test_an_acceptance_names_the_terms() -> None:
    assert ATLAS.acceptances[0] == Acceptance("people", "their stewards", BEFORE, ATLAS.terms)
    assert ATLAS.terms == replace(ATLAS, shares=tuple(reversed(ATLAS.shares))).terms
