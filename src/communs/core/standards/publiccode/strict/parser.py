"""The tree of a YAML text by the grammar of the reference parser (goccy/go-yaml 1.18), which goes by columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from communs.core.standards.publiccode.strict.cursor import (
    Cursor,
    check_key,
    checked_anchor,
    column_of,
    empty_after,
    is_kind,
    pair_of,
)
from communs.core.standards.publiccode.strict.grouping import Form, Part, documents
from communs.core.standards.publiccode.strict.place import TOKENS_MAX
from communs.core.standards.publiccode.strict.scanner import scan
from communs.core.standards.publiccode.strict.tokens import QUOTED, SCALARS, Kind, SyntaxFault, Token
from communs.core.standards.publiccode.strict.tree import Alias, Anchored, Listing, Node, Pair, Scalar, Table, Tagged
from communs.core.standards.reading import MANIFEST, TooMuch

_SCALAR_TAGS: Final = frozenset({"!!int", "!!float", "!!str", "!!binary", "!!timestamp", "!!bool", "!!null"})
_SINGLE: Final = SCALARS | {Kind.MERGE}
_TOKEN: Final = Form.TOKEN
_DEFAULTS: Final = {"!!int": "0", "!!float": "0", "!!bool": "false", "!!null": "null"}


def parse(text: str) -> list[Node | None]:
    """The content of each document; None for an empty one. Raises `SyntaxFault`, or `TooMuch` for what is too large."""
    tokens = scan(text)
    if len(tokens) > TOKENS_MAX:
        raise TooMuch("nodes", MANIFEST.nodes)
    if sum(token.kind is Kind.ALIAS for token in tokens) > MANIFEST.aliases:
        raise TooMuch("aliases", MANIFEST.aliases)
    return [_Document(parts).body() for parts in documents(tokens)]


class _Document:
    """Parses the parts of one document."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts
        self.depth = 0
        self.openers: dict[Kind, Callable[[Cursor], Node]] = {
            Kind.TAG: self._tag,
            Kind.OPEN_TABLE: self.flow_table,
            Kind.OPEN_LIST: self.flow_list,
            Kind.ENTRY: self.listing,
        }

    def body(self) -> Node | None:
        """The content; None where there is none."""
        parts = self.parts
        if parts and parts[0].kind is Kind.DOCUMENT_START:
            parts = parts[1:]
        if parts and parts[-1].kind is Kind.DOCUMENT_END:
            parts = parts[:-1]
        if not parts:
            return None
        cursor = Cursor(parts)
        node = self.value(cursor)
        if cursor.part is not None:
            raise SyntaxFault("misplaced-value", cursor.part.line)
        return node

    # -- any value ------------------------------------------------------------------------------------------------

    def value(self, cursor: Cursor) -> Node:
        """The value at the cursor, which moves past it."""
        self.depth += 1
        if self.depth > MANIFEST.depth:
            raise TooMuch("depth", MANIFEST.depth)
        node = self._value(cursor)
        self.depth -= 1
        return node

    def _value(self, cursor: Cursor) -> Node:
        part = cursor.part
        assert part is not None  # noqa: S101 -- callers look first
        if part.form is _TOKEN and part.kind in SCALARS:
            cursor.at += 1
            return Scalar(part.kind, part.token.value, part.line, part.column)
        if part.is_key:
            return self.table(cursor)
        if part.form is Form.ANCHOR_NAME:
            return self._anchor_before(cursor, part)
        if part.form is _TOKEN and part.kind in self.openers:
            return self.openers[part.kind](cursor)
        node = self.scalar(part)
        cursor.at += 1
        return node

    def _tag(self, cursor: Cursor) -> Node:
        part = cursor.parts[cursor.at]
        cursor.at += 1
        return self._tagged(part, cursor)

    def _anchor_before(self, cursor: Cursor, part: Part) -> Node:
        cursor.at += 1
        if cursor.part is None:
            raise SyntaxFault("anchor-without-value", part.line)
        return self._anchored(part, self.value(cursor))

    @staticmethod
    def _anchored(name: Part, value: Node) -> Anchored:
        if isinstance(value, Anchored):
            raise SyntaxFault("anchor-after-anchor", value.line)
        return Anchored(_Document._name(name), name.line, name.column, value)

    @staticmethod
    def _name(part: Part) -> str:
        named = part.parts[1]
        if named.form is not Form.TOKEN or named.kind not in SCALARS:
            raise SyntaxFault("name-is-no-text", named.line)
        return named.token.value

    def scalar(self, part: Part) -> Node:
        """A value that is one part: a text, number, block, alias, anchored or tagged text."""
        if part.form is _TOKEN and part.kind in _SINGLE:
            return Scalar(part.kind, part.token.value, part.line, part.column)
        if part.form is Form.ANCHOR:
            return self._anchored(part.parts[0], self.value(Cursor([part.parts[1]])))
        if part.form is Form.ALIAS:
            return Alias(self._name(part), part.line, part.column)
        if part.form is Form.BLOCK:
            return self._block(part)
        if part.form is Form.TAGGED:
            return self._tagged(part.parts[0], Cursor(list(part.parts[1:])))
        faults = {
            Kind.CLOSE_LIST: "bracket-not-opened",
            Kind.CLOSE_TABLE: "brace-not-opened",
            Kind.COLON: "invalid-key",
        }
        raise SyntaxFault(faults.get(part.kind, "unexpected-value"), part.line)

    @staticmethod
    def _block(part: Part) -> Scalar:
        content = part.parts[1] if len(part.parts) > 1 else None
        if content is not None and (content.form is not Form.TOKEN or content.kind not in QUOTED | {Kind.STRING}):
            raise SyntaxFault("block-without-text", content.line)
        return Scalar(Kind.BLOCK_HEADER, content.token.value if content else "", part.line, part.column)

    def _tagged(self, tag: Part, cursor: Cursor) -> Tagged:
        return Tagged(tag.token.value, tag.line, tag.column, self._tag_value(tag, cursor))

    def _tag_value(self, tag: Part, cursor: Cursor) -> Node:
        part, name = cursor.part, tag.token.value
        if part is None:
            return empty_after(tag.token)
        if name in {"!!map", "!!set"}:
            if not part.is_key and not part.opens_or_closes_table:
                raise SyntaxFault("tag-without-table", part.line)
            return self.flow_table(cursor) if part.kind is Kind.OPEN_TABLE else self.table(cursor)
        if name in {"!!seq", "!!omap"}:
            return self.flow_list(cursor) if part.kind is Kind.OPEN_LIST else self.listing(cursor)
        if name in _SCALAR_TAGS:
            if part.form is Form.TOKEN and part.kind in {Kind.COMMA, Kind.COLON}:
                kind = Kind.NULL if name == "!!null" else Kind.STRING
                return Scalar(kind, _DEFAULTS.get(name, ""), tag.line, tag.column + 1)
            node = self.scalar(part)
            cursor.at += 1
            return node
        return self.value(cursor)

    # -- tables in blocks -----------------------------------------------------------------------------------------

    def table(self, cursor: Cursor) -> Table:
        """Keys that stand at one column."""
        first = cursor.part
        if first is None or not first.is_key:
            raise SyntaxFault("invalid-key", first.line if first else 1)
        colon = self._colon(first)
        table = Table(colon.line, colon.column)
        seen: dict[str, Node] = {}
        table.pairs.append(self._entry(cursor, first, seen))
        while column_of(part := cursor.part) == first.column and part is not None:
            if cursor.flow and part.kind is Kind.CLOSE_LIST:
                break
            if not part.is_key and not part.opens_or_closes_table:
                raise SyntaxFault("no-key", part.line)
            if part.kind is Kind.CLOSE_TABLE and not part.is_key:
                cursor.at += 1
                if len(table.pairs) == 1:
                    break
                continue
            if not part.is_key:
                raise SyntaxFault("invalid-key", part.line)
            table.pairs.append(self._entry(cursor, part, seen))
        return table

    @staticmethod
    def _colon(part: Part) -> Token:
        key = part.parts[0] if part.form is Form.KEY_VALUE else part
        return key.parts[-1].token

    def _entry(self, cursor: Cursor, part: Part, seen: dict[str, Node]) -> Pair:
        if part.form is Form.KEY_VALUE:
            pair = self._key_value(part, seen, flow=cursor.flow)
            cursor.at += 1
            following = cursor.part
            if following is not None and following.column > part.column:
                in_list = cursor.flow and is_kind(following, Kind.COMMA, Kind.CLOSE_LIST)
                if not in_list:
                    raise SyntaxFault("value-after-value", following.line)
            return pair
        key = self.key(part, seen, flow=cursor.flow)
        cursor.at += 1
        following = cursor.part
        if following is not None and part.line == following.line and following.kind is Kind.ENTRY:
            raise SyntaxFault("entry-after-key", following.line)
        return pair_of(key, self._value_below(cursor, key, self._colon(part)))

    def _key_value(self, part: Part, seen: dict[str, Node], *, flow: bool) -> Pair:
        value = part.parts[1]
        token = part.parts[0].parts[0].token
        if part.parts[0].parts[0].form is _TOKEN and token.kind is Kind.STRING and token.value not in seen:
            if not flow and "\n" not in token.origin and "\r" not in token.origin:
                key: Node = Scalar(token.kind, token.value, token.line, token.column)
                seen[token.value] = key
            else:
                key = self.key(part.parts[0], seen, flow=flow)
        else:
            key = self.key(part.parts[0], seen, flow=flow)
        if value.form is _TOKEN and value.kind in SCALARS:
            return pair_of(key, Scalar(value.kind, value.token.value, value.line, value.column))
        return pair_of(key, self.value(Cursor([value], flow=flow)))

    def key(self, part: Part, seen: dict[str, Node], *, flow: bool) -> Node:
        """The key of a table; raises for one that was there before or goes over several lines."""
        head, last = part.parts[0], part.parts[-1]
        if head.kind is Kind.KEY_MARK:
            # `? key` alone, or with its colon, in which case the first of the two parts is itself a group.
            named = head.parts[1] if head.form is Form.KEY else last
            key: Node = self.scalar(named)
            mark = Scalar(Kind.STRING, "?", head.line, head.column)
            check_key(key, mark, head.token, last, seen, flow=flow)
            return mark
        key = self.scalar(head)
        check_key(key, key, head.token, last, seen, flow=flow)
        return key

    def _value_below(self, cursor: Cursor, key: Node, colon: Token) -> Node:
        """The value of a key that does not stand on its line as one part."""
        part, column, line = cursor.part, key.column, key.line
        if part is None:
            return empty_after(colon, at_end=True)
        if part.column != column and part.line == line and part.is_key:
            raise SyntaxFault("key-after-key", part.line)
        if part.column == column and (part.is_key or part.opens_or_closes_table):
            return empty_after(colon)
        if part.form is Form.ANCHOR_NAME:
            following = cursor.following
            if (
                part.line == line
                and following is not None
                and following.column == column
                and (following.is_key or following.opens_or_closes_table)
            ):
                return self._empty_anchor(cursor, part)
            if part.column <= column:
                raise SyntaxFault("misplaced-anchor", part.line)
            if part.line == line and column_of(following) < column:
                return self._empty_anchor(cursor, part)
        if part.column <= column and part.kind is Kind.TAG and not part.is_key:
            raise SyntaxFault("misplaced-tag", part.line)
        if part.column < column:
            return empty_after(colon)
        return checked_anchor(self.value(cursor), column)

    def _empty_anchor(self, cursor: Cursor, part: Part) -> Node:
        cursor.at += 1
        return self._anchored(part, empty_after(part.token))

    # -- lists in blocks ------------------------------------------------------------------------------------------

    def listing(self, cursor: Cursor) -> Listing:
        """Entries after dashes that stand at one column."""
        first = cursor.part
        listing = Listing(first.line, first.column) if first else Listing(1, 1)
        while is_kind(part := cursor.part, Kind.ENTRY) and part is not None and part.column == listing.column:
            cursor.at += 1
            listing.items.append(self._item(cursor, part))
        return listing

    def _item(self, cursor: Cursor, dash: Part) -> Node:
        part, column = cursor.part, dash.column
        if part is None:
            return empty_after(dash.token, at_end=True)
        if part.column == column and part.kind is Kind.ENTRY:
            return empty_after(dash.token)
        if part.form is Form.ANCHOR_NAME:
            following = cursor.following
            if part.line == dash.line and column_of(following) == column and is_kind(following, Kind.ENTRY):
                return self._empty_anchor(cursor, part)
            if part.column <= column:
                raise SyntaxFault("misplaced-anchor", part.line)
            if part.line == dash.line and column_of(following) < column:
                return self._empty_anchor(cursor, part)
        if part.column <= column and part.kind is Kind.TAG and not part.is_key:
            raise SyntaxFault("misplaced-tag", part.line)
        if part.column < column:
            return empty_after(dash.token)
        return checked_anchor(self.value(cursor), column)

    # -- between brackets and braces ------------------------------------------------------------------------------

    def flow_list(self, cursor: Cursor) -> Listing:
        """`[a, b]`."""
        opening = cursor.part
        assert opening is not None  # noqa: S101 -- the caller looked
        listing = Listing(opening.line, opening.column)
        outer, cursor.flow = cursor.flow, True
        cursor.at += 1
        closed = False
        while (part := cursor.part) is not None:
            if part.kind is Kind.COMMA and listing.items:
                cursor.at += 1
                part = cursor.part
            elif part.kind is Kind.COMMA:
                raise SyntaxFault("comma-without-entry", part.line)
            elif listing.items and part.kind is not Kind.CLOSE_LIST:
                raise SyntaxFault("entries-without-comma", part.line)
            if part is None:
                break
            if part.kind is Kind.CLOSE_LIST:
                closed = True
                cursor.at += 1
                break
            listing.items.append(self.value(cursor))
        cursor.flow = outer
        if not closed:
            raise SyntaxFault("bracket-not-closed", opening.line)
        return listing

    def flow_table(self, cursor: Cursor) -> Table:
        """`{a: b}`."""
        opening = cursor.part
        assert opening is not None  # noqa: S101 -- the caller looked
        table = Table(opening.line, opening.column, flow=True)
        seen: dict[str, Node] = {}
        outer, cursor.flow = cursor.flow, True
        cursor.at += 1
        closed = False
        while (part := cursor.part) is not None:
            if part.form is Form.TOKEN and part.kind is Kind.COMMA:
                cursor.at += 1
                part = cursor.part or part
            elif table.pairs and not (part.form is Form.TOKEN and part.kind is Kind.CLOSE_TABLE):
                raise SyntaxFault("entries-without-comma", part.line)
            if part.form is Form.TOKEN and part.kind is Kind.CLOSE_TABLE:
                closed = True
                cursor.at += 1
                break
            table.pairs.append(self._flow_entry(cursor, part, seen))
        cursor.flow = outer
        if not closed:
            raise SyntaxFault("brace-not-closed", opening.line)
        return table

    def _flow_entry(self, cursor: Cursor, part: Part, seen: dict[str, Node]) -> Pair:
        if part.form is Form.KEY_VALUE:
            cursor.at += 1
            return self._key_value(part, seen, flow=True)
        ends = is_kind(cursor.following, Kind.CLOSE_TABLE, Kind.COMMA)
        if part.form is Form.KEY:
            key = self.key(part, seen, flow=True)
            cursor.at += 1
            if ends:
                return pair_of(key, empty_after(self._colon(part)))
            if cursor.part is None:
                raise SyntaxFault("key-without-value", self._colon(part).line)
            return pair_of(key, self.value(cursor))
        if not ends:
            raise SyntaxFault("no-table-entry", part.line)
        key = self.scalar(part)
        cursor.at += 1
        return pair_of(key, empty_after(part.token))
