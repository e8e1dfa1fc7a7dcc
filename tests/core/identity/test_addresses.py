"""Normalised addresses and identifiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.identity import normalise_doi, normalise_homepage, normalise_repository, normalise_wikidata

REPOSITORIES = [
    ("https://github.com/Wikimedia/MediaWiki", "github.com/wikimedia/mediawiki"),
    ("http://www.github.com/wikimedia/mediawiki.git/", "github.com/wikimedia/mediawiki"),
    ("git@github.com:wikimedia/mediawiki.git", "github.com/wikimedia/mediawiki"),
    ("ssh://git@github.com:22/wikimedia/mediawiki", "github.com/wikimedia/mediawiki"),
    ("git+https://github.com/wikimedia/mediawiki#main", "github.com/wikimedia/mediawiki"),
    ("scm:git:https://github.com/wikimedia/mediawiki.git", "github.com/wikimedia/mediawiki"),
    ("github.com/wikimedia/mediawiki/tree/master/docs", "github.com/wikimedia/mediawiki"),
    ("https://github.com/wikimedia/mediawiki/blob/master/README", "github.com/wikimedia/mediawiki"),
    ("https://gitlab.com/Group/Sub/thing/-/tree/main", "gitlab.com/group/sub/thing"),
    ("https://gitlab.com/group/sub/thing/tree/main", "gitlab.com/group/sub/thing"),
    ("https://codeberg.org/Forgejo/forgejo/src/branch/main/README.md", "codeberg.org/forgejo/forgejo"),
    ("https://git.example.org/Team/Thing.git", "git.example.org/Team/Thing"),
    ("https://git.example.org:8443/team/thing", "git.example.org:8443/team/thing"),
    ("https://git.postgresql.org/gitweb/?p=postgresql.git;a=summary", "git.postgresql.org/gitweb/postgresql"),
    ("https://svn.example.org/R/", "svn.example.org/R"),
]
NOT_REPOSITORIES = [
    "",
    "no address",
    "https://github.com/wikimedia",
    "https://gitlab.com/group",
    "https://example.org/",
    "https://[broken",
    "https://x.org:99999/a/b",
    "https://example.org/" + "a" * 400,
    "javascript:alert(1)",
]


@pytest.mark.parametrize(("address", "normalised"), REPOSITORIES)
def test_all_spellings_of_a_repository_become_one(address: str, normalised: str) -> None:
    assert normalise_repository(address) == normalised
    assert normalise_repository(normalised) == normalised or "gitweb" in normalised


@pytest.mark.parametrize("address", NOT_REPOSITORIES)
def test_what_names_no_repository_gives_none(address: str) -> None:
    assert normalise_repository(address) is None


def test_homepages_differ_only_where_they_lead_elsewhere() -> None:
    same = [
        "https://www.decidim.org/",
        "http://decidim.org",
        "decidim.org/index.html#top",
        "https://DECIDIM.org/?utm_x=1",
    ]
    assert {normalise_homepage(address) for address in same} == {"decidim.org"}
    assert normalise_homepage("https://decidim.org/fr?page=2") == "decidim.org/fr?page=2"
    assert normalise_homepage("https://example.org/Case") == "example.org/Case"
    assert normalise_homepage("see our site") is None


def test_wikidata_ids_are_found_in_ids_and_addresses() -> None:
    spelled = ["Q52", " q52 ", "wd:Q52", "https://www.wikidata.org/wiki/Q52", "http://www.wikidata.org/entity/Q52"]
    assert {normalise_wikidata(text) for text in spelled} == {"Q52"}
    assert [normalise_wikidata(text) for text in ("Q0", "P31", "Q52x", "https://example.org/Q52", "")] == [None] * 5


def test_dois_are_compared_in_lower_case_without_resolver() -> None:
    spelled = [
        "10.5281/ZENODO.12",
        "doi:10.5281/zenodo.12",
        "https://doi.org/10.5281/zenodo.12",
        "dx.doi.org/10.5281/zenodo.12",
    ]
    assert {normalise_doi(text) for text in spelled} == {"10.5281/zenodo.12"}
    assert normalise_doi("11.5281/zenodo") is None


@given(st.text(max_size=80) | st.from_regex(r"(https?|git|ssh)://[a-zA-Z@:./\[\]%?#-]{0,60}", fullmatch=True))
def test_normalising_never_fails_and_is_stable(text: str) -> None:
    for normalise in (normalise_repository, normalise_homepage, normalise_wikidata, normalise_doi):
        once = normalise(text)
        assert once is None or len(once) <= 300
