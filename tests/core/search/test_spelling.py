"""Words spelled nearly like one that nobody knows."""

from __future__ import annotations

import pytest

from communs.core.search.spelling import Speller

SPELLER = Speller(["openstreetmap", "water", "wasser", "accessibility", "map", "nextcloud"])


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("openstretmap", ["openstreetmap"]),
        ("wter", []),
        ("waterr", ["water"]),
        ("watre", ["water"]),
        ("wazzer", []),
        ("accesibilty", ["accessibility"]),
        ("mop", []),
        ("water", []),
        ("xnextcloud", ["nextcloud"]),
    ],
)
def test_one_letter_or_two_in_longer_words(word: str, near: list[str]) -> None:
    assert SPELLER.near(word) == near
