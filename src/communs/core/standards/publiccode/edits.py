"""Editing a YAML text where it stands: comments, order and style of everything else stay as they are.

Every function gives the edits for one change, or None where the place does not allow it. That the text still says the
same elsewhere is checked afterwards, by `repair`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, Final

import yaml

from communs.core.standards.problems import Edit
from communs.core.standards.publiccode.tree import Listing, Node, Pair, Scalar, Table

Edits = tuple[Edit, ...]
LINE: Final = 110
TO_CONFIRM: Final = "to confirm"
"""The comment beside whatever was filled in without the file saying so."""


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made. They must not overlap; several insertions at one place keep their order.

    >>> apply("abc", [Edit(1, 2, "-"), Edit(3, 3, "!")])
    'a-c!'
    """
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def overlap(edits: Iterable[Edit], others: Iterable[Edit]) -> bool:
    """Whether one of `edits` touches what one of `others` replaces."""
    others = list(others)
    return any(_clash(edit, other) for edit in edits for other in others)


def _clash(one: Edit, other: Edit) -> bool:
    if one.start == one.end or other.start == other.end:
        # Something may be put right before or after what is replaced, but not inside.
        return one.start < other.end and other.start < one.end
    return max(one.start, other.start) < min(one.end, other.end)


class Editor:
    """Changes to one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def drop(self, table: Table, pair: Pair) -> Edits | None:
        """Take a key and its value out; a comment beside it stays."""
        if table.is_flow:
            number = table.pairs.index(pair)
            return self._drop_flow([(one.key.start, one.end) for one in table.pairs], number)
        indent = self._indent(pair.key.start)
        if indent is None:
            return self._drop_first(table, pair)
        return (self._without(pair.key.start, pair.end, indent),)

    def drop_item(self, listing: Listing, number: int) -> Edits | None:
        """Take one entry out of a list."""
        if listing.is_flow:
            return self._drop_flow([(item.start, item.end) for item in listing.items], number)
        dash = self._dash(listing.items[number])
        indent = self._indent(dash)
        return (self._without(dash, max(listing.items[number].end, dash + 1), indent),) if indent is not None else None

    def set_aside(self, table: Table, pair: Pair) -> Edits | None:
        """Turn a key and its value into a comment."""
        indent = self._indent(pair.key.start)
        if indent is not None and not table.is_flow:
            return (self._commented(pair.key.start, pair.end, indent),)
        return self._aside(self.drop(table, pair), pair.key.start, pair.end)

    def set_aside_item(self, listing: Listing, number: int) -> Edits | None:
        """Turn an entry of a list into a comment."""
        item = listing.items[number]
        if listing.is_flow:
            return self._aside(self.drop_item(listing, number), item.start, item.end)
        dash = self._dash(item)
        indent = self._indent(dash)
        return (self._commented(dash, max(item.end, dash + 1), indent),) if indent is not None else None

    def rename(self, pair: Pair, name: str) -> Edits:
        """Give a key another name."""
        return (Edit(pair.key.start, pair.key.end, name),)

    def rewrite(self, node: Node, text: str) -> Edits:
        """Put another text where a scalar stands."""
        return (Edit(node.start, node.end, _quoted_as(node, text)),)

    def comment(self, node: Node, lines: Iterable[str]) -> Edits:
        """Write comments above the line where a value stands."""
        start = self._line_start(node.start)
        indent = " " * (node.start - start)
        said = "".join(f"{indent}# {line.strip()}".rstrip() + self.newline for line in lines if line.strip())
        return (Edit(start, start, said),)

    def put(self, node: Node, written: str) -> Edits:
        """Put a piece of YAML where a value stands."""
        return (Edit(node.start, node.end, written),)

    def set(self, table: Table, pair: Pair, value: Any, *, assumed: bool = False) -> Edits:
        """Give a key another value."""
        if table.is_flow:
            return (Edit(pair.key.start, pair.end, f"{pair.name}: {_inline(value)}"), *self._remark(table, assumed))
        column = pair.key.start - self._line_start(pair.key.start)
        lines = lines_of(scalar(pair.name), value, column, assumed=assumed)
        if isinstance(pair.value, Scalar) and isinstance(value, str) and len(lines) == 1:
            lines = [f"{scalar(pair.name)}: {_quoted_as(pair.value, value)}{_remark(assumed)}"]
        indent = self._indent(pair.key.start)
        if indent is None and lines[0].startswith("#"):
            lines = lines[1:]
        end = self._line_end(pair.end)
        remark = self.text[pair.end : end].strip()
        if remark.startswith("#"):
            lines = [remark, *lines] if len(lines) > 1 and indent is not None else [f"{lines[0]} {remark}", *lines[1:]]
        elif remark:
            end = pair.end
        return (Edit(pair.key.start, end, self._joined(lines, column)),)

    def add(self, table: Table, name: str, value: Any, *, assumed: bool = False, first: bool = False) -> Edits:
        """Add a key at the end of a table, or at its beginning."""
        if table.is_flow:
            return self._add_flow(table, name, value, assumed)
        if not table.pairs:
            start = len(self.text)
            block = self._joined(lines_of(name, value, 0, assumed=assumed), 0)
            return (Edit(start, start, ("" if self._at_line_start(start) else self.newline) + block + self.newline),)
        column = table.pairs[0].key.start - self._line_start(table.pairs[0].key.start)
        block = " " * column + self._joined(lines_of(name, value, column, assumed=assumed), column)
        if first and self._indent(table.pairs[0].key.start) is not None:
            start = self._line_start(table.pairs[0].key.start)
            return (Edit(start, start, block + self.newline),)
        end = self._line_end(max(pair.end for pair in table.pairs))
        return (Edit(end, end, self.newline + block),)

    def append(self, listing: Listing, text: str) -> Edits | None:
        """Add a text at the end of a list that is not empty."""
        if listing.is_flow or not listing.items:
            return None
        dash = self._dash(listing.items[-1])
        column = dash - self._line_start(dash)
        end = self._line_end(max(listing.items[-1].end, dash + 1))
        return (Edit(end, end, f"{self.newline}{' ' * column}- {scalar(text)}"),)

    def _add_flow(self, table: Table, name: str, value: Any, assumed: bool) -> Edits:
        end = table.pairs[-1].end if table.pairs else table.start + 1
        comma = ", " if table.pairs else ""
        return (Edit(end, end, f"{comma}{name}: {_inline(value)}"), *self._remark(table, assumed))

    def _remark(self, table: Table, assumed: bool) -> Edits:
        if not assumed:
            return ()
        start = self._line_start(table.start)
        return (Edit(start, start, f"# {TO_CONFIRM}{self.newline}"),)

    def _drop_flow(self, spans: list[tuple[int, int]], number: int) -> Edits:
        start, end = spans[number]
        if number + 1 < len(spans):
            return (Edit(start, spans[number + 1][0], ""),)
        return (Edit(spans[number - 1][1] if number else start, end, ""),)

    def _drop_first(self, table: Table, pair: Pair) -> Edits | None:
        """A key that shares its line with the dash of a list: the next key takes its place."""
        number = table.pairs.index(pair)
        if number + 1 >= len(table.pairs) or "#" in self.text[pair.end : table.pairs[number + 1].key.start]:
            return None
        return (Edit(pair.key.start, table.pairs[number + 1].key.start, ""),)

    def _without(self, start: int, end: int, indent: str) -> Edit:
        """Whole lines away; a comment at the end of the last one stays."""
        line_end = self._line_end(end)
        remark = self.text[end:line_end].strip()
        start = self._line_start(start)
        if remark.startswith("#"):
            return Edit(start, line_end, indent + remark)
        return Edit(start, min(len(self.text), line_end + self._break(line_end)), "")

    def _commented(self, start: int, end: int, indent: str) -> Edit:
        end = self._line_end(end)
        lines = [indent + self.text[start:end].split("\n")[0], *self.text[start:end].split("\n")[1:]]
        return Edit(self._line_start(start), end, "\n".join(_as_comment(line, indent) for line in lines))

    def _aside(self, dropped: Edits | None, start: int, end: int) -> Edits | None:
        """A comment above the line, for what cannot become one where it stands."""
        if dropped is None:
            return None
        line = self._line_start(start)
        indent = self.text[line:start][: len(self.text[line:start]) - len(self.text[line:start].lstrip())]
        said = [f"{indent}# {part.strip()}" for part in self.text[start:end].split("\n") if part.strip()]
        return (Edit(line, line, self.newline.join(said) + self.newline), *dropped)

    def _joined(self, lines: list[str], column: int) -> str:
        return self.newline.join(" " * column + line if line and number else line for number, line in enumerate(lines))

    def _indent(self, start: int) -> str | None:
        """The spaces before a place; None when something else stands before it on its line."""
        before = self.text[self._line_start(start) : start]
        return before if not before.strip() else None

    def _dash(self, item: Node) -> int:
        return self.text.rfind("-", 0, item.start)

    def _at_line_start(self, at: int) -> bool:
        return at == 0 or self.text[at - 1] == "\n"

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        """The offset of the line break after a place, or the end of the text."""
        found = self.text.find("\n", at)
        if found < 0:
            return len(self.text)
        return found - 1 if found > at and self.text[found - 1] == "\r" else found

    def _break(self, at: int) -> int:
        return 2 if self.text[at : at + 2] == "\r\n" else 1


def _as_comment(line: str, indent: str) -> str:
    bare = line[len(indent) :] if line.startswith(indent) else line.lstrip()
    return f"{indent}# {bare}" if bare.strip() else line


def lines_of(name: str, value: Any, column: int, *, assumed: bool = False) -> list[str]:
    """A key and its value as lines of YAML, without the indentation of the key.

    >>> lines_of("a", ["b", {"c": "1"}], 0)
    ['a:', '  - b', "  - c: '1'"]
    """
    if isinstance(value, Mapping):
        inner = [line for key, one in value.items() for line in lines_of(str(key), one, column + 2)]
        lines = [f"{name}:", *("  " + line for line in inner)] if inner else [f"{name}: {{}}"]
    elif isinstance(value, list | tuple):
        lines = [f"{name}:", *_entries(value, column)] if value else [f"{name}: []"]
    elif isinstance(value, str) and (block := _block(value, LINE - column)):
        lines = [f"{name}: {block[0]}", *("  " + line if line else "" for line in block[1:])]
    else:
        lines = [f"{name}: {scalar(value)}"]
    if not assumed:
        return lines
    if len(lines) > 1:
        return [f"# {TO_CONFIRM}: {name}", *lines]
    return [lines[0] + _remark(assumed)]


def _remark(assumed: bool) -> str:
    return f" # {TO_CONFIRM}" if assumed else ""


def _entries(value: Iterable[Any], column: int) -> Iterable[str]:
    for item in value:
        if isinstance(item, Mapping):
            inner = [line for key, one in item.items() for line in lines_of(str(key), one, column + 4)]
            yield from ("  - " + line if number == 0 else "    " + line for number, line in enumerate(inner))
        else:
            yield f"  - {scalar(item)}"


def scalar(value: Any) -> str:
    """One value on one line, in quotes where YAML 1.1 or 1.2 would read anything but the text.

    >>> scalar("yes"), scalar("it: x"), scalar(True), scalar("plain text")
    ("'yes'", "'it: x'", 'true', 'plain text')
    """
    if isinstance(value, str) and ("\n" in value or not value.isprintable()):
        return yaml.dump(value, default_style='"', allow_unicode=True, width=10**9).strip()
    said: str = yaml.safe_dump(value, allow_unicode=True, width=10**9, default_flow_style=True)
    return said.removesuffix("\n").removesuffix("...").removesuffix("\n")


def _quoted_as(node: Node, text: str) -> str:
    """A text in the quotes that stand there now, where they can hold it."""
    style = node.style if isinstance(node, Scalar) else ""
    if style == '"' and text.isprintable() and not set(text) & {'"', "\\"}:
        return f'"{text}"'
    return f"'{text}'" if style == "'" and text.isprintable() and "'" not in text else scalar(text)


def _inline(value: Any) -> str:
    said: str = yaml.safe_dump(value, allow_unicode=True, width=10**9, default_flow_style=True, sort_keys=False)
    return said.removesuffix("\n").removesuffix("...").removesuffix("\n")


def _block(text: str, width: int) -> list[str]:
    """A long text folded over lines, one with lines of its own kept as it is; empty when one line is enough."""
    lines = text.split("\n")
    if not all(line.isprintable() and line == line.strip() for line in lines) or not lines[0] or not lines[-1]:
        return []
    if len(lines) > 1:
        return ["|-", *lines]
    if len(text) <= width or "  " in text:
        return []
    return [">-", *textwrap.wrap(text, max(40, width - 2), break_long_words=False, break_on_hyphens=False)]
