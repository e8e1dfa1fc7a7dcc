"""The strict check of publiccode.yml beside the verdicts of the reference parser, network checks off."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from communs.core.standards.publiccode.strict import check
from communs.core.standards.publiccode.strict.lexical import addresses, languages, licences, lists

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
FIXTURES = CORPORA / "register" / "publiccode-fixtures"
REAL = CORPORA / "register" / "publiccode-real"

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not FIXTURES.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]

# What the reference says, and our codes for it; the first that matches counts.
KINDS: Final = tuple(
    (code, re.compile(pattern))
    for code, pattern in {
        "missing": r"is a required field$",
        "missing-for": r"is a required field when",
        "not-allowed": r"must not be present unless",
        "empty-list": r"must contain more than 0 items",
        "too-long": r"must be a maximum of",
        "too-short": r"must be at least",
        "not-one-of": r"must be one of the following",
        "not-url": r"must be a valid URL$",
        "not-http-url": r"must be an HTTP URL",
        "not-email": r"valid email",
        "not-date": r"must be a date",
        "not-media-type": r"MIME",
        "not-category": r"valid category",
        "not-scope": r"valid scope",
        "not-country": r"ISO 3166",
        "not-language": r"BCP 47",
        "not-licence": r"valid license",
        "not-organisation": r"not a valid URI",
        "not-administration": r"Italian Public",
        "not-standard": r"known alias",
        "not-video": r"oEmbed",
        "absolute-path": r"is an absolute path",
        "file-address": r"is a file://",
        "wrong-type": r"wrong type",
        "unknown-key": r"^unknown field",
        "duplicate-key": r"^mapping key .* already defined",
        "version-unsupported": r"^unsupported version",
        "version-old": r"is not the latest",
        "deprecated": r"^This key is DEPRECATED",
        "country-in-small-letters": r"^Lowercase country codes are DEPRECATED\. Use upper",
        "section-in-small-letters": r"^Lowercase country codes",
        "section-twice": r"already present",
        "several-documents": r"multiple YAML",
        "not-utf8": r"Invalid UTF-8",
        "file-missing": r"does not exist|no such file",
        "not-picture": r"is not an image",
        "not-logo": r"invalid file extension|invalid image size",
        "yaml": r"",
    }.items()
)
SAME: Final = {"empty-table": "empty-list", "deprecated-for": "deprecated", "bad-alias": "wrong-type"}

Found = tuple[str, str, str, int, int]


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    data: str | bytes
    expected: list[Found]
    beside: Callable[[str], bytes | None] | None = None


def expected(results: Iterable[dict[str, Any]] | None) -> list[Found]:
    return sorted(
        (one["type"], one["key"], kind(one["description"]), one["line"], one["column"]) for one in results or ()
    )


def kind(description: str) -> str:
    return next(code for code, pattern in KINDS if pattern.search(description))


def found(case: Case) -> list[Found]:
    problems = check(case.data, case.beside)
    codes = ("yaml" if one.code.startswith("yaml-") else SAME.get(one.code, one.code) for one in problems)
    return sorted(
        (one.severity, one.path, code, one.line, one.column) for one, code in zip(problems, codes, strict=True)
    )


def fixtures() -> Iterator[Case]:
    for name, verdict in json.loads((FIXTURES / "oracle-nonetwork.json").read_text(encoding="utf-8")).items():
        path = FIXTURES / name

        def beside(named: str, folder: Path = path.parent) -> bytes | None:
            return (folder / named).read_bytes() if (folder / named).is_file() else None

        yield Case(name, path.read_bytes(), expected(verdict["results"]), beside)


def mutants() -> Iterator[Case]:
    with (FIXTURES / "mutants-oracle-sample.jsonl").open(encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            yield Case(case["id"], case["yml"], expected(case["go"]["results"]))


def real() -> Iterator[Case]:
    for name, verdict in json.loads((REAL / "oracle.json").read_text(encoding="utf-8")).items():
        yield Case(name, (REAL / name).read_bytes(), expected(verdict["results"]))


def is_other_unknown_key(case: Case, ours: list[Found]) -> bool:
    """Where a table has several unknown keys, the reference names any one of them, another one at every run."""
    theirs_only = [one for one in case.expected if one not in ours]
    ours_only = [one for one in ours if one not in case.expected]
    return len(theirs_only) == len(ours_only) == 1 and theirs_only[0][2] == ours_only[0][2] == "unknown-key"


@pytest.mark.parametrize("cases", [fixtures, mutants, real])
def test_verdict_key_kind_and_place_are_those_of_the_reference(cases: Callable[[], Iterator[Case]]) -> None:
    wrong = []
    for case in cases():
        ours = found(case)
        if ours != case.expected and not is_other_unknown_key(case, ours):
            wrong.append((case.name, case.expected, ours))
    assert wrong == []


RULES: Final[dict[str, Callable[[str], bool]]] = {
    "spdx": licences.is_expression,
    "bcp47_strict_language_tag": languages.is_language,
    "email": addresses.is_email,
    "url": addresses.is_url,
    "http_url": addresses.is_http_url,
    "urn_rfc2141": addresses.is_urn,
    "is_mime_type": lists.is_media_type,
    "date": lists.is_date,
}


def test_single_values_are_judged_as_by_the_reference() -> None:
    with (FIXTURES / "lexical-oracle-sample.jsonl").open(encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    wrong = [case for case in cases if RULES[case["kind"]](case["text"]) != case["valid"]]
    assert (len(cases) > 100, wrong) == (True, [])
