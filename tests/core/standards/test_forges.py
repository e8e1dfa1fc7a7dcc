"""Forges without a network: addresses, answers, robots.txt, limits, feeds, licences, which files are wanted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.standards.forges import (
    FORGES,
    Entry,
    Facts,
    Place,
    Robots,
    addresses,
    choose,
    last_entry_on,
    licence_of_text,
    read_place,
    says_something,
    wait_s,
)
from communs.testing.hangs import no_hang

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["id", "full_name", "path_with_namespace", "license", "licenses", "parent", "forked_from_project", "fork", "path",
     "pushed_at", "archived", "size", "type", "sha", "homepage", "html_url", "web_url"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://github.com/decidim/decidim", ("https", "github.com", "decidim/decidim", "github", "", "")),
        ("github.com/Decidim/decidim.git", ("https", "github.com", "Decidim/decidim", "github", "", "")),
        ("git@github.com:decidim/decidim.git", ("https", "github.com", "decidim/decidim", "github", "", "")),
        ("git+https://github.com/a/b.git", ("https", "github.com", "a/b", "github", "", "")),
        ("ssh://git@codeberg.org/a/b.git", ("https", "codeberg.org", "a/b", "forgejo", "", "")),
        ("https://github.com/a/b/tree/main/docs", ("https", "github.com", "a/b", "github", "docs", "main")),
        ("https://github.com/a/b/issues/3", ("https", "github.com", "a/b", "github", "", "")),
        ("https://raw.githubusercontent.com/a/b/refs/heads/main/x/y.yml",
         ("https", "github.com", "a/b", "github", "x/y.yml", "main")),
        ("https://framagit.org/g/s/t/-/blob/main/p.yml", ("https", "framagit.org", "g/s/t", "gitlab", "p.yml", "main")),
        ("https://gitlab.com/g/t/blob/main/p.yml", ("https", "gitlab.com", "g/t", "gitlab", "p.yml", "main")),
        ("https://gitlab.com/g/t/-/merge_requests/4", ("https", "gitlab.com", "g/t", "gitlab", "", "")),
        ("https://codeberg.org/a/b/src/branch/main/x", ("https", "codeberg.org", "a/b", "forgejo", "x", "main")),
        ("https://git.example.org/a/b/src/branch/x/f.md", ("https", "git.example.org", "a/b", "forgejo", "f.md", "x")),
        ("https://git.example.org/a/b/-/raw/x/f.md", ("https", "git.example.org", "a/b", "gitlab", "f.md", "x")),
        ("http://git.example.org:3000/a/b", ("http", "git.example.org:3000", "a/b", "", "", "")),
        ("https://example.org/", None),
        ("https://github.com/orgs/decidim", None),
        ("https://github.com/decidim", None),
        ("https://u:p@github.com/a/b", None),
        ("https://github.com/a/../b", None),
        ("mailto:a@example.org", None),
        ("", None),
    ],
)  # fmt: skip
def test_an_address_is_taken_apart_as_its_forge_builds_it(url: str, place: tuple[str, ...] | None) -> None:
    assert read_place(url) == (Place(*place) if place else None)


def test_a_link_to_a_file_leads_to_its_contents() -> None:
    found = addresses("https://framagit.org/g/s/t/-/blob/main/publiccode.yml")
    assert found.kind == "file"
    assert found.addresses == (
        "https://framagit.org/api/v4/projects/g%2Fs%2Ft/repository/files/publiccode.yml/raw?ref=main",
        "https://framagit.org/g/s/t/-/raw/main/publiccode.yml",
    )
    assert addresses("https://example.org/files/funding.json").addresses == ("https://example.org/files/funding.json",)


def test_a_website_is_asked_at_the_places_where_sites_describe_themselves() -> None:
    found = addresses("https://example.org")
    assert (found.kind, found.place) == ("website", None)
    assert found.addresses[0] == "https://example.org/publiccode.yml"
    assert "https://example.org/.well-known/funding.json" in found.addresses


def test_a_host_that_may_be_any_forge_is_tried_as_each() -> None:
    found = addresses("https://code.example.org/us/thing")
    assert found.place is not None
    assert found.forges == ("forgejo", "gitlab", "github")


@pytest.mark.parametrize(
    "text", ["", "nonsense", "http://", "ftp://example.org/", "javascript:alert(1)", "http://[::1"]
)
def test_what_is_no_link_has_no_candidates(text: str) -> None:
    assert addresses(text).addresses == ()


@given(st.text(max_size=80))
def test_no_text_is_too_strange_for_a_link(text: str) -> None:
    addresses(text)
    addresses(f"https://{text}")
    read_place(f"https://github.com/{text}")


def test_each_forge_tells_its_facts_in_its_own_words() -> None:
    github: dict[str, Any] = {"id": 7, "full_name": "a/b", "html_url": "https://github.com/a/b", "fork": True,
        "parent": {"html_url": "https://github.com/p/b"}, "license": {"spdx_id": "NOASSERTION"}, "archived": True,
        "pushed_at": "2026-11-01T00:00:00Z", "default_branch": "trunk", "homepage": ""}  # fmt: skip
    found = FORGES["github"].read_facts(github)
    assert found == Facts(
        forge_id="7", path="a/b", url="https://github.com/a/b", default_branch="trunk", active_on="2026-11-01",
        parent="https://github.com/p/b", is_fork=True, is_archived=True,
    )  # fmt: skip
    gitlab = {
        "id": 8,
        "path_with_namespace": "g/s/t",
        "license": {"key": "agpl-3.0"},
        "last_activity_at": "2026-10-02T1",
    }
    told = FORGES["gitlab"].read_facts(gitlab)
    assert told is not None
    assert (told.licence, told.active_on, told.is_fork) == ("AGPL-3.0-only", "2026-10-02", False)
    forgejo = {
        "id": 9,
        "full_name": "a/b",
        "licenses": ["MIT", "Apache-2.0"],
        "website": "https://b.example",
        "empty": True,
    }
    read = FORGES["forgejo"].read_facts(forgejo)
    assert read is not None
    # Two licences: which of them covers what, the forge does not say.
    assert (read.licence, read.homepage, read.is_empty) == ("", "https://b.example", True)


@given(st.dictionaries(KEYS, ANYTHING, max_size=8) | ANYTHING)
def test_no_answer_of_a_forge_is_too_strange(value: Any) -> None:
    for forge in FORGES.values():
        forge.read_facts(value)
        forge.read_listing(value)
        for entry in forge.read_listing([value]) or ():
            choose([entry])


def test_one_file_of_each_role_is_chosen() -> None:
    paths = ["README.md", "docs/publiccode.yml", "publiccode.yaml", "LICENSE", "LICENSES", "COPYING.md"]
    paths += ["docs/GOVERNANCE.md", "GOVERNANCE.md", ".github/FUNDING.yml", "src/CONTRIBUTING.md"]
    paths += ["Code_of_Conduct.md", "contributing-guide.md"]
    entries = [Entry(path, is_folder=path == "LICENSES") for path in paths]
    assert {role: entry.path for role, entry in choose(entries).items()} == {
        "publiccode": "publiccode.yaml",
        "funding-yml": ".github/FUNDING.yml",
        "licence": "LICENSE",
        "governance": "GOVERNANCE.md",
        "conduct": "Code_of_Conduct.md",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", False),
        ("# Governance\n", False),
        ("# Governance\n\nSee https://example.org/a-very-long-address/" + "x" * 300, False),
        ("<!-- " + "to be written " * 40 + "-->", False),
        ("# Governance\n\n" + "Decisions are taken in public by those who contribute. " * 5, True),
    ],
)
def test_a_file_that_only_points_elsewhere_says_nothing(text: str, says: bool) -> None:
    assert says_something(text) is says


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: communs\nAllow: /", "/a", True),
        ("User-agent: *\nDisallow: /*/raw/\n", "/a/b/raw/x", False),
        ("User-agent: *\nDisallow: /*.json$\n", "/a.json", False),
        ("User-agent: *\nDisallow: /*.json$\n", "/a.json?x=1", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", True),
        ("User-agent: *\nDisallow:\n", "/a", True),
        ("# nothing\nDisallow: /\n", "/a", True),
        ("User-agent: *\nDisallow: /caf%C3%A9\n", "/café", False),
    ],
)
def test_robots_are_read_as_the_rfc_says(rules: str, path: str, allowed: bool) -> None:
    assert Robots.read(rules, "communs").allows(f"https://example.org{path}") is allowed


def test_a_hostile_robots_txt_costs_little_time() -> None:
    hostile = "User-agent: *\n" + ("Disallow: /" + "*a" * 19 + "$\n") * 5_000
    with no_hang():
        Robots.read(hostile, "communs").allows("https://example.org/" + "a" * 1_500)


def test_a_delay_is_heeded_within_reason() -> None:
    assert Robots.read("User-agent: *\nCrawl-delay: 2.5", "communs").delay_s == 2.5
    assert Robots.read("User-agent: *\nCrawl-delay: 99999", "communs").delay_s == 60.0


@pytest.mark.parametrize(
    ("status", "headers", "retry", "wait"),
    [
        (200, {}, None, 0.0),
        (429, {}, 30.0, 30.0),
        (429, {}, None, 60.0),
        (503, {}, 12.0, 12.0),
        (503, {}, None, 0.0),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000100"}, None, 100.0),
        (403, {"x-ratelimit-remaining": "12"}, None, 0.0),
        (200, {"ratelimit-remaining": "0", "ratelimit-reset": "45"}, None, 45.0),
        (429, {}, 9_999_999.0, 86_400.0),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "nonsense"}, None, 60.0),
    ],
)
def test_limits_are_read_in_each_form(status: int, headers: dict[str, str], retry: float | None, wait: float) -> None:
    assert wait_s(status, headers, retry, 1_700_000_000.0) == wait


def test_the_last_entry_of_a_feed_is_dated() -> None:
    atom = "<feed><updated>2030-01-01T00:00:00Z</updated><entry><updated>2026-05-01T00:00:00Z</updated></entry></feed>"
    assert last_entry_on(atom) == "2026-05-01"
    assert last_entry_on("<rss><item><pubDate>Tue, 24 Nov 2026 10:00:00 +0100</pubDate></item></rss>") == "2026-11-24"
    assert last_entry_on("<html>") == ""


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        ("                    GNU GENERAL PUBLIC LICENSE\n                       Version 2, June 1991", "GPL-2.0-only"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n… GNU General Public License", "LGPL-3.0-only"),
        ("# SPDX-License-Identifier: AGPL-3.0-or-later\n", "AGPL-3.0-or-later"),
        ("Apache License\nVersion 2.0, January 2004", "Apache-2.0"),
        ("Creative Commons Attribution-ShareAlike 4.0 International", "CC-BY-SA-4.0"),
        ("EUROPEAN UNION PUBLIC LICENCE v. 1.2\nEUPL © the European Union 2007, 2016", "EUPL-1.2"),
        ("Apache License\nVersion 2.0\n\n“Commons Clause” License Condition v1.0", ""),
        ("This software is dual-licensed: GNU GENERAL PUBLIC LICENSE Version 3 or a paid one", ""),
        ("Copyright 2026. All rights reserved.", ""),
        ("", ""),
    ],
)
def test_a_licence_file_is_named_only_where_there_is_no_doubt(text: str, spdx: str) -> None:
    assert licence_of_text(text) == spdx
