"""publiccode.yml read tolerantly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.matching import Profile
from communs.core.openness import Facts, test_commons
from communs.core.standards.publiccode import read, slug

FULL = """\
publiccodeYmlVersion: "0.4"
name: Démarches simplifiées
url: https://github.com/demarches-simplifiees/demarches-simplifiees.fr.git
landingURL: https://www.demarches-simplifiees.fr
developmentStatus: stable
categories:
  - document-management
  - workflow-management
intendedAudience:
  countries: [fr]
description:
  fr:
    localisedName: Démarches simplifiées
    shortDescription: Dématérialiser les démarches administratives.
  eng:
    longDescription: |
      Put administrative
      forms online.
legal:
  license: AGPL-3.0-or-later
  repoOwner: DINUM
maintenance:
  type: internal
  contacts:
    - name: A Person
      email: person@example.org
localisation:
  availableLanguages: [fr, en]
"""


def test_everything_usable_is_read() -> None:
    draft = read(FULL)
    assert draft.problems == ()
    assert (draft.name, draft.owner, draft.maintenance) == ("Démarches simplifiées", "DINUM", "internal")
    assert draft.summaries["en"] == "Put administrative forms online."
    assert (draft.licence, draft.licence_status) == ("AGPL-3.0-or-later", "stated")
    assert (draft.categories, draft.countries) == (("document-management", "workflow-management"), ("FR",))


def test_the_record_is_one_that_matching_and_the_commons_test_read() -> None:
    record = read(FULL).record
    profile = Profile.from_record(record)
    assert (profile.id, profile.kinds) == ("demarches-simplifiees", frozenset({"software"}))
    assert profile.languages == frozenset({"fr", "en"})
    assert test_commons(Facts.from_record(record)).of("licence") == "yes"
    assert record["summary_fr"] == "Dématérialiser les démarches administratives."


def test_persons_are_not_read() -> None:
    assert "person@example.org" not in repr(read(FULL))
    assert "A Person" not in repr(read(FULL))


PROBLEMS = [
    ("name: X\nurl: nowhere\n", "url", 2, 6, "is not an address"),
    ("name: X\nname: Y\n", "name", 2, 1, "a second time"),
    ("name: [a]\n", "name", 1, 7, "should be a text"),
    ("name: ''\n", "name", 1, 7, "is empty"),
    ("name: X\nlegal:\n  license: agplv3\n", "legal.license", 3, 12, "was read as AGPL-3.0-only"),
    ("name: X\nlegal:\n  license: my terms\n", "legal.license", 3, 12, "not the name of a licence"),
    ("name: X\nlegal:\n  license: null\n", "legal.license", 3, 12, "is missing"),
    ("name: X\nlegal: MIT\n", "legal", 2, 8, "should contain further keys"),
    ("name: X\ncategories: maps\n", "categories", 2, 13, "should be a list"),
    ("- name: X\n", "", 1, 1, "not valid YAML"),
]


@pytest.mark.parametrize(("text", "path", "line", "column", "said"), PROBLEMS)
def test_a_fault_is_told_with_its_place_and_a_remedy(text: str, path: str, line: int, column: int, said: str) -> None:
    found = [
        problem
        for problem in read(text).problems
        if (problem.path, problem.line, problem.column) == (path, line, column)
    ]
    assert said in " ".join(problem.render() for problem in found)
    assert all(problem.remedy for problem in found)


def test_a_broken_line_does_not_cost_the_file() -> None:
    draft = read("name: Map\nurl: https://example.org/map.git\nusedBy: [a, b\nlegal:\n  license: MIT\n")
    assert (draft.name, draft.repository, draft.licence) == ("Map", "https://example.org/map.git", "MIT")
    assert [p.line for p in draft.problems if p.message.startswith("This is not valid YAML")] == [4]
    late = read("name: Map\nusedBy: [a, b\nlegal:\n  license: agplv3\n")
    assert [p.line for p in late.problems if p.path == "legal.license"] == [4]


def test_what_is_missing_is_taken_from_elsewhere_where_it_can_be() -> None:
    draft = read("url: https://example.org/team/map.git\ndescription:\n  en:\n    genericName: Map server\n")
    assert (draft.name, draft.summaries) == ("map", {"en": "Map server"})
    assert "name" in {problem.path for problem in draft.problems}


def test_bytes_are_read_as_utf8_and_losses_are_told() -> None:
    assert read("name: é\n".encode()).name == "é"
    assert read("\ufeffname: é\n".encode()).name == "é"
    lost = read("name: é\n".encode("latin-1"))
    assert lost.problems[0].message.startswith("The file is not encoded in UTF-8")


BOMBS = {
    "size": "name: " + "x" * (1024 * 1024),
    "depth": "name: " + "[" * 5_000 + "]" * 5_000,
    "nodes": "name: X\nusedBy:\n" + "  - a\n" * 60_000,
    "aliases": "a: &a [x, x]\n"
    + "".join(f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefghijklmnopqrst", "bcdefghijklmnopqrstu", strict=True)),
    "recursion": "a: &a [*a]\n",
    "tags": "name: !!python/object/apply:os.system ['true']\n",
}


@pytest.mark.parametrize("bomb", sorted(BOMBS))
def test_hostile_files_end_as_problems(bomb: str) -> None:
    assert read(BOMBS[bomb]).problems
    assert read(BOMBS[bomb].encode()).name == ""


@given(st.text(max_size=200) | st.binary(max_size=200) | st.sampled_from([FULL[:n] for n in range(0, len(FULL), 7)]))
def test_reading_never_fails(text: str | bytes) -> None:
    draft = read(text)
    Profile.from_record(draft.record)
    assert all(problem.render() for problem in draft.problems)


def test_an_id_is_plain() -> None:
    assert slug("  L’Œuvre – 2.0 ") == "luvre-2-0"
    assert slug("地図") == ""
