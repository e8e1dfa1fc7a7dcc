"""SPDX licence expressions, as strictly and as loosely as the reference parser takes them (github/go-spdx).

`AND`, `OR`, `WITH` are upper case and end where their letters do; ids match in any case; `-only`, `-or-later` and `+`
may follow any licence; deprecated ids and references to licences outside the list are valid.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from communs.core.licences.tables import DEPRECATED, exceptions, licences

_OPERATOR = re.compile(r"WITH|AND|OR|[():+]")
_REFERENCE = re.compile(r"(?P<kind>DocumentRef|LicenseRef)-[A-Za-z0-9.-]+")
_ID = re.compile(r"[A-Za-z0-9.-]+")


class _Invalid(Exception):
    """The expression is not valid."""


@lru_cache(maxsize=1024)
def is_expression(text: str) -> bool:
    """Whether `text` is an SPDX expression.

    >>> [is_expression(text) for text in ("mit", "MIT OR EUPL-1.2+", "MIT or EUPL-1.2", "(MIT", "Proprietary")]
    [True, True, False, False, False]
    """
    if len(text) > 10_000:
        return False
    try:
        tokens = _tokens(text)
        reader = _Reader(tokens)
        reader.alternatives()
    except (_Invalid, RecursionError):
        return False
    return reader.at == len(tokens)


@cache
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Current licences, exceptions and deprecated licences, in lower case."""
    listed = [licence for licence in licences().values() if licence.in_spdx]
    current = frozenset(licence.id.lower() for licence in listed if not licence.has(DEPRECATED))
    deprecated = frozenset(licence.id.lower() for licence in listed if licence.has(DEPRECATED))
    return current, frozenset(exceptions()), deprecated


def _look_up(name: str) -> str:
    current, special, _ = _lists()
    return "licence" if name.lower() in current else "exception" if name.lower() in special else ""


def _tokens(text: str) -> list[str]:
    """The kinds of the tokens; an operator is its own kind."""
    tokens: list[str] = []
    at = 0
    while True:
        while text[at : at + 1] == " ":
            at += 1
        if at >= len(text):
            return tokens
        found = _OPERATOR.match(text, at)
        if found:
            if found[0] == "+" and text[at - 1 : at] == " ":
                raise _Invalid
            tokens.append(found[0])
            at = found.end()
            continue
        found = _REFERENCE.match(text, at)
        if found:
            tokens.append("document" if found["kind"] == "DocumentRef" else "reference")
            at = found.end()
            continue
        kind, text, at = _licence(text, at)
        tokens.append(kind)


def _licence(text: str, at: int) -> tuple[str, str, int]:
    found = _ID.match(text, at)
    if not found:
        raise _Invalid
    name, end = found[0], found.end()
    kind = _look_up(name) or (_look_up(name.removesuffix("-only")) if name.endswith("-only") else "")
    if kind:
        return kind, text, end
    if text[end : end + 1] == "+" and (kind := _look_up(f"{name}-or-later")):
        return kind, text, end + 1
    if name.endswith("-or-later") and (kind := _look_up(name.removesuffix("-or-later"))):
        # The ending becomes a `+`, and the character after it is lost.
        start = end - len("-or-later")
        return kind, f"{text[:start]}+{text[end + 1 :]}", start
    if name.lower() in _lists()[2]:
        return "licence", text, end
    raise _Invalid


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = tokens, 0

    def _take(self, kind: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] == kind:
            self.at += 1
            return True
        return False

    def _need(self, kind: str) -> None:
        if not self._take(kind):
            raise _Invalid

    def alternatives(self) -> None:
        """`a AND b OR c`."""
        self._joined()
        while self._take("OR"):
            self._joined()

    def _joined(self) -> None:
        self._atom()
        while self._take("AND"):
            self._atom()

    def _atom(self) -> None:
        if self._take("("):
            self.alternatives()
            self._need(")")
        elif self._take("document"):
            self._need(":")
            self._need("reference")
        elif not self._take("reference"):
            self._need("licence")
            self._take("+")
            if self._take("WITH"):
                self._need("exception")
