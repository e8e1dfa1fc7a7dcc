"""publiccode.yml read tolerantly, with the verdict of the strict checker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.matching import Profile
from communs.core.openness import Facts, test_commons
from communs.core.standards.checking import check
from communs.core.standards.formats import Sample
from communs.core.standards.publiccode import read, recognise, slug
from communs.testing.hangs import no_hang

FULL = """\
publiccodeYmlVersion: "0.4"
name: Démarches simplifiées
applicationSuite: Services
url: https://github.com/demarches-simplifiees/demarches-simplifiees.fr.git
landingURL: https://www.demarches-simplifiees.fr
isBasedOn: https://example.org/older.git
softwareVersion: "2.1"
releaseDate: 2026-02-28
platforms: [web]
developmentStatus: stable
softwareType: standalone/web
roadmap: https://example.org/roadmap
categories:
  - document-management
  - workflow-management
usedBy:
  - Ville de Nantes
fundedBy:
  - name: DINUM
    uri: https://www.numerique.gouv.fr
intendedAudience:
  countries: [fr]
  scope: [government]
description:
  fr:
    localisedName: Démarches simplifiées
    shortDescription: Dématérialiser les démarches administratives.
    documentation: https://doc.example.org
    features:
      - Formulaires en ligne
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
  localisationReady: yes
  availableLanguages: [fr, en]
dependsOn:
  open:
    - name: PostgreSQL
      versionMin: "12"
      optional: false
    - Redis
"""


def record(text: str) -> dict[str, object]:
    """The one record of a file."""
    (found,) = read(text).records
    return dict(found)


def test_everything_usable_is_read() -> None:
    found = record(FULL)
    assert (found["id"], found["name"], found["kind"]) == ("demarches-simplifiees", "Démarches simplifiées", "software")
    assert found["summaries"] == {
        "fr": "Dématérialiser les démarches administratives.",
        "en": "Put administrative forms online.",
    }
    assert found["summary_fr"] == "Dématérialiser les démarches administratives."
    assert (found["licences"], found["licence_status"]) == ([{"part": "code", "spdx": "AGPL-3.0-or-later"}], "stated")
    assert found["categories_publiccode"] == ["document-management", "workflow-management"]
    assert (found["countries"], found["languages"]) == (["FR"], ["fr", "en"])
    assert found["steward"] == {"name": "DINUM", "form": "unknown", "country": None}
    assert found["funded_by"] == [{"name": "DINUM", "ref": "https://www.numerique.gouv.fr"}]


def test_what_the_register_has_no_field_for_is_kept_beside() -> None:
    found = record(FULL)
    assert (found["development_status"], found["software_type"], found["software_version"]) == (
        "stable",
        "standalone/web",
        "2.1",
    )
    assert (found["release_date"], found["platforms"], found["suite"]) == ("2026-02-28", ["web"], "Services")
    assert (found["used_by"], found["based_on"]) == (["Ville de Nantes"], ["https://example.org/older.git"])
    assert found["resources"] == {"documentation": "https://doc.example.org", "roadmap": "https://example.org/roadmap"}
    assert found["dependencies"] == [
        {"name": "PostgreSQL", "kind": "open", "version_min": "12", "optional": False},
        {"name": "Redis", "kind": "open"},
    ]
    assert (found["maintenance"], found["localisation_ready"]) == ({"type": "internal"}, True)
    assert (found["audience"], found["features"]) == ({"scope": ["government"]}, {"fr": ["Formulaires en ligne"]})


def test_the_record_is_one_that_matching_and_the_commons_test_read() -> None:
    profile = Profile.from_record(record(FULL))
    assert (profile.id, profile.kinds) == ("demarches-simplifiees", frozenset({"software"}))
    assert profile.languages == frozenset({"fr", "en"})
    assert test_commons(Facts.from_record(record(FULL))).of("licence") == "yes"


def test_persons_are_not_read() -> None:
    assert "person@example.org" not in repr(read(FULL).records)
    assert "A Person" not in repr(read(FULL).records)
    text = "name: Map\ndescription:\n  en:\n    shortDescription: Write to me@example.org\n"
    assert "me@example.org" not in repr(read(text).records)


def test_what_somebody_still_has_to_confirm_is_no_fact() -> None:
    found = record(
        "name: Map\nurl: https://example.org/map.git\ndevelopmentStatus: development # to confirm\n"
        "# to confirm: platforms\nplatforms:\n  - web\nsoftwareVersion: '1.0' # checked\n"
    )
    assert "development_status" not in found
    assert "platforms" not in found
    assert found["software_version"] == "1.0"


def test_a_file_that_names_nothing_gives_no_record() -> None:
    assert read("publiccodeYmlVersion: '0.7'\nlegal:\n  license: MIT\n").records == ()


NOTES = [
    ("name: X\nlegal:\n  license: agplv3\n", "legal.license", 3, 3, "not-licence"),
    ("name: X\nlegal:\n  license: AGPL-3.0\n", "legal.license", 3, 12, "other-spelling"),
    ("name: [a]\n", "name", 1, 1, "wrong-type"),
    ("url: https://example.org/team/map.git\n", "name", 1, 1, "missing"),
    ("name: X\ncategories: maps\n", "categories", 2, 1, "wrong-type"),
]


@pytest.mark.parametrize(("text", "path", "line", "column", "code"), NOTES)
def test_a_fault_is_told_once_with_its_place_and_a_remedy(
    text: str, path: str, line: int, column: int, code: str
) -> None:
    found = [problem for problem in read(text).problems if problem.path == path]
    assert [(problem.line, problem.column, problem.code) for problem in found][:1] == [(line, column, code)]
    assert all(problem.say() and problem.say_fix() for problem in found)
    assert len({problem.code for problem in found}) == len(found)


def test_a_problem_brings_the_edits_that_mend_it() -> None:
    text = "publiccodeYmlVersion: '0.7'\nname: X\nroadmap: ''\nlegal:\n  license: agplv3 # ours\n"
    edits = {problem.path: problem.edits for problem in read(text).problems}
    (licence,) = edits["legal.license"]
    assert text[: licence.start] + licence.text + text[licence.end :] == text.replace("agplv3", "AGPL-3.0-only")
    assert all(found.assumed for found in read(text).problems if found.path == "developmentStatus")


def test_the_verdict_is_that_of_the_strict_checker() -> None:
    assert not read(FULL).is_valid
    assert read("name: X\n").version == ""
    assert (read(FULL).format, read(FULL).kind, read(FULL).version) == ("publiccode", "commons", "0.4")


def test_a_broken_line_does_not_cost_the_file() -> None:
    document = read("name: Map\nurl: https://example.org/map.git\nusedBy: [a, b\nlegal:\n  license: MIT\n")
    (found,) = document.records
    assert (found["name"], found["repository"], found["licences"]) == (
        "Map",
        "https://example.org/map.git",
        [{"part": "code", "spdx": "MIT"}],
    )
    assert not document.is_valid


def test_what_is_missing_is_taken_from_elsewhere_where_it_can_be() -> None:
    found = record("url: https://example.org/team/map.git\ndescription:\n  en:\n    genericName: Map server\n")
    assert (found["name"], found["summaries"]) == ("map", {"en": "Map server"})


def test_bytes_are_read_as_utf8_and_losses_are_told() -> None:
    assert read("name: é\n".encode()).records[0]["name"] == "é"
    assert read("\ufeffname: é\n".encode()).records[0]["name"] == "é"
    other = read("name: é\n".encode("cp1252"))
    assert other.records[0]["name"] == "é"
    assert not other.is_valid


def test_it_is_recognised_by_its_contents() -> None:
    assert recognise(Sample(FULL))
    assert recognise(Sample("publiccodeYmlVersion: '0.2'\nname: [\n"))
    assert not recognise(Sample("cff-version: 1.2.0\ntitle: Map\n"))
    assert not recognise(Sample("github: [octocat]\n"))
    checked = check(FULL.encode(), "notes.txt")
    assert checked.format is not None
    assert checked.format.name == "publiccode"


BOMBS = {
    "size": "name: " + "x" * (1024 * 1024),
    "depth": "name: " + "[" * 10_000 + "]" * 10_000,
    "nodes": "name: X\nusedBy:\n" + "  - a\n" * 60_000,
    "aliases": "a: &a [x, x]\n"
    + "".join(f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefghijklmnopqrst", "bcdefghijklmnopqrstu", strict=True)),
    "recursion": "a: &a [*a]\n",
    "tags": "name: !!python/object/apply:os.system ['true']\n",
}


@pytest.mark.parametrize("bomb", sorted(BOMBS))
def test_hostile_files_are_refused_at_once(bomb: str) -> None:
    with no_hang():
        document = read(BOMBS[bomb])
    assert document.records == ()
    assert not document.is_valid
    assert all(problem.say_fix() for problem in document.problems)


@given(st.text(max_size=200) | st.binary(max_size=200) | st.sampled_from([FULL[:n] for n in range(0, len(FULL), 7)]))
def test_reading_never_fails(text: str | bytes) -> None:
    document = read(text)
    for found in document.records:
        Profile.from_record(found)
    assert all(problem.render() and problem.say_fix() for problem in document.problems)


def test_an_id_is_plain() -> None:
    assert slug("  L’Œuvre – 2.0 ") == "luvre-2-0"
    assert slug("地図") == ""


def test_keys_in_other_capitals_are_read_and_a_language_of_one_country_counts_for_it() -> None:
    text = (
        "publiccodeYmlVersion: '0.4'\nName: Trees\nURL: https://github.com/example/trees\n"
        "legal:\n  licence: MIT\ndescription:\n  fr-FR:\n    shortDescription: Les arbres\n"
    )
    (record,) = read(text).records
    assert (record["name"], record["repository"]) == ("Trees", "https://github.com/example/trees")
    assert record["licences"] == [{"part": "code", "spdx": "MIT"}]
    assert record["summary_fr"] == "Les arbres"
