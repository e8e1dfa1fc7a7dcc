"""publiccode.yml repaired: valid where the facts allow it, nothing lost, nothing assumed in silence."""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.core.standards.publiccode import read, repair, repair_report, strict
from communs.core.standards.publiccode.repairing.values import mended, shortened
from communs.core.standards.publiccode.tree import compose, leaves
from communs.testing.hangs import no_hang

VALID = """\
# How we describe ourselves
publiccodeYmlVersion: "0.7"
name: Map
url: https://example.org/team/map.git
platforms:
  - web
developmentStatus: stable
softwareType: standalone/web
description:
  en:
    shortDescription: A map that everybody may draw.
    longDescription: >
      A map that everybody may draw on. It was made for towns that want to show where things are, and it works in
      every browser. Several towns run it together and decide together what comes next.
    features:
      - Draw on the map
legal:
  license: AGPL-3.0-or-later
maintenance:
  type: none
localisation:
  localisationReady: false
  availableLanguages:
    - en
"""
FRENCH = """\
publiccodeYmlVersion: "0.2"
name: demo/carte   # mine
url: https://github.com/demo/carte
landingURL: ''
creationDate: 2022-07-08
latestRelease:
  date: "2023-12-21"
  version: "1.2.0"
roadmap: ""
softwareType: ""
packages: []
description:
  fr:
    shortDescription: La carte de la ville
    documentation: ""
legal:
  license: agplv3+
  authorsFile: ""
maintenance:
  type: community
  contacts:
    - name: ""
      email: ""
metadataFiles:
  readme: README.md
  changelog: null
"""


def without(text: str, key: str) -> str:
    """A file without one of its top-level keys."""
    kept, drops = [], False
    for line in text.split("\n"):
        drops = line.startswith(f"{key}:") or (drops and line.startswith(" "))
        if not drops:
            kept.append(line)
    return "\n".join(kept)


def test_a_valid_file_stays_as_it_is() -> None:
    report = repair_report(VALID)
    assert report.text == VALID
    assert (report.done, report.left) == ((), ())
    assert report.is_valid


def test_a_single_origin_needs_no_list() -> None:
    text = VALID.replace("name: Map\n", "name: Map\nisBasedOn: https://example.org/older.git\n")
    assert repair(text) == text
    assert read(text).problems == ()


def test_a_file_full_of_blanks_becomes_valid_and_says_what_was_assumed() -> None:
    report = repair_report(FRENCH)
    assert report.is_valid
    lines = report.text.split("\n")
    assert "name: demo/carte   # mine" in lines
    assert "# creationDate: 2022-07-08" in lines
    assert "#   readme: README.md" in lines
    assert "  license: AGPL-3.0-or-later" in lines
    assert 'releaseDate: "2023-12-21"' in lines or "releaseDate: '2023-12-21'" in lines
    assert "roadmap" not in report.text
    marked = [line for line in lines if line.rstrip().endswith("# to confirm") or "# to confirm: " in line]
    assert len(marked) >= len({fix.path[0] for fix in report.assumed})
    assert {fix.path for fix in report.assumed} == {
        ("platforms",),
        ("developmentStatus",),
        ("softwareType",),
        ("description", "fr", "longDescription"),
        ("description", "fr", "features"),
        ("maintenance", "contacts"),
        ("localisation",),
        ("localisation", "localisationReady"),
    }
    assert all(fix.say() for fix in report.done)


def test_what_was_assumed_is_not_read_back_as_a_fact() -> None:
    (before,), (after,) = read(FRENCH).records, read(repair(FRENCH)).records
    assert after == {**before, "descriptions": after.get("descriptions")} or after == before
    assert "platforms" not in after
    assert "development_status" not in after


def test_the_same_file_comes_out_of_a_second_repair() -> None:
    once = repair(FRENCH)
    assert repair(once) == once


# A change to the valid file, and what the repair makes of it.
MENDED = [
    ("platforms:\n  - web\n", "platforms: web\n", "platforms:\n  - web\n"),
    ("license: AGPL-3.0-or-later", "licence: agplv3+ # ours", "license: AGPL-3.0-or-later # ours"),
    ("developmentStatus: stable", "developmentStatus: production", "developmentStatus: stable"),
    ("softwareType: standalone/web", "softwareType: Web App", "softwareType: standalone/web"),
    ("  en:\n", "  eng:\n", "  en:\n"),
    ("localisationReady: false", "localisationReady: 'No'", "localisationReady: false"),
    ("    - en\n", "    - English\n", "    - en\n"),
    ("name: Map\n", "name: Map\nlandingURL: www.example.org\n", "landingURL: https://www.example.org\n"),
    ("name: Map\n", "name: Map\nreleaseDate: 21/12/2023\n", "releaseDate: '2023-12-21'\n"),
    ("name: Map\n", "name: Map\ncategories: [GIS, Wiki]\n", "[geographic-information-systems, knowledge-management]"),
    ("name: Map\n", "name: Map\nintendedAudience:\n  countries:\n    - fra\n", "    - FR\n"),
    ("name: Map\n", "name: Map\nusedBy:\n  - Nantes: the town\n", "  - 'Nantes: the town'\n"),
    ("name: Map\n", "name: Map\nfundedBy:\n  - name: A\n    url: https://a.org\n", "    uri: https://a.org\n"),
    ("name: Map\n", "name: Map\nname: Map\n", "0.7\"\nname: Map\nurl"),
    ("name: Map\n", "name: Map\ndependsOn:\n  open:\n    - PostgreSQL\n", "    - name: PostgreSQL\n"),
    ("name: Map\n", "name: Map\nisBasedOn: false\n", "name: Map\nurl"),
    ("name: Map\n", "name: Map\nmonochromeLogo: a.svg\n", "\nlogo: a.svg\n"),
    ("name: Map\n", "Name: Map\n", "\nname: Map\n"),
    ("name: Map\n", "name: {Map\n", "\nname: '{Map'\n"),
    ("name: Map\n", "name: Map: the town\n", "\nname: 'Map: the town'\n"),
    ("name: Map\n", 'name: "Map\n', "Map"),
    ("name: Map\n", "name:Map\n", "\nname: Map\n"),
    ("  type: none\n", "\ttype: none\n", "  type: none\n"),
    ('"0.7"', '"1"', '"0.7"'),
    ('"0.7"', '"0.3"', '"0.7"'),
]  # fmt: skip


@pytest.mark.parametrize(("before", "broken", "after"), MENDED)
def test_what_is_meant_without_doubt_is_written_so(before: str, broken: str, after: str) -> None:
    assert VALID.count(before) == 1
    report = repair_report(VALID.replace(before, broken))
    assert report.is_valid, [found.render() for found in report.left]
    assert after in report.text
    assert not report.assumed


@pytest.mark.parametrize("key", ["platforms", "developmentStatus", "softwareType", "maintenance", "localisation"])
def test_what_is_missing_is_filled_in_neutrally_and_marked(key: str) -> None:
    report = repair_report(without(VALID, key))
    assert report.is_valid
    assert {fix.path[0] for fix in report.assumed} == {key}
    assert "to confirm" in report.text


@pytest.mark.parametrize("key", ["legal", "url", "description"])
def test_what_nobody_but_its_people_can_say_is_not_filled_in(key: str) -> None:
    report = repair_report(without(VALID, key))
    assert not report.is_valid
    assert all(found.say_fix() for found in report.left)


def test_other_words_in_the_place_of_a_closed_list_stay_as_a_comment() -> None:
    report = repair_report(VALID.replace("softwareType: standalone/web", "softwareType: video thing"))
    assert "# softwareType: video thing\nsoftwareType: standalone/web # to confirm" in report.text


def test_a_short_description_that_is_too_long_moves_into_the_long_one() -> None:
    long = "This map shows where everything in the town is and lets all of us draw on it. " * 3
    report = repair_report(VALID.replace("A map that everybody may draw.", long.strip()))
    assert report.is_valid
    told = leaves(compose(report.text))
    assert long.strip() in " ".join(told["description", "en", "longDescription"].split())
    assert len(told["description", "en", "shortDescription"]) <= 150


def test_two_keys_of_one_name_keep_the_one_that_says_something() -> None:
    text = repair(VALID.replace("name: Map\n", "name: ''\nname: Map\nname: Atlas\n"))
    assert text.count("\nname:") == 1
    assert "\n# name: Atlas\n" in text
    assert strict.check(text) == ()


def test_line_endings_and_missing_last_breaks_are_kept() -> None:
    windows = FRENCH.replace("\n", "\r\n")
    assert repair_report(windows).is_valid
    assert "\n" not in repair(windows).replace("\r\n", "")
    assert repair_report(FRENCH.rstrip("\n")).is_valid


def test_other_encodings_are_read_and_written_as_utf8() -> None:
    accents = VALID.replace("A map", "Une carte à dessiner, déjà")
    assert repair(accents.encode("cp1252")) == accents
    assert repair(accents.encode("utf-16")) == accents


MEANT = [
    ("date", "21 décembre 2023", "2023-12-21"), ("date", "December 21st, 2023", "2023-12-21"),
    ("date", "2023-12-21T10:00:00Z", "2023-12-21"), ("date", "2023-1-5", "2023-01-05"),
    ("date", "1.2.2023", "2023-02-01"), ("date", "5/5/2023", "2023-05-05"),
    ("date", "05/06/2014", None), ("date", "2023-02-30", None), ("date", "soon", None),
    ("language", "en_GB", "en-GB"), ("language", "fre", "fr"), ("language", "français", "fr"), ("language", "q1", None),
    ("country", "UK", "GB"), ("country", "Belgique", "BE"), ("country", "Atlantis", None),
    ("web", "<https://example.org>", "https://example.org"), ("web", "https:/example.org", "https://example.org"),
    ("web", "[map](https://example.org/a)", "https://example.org/a"), ("web", "see the site", None),
    ("url", "git@example.org:team/map.git", "https://example.org/team/map.git"),
    ("email", "me [at] example.org", "me@example.org"), ("email", "Me <me@example.org>", "me@example.org"),
    ("category", "Workflow Management", "workflow-management"), ("category", "knitting", None),
    ("scope", "health", "healthcare"), ("thing", "GDPR", "alias:gdpr"), ("platform", "macOS", "mac"),
    ("licence", "Etalab 2.0", "etalab-2.0"), ("licence", "our own terms", None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "meant"), MEANT)
def test_a_value_is_mended_only_where_there_is_no_doubt(kind: str, said: str, meant: str | None) -> None:
    assert mended(kind, said) == meant  # type: ignore[arg-type]


def test_a_text_is_cut_between_words() -> None:
    assert shortened("carte " * 60, 150).endswith("carte …")
    assert len(shortened("x" * 400, 150)) <= 150


def test_a_large_file_comes_back_at_once() -> None:
    for text in ("name: " + "x" * 2_000_000, "k: 'a\n" * 40_000, "usedBy:\n" + "  - a\n" * 40_000):
        with no_hang():
            assert repair(text) == text


# How often a file is mutated; `COMMUNS_MUTATIONS=10000` for a long run.
MUTATIONS = int(os.environ.get("COMMUNS_MUTATIONS", "120"))


def _mutated(seed: int) -> str:
    """A file with one to four of its lines changed, moved, repeated or lost, or characters replaced."""
    dice = random.Random(seed)  # noqa: S311
    lines = dice.choice((VALID, FRENCH)).split("\n")
    for _ in range(dice.randint(1, 4)):
        at, other = dice.randrange(len(lines)), dice.randrange(len(lines))
        line = lines[at]
        cut = dice.randint(0, len(line))
        lines[at] = dice.choice(
            (
                "",
                line + "\n" + line,
                lines[other],
                line[:cut] + dice.choice(list("\t'\"[]{}:#&*!|>%@`-?,\\é\x00🗺")) + line[cut:],
                line.partition(":")[0]
                + ": "
                + dice.choice(("[a, b]", "{a: b}", "no", "~", "12", "- x", "*a", "'", "é" * 200)),
                " " * dice.randint(0, 6) + line.strip(),
                line[:cut],
            )
        )
    return "\n".join(lines)


@settings(max_examples=MUTATIONS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.integers(min_value=0))
def test_mutated_files_are_read_and_repaired_without_a_fault(seed: int) -> None:
    text = _mutated(seed)
    document = read(text)
    for found in document.problems:
        assert found.say()
        assert found.say_fix()
        assert found.line >= 0
    report = repair_report(text)
    assert report.is_valid >= document.is_valid
    if document.is_valid:
        assert not report.assumed
    # What it said is still there: as a value, or in a comment.
    if not any(fix.step in {"syntax", "commented"} for fix in report.done) and report.done:
        kept = " ".join(line.strip().lstrip("#").strip() for line in report.text.split("\n"))
        said = [one for one in leaves(compose(text)).values() if one.startswith("A map that everybody may draw on")]
        assert all(" ".join(one.split())[:100] in " ".join(kept.split()) for one in said)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_repairing_never_fails(text: str | bytes) -> None:
    assert isinstance(repair(text), str)


def test_nothing_is_promised_in_the_name_of_a_licence_that_is_no_open_one() -> None:
    text = repair("name: X\nurl: https://github.com/example/x.git\nlegal:\n  license: proprietary\n")
    assert "LicenseRef-Proprietary" in text
    assert "may be used under" not in text
