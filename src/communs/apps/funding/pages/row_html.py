"""The markup of a row of the list, written without the template engine: twenty rows a page, and they differ little.

Whatever comes from a record or a person is escaped here, once: the rest is fixed.
"""

from __future__ import annotations

from typing import Protocol

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class Shown(Protocol):
    """What a row says, in the reader's language (`pages.rows.Row`)."""

    @property
    def public_id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def lang(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def tone(self) -> str: ...
    @property
    def facts(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def compare_label(self) -> str: ...
    @property
    def offer(self) -> str: ...
    @property
    def offer_line(self) -> str: ...


class Around(tuple[str, str, str]):
    """A row with places left for the address and the answer of a match: before the one, between, after the other."""

    __slots__ = ()

    def fill(self, url: str, mark: str, line: str) -> SafeString:
        """The whole row. `url`, `mark` and `line` are texts as they are: they are escaped here."""
        before, between, after = self
        answer = f'<p class="{escape(mark)}">{escape(line)}</p>'
        return mark_safe(f"{before}{escape(url)}{between}{answer}{after}")  # noqa: S308 - every part is escaped


def plain(row: Shown) -> SafeString:
    """The row of a list without answers: what is offered stands beside it."""
    before, between = _heading(row)
    tone = f" {escape(row.tone)}" if row.tone else ""
    when = f'<p class="when{tone}">{escape(row.offer)}</p>'
    return mark_safe(  # noqa: S308 - every part is escaped
        f'{before}{escape(row.url)}{between}{when}\n<p class="facts">{escape(row.facts)}</p></li>'
    )


def around_the_answer(row: Shown) -> Around:
    """The row of a list for one commons, but for the address and the answer of the match."""
    facts = f"{escape(row.offer_line)} · {escape(row.source)}"
    return Around((*_heading(row), f'\n<p class="facts">{facts}</p></li>'))


def with_reason(line: str, reason: str) -> SafeString:
    """A row with why it was found at its foot. `line` is markup of ours, `reason` a text as it is."""
    return mark_safe(f'{line.removesuffix("</li>")}<p class="facts">{escape(reason)}</p></li>')  # noqa: S308 - escaped


def _heading(row: Shown) -> tuple[str, str]:
    """The heading with the box to compare by, before and after the address."""
    lang = f' lang="{escape(row.lang)}"' if row.lang else ""
    box = (
        f'<input type="checkbox" name="id" value="{escape(row.public_id)}" form="compare"'
        f' aria-label="{escape(row.compare_label)}">'
    )
    return f'<li><h2>{box} <a href="', f'"{lang}>{escape(row.title)}</a></h2>\n'
