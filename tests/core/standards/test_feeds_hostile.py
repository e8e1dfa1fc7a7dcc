"""Feeds that are damaged or meant to harm: every answer names a place and a remedy, and comes soon."""

from __future__ import annotations

import json
import tracemalloc
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.matching import Opportunity
from communs.core.standards import aides_territoires, dispositif_aide, finnish_calls, grants_gov, sedia
from communs.core.standards.documents import Document
from communs.testing.hangs import no_hang

FORMATS = [dispositif_aide, aides_territoires, sedia, grants_gov, finnish_calls]
NAMES = [module.NAME for module in FORMATS]


@cache
def built_by(name: str) -> ModuleType:
    """The tests of one format, for the sound files that they build."""
    spec = spec_from_file_location(name, Path(__file__).with_name(f"test_{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def good_files() -> list[tuple[Any, str]]:
    """One sound file of each shape."""
    return [
        (
            dispositif_aide,
            built_by("dispositif_aide").table({"date_cloture": "2026-06-30", "url_source": "https: //a.org"}),
        ),
        (aides_territoires, json.dumps({"results": [built_by("aides_territoires").AID]})),
        (sedia, json.dumps({"results": [built_by("sedia").topic(budgetOverview=['{"budgetTopicActionMap":{}}'])]})),
        (grants_gov, built_by("grants_gov").extract({"AwardFloor": "1", "EligibleApplicants": ["12", "25"]})),
        (finnish_calls, json.dumps([built_by("finnish_calls").CALL, built_by("finnish_calls").EURA])),
    ]


JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
    | st.sampled_from(["<b>", "&amp;", "https: //x", "20230112", "2022-13-45", "é" * 9, "\x00", "Ã©", "[1", "9" * 400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def check(document: Document) -> None:
    for problem in document.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.say()
        assert problem.say_fix()
        assert problem.render()
    for record in document.records:
        Opportunity.from_record(record)
        json.dumps(record)
    assert document.records or document.problems


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_changed_letter_never_ends_in_a_traceback(data: st.DataObject) -> None:
    module, text = data.draw(st.sampled_from(good_files()))
    raw = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    check(module.read(bytes(raw)))


def _replaced(value: Any, data: st.DataObject, chance: int) -> Any:
    if data.draw(st.integers(0, chance)) == 0:
        return data.draw(JUNK)
    if isinstance(value, dict):
        return {key: _replaced(inner, data, 6) for key, inner in value.items()}
    return [_replaced(inner, data, 6) for inner in value] if isinstance(value, list) else value


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_value_of_another_shape_never_ends_in_a_traceback(data: st.DataObject) -> None:
    module, text = data.draw(st.sampled_from([good for good in good_files() if good[1][:1] in "{["]))
    check(module.read(json.dumps(_replaced(json.loads(text), data, 60))))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_cell_of_another_content_never_ends_in_a_traceback(data: st.DataObject) -> None:
    table = built_by("dispositif_aide")
    values = {
        column: data.draw(st.text(max_size=20)) for column in data.draw(st.sets(st.sampled_from(sorted(table.BASE))))
    }
    check(dispositif_aide.read(table.table(values)))


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b']><Grants xmlns="http://apply.grants.gov/system/OpportunityDetail-V1.0">&l9;</Grants>'
)
HARMFUL = {
    "100 MB": b"\0" * 100_000_000,
    "10,000 deep JSON": b"[" * 10_000 + b"]" * 10_000,
    "10,000 deep XML": b"<Grants>" + b"<a>" * 10_000 + b"</a>" * 10_000 + b"</Grants>",
    "billion laughs": LAUGHS,
    "a string that never ends": b'{"results": "' + b"a" * 10_000_000,
    "a cell that never ends": b'id,titre,types_aides,porteurs,cibles\n"' + b"a" * 10_000_000,
    "a line that never ends": b"id;titre;" * 1_500_000,
}


@pytest.mark.parametrize("module", FORMATS, ids=NAMES)
@pytest.mark.parametrize("name", HARMFUL)
def test_what_would_harm_is_refused_soon(module: Any, name: str) -> None:
    with no_hang():
        document = module.read(HARMFUL[name])
    assert not document.is_valid
    assert document.records == ()
    check(document)


@pytest.mark.parametrize("module", FORMATS, ids=NAMES)
@pytest.mark.parametrize("name", ["100 MB", "a string that never ends", "billion laughs"])
def test_what_would_harm_takes_no_memory(module: Any, name: str) -> None:
    tracemalloc.start()
    try:
        module.read(HARMFUL[name])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000
