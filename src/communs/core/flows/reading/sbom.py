"""Bills of materials: CycloneDX (JSON), SPDX 2 (JSON and tag-value). Package URLs, without version, are the names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from communs.core.flows.graphs import Graph, InvalidGraph
from communs.core.flows.identities import without_version
from communs.core.flows.reading.edges import NAME_CHARACTERS

COMPONENTS_MAX: Final = 1_000_000
NESTING_MAX: Final = 50
_TAG: Final = re.compile(r"(?P<tag>[A-Za-z]+):\s*(?P<value>.*)")
Link = tuple[str, str]


def read_cyclonedx(bom: Mapping[str, Any], sha256: str = "") -> Graph:
    """What depends on what by `dependencies`; without these, the component described depends on all others alike."""
    root = _mapping(_mapping(bom.get("metadata")).get("component"))
    names: dict[str, str] = {}
    listed = list(_components([root, *_list(bom.get("components"))], 0))
    for component in listed:
        name = _name(component.get("purl"), component.get("bom-ref"), component.get("name"))
        if name:
            names[str(component.get("bom-ref") or name)] = name
    if "dependencies" not in bom:
        top = _name(root.get("purl"), root.get("bom-ref"), root.get("name"))
        if not top:
            raise InvalidGraph("dependencies: missing, and metadata.component too. Say there what the bill is of.")
        links = [(top, name) for name in names.values() if name != top]
        return _graph(links, names.values(), sha256, ["The bill lists no dependencies: all count as direct ones."])
    found: list[Link] = []
    unknown = 0
    for place, dependency in enumerate(_list(bom["dependencies"])):
        entry = _mapping(dependency)
        ref = entry.get("ref")
        if not isinstance(ref, str):
            raise InvalidGraph(f"dependencies[{place}].ref: missing. Write the bom-ref of a component.")
        for needed in _list(entry.get("dependsOn")):
            unknown += str(needed) not in names
            found.append((names.get(ref, without_version(ref)), names.get(str(needed), without_version(str(needed)))))
    notes = (
        [f"{unknown} dependencies name no component of the bill: their reference stands for them."] if unknown else []
    )
    return _graph(found, names.values(), sha256, notes)


def read_spdx(document: Mapping[str, Any], sha256: str = "") -> Graph:
    """What depends on what by the relationships of an SPDX 2 document in JSON."""
    names: dict[str, str] = {}
    for place, package in enumerate(_list(document.get("packages"))):
        entry = _mapping(package)
        if not isinstance(entry.get("SPDXID"), str):
            raise InvalidGraph(f"packages[{place}].SPDXID: missing. Give every package an identifier.")
        refs = [_mapping(ref) for ref in _list(entry.get("externalRefs"))]
        purl = next((ref.get("referenceLocator") for ref in refs if ref.get("referenceType") == "purl"), None)
        names[entry["SPDXID"]] = _name(purl, entry.get("name"), entry["SPDXID"])
    relations = [_mapping(relation) for relation in _list(document.get("relationships"))]
    said = [
        tuple(str(one.get(key)) for key in ("spdxElementId", "relationshipType", "relatedSpdxElement"))
        for one in relations
    ]
    return _related(said, names, sha256)


def read_spdx_tags(text: str, sha256: str = "") -> Graph:
    """The same from a document of tags and values, a line each."""
    names: dict[str, str] = {}
    said: list[tuple[str, ...]] = []
    name = identifier = ""
    for line, written in enumerate(text.splitlines(), 1):
        found = _TAG.fullmatch(written.strip())
        if found is None:
            continue
        tag, value = found["tag"], found["value"].strip()
        if tag == "PackageName":
            name, identifier = value, ""
        elif tag == "SPDXID" and name and not identifier:
            identifier = value
            names[identifier] = _name(None, name, identifier)
        elif tag == "ExternalRef" and identifier and value.split()[1:2] == ["purl"]:
            names[identifier] = _name(value.split()[-1], name, identifier)
        elif tag == "Relationship":
            words = tuple(value.split())
            if len(words) != 3:
                raise InvalidGraph(
                    f"Line {line}: “{value[:60]}” is no relationship. Write SPDXRef-A DEPENDS_ON SPDXRef-B."
                )
            said.append(words)
    return _related(said, names, sha256)


def _related(said: Iterable[tuple[str, ...]], names: Mapping[str, str], sha256: str) -> Graph:
    links: list[Link] = []
    others = unknown = 0
    for one, relation, other in said:
        if relation == "DEPENDS_ON":
            source, target = one, other
        elif relation == "DEPENDENCY_OF" or relation.endswith("_DEPENDENCY_OF"):
            source, target = other, one
        else:
            others += 1
            continue
        if source not in names or target not in names:
            unknown += 1
            continue
        links.append((names[source], names[target]))
    notes = [f"{others} relationships say nothing of dependencies."] if others else []
    if unknown:
        notes.append(f"{unknown} relationships name something that is no package of the document: they were left out.")
    return _graph(links, names.values(), sha256, notes)


def _graph(links: Iterable[Link], names: Iterable[str], sha256: str, notes: list[str]) -> Graph:
    """Each dependency counts once, whatever number of versions or statements say it."""
    return Graph.from_rows(
        ((one, other, 1) for one, other in sorted(set(links))), nodes=names, sha256=sha256, notes=notes
    )


def _components(listed: list[Any], depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > NESTING_MAX or len(listed) > COMPONENTS_MAX:
        raise InvalidGraph(
            f"components: more than {COMPONENTS_MAX}, or nested deeper than {NESTING_MAX}. Split the bill."
        )
    for component in map(_mapping, listed):
        yield component
        yield from _components(_list(component.get("components")), depth + 1)


def _name(purl: Any, *others: Any) -> str:
    if isinstance(purl, str) and purl.startswith("pkg:"):
        return without_version(purl)[:NAME_CHARACTERS]
    return next((other[:NAME_CHARACTERS] for other in others if isinstance(other, str) and other), "")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
