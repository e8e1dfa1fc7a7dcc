"""What the apps above put on a person's page: each registers its sections when it starts (`AppConfig.ready`).

    sections.register(_("What you proposed"), proposals_of)

Accounts comes before the other apps and never imports them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

# (text, address, note): a line on the page. Address and note may be empty.
Row = tuple[str, str, str]
RowsOf = Callable[[Any], list[Row]]


@dataclass(frozen=True, slots=True)
class Section:
    """A section as shown: its heading, its rows, and what stands there while it is empty."""

    label: str | Promise
    rows: list[Row]
    empty: str | Promise


_registered: dict[RowsOf, tuple[str | Promise, str | Promise]] = {}


def register(label: str | Promise, rows_of: RowsOf, *, empty: str | Promise = "") -> None:
    """Add a section to every person's page. Registering the same function again replaces its texts.

    `label` and `empty` are lazy translations; `rows_of(person)` is asked on each visit and should take one query.
    A section without rows is shown only when `empty` says what would fill it.
    """
    _registered[rows_of] = (label, empty)


def sections_of(person: Any) -> list[Section]:
    """The sections of a person's page, in the order of registration."""
    made = [Section(label, rows_of(person), empty) for rows_of, (label, empty) in _registered.items()]
    return [section for section in made if section.rows or section.empty]
