"""All interests in a catalogue as sets of bits, so that an event finds the ones it concerns among 100,000 at once.

The facets of the lists turned round (`communs.kit.facets`): there the rows are records and a search selects some; here
the rows are searches and a record selects some. For each facet value the searches that choose it, for each facet those
that do not ask; a record matches the searches that are, for every facet, in one of its own values or do not ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class Bits:
    """A set of row numbers that grows cheaply, and is read as one integer."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, row: int) -> None:
        """Put a row in."""
        place = row >> 3
        if place >= len(self._bytes):
            self._bytes.extend(bytes(max(64, place + 1 - len(self._bytes))))
        self._bytes[place] |= 1 << (row & 7)

    @property
    def rows(self) -> int:
        return int.from_bytes(self._bytes, "little")


@dataclass(slots=True)
class Searches:
    """The saved searches of one catalogue. `add` before `matching`; not for several threads at once."""

    ids: list[int] = field(default_factory=list)
    texts: dict[int, tuple[str, str]] = field(default_factory=dict)  # row: (text, language)
    _all: Bits = field(default_factory=Bits)
    _asking: dict[str, Bits] = field(default_factory=dict)  # facet: those that ask for some value of it
    _chosen: dict[str, dict[str, Bits]] = field(default_factory=dict)
    _with_text: Bits = field(default_factory=Bits)

    def add(self, interest_id: int, query: Mapping[str, Any]) -> None:
        """One more search."""
        row = len(self.ids)
        self.ids.append(interest_id)
        self._all.add(row)
        for name, values in query.get("facets", {}).items():
            self._asking.setdefault(name, Bits()).add(row)
            sets = self._chosen.setdefault(name, {})
            for value in values:
                sets.setdefault(value, Bits()).add(row)
        if query.get("text"):
            self.texts[row] = (query["text"], query.get("lang", ""))
            self._with_text.add(row)

    def matching(self, facets: Mapping[str, Iterable[str]], must_ask: Sequence[str] = ()) -> tuple[int, int]:
        """The searches whose facets a record answers: (those without a text, those whose text is to be looked at).

        `must_ask`: facets for which a search that does not ask does not match either.
        """
        rows = self._all.rows
        for name, asking in self._asking.items():
            sets = self._chosen[name]
            allowed = 0 if name in must_ask else ~asking.rows
            for value in facets.get(name, ()):
                if value in sets:
                    allowed |= sets[value].rows
            rows &= allowed
        if any(name not in self._asking for name in must_ask):
            return 0, 0
        texts = self._with_text.rows
        return rows & ~texts, rows & texts

    def ids_of(self, rows: int) -> list[int]:
        """The interests of a set of rows."""
        return [self.ids[row] for row in places(rows)]


def places(rows: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first: bytes are skipped where nothing is."""
    packed = rows.to_bytes((rows.bit_length() + 7) // 8, "little")
    for at, byte in enumerate(packed):
        if byte:
            for bit in _BITS[byte]:
                yield (at << 3) + bit


_BITS = [tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256)]
