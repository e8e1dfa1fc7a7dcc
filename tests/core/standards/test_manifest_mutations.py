"""Whatever a manifest has become, every reader answers: never a traceback, always a place and a remedy, soon."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.matching import Profile
from communs.core.openness import Facts, test_commons
from communs.core.standards import citation_cff, codemeta, dpg, funding_directory, funding_json, funding_yml
from communs.core.standards.documents import Document
from communs.core.standards.formats import Sample
from communs.testing.hangs import no_hang

LINK = {"url": "https://atlas.example.org", "wellKnown": None}
SEEDS: dict[Any, Any] = {
    funding_json: {
        "version": "v1.0.0",
        "entity": {"type": "group", "role": "owner", "name": "Us", "email": "a@example.org", "description": "",
                   "webpageUrl": LINK},
        "projects": [{"guid": "atlas", "name": "Atlas", "description": "Maps", "webpageUrl": LINK,
                      "repositoryUrl": LINK, "licenses": ["spdx:MIT", "GPL-3.0"], "tags": ["Maps", "city"]}],
        "funding": {"channels": [{"guid": "bank", "type": "bank", "address": ""}],
                    "plans": [{"guid": "p", "status": "active", "name": "P", "amount": 0, "currency": "EUR",
                               "frequency": "monthly", "channels": ["bank"]}],
                    "history": [{"year": 2024, "income": 1.5, "currency": "EUR"}]},
    },
    codemeta: {
        "@context": "https://w3id.org/codemeta/3.0", "@type": ["SoftwareSourceCode"], "name": "Atlas",
        "description": [{"@value": "Maps", "@language": "en"}], "codeRepository": {"@id": "https://example.org/a"},
        "license": ["MIT", "https://spdx.org/licenses/GPL-3.0"], "keywords": "a, b", "dateModified": "2026-01-01",
        "author": [{"@type": "Organization", "name": "Us"}], "identifier": {"value": "10.5281/zenodo.1"},
        "@graph": [{"@type": "Person"}],
    },
    citation_cff: {
        "cff-version": "1.2.0", "message": "Cite us", "title": "Atlas", "license": ["MIT", "ISC"],
        "doi": "10.5281/zenodo.1",
        "authors": [{"family-names": "Person", "orcid": "0000-0000-0000-0000"}, {"name": "Us", "country": "FR"}],
        "identifiers": [{"type": "doi", "value": "10.5281/zenodo.1"}], "keywords": ["a"], "date-released": "2026-01-01",
        "references": [{"type": "book", "title": "B", "authors": [{"name": "X"}]}], "version": 1,
    },
    funding_yml: {"github": ["a", "@b"], "ko_fi": None, "custom": ["https://example.org/give", "x"], "ko-fi": "x"},
    dpg: {
        "name": "Atlas", "description": "Maps", "website": "https://atlas.example.org", "type": ["software", "data"],
        "license": [{"spdx": "GPL-3.0", "licenseURL": ""}], "SDGs": [{"SDGNumber": 1}], "stage": "DPG",
        "organizations": [{"name": "Us", "org_type": "owner"}], "repositories": [{"name": "main", "url": "https://e.org/a"}],
        "locations": {"deploymentCountries": ["France", ""]},
    },
}  # fmt: skip
YAML = (citation_cff, funding_yml)

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.floats(), st.text(max_size=12),
    st.sampled_from(["", " ", "https://", "http://[", "https://[::1", "spdx:", "(", "MIT OR", "\x00", "\ud800",
                     "é" * 3000,
                     "{path}", "{0}", "a@b.example", "+33 1 23 45 67 89", "2026-13-45", "10.5281/", "@", "null", "~"]),
)  # fmt: skip
SLIPS = ["", '"', "{", "}", "[", ",", ":", "\t", "\n", "&a ", "*a", "# ", "//"]
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            found += places(inner, (*path, key))
    return found


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


@st.composite
def mutants(draw: st.DrawFn) -> tuple[Any, str]:
    """A reader and the text of a manifest with some values replaced, and some characters of the text as well."""
    module = draw(st.sampled_from(list(SEEDS)))
    value = SEEDS[module]
    for _ in range(draw(st.integers(1, 3))):
        value = changed(value, draw(st.sampled_from(places(value))), draw(VALUES))
    indent = draw(st.sampled_from([None, 2]))
    try:
        text = yaml.safe_dump(value, sort_keys=False) if module in YAML else json.dumps(value, indent=indent)
    except (yaml.YAMLError, UnicodeEncodeError):
        text = json.dumps(value)
    if draw(st.booleans()) and text:
        at = draw(st.integers(0, len(text) - 1))
        text = text[:at] + draw(st.sampled_from(SLIPS)) + text[at + 1 :]
    return module, text


def answer_is_sound(document: Document, text: str) -> None:
    lines = text.count("\n") + text.count("\r") + 1
    for found in document.problems:
        assert 1 <= found.line <= lines
        assert found.column >= 1
        assert found.code
        assert found.say()
        assert found.say_fix()
        json.dumps(found.as_json(), ensure_ascii=False).encode()
    for record in document.records:
        Profile.from_record(record)
        test_commons(Facts.from_record(record))
        json.dumps(record, ensure_ascii=False, allow_nan=False).encode()
        assert "\x00" not in json.dumps(record)


@settings(max_examples=400, deadline=None)
@given(mutants())
def test_every_mutant_gets_a_sound_answer_and_a_repair_that_reads(mutant: tuple[Any, str]) -> None:
    module, text = mutant
    data = text.encode("utf-8", errors="replace")
    document = module.read(data)
    answer_is_sound(document, text)
    module.recognise(Sample(data))
    if module is not dpg:
        repaired = module.repair(data)
        again = module.read(repaired)
        answer_is_sound(again, repaired)
        # Repairing takes nothing away, and what is repaired stays so.
        assert again.is_valid or not document.is_valid
        assert len(again.records) >= len(document.records)
        assert module.repair(repaired) == repaired
    for record in document.records:
        for write, read in WRITERS:
            written = write(record)
            answer_is_sound(read(written), written)


WRITERS: list[tuple[Callable[..., str], Callable[..., Document]]] = [
    (funding_json.write, funding_json.read),
    (codemeta.write, codemeta.read),
]

HOSTILE = {
    "100 MB": b"x" * 100_000_000,
    "100 MB of JSON": b'{"a": "' + b"x" * 100_000_000 + b'"}',
    "10,000 lists": b"[" * 10_000 + b"]" * 10_000,
    "10,000 objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "10,000 flow lists": b"a: " + b"[" * 10_000,
    "laughs": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (at, at, b",".join([b"*%c" % (at - 1)] * 9)) for at in range(98, 110)),
    "remarks": b"{" + b"/*" * 400_000,
    "quotes": b'{"a":' + b'"\\' * 400_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("module", [*SEEDS, funding_directory], ids=lambda module: module.__name__.rpartition(".")[2])
def test_what_would_take_too_much_is_refused_within_a_second(module: Any, name: str) -> None:
    with no_hang():
        document = module.read(HOSTILE[name])
    assert not document.is_valid
    assert document.records == ()
    answer_is_sound(document, "\n" * 50)
