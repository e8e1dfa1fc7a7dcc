"""What an answer of a forge says, in one shape. Values of another type than expected are left out, never an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from communs.core import licences

_DATE: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]|$)")
# What forges answer where they recognise no licence.
_NO_LICENCE: Final = frozenset({"", "noassertion", "other", "none", "unknown"})


@dataclass(frozen=True, slots=True)
class Facts:
    """A repository as its forge tells it. Empty texts mean "not told".

    `forge_id`: the forge's own number, which outlives renames. `path`: `owner/name` as it is now. `licence`: the SPDX
    name of what the forge detected. `parent`: address of the repository this one was forked from. `active_on`: date of
    the last push or change, YYYY-MM-DD. `is_empty`: there is no commit yet.
    """

    forge_id: str = ""
    path: str = ""
    url: str = ""
    name: str = ""
    description: str = ""
    homepage: str = ""
    licence: str = ""
    default_branch: str = ""
    active_on: str = ""
    parent: str = ""
    is_fork: bool = False
    is_archived: bool = False
    is_empty: bool = False

    def as_json(self) -> dict[str, Any]:
        """As plain values, to be kept; `from_json` reads them."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Facts:
        """What `as_json` gave, also of an earlier or later version.

        >>> Facts.from_json({**Facts(path="a/b").as_json(), "from_a_later_version": 1}).path
        'a/b'
        """
        return cls(**{name: value for name, value in kept.items() if name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder of a listing. `sha` changes with its contents, also a folder's. `size`: bytes, or None."""

    path: str
    is_folder: bool = False
    sha: str = ""
    size: int | None = None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


def text(value: Any, length_max: int = 500) -> str:
    """The value if it is a text of one line, else nothing.

    >>> text(" a\\n b "), text(3), text(None)
    ('a b', '', '')
    """
    return " ".join(value.split())[:length_max] if isinstance(value, str) else ""


def number(value: Any) -> str:
    """An identifying number as text, else nothing."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def table(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def address(value: Any) -> str:
    """The value if it is an address of the web, else nothing."""
    found = text(value, 2_000)
    return found if found.lower().startswith(("https://", "http://")) else ""


def day(value: Any) -> str:
    """The date of a moment.

    >>> day("2026-11-24T10:00:00Z"), day("yesterday")
    ('2026-11-24', '')
    """
    found = _DATE.match(value) if isinstance(value, str) else None
    return found[1] if found else ""


def licence(value: Any) -> str:
    """The SPDX spelling of a licence that a forge names; nothing where it names none that is known.

    >>> licence("agpl-3.0"), licence("NOASSERTION"), licence("my-own")
    ('AGPL-3.0-only', '', '')
    """
    said = text(value, 100)
    if said.lower() in _NO_LICENCE:
        return ""
    found = licences.parse(said)
    return found.spdx if found.tree is not None and not found.unknown else ""
