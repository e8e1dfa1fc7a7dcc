"""Who the foundation is, from the environment: what is missing or wrong is named, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from communs.apps.foundation.identity import TEST_IBAN, Identity, read_identity
from communs.cli.house import Failure
from communs.cli.receipts import add_arguments, run
from communs.core.standards.iban import check_iban

ALL = {
    "NAME": "Fondation", "IBAN": "be72 0000 0000 1616", "SIGNED_BY": "Ada", "STREET": "1 rue Haute",
    "POSTCODE": "75011",
    "TOWN": "Paris", "OBJECT": "Communs", "SIREN": "732829320", "ARTICLES": "200, 238 bis",
}  # fmt: skip


def read(**given: str) -> tuple[Identity, list[str]]:
    problems: list[str] = []
    found = read_identity(lambda name: given.get(name.removeprefix("COMMUNS_FOUNDATION_"), ""), problems)
    return found, problems


def test_without_settings_it_is_an_example_and_gives_no_receipts() -> None:
    found, problems = read()
    assert (found.is_real, found.iban, found.gives_receipts, problems) == (False, TEST_IBAN, False, [])
    assert check_iban(TEST_IBAN) == TEST_IBAN


def test_with_all_of_them_it_is_real() -> None:
    found, problems = read(**ALL)
    assert problems == []
    assert (found.is_real, found.iban, found.gives_receipts) == (True, "BE72000000001616", True)
    assert found.body is not None
    assert sorted(found.body.articles) == ["200", "238 bis"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"IBAN": "FR00"}, "COMMUNS_FOUNDATION_IBAN"),
        ({"NAME": ""}, "COMMUNS_FOUNDATION_NAME"),
        ({"TOWN": ""}, "COMMUNS_FOUNDATION_TOWN"),
        ({"SIREN": ""}, "COMMUNS_FOUNDATION_SIREN or COMMUNS_FOUNDATION_RNA"),
        ({"ARTICLES": "201"}, "COMMUNS_FOUNDATION_ARTICLES"),
        ({"CATEGORY": "club"}, "COMMUNS_FOUNDATION_CATEGORY"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, str], said: str) -> None:
    _found, problems = read(**{**ALL, **given})
    assert any(said in problem for problem in problems)


@pytest.mark.django_db
def test_the_command_says_why_it_issues_nothing(tmp_path: Path) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    options = parser.parse_args(["--year", "2025", "--to", str(tmp_path)])
    with pytest.raises(Failure, match="COMMUNS_FOUNDATION_SIGNED_BY"):
        run(options)
