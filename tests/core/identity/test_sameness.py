"""Which records are one commons."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from communs.core.identity import Identity, same_commons, suggest_likeness

SEED = Path(__file__).resolve().parents[3] / "seed" / "commons.jsonl"
MAYBE = st.sampled_from(["", "a", "b"])
IDENTITIES = st.builds(Identity, MAYBE, MAYBE, MAYBE, MAYBE, st.sampled_from(["", "Q1", "Q2"]))


def test_the_same_wikidata_id_is_the_same_commons() -> None:
    assert same_commons(Identity("Map", wikidata="Q1"), Identity("Carte", wikidata="Q1")) == "wikidata"


def test_different_wikidata_ids_are_two_commons_whatever_else_agrees() -> None:
    a = Identity("Map", "data", "map.org", "github.com/a/map", "Q1")
    b = Identity("Map", "data", "map.org", "github.com/a/map", "Q2")
    assert same_commons(a, b) is None
    assert suggest_likeness(a, b) is None


def test_the_same_repository_is_the_same_commons() -> None:
    a = Identity("Decidim", "software", "decidim.org", "github.com/decidim/decidim")
    assert same_commons(a, Identity("decidim platform", "", "", "github.com/decidim/decidim")) == "repository"


def test_one_repository_may_serve_two_commons() -> None:
    software = Identity("MediaWiki", "software", "mediawiki.org", "github.com/wikimedia/mediawiki")
    encyclopedia = Identity("Wikipedia", "knowledge", "wikipedia.org", "github.com/wikimedia/mediawiki")
    assert same_commons(software, encyclopedia) is None
    suggestion = suggest_likeness(software, encyclopedia)
    assert suggestion is not None
    assert suggestion.because == "repository"


def test_the_name_counts_only_with_the_homepage() -> None:
    assert same_commons(Identity("Map", homepage="map.org"), Identity("Map", homepage="map.org")) == "name_and_homepage"
    assert same_commons(Identity("Map", homepage="map.org"), Identity("Map", homepage="map.net")) is None
    assert same_commons(Identity("Map"), Identity("Map")) is None


def test_likeness_only_suggests() -> None:
    a, b = Identity("Angular", homepage="angular.dev"), Identity("AngularJS", homepage="angularjs.org")
    assert same_commons(a, b) is None
    assert suggest_likeness(a, b) is not None
    assert suggest_likeness(Identity("Map"), Identity("Wiki")) is None


def test_a_homepage_that_is_the_repository_tells_nothing_more() -> None:
    read = Identity.from_record(
        {"name": "X", "homepage": "https://github.com/a/x", "repository": "https://github.com/a/x.git"}
    )
    assert (read.homepage, read.repository) == ("", "github.com/a/x")


def test_no_two_commons_of_the_seed_collapse() -> None:
    lines = SEED.read_text(encoding="utf-8").splitlines()
    identities = [Identity.from_record(json.loads(line)) for line in lines]
    same = [(a.name, b.name) for a, b in itertools.combinations(identities, 2) if same_commons(a, b)]
    assert (len(identities), same) == (518, [])


@given(IDENTITIES, IDENTITIES)
def test_sameness_does_not_depend_on_the_order_and_needs_an_identifier(a: Identity, b: Identity) -> None:
    assert same_commons(a, b) == same_commons(b, a)
    shared = (a.wikidata and a.wikidata == b.wikidata) or (a.repository and a.repository == b.repository)
    if same_commons(a, b):
        assert shared or (a.name == b.name and a.homepage == b.homepage != "")
