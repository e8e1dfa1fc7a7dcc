"""The terms of the vocabulary, and the nodes of a document whatever way JSON-LD writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from communs.core.standards.shapes import plain

CONTEXT: Final = "https://w3id.org/codemeta/3.0"
VALUES_MAX: Final = 200
SPDX_ADDRESS: Final = "https://spdx.org/licenses/"
SOFTWARE: Final = frozenset({"SoftwareSourceCode", "SoftwareApplication", "WebApplication", "MobileApplication"})
ADDRESSES: Final = frozenset(
    {
        *("buildInstructions", "codeRepository", "continuousIntegration", "contIntegration", "downloadUrl"),
        *("installUrl", "issueTracker", "readme", "relatedLink", "sameAs", "url"),
    }
)
DATES: Final = frozenset(
    {"dateCreated", "dateModified", "datePublished", "embargoDate", "embargoEndDate", "startDate", "endDate"}
)
TERMS: Final = frozenset(
    {
        *ADDRESSES,
        *DATES,
        *("@context", "@type", "@id", "@graph", "type", "id", "applicationCategory", "applicationSubCategory"),
        *("author", "citation", "contributor", "copyrightHolder", "copyrightYear", "creator", "description"),
        *("developmentStatus", "editor", "encoding", "fileFormat", "fileSize", "funder", "funding", "hasPart"),
        *("hasSourceCode", "identifier", "isAccessibleForFree", "isPartOf", "isSourceCodeOf", "keywords", "license"),
        *("maintainer", "memoryRequirements", "name", "operatingSystem", "permissions", "position", "softwareHelp"),
        *("processorRequirements", "producer", "programmingLanguage", "provider", "publisher", "releaseNotes"),
        *("referencePublication", "referencePublications", "review", "runtimePlatform", "softwareRequirements"),
        *("softwareSuggestions", "softwareVersion", "sponsor", "storageRequirements", "supportingData"),
        *("targetProduct", "version", "inLanguage", "alternateName", "audience", "logo", "image", "screenshot"),
    }
)
# What version 3 calls by another name.
RENAMED: Final[Mapping[str, str]] = {
    "contIntegration": "continuousIntegration",
    "embargoDate": "embargoEndDate",
    "referencePublications": "referencePublication",
}
_VOCABULARY = re.compile(r"^(?:(?:schema|codemeta):|https?://schema\.org/|https://codemeta\.github\.io/terms/)")


def term(key: str) -> str:
    """The term that a key stands for, without the prefix or address of its vocabulary.

    >>> term("schema:name"), term("https://schema.org/license"), term("@type"), term("schemaVersion")
    ('name', 'license', '@type', 'schemaVersion')
    """
    short = _VOCABULARY.sub("", key)
    return short if short and (short in TERMS or ":" in key) else key


def contexts(document: Any) -> tuple[str, ...]:
    """The addresses of the contexts that a document names."""
    named = document.get("@context") if isinstance(document, dict) else None
    listed = named if isinstance(named, list) else [named]
    found = [value for one in listed for value in (one.values() if isinstance(one, dict) else (one,))]
    return tuple(value for value in found if isinstance(value, str))


def version_of(document: Any) -> str:
    """The version of CodeMeta that a document names by its context; empty where it names none."""
    for address in contexts(document):
        found = re.search(r"codemeta[/-](?:v)?(\d(?:\.\d)?)", address)
        if found:
            return found[1] if "." in found[1] else f"{found[1]}.0"
    return ""


def types(node: Any) -> tuple[str, ...]:
    """The types of a node."""
    said = node.get("@type", node.get("type")) if isinstance(node, dict) else None
    return tuple(term(one) for one in (said if isinstance(said, list) else [said]) if isinstance(one, str))


def values(node: Any, key: str) -> tuple[Any, ...]:
    """The values of a term, one or many, out of the lists and sets of JSON-LD."""
    if not isinstance(node, dict):
        return ()
    flat: list[Any] = []
    for value in (value for name, value in node.items() if term(name) == key):
        flat += _flat(value)
    return tuple(flat)


def _flat(value: Any) -> list[Any]:
    if isinstance(value, dict) and ("@list" in value or "@set" in value):
        value = value.get("@list", value.get("@set"))
    if isinstance(value, list):
        return [one for inner in value[:VALUES_MAX] for one in _flat(inner)][:VALUES_MAX]
    return [] if value is None else [value]


def said(value: Any) -> str:
    """The text of a value: itself, or the literal, address or name of a node."""
    if not isinstance(value, dict):
        return plain(value)
    for key in ("@value", "@id", "id", "url", "name"):
        for inner in values(value, key):
            if not isinstance(inner, dict) and plain(inner):
                return plain(inner)
    return ""


def language(value: Any) -> str:
    """The language that a literal says it is in, as two or three letters; else empty."""
    stated = plain(value.get("@language")) if isinstance(value, dict) else ""
    return stated.partition("-")[0].lower() if re.fullmatch(r"[A-Za-z]{2,3}(?:-\w+)*", stated) else ""


def main_node(document: Any) -> Mapping[str, Any]:
    """The node that describes the software: the document itself, or the first of its graph or list that does."""
    listed = document if isinstance(document, list) else [document]
    nodes = [node for node in listed if isinstance(node, dict)]
    for node in list(nodes):
        graph = node.get("@graph")
        nodes += [inner for inner in graph if isinstance(inner, dict)] if isinstance(graph, list) else []
    described = [node for node in nodes if SOFTWARE & set(types(node))]
    named = [node for node in nodes if values(node, "name")]
    return (described or named or nodes or [{}])[0]
