"""Lines that need no closer look: a key with or without a plain value, or a list entry, alone on its line.

Most lines of most files are such. They give the same tokens as character by character, several times faster.
"""

from __future__ import annotations

import re
from typing import Final

from communs.core.standards.publiccode.strict.blocks import Block
from communs.core.standards.publiccode.strict.buffers import Buffers
from communs.core.standards.publiccode.strict.tokens import Kind, Token, plain_kind

# Possessive throughout: no choice is ever taken back, and none is remembered letter by letter.
# A plain text that nothing ends before the line does: no mark at its start, no blank after a colon, no `#`.
_PLAIN: Final = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`<.=](?:[^\n\r\t:#<]++|:(?=[^ \n\r\t]))*+"
_LINE = re.compile(
    r"(?P<indent> *)(?P<dash>- +)?"
    r"(?:(?P<key>[A-Za-z_][A-Za-z0-9_-]*):(?: +(?=\S)|(?= *\n)))?"
    rf"(?P<value>{_PLAIN}|\"[^\"\\\n\r\t]*\"|'[^'\n\r]*'|[|>][+-]?)? *\n"
    r"(?=(?: *+\n)*+(?P<next> *)(?P<after>[^ \n\r\t]?))"
)
_NOTHING = re.compile(r"(?: *+(?:#[^\n\r]*+)?+\n)++")


def take_line(scanner: Buffers) -> bool:
    """Cut the line at which `scanner` stands and go past it; False where it needs a closer look.

    The scanner must stand at the first column, with nothing read, outside of blocks, brackets and braces.
    """
    text = scanner.text
    blank = _NOTHING.match(text, scanner.at)
    if blank:
        scanner.line += text.count("\n", scanner.at, blank.end())
        scanner.at = blank.end()
        return True
    found = _LINE.match(text, scanner.at)
    if found is None:
        return False
    dash, key, value = found["dash"], found["key"], found["value"]
    if key is None and (dash is None or value is None):
        return False
    column = len(found["indent"]) + 1
    delimiter = column + len(dash) if dash and key else column
    is_block = value is not None and value[0] in "|>"
    if value is not None and not is_block and not _ends_here(found, value, delimiter):
        return False
    _cut(scanner, found, column)
    scanner.delimiter = delimiter
    if is_block:
        scanner.block = Block(value[1:], literal=value[0] == "|", delimiter=delimiter)
    scanner.sinking = scanner.rising = False
    scanner.at = found.end()
    scanner.line += 1
    return True


def _ends_here(found: re.Match[str], value: str, delimiter: int) -> bool:
    """Whether the next line cannot go on with a plain value: a comment, or not further right than the key or dash."""
    if value[0] in "\"'" or found["after"] == "#":
        return True
    return bool(found["after"]) and len(found["next"]) < delimiter


def _cut(scanner: Buffers, found: re.Match[str], column: int) -> None:
    tokens, line = scanner.tokens, scanner.line
    dash, key, value = found["dash"], found["key"], found["value"]
    if dash:
        tokens.append(Token(Kind.ENTRY, "-", "-", line, column))
        column += len(dash)
    if key:
        tokens.append(Token(plain_kind(key), key, key, line, column))
        tokens.append(Token(Kind.COLON, ":", ":", line, column + len(key)))
    if value is None:
        return
    column = found.start("value") - found.start() + 1
    if value[0] == '"':
        tokens.append(Token(Kind.DOUBLE_QUOTED, value[1:-1], value, line, column))
    elif value[0] == "'":
        tokens.append(Token(Kind.SINGLE_QUOTED, value[1:-1], value, line, column))
    elif value[0] in "|>":
        tokens.append(Token(Kind.BLOCK_HEADER, value, value, line, column))
    else:
        # Blanks at the end of the line move the place, as they do character by character.
        column += len(value)
        value = value.rstrip(" ")
        column -= len(value)
        # The line break belongs to the token: a colon at the start of the next line cannot make it a key.
        tokens.append(Token(plain_kind(value), value, f"{value}\n", line, column))
