"""Tokens joined to what the reference parser treats as one: keys, keys with their value, blocks, anchors, tags.

A key takes its value along only where the value is a text, number or the like on the same line; that decides later what
may follow.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from communs.core.standards.publiccode.strict.tokens import SCALARS, Kind, SyntaxFault, Token


class Form(StrEnum):
    """What a part is made of."""

    TOKEN = "token"  # noqa: S105 -- no password
    BLOCK = "block"
    ANCHOR_NAME = "anchor-name"
    ANCHOR = "anchor"
    ALIAS = "alias"
    TAGGED = "tagged"
    KEY = "key"
    KEY_VALUE = "key-value"
    DIRECTIVE = "directive"


class Part:
    """One token, or several in `parts`; bears kind and place of its first token."""

    __slots__ = ("column", "form", "is_key", "kind", "line", "parts", "token")

    def __init__(self, form: Form, token: Token, parts: tuple[Part, ...] = ()) -> None:
        self.form, self.token, self.parts = form, token, parts
        self.kind, self.line, self.column = token.kind, token.line, token.column
        self.is_key = form is Form.KEY or form is Form.KEY_VALUE

    @property
    def opens_or_closes_table(self) -> bool:
        """A single brace."""
        return self.form is Form.TOKEN and self.kind in {Kind.OPEN_TABLE, Kind.CLOSE_TABLE}

    @property
    def is_scalar(self) -> bool:
        """What a key may take along as its value."""
        return not self.is_key and self.kind in _SCALAR_STARTS


_SCALAR_STARTS: Final = SCALARS | {Kind.ANCHOR, Kind.ALIAS, Kind.BLOCK_HEADER}
_SCALAR_TAGS: Final = frozenset(
    {"!!int", "!!float", "!!str", "!!binary", "!!timestamp", "!!bool", "!!null"}
)  # fmt: skip
_DOCUMENT_MARKS: Final = frozenset({Kind.DOCUMENT_START, Kind.DOCUMENT_END})
_NO_KEY: Final = frozenset(
    {
        Kind.DIRECTIVE,
        Kind.DOCUMENT_START,
        Kind.DOCUMENT_END,
        Kind.COMMA,
        Kind.OPEN_TABLE,
        Kind.COLON,
        Kind.CLOSE_TABLE,
        Kind.OPEN_LIST,
        Kind.ENTRY,
        Kind.CLOSE_LIST,
    }
)


def documents(tokens: list[Token]) -> list[list[Part]]:
    """The parts of each document, the marks that start and end it included. Raises `SyntaxFault`."""
    kinds = {token.kind for token in tokens}
    parts = [Part(Form.TOKEN, token) for token in tokens]
    # Most files have no anchors, tags, `?` or directives: what is not there needs no pass.
    for marks, join in _PASSES:
        if not kinds.isdisjoint(marks):
            parts = join(parts)
    return _documents(parts)


def _blocks(parts: list[Part]) -> list[Part]:
    joined: list[Part] = []
    rest = iter(parts)
    for part in rest:
        if part.kind is Kind.BLOCK_HEADER:
            following = next(rest, None)
            part = Part(Form.BLOCK, part.token, (part, following) if following else (part,))  # noqa: PLW2901
        joined.append(part)
    return joined


def _names(parts: list[Part]) -> list[Part]:
    joined: list[Part] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        if part.kind is Kind.ANCHOR:
            if at + 2 >= len(parts):
                raise SyntaxFault("anchor-without-value", part.line)
            name = Part(Form.ANCHOR_NAME, part.token, (part, parts[at + 1]))
            value = parts[at + 2]
            same_line = part.line == value.line
            if same_line and value.kind is Kind.ENTRY:
                raise SyntaxFault("entry-after-anchor", value.line)
            if same_line and value.is_scalar:
                name = Part(Form.ANCHOR, part.token, (name, value))
                at += 1
            joined.append(name)
            at += 1
        elif part.kind is Kind.ALIAS:
            if at + 1 == len(parts):
                raise SyntaxFault("alias-without-name", part.line)
            joined.append(Part(Form.ALIAS, part.token, (part, parts[at + 1])))
            at += 1
        else:
            joined.append(part)
        at += 1
    return joined


def _tags(parts: list[Part]) -> list[Part]:
    joined: list[Part] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        following = parts[at + 1] if at + 1 < len(parts) else None
        if part.kind is Kind.TAG and following is not None and _takes(part, following):
            joined.append(Part(Form.TAGGED, part.token, (part, following)))
            at += 1
        else:
            joined.append(part)
        at += 1
    return joined


def _takes(tag: Part, following: Part) -> bool:
    if tag.line != following.line or following.form is Form.ANCHOR_NAME:
        return False
    name = tag.token.value
    if not name.startswith("!!"):
        return True
    if name == "!!merge":
        if following.kind is not Kind.MERGE:
            raise SyntaxFault("merge-without-key", following.line)
        return True
    return name in _SCALAR_TAGS and following.is_scalar


def _anchored_tags(parts: list[Part]) -> list[Part]:
    joined: list[Part] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        if part.form is Form.ANCHOR_NAME:
            if at + 1 >= len(parts):
                raise SyntaxFault("anchor-without-value", part.line)
            value = parts[at + 1]
            if part.line == value.line and value.form is Form.TAGGED:
                part = Part(Form.ANCHOR, part.token, (part, value))
                at += 1
        joined.append(part)
        at += 1
    return joined


def _explicit_keys(parts: list[Part]) -> list[Part]:
    joined: list[Part] = []
    rest = iter(parts)
    for part in rest:
        if part.kind is Kind.KEY_MARK:
            following = next(rest, None)
            if following is None:
                raise SyntaxFault("mark-without-key", part.line)
            part = Part(Form.KEY, part.token, (part, following))  # noqa: PLW2901
        joined.append(part)
    return joined


def _keys(parts: list[Part]) -> list[Part]:
    joined: list[Part] = []
    for at, part in enumerate(parts):
        if part.kind is not Kind.COLON:
            joined.append(part)
        elif not at:
            raise SyntaxFault("colon-without-key", part.line)
        elif parts[at - 1].kind in _NO_KEY:
            raise SyntaxFault("invalid-key", part.line)
        else:
            key = joined[-1]
            joined[-1] = Part(Form.KEY, key.token, (key, part))
    return joined


def _values(parts: list[Part]) -> list[Part]:
    joined: list[Part] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        following = parts[at + 1] if at + 1 < len(parts) else None
        if part.form is Form.KEY and following is not None and _goes_along(part, following):
            joined.append(Part(Form.KEY_VALUE, part.token, (part, following)))
            at += 1
        else:
            joined.append(part)
        at += 1
    return joined


def _goes_along(key: Part, value: Part) -> bool:
    if key.line != value.line or value.form is Form.ANCHOR_NAME:
        return False
    if value.kind is Kind.TAG:
        return value.form is Form.TAGGED
    return value.is_scalar


def _directives(parts: list[Part]) -> list[Part]:
    joined: list[Part] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        if part.kind is Kind.DIRECTIVE:
            end = at + 2
            if end > len(parts):
                raise SyntaxFault("directive-without-name", part.line)
            while end < len(parts) and parts[end].line == part.line:
                end += 1
            if end >= len(parts) or parts[end].kind is not Kind.DOCUMENT_START:
                raise SyntaxFault("directive-without-document", part.line)
            joined.append(Part(Form.DIRECTIVE, part.token, tuple(parts[at:end])))
            at = end
        else:
            joined.append(part)
            at += 1
    return joined


def _documents(parts: list[Part]) -> list[list[Part]]:
    found: list[list[Part]] = []
    lead: list[Part] = []  # the mark that the next document starts with
    start = 0
    while True:
        at = next((at for at in range(start, len(parts)) if parts[at].kind in _DOCUMENT_MARKS), None)
        if at is None:
            return [*found, lead + parts[start:]]
        part, after = parts[at], parts[at + 1] if at + 1 < len(parts) else None
        if part.kind is Kind.DOCUMENT_END:
            if at > start or lead:
                found.append(lead + parts[start : at + 1])
            if after is None:
                return found
            if after.is_scalar:
                raise SyntaxFault("text-after-document", after.line)
            lead = []
        else:
            if at > start or lead:
                found.append(lead + parts[start:at])
            if after is None or after.kind is Kind.DOCUMENT_START:
                return [*found, [part]]
            if part.line == after.line and (after.is_key or after.kind is Kind.ENTRY):
                raise SyntaxFault("value-after-document-mark", after.line)
            lead = [part]
        start = at + 1


_NAMES: Final = frozenset({Kind.ANCHOR, Kind.ALIAS})
_PASSES: Final[tuple[tuple[frozenset[Kind], Callable[[list[Part]], list[Part]]], ...]] = (
    (frozenset({Kind.BLOCK_HEADER}), _blocks),
    (_NAMES, _names),
    (frozenset({Kind.TAG}), _tags),
    (frozenset({Kind.ANCHOR}), _anchored_tags),
    (frozenset({Kind.KEY_MARK}), _explicit_keys),
    (frozenset({Kind.COLON}), _keys),
    (frozenset({Kind.COLON, Kind.KEY_MARK}), _values),
    (frozenset({Kind.DIRECTIVE}), _directives),
)
