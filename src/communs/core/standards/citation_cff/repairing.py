"""A CITATION.cff with every fix applied that is known, changed where it stands."""

from __future__ import annotations

from typing import Any, Final

from communs.core.standards.citation_cff.reading import alternatives, is_listed
from communs.core.standards.citation_cff.schema import MESSAGE, rules_of
from communs.core.standards.licence_words import LICENCES_MAX
from communs.core.standards.rules import known_only, mend
from communs.core.standards.yaml_repair import load_near_yaml, rewritten

_VERSION: Final = "1.2.0"


def repair(data: bytes | str) -> str:
    """The file with its known fixes: version, message, licences, dates, addresses, misspelt keys, empty values.

    Keys that the format does not have become comments. What no one but the authors can know (title, authors) stays
    missing. A text that is no YAML at all comes back as it is.
    """
    loaded = load_near_yaml(data)
    if not isinstance(loaded.value, dict):
        return loaded.text
    rules = rules_of(loaded.value)
    citation = _without_blanks(known_only(rules, mend(rules, _without_blanks(loaded.value))))
    if "license" in citation:
        citation["license"] = _licence(citation["license"])
    for key, value in (("cff-version", _VERSION), ("message", MESSAGE)):
        citation.setdefault(key, value)
    return rewritten(loaded.text, citation)


def _licence(value: Any) -> Any:
    """One identifier, or the list of those of which one may be chosen; what is not understood stays."""
    stated = value if isinstance(value, list) else [value]
    names: list[Any] = []
    for one in stated[:LICENCES_MAX]:
        known = alternatives(one) if isinstance(one, str) and not is_listed(one) else ()
        names += [name for name in known or (one,) if name not in names]
    return names[0] if len(names) == 1 and not isinstance(value, list) else names


def _without_blanks(value: Any) -> Any:
    """Without empty texts and lists: the format wants them left out."""
    if isinstance(value, dict):
        kept = {key: _without_blanks(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if not _is_blank(inner)}
    if isinstance(value, list):
        return [inner for inner in map(_without_blanks, value) if inner == {} or not _is_blank(inner)]
    return value


def _is_blank(value: Any) -> bool:
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())
