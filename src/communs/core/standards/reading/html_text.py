"""HTML of others as plain text that keeps its structure: paragraphs, lists, headings, addresses of links."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Final

import nh3

CHARACTERS_MAX: Final = 200_000

_BLOCKS: Final = frozenset({
    "address", "article", "blockquote", "dd", "div", "dl", "dt", "figcaption", "footer", "header", "hr", "main", "ol",
    "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KEPT: Final = {*_BLOCKS, *_HEADINGS, "a", "br", "li", "td", "th"}
_LOOKS_LIKE_HTML: Final = re.compile(r"<[a-zA-Z/!]|&(?:#\w+|\w+);")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def is_html(text: str) -> bool:
    """Whether a text holds tags or entities."""
    return bool(_LOOKS_LIKE_HTML.search(text))


def to_plain(text: str) -> str:
    """The words of an HTML text, one block a line, list items after a dash, addresses of links in brackets.

    Scripts, styles and comments are left out. Of a text longer than 200,000 characters the start is read.

    >>> to_plain("<p>Qui&nbsp;?</p><ul><li>PME</li><li><a href='https://example.org/a'>Voir</a></li></ul>")
    'Qui\\xa0?\\n- PME\\n- Voir (https://example.org/a)'
    >>> to_plain("R&amp;D < 5 ans"), to_plain("plain")
    ('R&D < 5 ans', 'plain')
    """
    text = text[:CHARACTERS_MAX]
    if not is_html(text):
        return _tidy(text)
    # nh3 parses as browsers do, whatever is broken, and leaves well-formed HTML of few tags.
    safe = nh3.clean(text, tags=_KEPT, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=None)
    writer = _Writer()
    writer.feed(safe)
    writer.close()
    return _tidy("".join(writer.parts))


def unescape(text: str) -> str:
    """A title or a word: entities decoded, also those encoded twice; tags gone; one line.

    >>> unescape("DROITS DE L&rsquo;HOMME &amp;amp; PME <br>")
    'DROITS DE L’HOMME & PME'
    """
    for _ in range(2):
        text = html.unescape(text)
    return " ".join(to_plain(text).split())


def _tidy(text: str) -> str:
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [re.sub(r"[ \t]+", " ", line).strip(" \t") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Writer(HTMLParser):
    """Text with line breaks where a browser would break."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.href = ""
        self.linked = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "li":
            self._break("- ")
        elif tag in _HEADINGS:
            self._break()
            self.parts.append("\n")
        elif tag == "br" or tag in _BLOCKS:
            self._break()
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        elif tag == "a":
            self.href, self.linked = dict(attrs).get("href") or "", len(self.parts)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            if self.href and self.href not in "".join(self.parts[self.linked :]):
                self.parts.append(f" ({self.href})")
            self.href = ""
        elif tag == "li" or tag in _BLOCKS or tag in _HEADINGS:
            self._break()

    def handle_data(self, data: str) -> None:
        # Line breaks of the source are spaces in HTML.
        text = re.sub(r"[ \t\r\n]+", " ", data)
        if text != " " or not self._at_break():
            self.parts.append(text.lstrip(" ") if self._at_break() else text)

    def _at_break(self) -> bool:
        return not self.parts or self.parts[-1].endswith(("\n", "- "))

    def _break(self, mark: str = "") -> None:
        if self.parts and not self.parts[-1].endswith("\n") and self.parts[-1] != "- ":
            self.parts.append("\n")
        if mark:
            self.parts.append(mark)
