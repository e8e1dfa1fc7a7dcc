"""What was typed, as an expression: words, "phrases", AND, OR, NOT, parentheses, -without, begin*.

Without operators a query is a need in plain words: what matches more of it comes first (`Query.is_plain`). With AND,
OR, NOT or parentheses it is held to the letter; words side by side then mean AND. Operators are in capitals, so that
the "or" of a sentence is a word like another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from communs.core.search.folding import words_of

QUERY_MAX = 400  # characters
LEAVES_MAX = 32
DEPTH_MAX = 8
AND = frozenset({"AND", "ET", "UND", "&&"})  # no single letters: "I" is also a person
OR = frozenset({"OR", "OU", "ODER", "LUB", "||"})
NOT = frozenset({"NOT", "SAUF", "NICHT"})
OPEN, CLOSE = BRACKETS = ("(", ")")
_SURE = frozenset({"AND", "OR", "NOT", "&&", "||"})
_TOKEN = re.compile(r'-?["“”«»„][^"“”«»„]*["“”«»„]?|[()]|[^\s()"“”«»„]+')
_VERSION = re.compile(r"^([^\W\d_]{4,})(\d{2,})$")  # "office365" is office, and 365
_QUOTES = '"“”«»„ '


@dataclass(frozen=True, slots=True)
class Leaf:
    """Words that belong together. `is_phrase`: one after the other; `is_prefix`: the last one is only begun."""

    words: tuple[str, ...]
    is_phrase: bool = False
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever does not match the part."""

    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """What matches every part."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """What matches at least one part."""

    parts: tuple[Node, ...]


Node = Leaf | Not | All | Any


@dataclass(frozen=True, slots=True)
class Query:
    """`words` are ranked; `required` is what must hold besides (None: nothing)."""

    text: str
    is_plain: bool
    leaves: tuple[Leaf, ...]
    required: Node | None


def cut(text: str, length_max: int) -> str:
    """At most so many characters, cut at a word's end: half a word is another word. A single word is cut where it is.

    >>> cut("gérer les adhésions", 14), cut("gérer les adhésions", 9), cut("antidisestablishment", 4)
    ('gérer les', 'gérer les', 'anti')
    """
    if len(text) <= length_max or any(char.isspace() for char in text[length_max - 1 : length_max + 1]):
        return text[:length_max]
    words = text[:length_max].rsplit(maxsplit=1)
    return words[0] if len(words) > 1 else text[:length_max]


def parse(text: str) -> Query:
    """Read a query; never fails: an operator or a parenthesis that stands alone is left out."""
    tokens = _TOKEN.findall(cut(text, QUERY_MAX))
    tokens = _without_stray_operators(tokens)
    if any(_operator(token) or token in BRACKETS for token in tokens):
        parser = _Parser(tokens)
        tree = parser.expression(0)
        if tree is None:  # nothing but brackets: that asks for nothing, not for everything
            return _plain(text, [])
        return Query(text, is_plain=False, leaves=tuple(parser.leaves), required=tree)
    return _plain(text, tokens)


def _plain(text: str, tokens: list[str]) -> Query:
    leaves: list[Leaf] = []
    demands: list[Node] = []
    for token in tokens:
        leaf = _leaf(token.lstrip("-") if token.startswith("-") and len(token) > 1 else token)
        if leaf is None or len(leaves) >= LEAVES_MAX:
            continue
        if token.startswith("-") and len(token) > 1:
            demands.append(Not(leaf))
            continue
        leaves.append(leaf)
        if leaf.is_phrase:
            demands.append(leaf)
    return Query(text, is_plain=True, leaves=tuple(leaves), required=All(tuple(demands)) if demands else None)


class _Parser:
    """Recursive descent: OR binds weakest, then AND (or nothing at all between two words), then NOT."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0
        self.leaves: list[Leaf] = []

    def expression(self, depth: int) -> Node | None:
        parts = [self._all(depth)]
        while self._peek("or"):
            self.place += 1
            parts.append(self._all(depth))
        kept = tuple(part for part in parts if part is not None)
        return kept[0] if len(kept) == 1 else Any(kept) if kept else None

    def _all(self, depth: int) -> Node | None:
        parts: list[Node] = []
        while self.place < len(self.tokens) and self.tokens[self.place] != CLOSE and not self._peek("or"):
            if self._peek("and"):
                self.place += 1
                continue
            part = self._part(depth, is_wanted=True)
            if part is not None:
                parts.append(part)
        return parts[0] if len(parts) == 1 else All(tuple(parts)) if parts else None

    def _part(self, depth: int, *, is_wanted: bool) -> Node | None:
        if self.place >= len(self.tokens):
            return None
        token = self.tokens[self.place]
        if _operator(token) == "not":
            self.place += 1
            inner = self._part(depth, is_wanted=False)
            return Not(inner) if inner is not None else None
        self.place += 1
        if token == OPEN:
            if depth >= DEPTH_MAX:
                return None
            inner = self.expression(depth + 1)
            if self.place < len(self.tokens) and self.tokens[self.place] == CLOSE:
                self.place += 1
            return inner
        is_excluded = token.startswith("-") and len(token) > 1
        leaf = _leaf(token.lstrip("-") if is_excluded else token)
        if leaf is None or len(self.leaves) >= LEAVES_MAX:
            return None
        if is_wanted and not is_excluded:
            self.leaves.append(leaf)
        return Not(leaf) if is_excluded else leaf

    def _peek(self, which: str) -> bool:
        return self.place < len(self.tokens) and _operator(self.tokens[self.place]) == which


def _leaf(token: str) -> Leaf | None:
    quoted = token[:1] in _QUOTES
    words = tuple(part for word in words_of(token.strip(_QUOTES)) for part in _VERSION.sub(r"\1 \2", word).split())
    if not words:
        return None
    return Leaf(words, is_phrase=quoted and len(words) > 1, is_prefix=token.endswith("*") and not quoted)


def _operator(token: str) -> str:
    return "and" if token in AND else "or" if token in OR else "not" if token in NOT else ""


def _trimmed(tokens: list[str]) -> list[str]:
    """Without AND, OR and NOT at the end, AND and OR at the beginning: somebody is still typing, or left a word out."""
    start, end = 0, len(tokens)
    while end and tokens[end - 1] in _SURE:
        end -= 1
    while start < end and tokens[start] in _SURE and _operator(tokens[start]) != "not":
        start += 1
    return tokens[start:end]


def _without_stray_operators(tokens: list[str]) -> list[str]:
    """Operators count where they stand between words, and the short ones of other languages only beside lower case.

    All in capitals ("AIDE AU NUMERIQUE ET AU CLIMAT") is somebody shouting, not somebody reckoning.
    """
    words = [token for token in tokens if not _operator(token) and token not in BRACKETS]
    tokens = _trimmed(tokens) if words else tokens
    shouts = bool(words) and all(word.upper() == word for word in words)
    last = len(tokens) - 1
    kept = []
    for place, token in enumerate(tokens):
        which = _operator(token)
        is_word = (shouts and token not in _SURE) or place == last or (place == 0 and which != "not")
        kept.append(token.lower() if which and is_word else token)
    return kept
