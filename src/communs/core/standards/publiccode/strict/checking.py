"""The strict check of a publiccode.yml, step by step as the reference parser takes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from communs.core.standards.problems import Problem
from communs.core.standards.publiccode.strict.advice import Beside, check_whole
from communs.core.standards.publiccode.strict.decoding import DecodeFault, Decoder, Values, read_table
from communs.core.standards.publiccode.strict.parser import parse
from communs.core.standards.publiccode.strict.rules import Findings, check_table
from communs.core.standards.publiccode.strict.schema import KEYS, LATEST, RULES, VERSIONS
from communs.core.standards.publiccode.strict.tokens import Kind, SyntaxFault
from communs.core.standards.publiccode.strict.tree import (
    NOWHERE,
    Anchored,
    Node,
    Place,
    Scalar,
    Table,
    key_at,
    place_of,
)
from communs.core.standards.publiccode.strict.words import words
from communs.core.standards.reading import MANIFEST, TooMuch

_VERSION: Final = "publiccodeYmlVersion"
_MARKS = re.compile("[&*!<]")
_TEXTS: Final = frozenset({Kind.STRING, Kind.SINGLE_QUOTED, Kind.DOUBLE_QUOTED})


@dataclass(frozen=True, slots=True)
class _Stop(Exception):
    """The check ends with one problem."""

    problem: Problem


def check(data: str | bytes, beside: Beside | None = None) -> tuple[Problem, ...]:
    """All problems of a publiccode.yml, as the reference parser finds them without a network. Never raises.

    Keys, lines and columns are those of the reference; line and column are 0 where it knows no place. `beside` gives
    the contents of the files that a path in the file may name; without it, they are not asked for.
    """
    try:
        text = _text(data)
        root, problems = _readable(text)
    except _Stop as stop:
        return (stop.problem,)
    values, fault = _decoded(root, marked=_MARKS.search(text) is not None)
    if fault is not None:
        problems.append(_decode_problem(fault, root))
    findings = Findings()
    check_table(RULES, values, "", findings)
    check_whole(values, findings, beside)
    problems.extend(problem(code, key, place_of(root, key), **said) for key, code, said in findings)
    return tuple(problems)


def problem(code: str, key: str, place: Place, **values: str) -> Problem:
    """A problem in the words of its code."""
    severity, message, fix = words(code)
    return Problem(key, *place, code, severity, message, fix, values)


def _readable(text: str) -> tuple[Node, list[Problem]]:
    """The tree of the file and, as warning, its version; `_Stop` where there is no more to say."""
    try:
        documents = parse(text)
    except SyntaxFault as fault:
        raise _Stop(_syntax_problem(fault)) from fault
    except TooMuch as much:
        raise _Stop(much.problem) from much
    if not documents or documents[0] is None:
        raise _Stop(problem("missing", _VERSION, NOWHERE))
    if len(documents) > 1:
        raise _Stop(problem("several-documents", "", NOWHERE))
    return documents[0], _version(documents[0])


def _text(data: str | bytes) -> str:
    if len(data) > MANIFEST.size:
        raise _Stop(TooMuch("size", MANIFEST.size).problem)
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _Stop(problem("not-utf8", "", NOWHERE)) from error


def _syntax_problem(fault: SyntaxFault) -> Problem:
    if fault.code == "duplicate-key":
        name, line, _ = fault.detail.split("\0")
        return problem("duplicate-key", "", (fault.line, 1), value=name, line=line)
    return problem(f"yaml-{fault.code}", "", (fault.line, 1), what=fault.detail)


def _version(root: Node) -> list[Problem]:
    table = root.value if isinstance(root, Anchored) else root
    pairs = table.pairs if isinstance(table, Table) else []
    pair = next((pair for pair in pairs if pair.name == _VERSION), None)
    if pair is None:
        raise _Stop(problem("missing", _VERSION, NOWHERE))
    value = pair.value
    if not isinstance(value, Scalar) or value.kind not in _TEXTS:
        raise _Stop(problem("wrong-type", _VERSION, place_of(root, _VERSION)))
    if value.value not in VERSIONS:
        raise _Stop(problem("version-unsupported", _VERSION, NOWHERE, value=value.value[:80]))
    if value.value == "0" or value.value.startswith(LATEST):
        return []
    return [problem("version-old", _VERSION, place_of(root, _VERSION), value=value.value)]


def _decoded(root: Node, *, marked: bool) -> tuple[Values, DecodeFault | None]:
    empty: dict[str, Any] = {name: shape.zero for name, shape in KEYS.items()}
    try:
        return read_table(Decoder(root, marked=marked), KEYS, root)
    except DecodeFault as fault:
        return empty, fault


def _decode_problem(fault: DecodeFault, root: Node) -> Problem:
    if not fault.line:
        return problem(fault.code, "", NOWHERE, value=fault.value[:80])
    return problem(fault.code, key_at(root, fault.line), (fault.line, 1), value=fault.value[:80])
