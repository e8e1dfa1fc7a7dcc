"""Debian's package indices (`Packages`): what must be there counts 1, what is recommended 0.3, alternatives share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from communs.core.flows.graphs import Graph, InvalidGraph

WEIGHTS: Final = {"Pre-Depends": 1_000_000, "Depends": 1_000_000, "Recommends": 300_000}
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9+.\-]*")
Stanza = dict[str, str]


def read_debian(text: str, sha256: str = "") -> Graph:
    """The graph of an index. Names that are only provided stand for those who provide them, in equal parts.

    What no package of the index is or provides is left out. Raises `InvalidGraph` with the line.
    """
    packages: dict[str, Stanza] = {}
    providers: dict[str, list[str]] = {}
    again = 0
    for line, stanza in _stanzas(text):
        name = stanza.get("Package", "")
        if not _NAME.fullmatch(name):
            raise InvalidGraph(f"Line {line}: this entry has no name. Begin each with “Package: name”.")
        again += name in packages
        if name in packages:
            continue
        packages[name] = stanza
        for provided in filter(None, map(_bare, stanza.get("Provides", "").split(","))):
            providers.setdefault(provided, []).append(name)
    rows = [
        (name, target, weight)
        for name, stanza in packages.items()
        for target, weight in _needs(stanza, packages, providers)
    ]
    notes = [f"{again} packages stand more than once: the first counts."] if again else []
    # Two relations to the same package are no news to people: only edges that are left out are told.
    weights: dict[tuple[str, str], int] = {}
    for name, target, weight in rows:
        if name != target:
            weights[name, target] = weights.get((name, target), 0) + weight
    edges = ((name, target, weight) for (name, target), weight in weights.items())
    return Graph.from_rows(edges, nodes=packages, sha256=sha256, notes=notes)


def _needs(
    stanza: Stanza, packages: Mapping[str, Stanza], providers: Mapping[str, list[str]]
) -> Iterator[tuple[str, int]]:
    for field, weight in WEIGHTS.items():
        for relation in filter(None, stanza.get(field, "").split(",")):
            names = [name for name in map(_bare, relation.split("|")) if name in packages or name in providers]
            for name in names:
                stand_ins = [name] if name in packages else providers[name]
                for stand_in in stand_ins:
                    yield stand_in, max(1, weight // (len(names) * len(stand_ins)))


def _bare(relation: str) -> str:
    """The name in “libc6:any (>= 2.36) [amd64]”."""
    found = _NAME.match(relation.strip())
    return found[0] if found else ""


def _stanzas(text: str) -> Iterator[tuple[int, Stanza]]:
    """Each entry with the line it begins on; lines that begin with a space go on with the one before."""
    stanza: Stanza = {}
    begins, field = 1, ""
    for line, written in enumerate(text.split("\n"), 1):
        if not written.strip():
            if stanza:
                yield begins, stanza
            stanza, begins, field = {}, line + 1, ""
        elif written[0] in " \t":
            if field:
                stanza[field] += " " + written.strip()
        else:
            field, colon, value = written.partition(":")
            if not colon:
                raise InvalidGraph(f"Line {line}: “{written[:60]}” has no colon. Write “Field: value”.")
            stanza[field] = value.strip()
    if stanza:
        yield begins, stanza
