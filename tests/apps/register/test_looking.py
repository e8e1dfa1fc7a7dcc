"""What is found behind a link that somebody gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from communs.apps.register.crawling.looking import look
from communs.testing.crawling import RULES, WITHIN, publiccode
from communs.testing.forge import FAMILIES, LocalForge, local_forge

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def forge() -> Iterator[LocalForge]:
    with local_forge() as served:
        yield served


@pytest.mark.parametrize("family", FAMILIES)
def test_a_repository_gives_its_files_and_what_the_forge_knows(forge: LocalForge, family: str) -> None:
    url = forge.url(family, "us/thing")
    forge.add(
        family, "us/thing", {"GOVERNANCE.md": RULES, "publiccode.yml": publiccode(url), "a.c": "x"}, licence="MIT"
    )
    found = look(f"{url}.git", WITHIN)
    assert (list(found.files), found.problems) == (["publiccode.yml", "GOVERNANCE.md"], [])
    assert found.facts is not None
    record = found.record()
    assert record is not None
    assert (record["name"], record["repository"]) == ("thing", url)
    assert record["licences"] == [{"part": "code", "spdx": "MIT"}]
    assert "127.0.0.1" in record["origin"]


def test_a_link_to_a_renamed_repository_leads_to_where_it_is(forge: LocalForge) -> None:
    forge.add("forgejo", "us/old", {})
    forge.rename("forgejo", "us/old", "us/new")
    found = look(forge.url("forgejo", "us/old"), WITHIN)
    assert found.url == forge.url("forgejo", "us/new")


def test_a_link_to_one_file_gives_that_file(forge: LocalForge) -> None:
    forge.add("forgejo", "us/one", {"publiccode.yml": "name: One\n", "docs/codemeta.json": "{}"})
    for link, name in (
        ("us/one/src/branch/main/publiccode.yml", "publiccode.yml"),
        ("us/one/raw/branch/main/docs/codemeta.json", "docs/codemeta.json"),
    ):
        found = look(forge.url("forgejo", link), WITHIN)
        assert (list(found.files), found.problems) == ([name], [])


def test_what_is_not_there_is_told_as_a_problem(forge: LocalForge) -> None:
    found = look(forge.url("forgejo", "us/one/src/branch/main/missing.yml"), WITHIN)
    assert found.files == {}
    assert {problem.code for problem in found.problems} == {"http-404"}
    assert look(forge.url("forgejo", "nobody/nothing"), WITHIN).problems[0].code == "nothing"


@pytest.mark.parametrize("link", ["", "nonsense", "ftp://example.org/x", "http://u:p@example.org/", "javascript:x"])
def test_what_is_no_link_is_said_to_be_none(link: str) -> None:
    assert look(link).problems[0].code == "not-a-link"


def test_nobody_is_led_into_a_private_network(forge: LocalForge, settings: Any) -> None:
    forge.add("forgejo", "us/inside", {})
    settings.ALLOW_PRIVATE_ADDRESSES = False
    found = look(forge.url("forgejo", "us/inside"))
    assert (found.files, found.facts) == ({}, None)
    assert {problem.code for problem in found.problems} == {"private"}


def test_a_limit_is_told_with_its_end(forge: LocalForge) -> None:
    made = forge.add("forgejo", "us/busy", {})
    made.fault, made.retry_after = 429, "30"
    found = look(forge.url("forgejo", "us/busy"), WITHIN)
    assert (found.problems[0].code, found.problems[0].detail) == ("wait", "30")
