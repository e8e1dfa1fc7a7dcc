"""Output that no terminal fails at: a character that its encoding does not have is written as the nearest that it has.

A machine without a UTF-8 locale (`LANG=C`, an old container, `PYTHONIOENCODING=ascii`) shows “Phragmén” as "Phragmen".
Data is never bent that way: JSON and exports are UTF-8 on every machine.
"""

from __future__ import annotations

import codecs
import io
import re
import sys
import unicodedata

NEAREST = "communs-nearest"
_LETTERS = dict(zip("œŒæÆßłŁøØđĐ", ("oe", "OE", "ae", "AE", "ss", *"lLoOdD"), strict=True))
_SIGNS = dict(zip("→←≤≥≈•·⁄×✗✓€", ("->", "<-", "<=", ">=", *"~*./xx", "ok", "EUR"), strict=True))
_MARKS = dict.fromkeys("–—−‑", "-") | dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’", "'")
_PLAIN = {**_LETTERS, **_SIGNS, **_MARKS}
# What a file says is never a command to the terminal.
_CONTROLS = re.compile(r"[\x01-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """A text out of a file, in which no character moves the cursor, colours the screen or turns the line around."""
    return _CONTROLS.sub("\ufffd", text)


def never_fail() -> None:
    """Make both streams of this process write whatever they are given."""
    codecs.register_error(NEAREST, _nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=NEAREST)


def write_utf8() -> None:
    """Write data to standard output, which is UTF-8 whatever the terminal speaks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors=NEAREST)


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """The characters that could not be encoded, in ASCII.

    >>> _nearest(UnicodeEncodeError("ascii", "Phragmén: 1\\u202f000 € …", 6, 7, ""))
    ('e', 7)
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(character: str) -> str:
    apart = "".join(_PLAIN.get(one, one) for one in unicodedata.normalize("NFKD", character))
    plain = apart.encode("ascii", "ignore").decode()
    return plain if plain or unicodedata.combining(character) else "?"
