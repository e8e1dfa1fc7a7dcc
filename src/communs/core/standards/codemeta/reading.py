"""A codemeta.json as a record, and what is wrong in it. Authors who are persons are not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from communs.core.standards.codemeta.mending import mended_node
from communs.core.standards.codemeta.terms import (
    ADDRESSES,
    DATES,
    RENAMED,
    SOFTWARE,
    SPDX_ADDRESS,
    TERMS,
    VALUES_MAX,
    contexts,
    language,
    main_node,
    said,
    term,
    types,
    values,
    version_of,
)
from communs.core.standards.documents import Document
from communs.core.standards.licence_words import licence_problem
from communs.core.standards.near_json import load_near_json
from communs.core.standards.problems import Path, Problem, in_order
from communs.core.standards.reading import Loaded
from communs.core.standards.reading.json_text import repeated_keys
from communs.core.standards.rules import (
    EMPTY,
    MISSING,
    MISSPELT_KEY,
    NOT_TABLE,
    NOT_TEXT,
    NULL,
    UNKNOWN_KEY,
    clip,
    nearest,
)
from communs.core.standards.shapes import (
    commons_record,
    doi,
    mended_address,
    repository_address,
    spdx,
    summaries,
    swhid,
    web_address,
    wikidata,
    without_contacts,
)
from communs.core.texts import N_

NO_CONTEXT: Final = (
    N_("Nothing says that this is CodeMeta."),
    N_('Add "@context": "https://w3id.org/codemeta/3.0" at the top.'),
)
OTHER_TYPE: Final = (
    N_("“{value}” is not a type of software."),
    N_("Write SoftwareSourceCode, or SoftwareApplication for a program as it is used."),
)
NOT_ADDRESS: Final = (N_("“{value}” is not an address of the web."), N_("Write {meant}."))
NOT_ADDRESS_PLAIN: Final = (
    N_("“{value}” is not an address of the web."),
    N_("Write a full address that starts with https://."),
)
NOT_DATE: Final = (N_("“{value}” is not a date."), N_("Write year, month and day: 2026-03-31."))
RENAMED_TERM: Final = (N_("“{path}” has another name in version {version}."), N_("Write “{meant}” instead."))
RECOMMENDED: Final = (N_("“{path}” is not given."), N_("Add it if you can: readers look for it."))

_RECOMMENDED: Final = ("description", "license", "codeRepository")
_STEWARDS: Final = ("maintainer", "copyrightHolder", "producer", "sponsor", "author", "creator", "publisher")
_TEXTS: Final = ("name", "description", "license", "codeRepository", "url", "version")
_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:T[\d:.+Z-]+)?)?)?")


def recognise(sample: Any) -> bool:
    """Whether the contents name the context of CodeMeta, or describe software source code in JSON-LD."""
    document = sample.first()
    named = any("codemeta" in address.lower() for address in contexts(document))
    return named or ("@context" in document and "SoftwareSourceCode" in types(main_node(document)))


def read(data: bytes | str) -> Document:
    """The software described, as one record. Never raises."""
    loaded = load_near_json(data)
    problems = list(loaded.problems)
    if loaded.value is None and problems:
        return Document("codemeta", "commons", problems=tuple(problems))
    node = main_node(loaded.value)
    if not node:
        problems.append(loaded.problem((), "not-table", "error", NOT_TABLE))
        return Document("codemeta", "commons", problems=in_order(problems))
    document = loaded.value if isinstance(loaded.value, dict) else node
    problems += repeated_keys(loaded)
    problems += _check(loaded, document, node, _path_to(loaded.value, node))
    record = record_of(mended_node(node, version_of(document) or "3.0"))
    usable = record["name"] or record["repository"] or record["homepage"]
    records = (record,) if usable else ()
    return Document("codemeta", "commons", version_of(document), records, in_order(problems))


def record_of(node: Mapping[str, Any]) -> dict[str, Any]:
    """The node that describes the software as a record."""
    described: dict[str, str] = {}
    for value in values(node, "description"):
        for lang, text in summaries(said(value), language(value)).items():
            described.setdefault(lang, text)
    repository = next(filter(None, (repository_address(said(one)) for one in values(node, "codeRepository"))), "")
    homepage = next(filter(None, (web_address(said(one)) for one in values(node, "url"))), "")
    own_types = set(types(node))
    kind = "software" if own_types & SOFTWARE else "data" if "Dataset" in own_types else None
    stated = (spdx(said(one)) for one in values(node, "license"))
    return commons_record(
        name=without_contacts(next(filter(None, map(said, values(node, "name"))), ""))[:300],
        kind=kind,
        summaries=described,
        homepage=homepage,
        repository=repository,
        licences=[
            {"part": "code" if kind == "software" else "", "spdx": name} for name in dict.fromkeys(stated) if name
        ],
        steward={"name": _organisation(node) or None, "form": "unknown", "country": None},
        functions=list(_keywords(node)),
        languages=sorted(
            {one.lower() for one in map(said, values(node, "inLanguage")) if re.fullmatch("[A-Za-z]{2}", one)}
        ),
        funded_by=[{"name": name} for name in _organisations(node, "funder")],
        identifiers=_identifiers(node),
        release=_release(node),
    )


def _path_to(document: Any, node: Mapping[str, Any]) -> Path:
    if isinstance(document, list):
        return next(((number,) for number, one in enumerate(document) if one is node), ())
    graph = document.get("@graph") if isinstance(document, dict) else None
    if isinstance(graph, list) and document is not node:
        return next((("@graph", number) for number, one in enumerate(graph) if one is node), ())
    return ()


def _check(loaded: Loaded, document: Mapping[str, Any], node: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    version = version_of(document)
    if not version:
        yield loaded.problem(("@context",), "no-context", "error", NO_CONTEXT)
    own_types = types(node)
    if not own_types:
        yield loaded.problem((*at, "@type"), "missing", "error", MISSING)
    elif not SOFTWARE & set(own_types):
        yield loaded.problem((*at, "@type"), "other-type", "warning", OTHER_TYPE, value=clip(own_types[0]))
    if not any(map(said, values(node, "name"))):
        yield loaded.problem((*at, "name"), "missing", "error", MISSING)
    for key in _RECOMMENDED:
        if not values(node, key):
            yield loaded.problem((*at, key), "not-given", "note", RECOMMENDED)
    for key, value in node.items():
        yield from _check_key(loaded, key, value, (*at, key), version)


def _check_key(loaded: Loaded, key: str, value: Any, path: Path, version: str) -> Iterator[Problem]:
    name = term(key)
    if value is None:
        yield loaded.problem(path, "null", "warning", NULL)
        return
    if name not in TERMS and ":" not in key:
        meant = nearest(key, tuple(TERMS))
        words = MISSPELT_KEY if meant else UNKNOWN_KEY
        yield loaded.problem(path, "unknown-key", "warning", words, meant=meant)
    if name in RENAMED and version >= "3":
        yield loaded.problem(path, "renamed", "warning", RENAMED_TERM, meant=RENAMED[name], version=version)
    for position, one in _each(value):
        here = (*path, position) if isinstance(value, list) else path
        yield from _check_value(loaded, name, one, here)


def _check_value(loaded: Loaded, name: str, value: Any, path: Path) -> Iterator[Problem]:
    text = said(value)
    if isinstance(value, str) and not value.strip():
        yield loaded.problem(path, "empty", "warning", EMPTY)
    elif name in _TEXTS and not text and value is not None:
        yield loaded.problem(path, "not-text", "error", NOT_TEXT)
    elif name in ADDRESSES and text and not web_address(text):
        meant = repository_address(text) or web_address(mended_address(text))
        words = NOT_ADDRESS if meant else NOT_ADDRESS_PLAIN
        yield loaded.problem(path, "not-an-address", "warning", words, value=clip(text), meant=meant)
    elif name in DATES and text and not _DAY.fullmatch(text):
        yield loaded.problem(path, "not-a-date", "warning", NOT_DATE, value=clip(text))
    elif name == "license" and text:
        found = licence_problem(loaded, path, text, SPDX_ADDRESS)
        if found:
            yield found


def _each(value: Any) -> Iterator[tuple[int, Any]]:
    yield from enumerate(value[:VALUES_MAX] if isinstance(value, list) else [value])


def _organisations(node: Mapping[str, Any], key: str) -> Iterator[str]:
    for one in values(node, key):
        if isinstance(one, dict) and {"Organization", "Organisation"} & set(types(one)):
            name = next(filter(None, (said(inner) for inner in values(one, "name"))), "")
            if name:
                yield without_contacts(name)[:300]


def _organisation(node: Mapping[str, Any]) -> str:
    return next((name for key in _STEWARDS for name in _organisations(node, key)), "")


def _keywords(node: Mapping[str, Any]) -> tuple[str, ...]:
    found = [word.strip() for one in values(node, "keywords") for word in re.split(r"[,;]", said(one))]
    return tuple(dict.fromkeys(word[:100] for word in found if word and "://" not in word))[:50]


def _identifiers(node: Mapping[str, Any]) -> dict[str, str]:
    named = [said(one) for key in ("identifier", "sameAs", "@id", "id") for one in values(node, key)]
    named += [said(inner) for one in values(node, "identifier") for inner in values(one, "value")]
    found = {"doi": map(doi, named), "swh": map(swhid, named), "wikidata": map(wikidata, named)}
    return {scheme: first for scheme, ids in found.items() if (first := next(filter(None, ids), ""))}


def _release(node: Mapping[str, Any]) -> dict[str, str | None]:
    version = next(filter(None, (said(one) for key in ("version", "softwareVersion") for one in values(node, key))), "")
    days = (said(one) for key in ("dateModified", "datePublished") for one in values(node, key))
    return {"version": version[:60] or None, "date": next((day[:10] for day in days if _DAY.fullmatch(day)), None)}
