"""The strict check of publiccode.yml: one rule, one example."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.standards.problems import Problem
from communs.core.standards.publiccode.strict import CODES, check, scanner
from communs.core.standards.publiccode.strict.tokens import SyntaxFault
from communs.core.standards.publiccode.strict.words import words
from communs.testing.hangs import no_hang

VALID = """\
publiccodeYmlVersion: "0"
name: Example
url: https://example.org/example.git
platforms:
  - web
developmentStatus: stable
softwareType: standalone/web
description:
  en:
    shortDescription: A short description.
    longDescription: >
      {long}
    features:
      - One feature
legal:
  license: EUPL-1.2
maintenance:
  type: none
localisation:
  localisationReady: true
  availableLanguages:
    - en
""".replace("{long}", "A text that is long enough for the standard. " * 4)


def found(text: str) -> list[tuple[str, str, int, int]]:
    """Path, code, line and column of each problem."""
    return [(one.path, one.code, one.line, one.column) for one in check(text)]


def with_change(before: str, after: str) -> list[tuple[str, str, int, int]]:
    assert before in VALID
    return found(VALID.replace(before, after))


def test_a_valid_file_has_no_problems() -> None:
    assert check(VALID) == ()
    assert check(VALID.encode()) == ()


def test_a_missing_key_stands_where_the_first_key_beside_it_stands() -> None:
    assert with_change("name: Example\n", "") == [("name", "missing", 1, 1)]
    assert with_change("  license: EUPL-1.2\n", "  repoOwner: Someone\n")[0] == ("legal.license", "missing", 16, 3)


def test_a_key_missing_with_the_table_around_it_has_no_place() -> None:
    assert with_change("legal:\n  license: EUPL-1.2\n", "") == [("legal.license", "missing", 0, 0)]


def test_a_key_missing_between_braces_stands_at_the_brace() -> None:
    assert with_change("legal:\n  license: EUPL-1.2\n", "legal: {}\n") == [("legal.license", "missing", 15, 8)]


def test_an_unknown_key_is_an_error() -> None:
    assert with_change("name: Example\n", "name: Example\nnom: Exemple\n") == [("nom", "unknown-key", 3, 1)]


def test_a_table_with_a_fault_counts_as_empty() -> None:
    assert with_change("localisationReady: true", "localisationReady: yes") == [
        ("localisation.localisationReady", "wrong-type", 20, 1),
        ("localisation.localisationReady", "missing", 20, 3),
        ("localisation.availableLanguages", "missing", 21, 3),
    ]


def test_a_number_is_a_text_where_a_text_belongs_but_no_version() -> None:
    assert with_change("name: Example", "name: 12") == []
    assert with_change('"0"', "0.2") == [("publiccodeYmlVersion", "wrong-type", 1, 1)]


def test_versions() -> None:
    assert with_change('"0"', '"0.7"') == []
    assert with_change('"0"', '"0.4"') == [("publiccodeYmlVersion", "version-old", 1, 1)]
    assert with_change('"0"', '"1.0"') == [("publiccodeYmlVersion", "version-unsupported", 0, 0)]
    assert with_change('publiccodeYmlVersion: "0"\n', "") == [("publiccodeYmlVersion", "missing", 0, 0)]


def test_lengths_count_what_people_see() -> None:
    family = "👩‍👩‍👧‍👦"
    assert with_change("A short description.", family * 150) == []
    assert with_change("A short description.", family * 151) == [("description.en.shortDescription", "too-long", 10, 5)]


def test_a_language_with_a_hyphen_is_named_in_brackets() -> None:
    assert with_change("  en:\n    short", "  pt-BR:\n    notShort") == [
        ("description.pt-BR.notShortDescription", "unknown-key", 10, 1),
        ("description", "empty-table", 8, 1),
    ]
    changed = VALID.replace("  en:\n", "  pt-BR:\n").replace("    features:\n      - One feature\n", "")
    assert found(changed) == [("description[pt-BR].features", "empty-list", 10, 5)]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("https://example.org/example.git", "example", "not-url"),
        ("developmentStatus: stable", "developmentStatus: done", "not-one-of"),
        ("license: EUPL-1.2", "license: Free", "not-licence"),
        ("    - en\n", "    - en_GB\n", "not-language"),
        ("type: none", "type: community", "missing-for"),
        ("platforms:\n  - web", "platforms: []", "empty-list"),
        ("name: Example", "name: Example\nreleaseDate: 2026-2-30", "not-date"),
        ("name: Example", "name: Example\ncategories: [none-such]", "not-category"),
        ("name: Example", "name: Example\nlandingURL: ftp://example.org", "not-http-url"),
        ("name: Example", "name: Example\nlogo: /logo.svg", "absolute-path"),
        ("name: Example", "name: Example\nlogo: file:///logo.svg", "file-address"),
        ("name: Example", "name: Example\nsupports: [{id: alias:none}]", "not-standard"),
        ("name: Example", "name: Example\norganisation: {uri: nobody}", "not-organisation"),
        ("name: Example", "name: Example\norganisation: {uri: 'urn:x-italian-pa:none'}", "not-administration"),
        ("name: Example", "name: Example\nintendedAudience: {countries: [EU]}", "not-country"),
        ("name: Example", "name: Example\nintendedAudience: {countries: [fr]}", "country-in-small-letters"),
        ("name: Example", "name: Example\nintendedAudience: {scope: [none]}", "not-scope"),
        ("name: Example", "name: Example\ninputTypes: [text]", "not-media-type"),
        ("name: Example", "name: Example\nit: {}", "section-in-small-letters"),
        ("    features:", "    videos: ['https://example.org/film']\n    features:", "not-video"),
        ("  type: none", "  type: none\n  contractors: [{name: A, until: 2030-01-01}]", "not-allowed"),
        ("  type: none", "  type: internal\n  contacts: [{name: A, email: ''}]", "not-email"),
        ("name: Example", "name: *nobody", "bad-alias"),
        ("name: Example", "name: Example\nname: Example", "duplicate-key"),
        ("name: Example", "\tname: Example", "yaml-tab-at-start"),
        ("name: Example", "name Example", "yaml-no-key"),
        ("name: Example", 'name: "Example', "yaml-unclosed-quote"),
        ("name: Example", "name: @Example", "yaml-reserved-character"),
    ],
)
def test_each_rule_finds_its_fault(before: str, after: str, code: str) -> None:
    assert code in [one[1] for one in with_change(before, after)]


def test_files_beside_are_asked_for_only_where_they_are_given() -> None:
    text = VALID.replace("name: Example\n", "name: Example\nlogo: logo.png\n")
    narrow = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (50).to_bytes(4, "big") * 2
    assert check(text) == ()
    assert [one.code for one in check(text, lambda path: None)] == ["file-missing"]
    assert [one.code for one in check(text, {"logo.png": narrow}.get)] == ["not-logo"]


def test_every_code_has_words_whose_placeholders_are_known() -> None:
    values = dict.fromkeys(("value", "other", "bound", "choices", "line", "instead", "what"), "x")
    for code in CODES:
        severity, message, fix = words(code)
        problem = Problem("name", 1, 1, code, severity, message, fix, values)
        assert problem.say()
        assert problem.say_fix()


def test_what_cannot_be_read_is_refused_quickly() -> None:
    bombs = [
        "a: &a [x]\n" + "".join(f"b{n}: &b{n} [{'*a, ' * 9}*a]\n" for n in range(50)),
        "[" * 100_000,
        "{a: " * 50_000,
        "- " * 100_000,
        "a:\n" + "".join(f"{' ' * n}b:\n" for n in range(1, 1000)),
        "x" * (100 * 1024 * 1024),
        'a: "' + "\\u0041" * 100_000,
    ]
    for bomb in bombs:
        with no_hang():
            assert any(one.severity == "error" for one in check(bomb))


def tokens(text: str) -> list[tuple[str, str, int]] | tuple[str, int]:
    try:
        return [(token.kind, token.value, token.line) for token in scanner.scan(text)]
    except SyntaxFault as fault:
        return fault.code, fault.line


PIECES = st.sampled_from(
    ["\n", "\t", " ", "  ", ":", ": ", "- ", "#", "'", '"', "|", ">", "[", "]", "{", "}", "&a", "*a", "!!str ",
     "<<: *a", "---\n", "...\n", "%", "? ", "@", "`", "\r\n", "\\", "é", "\u200d", "\ufeff", "null", "true",
     "0x1F", "~", ",", "x"]
)  # fmt: skip


CHANGES = st.lists(st.tuples(st.integers(0, len(VALID)), st.integers(0, 12), PIECES), min_size=1, max_size=6)


def changed(changes: list[tuple[int, int, str]]) -> str:
    text = VALID
    for start, length, piece in changes:
        text = text[:start] + piece + text[start + length :]
    return text


@given(CHANGES)
def test_no_change_of_a_file_breaks_the_check(changes: list[tuple[int, int, str]]) -> None:
    text = changed(changes)
    lines = len(re.findall(r"\r\n|\r|\n", text)) + text.count("\r\n") + 1
    for problem in check(text):
        assert problem.path or problem.line or problem.code in {"several-documents", "bad-address"}
        assert 0 <= problem.line <= lines + 1
        assert problem.say()
        assert problem.say_fix()


@given(CHANGES)
def test_lines_taken_at_once_give_the_same_as_character_by_character(changes: list[tuple[int, int, str]]) -> None:
    text = changed(changes)
    at_once = tokens(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanner, "take_line", lambda _scanner: False)
        assert tokens(text) == at_once
