"""JSON and YAML from strangers: bounded, never raising, every value with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.standards.problems import Problem, dotted, in_order
from communs.core.standards.reading import FEED, MANIFEST, load_json, load_yaml
from communs.core.standards.reading.json_text import repeated_keys

values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def paths_of(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, item in inner for deeper in paths_of(item, (*path, key)))]


@given(values, st.sampled_from([None, 2]), st.booleans())
def test_every_value_of_a_json_text_is_found_where_it_stands(value: Any, indent: int | None, plain: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=plain)
    loaded = load_json(text)
    assert loaded.value == value
    assert loaded.problems == ()
    lines = text.split("\n")
    for path in paths_of(value):
        line, column = loaded.place(path)
        here = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        if path and isinstance(path[-1], str):
            assert here.startswith(json.dumps(path[-1], ensure_ascii=plain))
        else:
            read, _end = json.JSONDecoder().raw_decode(here)
            inner = value
            for step in path:
                inner = inner[step]
            assert read == inner


@given(st.dictionaries(st.text("abcé :#-'", max_size=6), st.lists(st.text("abcé :#-'0", max_size=6) | st.booleans())))
def test_yaml_gives_back_what_json_says(value: Any) -> None:
    assert load_yaml(json.dumps(value, ensure_ascii=False)).value == value


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_nothing_raises_and_every_refusal_has_a_place_and_a_remedy(text: str | bytes) -> None:
    for load in (load_json, load_yaml):
        loaded = load(text)
        for problem in loaded.problems:
            assert problem.line >= 1
            assert problem.column >= 1
            assert problem.say()
            assert problem.say_fix()
        if loaded.value is None and load is load_json:
            assert loaded.problems or json.loads(text) is None


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


@pytest.mark.parametrize("load", [load_json, load_yaml])
def test_what_is_too_large_or_too_deep_is_refused_before_it_is_built(load: Any) -> None:
    assert codes(load(b" " * (MANIFEST.size + 1)).problems) == ["too-much-size"]
    assert codes(load("[" * 10_000).problems) == ["too-much-depth"]
    assert codes(load('{"a":' * 10_000).problems) == ["too-much-depth"]
    assert codes(load("[" + "1," * 60_000 + "1]").problems) == ["too-much-nodes"]


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert codes(load_yaml("\n".join(lines)).problems) == ["too-much-aliases"]
    assert codes(load_yaml("a: &a [*a]").problems) == ["too-much-aliases"]


def test_repeated_keys_are_told() -> None:
    loaded = load_json('{"a": {"b": 1,\n "b": 2}}')
    assert [problem.render() for problem in repeated_keys(loaded)] == [
        "2:2: “a.b” stands here a second time. Keep one of the two."
    ]
    assert loaded.value == {"a": {"b": 2}}
    assert [problem.render() for problem in load_yaml("a: 1\na: 2\n").problems] == [
        "2:1: “a” stands here a second time. Keep one of the two."
    ]


def test_yaml_makes_no_objects_and_leaves_dates_as_texts() -> None:
    assert load_yaml("a: !!python/object/apply:os.system [ls]\nb: 2020-01-01\nc: yes\nd: ~\n").value == {
        "a": ["ls"],
        "b": "2020-01-01",
        "c": True,
        "d": None,
    }


def test_a_byte_order_mark_is_no_part_of_the_text_and_other_encodings_are_told() -> None:
    assert load_json(b'\xef\xbb\xbf{"a": 1}').value == {"a": 1}
    loaded = load_json('{"a":\n "é"}'.encode("latin-1"))
    assert [(problem.code, problem.line, problem.column) for problem in loaded.problems] == [("not-utf8", 2, 3)]
    assert loaded.value == {"a": "\ufffd"}


def test_the_place_of_what_is_absent_is_that_of_the_nearest_above_it() -> None:
    loaded = load_json('{"a":\n {"b": []}}', FEED)
    assert loaded.place(("a", "b", 3, "c")) == (2, 3)
    assert loaded.place(("x",)) == (1, 1)
    assert loaded.problem(("a", "c"), "x", "error", ("“{path}”: {why}.", "Mend it."), why="bad").render() == (
        "1:2: “a.c”: bad. Mend it."
    )


def test_problems_come_by_place_and_once() -> None:
    one = Problem("b", 2, 1, "x", "warning", "One.", "Do.")
    other = Problem("a", 1, 5, "x", "error", "Other.", "Do.")
    assert in_order([one, other, one]) == (other, one)
    assert dotted(("a", 0, "b", "c")) == "a[0].b.c"


def test_what_a_file_says_is_never_a_placeholder() -> None:
    assert Problem("{x}", 1, 1, "x", "error", "“{path}” {value}", "{value}", {"value": "{path}"}).render() == (
        "1:1: “{x}” {path} {path}"
    )
