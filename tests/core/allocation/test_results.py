"""Results and the order of ties: the same for everybody, whatever machine they are worked out on."""

from __future__ import annotations

import hashlib
from fractions import Fraction

import pytest

from communs.core.allocation.results import Result, canonical, rational
from communs.core.allocation.ties import Tie, UnknownOrder, order_of


def test_a_result_is_written_with_the_same_bytes_every_time() -> None:
    tie = Tie(1, ("a", "b"), "a", changes_result=False)
    made = Result("greedy-1", {"ties": "lexicographic"}, "00", ("b", "a"), {"b": 2, "a": 1}, ties=(tie,))
    turned = Result("greedy-1", {"ties": "lexicographic"}, "00", ("b", "a"), {"a": 1, "b": 2}, ties=(tie,))

    assert made.to_json() == turned.to_json()
    assert made.to_json().startswith(b'{"amounts":{"a":1,"b":2},')
    assert b'"selected":["b","a"]' in made.to_json()


def test_a_float_never_enters_a_result() -> None:
    with pytest.raises(TypeError, match="write an exact number"):
        canonical({"rounds": [{"price": 0.5}]})
    assert canonical({"price": rational(Fraction(1, 2))}) == b'{"price":"1/2"}'
    assert rational(5) == "5/1"


def test_the_order_of_a_seed_is_worked_out_by_anybody() -> None:
    ids = ("9", "10", "park")
    order = order_of("hash:drawn in public", ids)

    expected = sorted(ids, key=lambda id_: hashlib.sha256(f"drawn in public\n{id_}".encode()).hexdigest())
    assert [ids[place] for place in sorted(range(3), key=order.ranks.__getitem__)] == expected
    assert order.first([0, 1, 2]) == ids.index(expected[0])


def test_the_lexicographic_order_compares_ids_as_text() -> None:
    assert order_of("lexicographic", ("9", "10")).ranks == (1, 0)


@pytest.mark.parametrize("name", ["", "hash:", "random", "lexico"])
def test_an_order_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(UnknownOrder, match="Write lexicographic, or hash:SEED"):
        order_of(name, ())
