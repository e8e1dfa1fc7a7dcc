"""A CITATION.cff as a record, and what is wrong in it. Authors who are persons are not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from communs.core import licences
from communs.core.licences.tables import licences as listed_licences
from communs.core.standards.citation_cff.schema import DATE, is_entity, rules_of, version_of
from communs.core.standards.documents import Document
from communs.core.standards.licence_words import LICENCES_MAX, licence_problem
from communs.core.standards.problems import Path, Problem, in_order
from communs.core.standards.reading import Loaded
from communs.core.standards.rules import NOT_TABLE, clip, faults, mend
from communs.core.standards.shapes import (
    commons_record,
    doi,
    objects,
    plain,
    repository_address,
    spdx,
    summaries,
    swhid,
    texts,
    web_address,
    without_contacts,
)
from communs.core.standards.yaml_repair import load_near_yaml
from communs.core.texts import N_

NOT_ON_LIST: Final = (
    N_("“{value}” is not an identifier of the SPDX list, which this format asks for."),
    N_("Write {meant}."),
)
NOT_ON_LIST_PLAIN: Final = (
    N_("“{value}” is not an identifier of the SPDX list, which this format asks for."),
    N_("Write an identifier such as EUPL-1.2, or put the address of the licence under “license-url”."),
)
_KINDS: Final = {"software": "software", "dataset": "data", "": "software"}


def recognise(sample: Any) -> bool:
    """Whether the contents name a version of the format, or hold its message, title and authors."""
    value = sample.yaml
    if not isinstance(value, dict):
        return False
    return "cff-version" in value or {"message", "title", "authors"} <= value.keys()


def read(data: bytes | str) -> Document:
    """The work described, as one record. Never raises."""
    loaded = load_near_yaml(data)
    problems = list(loaded.problems)
    citation = loaded.value
    if citation is None and problems:
        return Document("citation-cff", "commons", problems=tuple(problems))
    if not isinstance(citation, dict):
        problems.append(loaded.problem((), "not-table", "error", NOT_TABLE))
        return Document("citation-cff", "commons", problems=in_order(problems))
    problems += faults(loaded, rules_of(citation))
    problems += _check_licences(loaded, citation.get("license"))
    record = record_of(mend(rules_of(citation), _without_bare_authors(citation)))
    usable = record["name"] or record["repository"] or record["homepage"]
    return Document("citation-cff", "commons", version_of(citation), (record,) if usable else (), in_order(problems))


def record_of(citation: Mapping[str, Any]) -> dict[str, Any]:
    """The work as a record. A file that gives no type describes software, as the format says."""
    kind = _KINDS.get(plain(citation.get("type")).lower())
    names = _licences(citation)
    licence = " OR ".join(map(_bracketed, names)) if len(names) > 1 else "".join(names)
    return commons_record(
        name=without_contacts(plain(citation.get("title"), 300)),
        kind=kind,
        summaries=summaries(citation.get("abstract")),
        homepage=web_address(citation.get("url")),
        repository=repository_address(citation.get("repository-code")),
        licences=[{"part": "data" if kind == "data" else "code", "spdx": licence}] if licence else [],
        steward=_steward(citation),
        functions=list(texts(citation.get("keywords"))),
        identifiers=_identifiers(citation),
        release=_release(citation),
    )


def _without_bare_authors(citation: Mapping[str, Any]) -> dict[str, Any]:
    """The file without authors that are bare texts: nothing says that those are not persons."""
    authors = citation.get("authors")
    listed = authors if isinstance(authors, list) else [authors]
    return {**citation, "authors": [one for one in listed if isinstance(one, dict)]}


def is_listed(name: str) -> bool:
    """Whether `name` is, letter for letter, an identifier of the SPDX list.

    >>> is_listed("GPL-3.0"), is_listed("gpl-3.0"), is_listed("MIT OR ISC")
    (True, False, False)
    """
    known = listed_licences().get(name.lower())
    return known is not None and known.in_spdx and known.id == name


def alternatives(text: str) -> tuple[str, ...]:
    """The identifiers that the format wants for a licence: one, or the alternatives of an expression; else nothing.

    >>> alternatives("apache 2"), alternatives("MIT OR ISC"), alternatives("MIT AND ISC")
    (('Apache-2.0',), ('MIT', 'ISC'), ())
    """
    tree = licences.parse(spdx(text)).tree
    terms = tree.of if isinstance(tree, licences.AnyOf) else (tree,)
    names = tuple(one.spdx for one in terms if isinstance(one, licences.Term))
    return names if len(names) == len(terms) and all(map(is_listed, names)) else ()


def _check_licences(loaded: Loaded, value: Any) -> Iterator[Problem]:
    for position, one in enumerate(value[:LICENCES_MAX] if isinstance(value, list) else [value]):
        path: Path = ("license", position) if isinstance(value, list) else ("license",)
        if not isinstance(one, str) or not one.strip():
            continue
        if not is_listed(one):
            meant = ", ".join(alternatives(one))
            words = NOT_ON_LIST if meant else NOT_ON_LIST_PLAIN
            yield loaded.problem(path, "not-a-licence", "error", words, value=clip(one), meant=meant)
        elif found := licence_problem(loaded, path, one):
            yield found


def _licences(citation: Mapping[str, Any]) -> tuple[str, ...]:
    """The licences, of which one may be chosen; else the one whose address is given, where it is known."""
    stated = dict.fromkeys(filter(None, map(spdx, texts(citation.get("license")))))
    if stated:
        return tuple(stated)
    linked = spdx(citation.get("license-url"))
    return (linked,) if linked and licences.is_licence(linked) else ()


def _bracketed(name: str) -> str:
    return f"({name})" if " AND " in name else name


def _steward(citation: Mapping[str, Any]) -> dict[str, str | None]:
    """The first author that is an organisation or a group."""
    for author in objects(citation.get("authors")):
        name = without_contacts(plain(author.get("name"), 300)) if is_entity(author) else ""
        if name:
            country = plain(author.get("country"), 2).upper()
            known = country if re.fullmatch("[A-Z]{2}", country) else None
            return {"name": name, "form": "unknown", "country": known}
    return {"name": None, "form": "unknown", "country": None}


def _identifiers(citation: Mapping[str, Any]) -> dict[str, str]:
    named = [citation.get("doi"), *(one.get("value") for one in objects(citation.get("identifiers")))]
    found = {"doi": map(doi, named), "swh": map(swhid, named)}
    return {scheme: first for scheme, ids in found.items() if (first := next(filter(None, ids), ""))}


def _release(citation: Mapping[str, Any]) -> dict[str, str | None]:
    day = plain(citation.get("date-released"), 40)
    day = day if DATE.pattern.fullmatch(day) else DATE.meant(day)
    return {"version": plain(citation.get("version"), 60) or None, "date": day or None}
