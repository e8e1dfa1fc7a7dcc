"""The parts of a commons and the licence of each, from what sources state.

A list of licences names parts freely ("code", "training data", "specification (alternative)"). This module reads from
the words what kind of work a part is, which entries are alternatives, which contradict each other, and which are not
parts of the commons at all but limits around it: a paid edition, a second licence for sale, a service only hosted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from communs.core import licences
from communs.core.licences import Expression, WorkKind

LimitKind = Literal["paid_edition", "commercial_licence", "hosted_only"]

_KIND_OF_COMMONS: Final[Mapping[str, WorkKind]] = {
    "software": "software", "data": "data", "content": "content", "knowledge": "content", "standard": "standard",
    "model": "model", "hardware": "hardware", "service": "software", "suite": "software",
}  # fmt: skip
_WORDS: Final[tuple[tuple[WorkKind, re.Pattern[str]], ...]] = (
    ("content", re.compile(
        r"\b(texts?|(text)?books?|lessons?|tutorials?|photos?|media|images?|videos?|recordings?|papers?|sentences?|"
        r"courses?|dictionar\w+|documentation|docs|works|items|deposits?|exercises?|content)\b")),
    ("model", re.compile(r"\bweights\b")),
    ("data", re.compile(r"\b(\w*data|datasets?|databases?|observations?|corpora|corpus)\b")),
    ("standard", re.compile(r"\b(specifications?|standards?|vocabulary|schemas?|charter)\b")),
    ("hardware", re.compile(r"\b(hardware|designs?|plans|machines?|pcb|schematics?|printed|cad)\b")),
    ("software", re.compile(
        r"\b(code|software|source|scripts?|firmware|server|librar\w+|tools?|apps?|applications?|client|player|engine|"
        r"distribution|packages?|ide)\b")),
)  # fmt: skip
_LIMITS: Final[tuple[tuple[LimitKind, re.Pattern[str]], ...]] = (
    ("paid_edition", re.compile(r"\b(enterprise|premium|paid|pro edition)\b")),
    ("commercial_licence", re.compile(r"(?<!non.)\bcommercial\b")),
    ("hosted_only", re.compile(r"\b(hosted|saas)\b")),
)
_ALTERNATIVE = re.compile(r"\balternative\b")
_CONFLICT = re.compile(r"\bconflict")
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)\s*$")
_MAX_ENTRIES: Final = 200


@dataclass(frozen=True, slots=True)
class Claim:
    """A value and what speaks for it: a source in words or an address, a date as known, how it came to be known."""

    value: object
    source: str = ""
    date: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """The licence of one part as one claim states it."""

    licence: Expression
    claim: Claim


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a commons: its name, the kind of work it is, and every statement of its licence, the shown one first.

    `statements` is never empty.
    """

    name: str
    kind: WorkKind
    statements: tuple[Stated, ...]

    @property
    def shown(self) -> Expression:
        """The licence as shown."""
        return self.statements[0].licence

    @property
    def conflicting(self) -> tuple[Stated, ...]:
        """The statements that disagree with the shown one. One that says nothing disagrees with none."""
        said = [stated for stated in self.statements if stated.licence.tree is not None]
        return tuple(stated for stated in said[1:] if not licences.agree(said[0].licence, stated.licence))


@dataclass(frozen=True, slots=True)
class Limit:
    """Something around the commons that is not open: recorded and shown, not judged."""

    kind: LimitKind
    part: str
    licence: str


def read_parts(kind: str, claims: Sequence[Claim]) -> tuple[tuple[Part, ...], tuple[Limit, ...]]:
    """Parts and limits of a commons of `kind` from claims about `licences`, lists of `{"part", "spdx"}`."""
    parts: list[Part] = []
    limits: dict[Limit, None] = {}
    for claim in claims:
        stated, around = _without_limits(_entries(claim.value))
        limits.update(dict.fromkeys(around))
        own = [Part(name, _kind_of(name, kind), statements) for name, statements in _grouped(stated, claim)]
        if parts:
            for part in own:
                _join(parts, part)
        else:
            parts = own
    return tuple(parts), tuple(limits)


def _entries(value: object) -> list[tuple[str, str]]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    found = []
    for entry in value[:_MAX_ENTRIES]:
        if isinstance(entry, Mapping):
            part, spdx = entry.get("part"), entry.get("spdx")
            found.append((part.strip() if isinstance(part, str) else "", spdx if isinstance(spdx, str) else ""))
    return found


def _without_limits(entries: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[Limit]]:
    stated: list[tuple[str, str]] = []
    limits: list[Limit] = []
    for part, spdx in entries:
        kind = next((kind for kind, words in _LIMITS if words.search(part.lower())), None)
        if kind is not None and licences.is_open_content(spdx) != "yes":
            limits.append(Limit(kind, part, spdx))
        else:
            stated.append((part, spdx))
    # Where nothing but a paid or hosted part is left, that part is what there is to judge.
    return (stated, limits) if stated else (entries, [])


def _grouped(entries: Iterable[tuple[str, str]], claim: Claim) -> list[tuple[str, tuple[Stated, ...]]]:
    """Parts by name in order: repeated names add up, alternatives join the part before, contradictions stand apart."""
    entries = list(entries)
    contradicted = {_base(part) for part, _ in entries if _CONFLICT.search(part.lower())}
    sums: dict[str, list[Expression]] = {}
    others: dict[str, list[Expression]] = {}
    last = ""
    for part, spdx in entries:
        licence = licences.parse(spdx)
        base = _base(part)
        if base in contradicted:
            (others if _CONFLICT.search(part.lower()) else sums).setdefault(base, []).append(licence)
        elif _ALTERNATIVE.search(part.lower()) and sums:
            name = base if base in sums else last
            sums[name][-1] = licences.any_of((sums[name][-1], licence))
        else:
            sums.setdefault(part, []).append(licence)
            last = part
    return [
        (name, tuple(Stated(one, claim) for one in (_sum(stated), *others.get(name, ()))))
        for name, stated in sums.items()
    ]


def _sum(stated: list[Expression]) -> Expression:
    return licences.all_of(tuple(dict.fromkeys(stated)))


def _base(part: str) -> str:
    return _IN_BRACKETS.sub("", part)


def _kind_of(part: str, commons_kind: str) -> WorkKind:
    own = _KIND_OF_COMMONS.get(commons_kind, "software")
    name = part.lower()
    if own == "model" and re.search(r"\bmodels?\b", name):
        return "model"
    return next((kind for kind, words in _WORDS if words.search(name)), own)


def _join(parts: list[Part], new: Part) -> None:
    """Statements of a later claim join the part of the same name, else the only part of the same kind."""
    same_name = [i for i, part in enumerate(parts) if part.name.lower() == new.name.lower()]
    agreeing = [i for i, part in enumerate(parts) if not new.name and licences.agree(part.shown, new.shown)]
    same_kind = [i for i, part in enumerate(parts) if part.kind == new.kind]
    found = same_name or agreeing or (same_kind if len(same_kind) == 1 else [])
    if found:
        joined = parts[found[0]]
        parts[found[0]] = replace(joined, statements=joined.statements + new.statements)
    else:
        parts.append(new)
