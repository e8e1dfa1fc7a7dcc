"""The tokens of a YAML text as the reference parser's lexer cuts them, and what a plain word means.

The reference reads YAML with goccy/go-yaml, which differs from libyaml in what it accepts and in how it types plain
words (`yes` is a text, `0.2` a number, `0123` an octal number).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Kind(StrEnum):
    """What a token is."""

    STRING = "string"
    SINGLE_QUOTED = "single-quoted"
    DOUBLE_QUOTED = "double-quoted"
    NULL = "null"
    BOOL = "bool"
    INTEGER = "integer"
    FLOAT = "float"
    BLOCK_HEADER = "block-header"
    ENTRY = "-"
    KEY_MARK = "?"
    COLON = ":"
    COMMA = ","
    OPEN_LIST = "["
    CLOSE_LIST = "]"
    OPEN_TABLE = "{"
    CLOSE_TABLE = "}"
    ANCHOR = "&"
    ALIAS = "*"
    TAG = "!"
    MERGE = "<<"
    DIRECTIVE = "%"
    DOCUMENT_START = "---"
    DOCUMENT_END = "..."


SCALARS: Final = frozenset(
    {Kind.STRING, Kind.SINGLE_QUOTED, Kind.DOUBLE_QUOTED, Kind.NULL, Kind.BOOL, Kind.INTEGER, Kind.FLOAT}
)
QUOTED: Final = frozenset({Kind.SINGLE_QUOTED, Kind.DOUBLE_QUOTED})


@dataclass(slots=True)
class Token:
    """`value`: the meaningful characters. `origin`: all characters since the token before. Places count from 1."""

    kind: Kind
    value: str
    origin: str
    line: int
    column: int


class SyntaxFault(Exception):
    """The text is not YAML for the reference parser. `code` names the fault, `line` is where it is seen, from 1."""

    def __init__(self, code: str, line: int, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.detail = detail


NULLS: Final = frozenset({"null", "Null", "NULL", "~"})
TRUTHS: Final = frozenset({"true", "True", "TRUE"})
FALSEHOODS: Final = frozenset({"false", "False", "FALSE"})
_ENDLESS: Final = frozenset(
    {".inf", ".Inf", ".INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN"}
)  # fmt: skip
_MAYBE_NUMBER: Final = frozenset("0123456789+-.")
_UNSIGNED_MAX: Final = 2**64 - 1
_SIGNED_MIN: Final = -(2**63)
_DECIMAL = re.compile(r"[0-9]+\Z")
_FLOAT = re.compile(r"(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_DIGITS: Final = {2: re.compile(r"[01]+\Z"), 8: re.compile(r"[0-7]+\Z"), 16: re.compile(r"[0-9a-fA-F]+\Z")}
_PREFIXES: Final = {"0x": 16, "0o": 8, "0b": 2}


def plain_kind(word: str) -> Kind:
    """What an unquoted word is.

    >>> [plain_kind(word).value for word in ("0.2", "0.2.1", "yes", "true", "~", "1_000", "08", "")]
    ['float', 'string', 'string', 'bool', 'null', 'integer', 'string', 'string']
    """
    if word in NULLS:
        return Kind.NULL
    if word in TRUTHS or word in FALSEHOODS:
        return Kind.BOOL
    if word in _ENDLESS:
        return Kind.FLOAT
    if word[:1] not in _MAYBE_NUMBER:
        return Kind.STRING
    number = number_of(word)
    if number is None:
        return Kind.STRING
    return Kind.FLOAT if isinstance(number, float) else Kind.INTEGER


@lru_cache(maxsize=2048)
def number_of(word: str) -> int | float | None:
    """The number that an unquoted word stands for, None where it is none."""
    if not word or word[0] == "_" or word.count(".") > 1:
        return None
    negative = word[0] == "-"
    digits = word.removeprefix("+").removeprefix("-").replace("_", "")
    if digits[:2] in _PREFIXES:
        return _whole(digits[2:], _PREFIXES[digits[:2]], negative)
    if "." in word:
        return _fraction(digits, negative)
    if digits.startswith("0") and len(digits) > 1:
        return _whole(digits, 8, negative)
    return _whole(digits, 10, negative)


def _whole(digits: str, base: int, negative: bool) -> int | None:
    pattern = _DECIMAL if base == 10 else _DIGITS[base]
    # 64 binary digits are the longest that fit.
    if len(digits) > 64 or not pattern.match(digits):
        return None
    number = -int(digits, base) if negative else int(digits, base)
    return number if _SIGNED_MIN <= number <= _UNSIGNED_MAX else None


def _fraction(digits: str, negative: bool) -> float | None:
    if not _FLOAT.match(digits):
        return None
    number = float(f"-{digits}" if negative else digits)
    return None if number in {float("inf"), float("-inf")} else number


def number_in_words(number: float) -> str:
    """A number as the reference writes it into a text field: shortest digits, exponents from 1e21.

    >>> number_in_words(1.0), number_in_words(83), number_in_words(1.5e30)
    ('1', '83', '1.5e+30')
    """
    if isinstance(number, int):
        return str(number)
    if number != number or number in {float("inf"), float("-inf")}:  # noqa: PLR0124 -- the test for not-a-number
        return {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}[str(number)]
    if number == int(number) and abs(number) < 1e21:
        return str(int(number))
    return repr(number)
