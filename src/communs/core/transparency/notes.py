"""Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature."""

from __future__ import annotations

import base64
from collections.abc import Collection
from dataclasses import dataclass

from communs.core.transparency.keys import Key, Signer, is_name, unbase64

NOTE_BYTES_MAX = 500_000
SIGNATURES_MAX = 64
DASH = "— "


class InvalidNote(ValueError):
    """The note cannot be trusted: the message says why."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note. `key_id`: four bytes; `data`: what follows them."""

    name: str
    key_id: bytes
    data: bytes

    def __str__(self) -> str:
        return f"{DASH}{self.name} {base64.b64encode(self.key_id + self.data).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends with a newline, and its signatures. Nothing is known of them until `signers` is asked."""

    text: str
    signatures: tuple[Signature, ...] = ()

    @classmethod
    def parse(cls, data: bytes) -> Note:
        """Read a note. Raises `InvalidNote`."""
        if len(data) > NOTE_BYTES_MAX:
            raise InvalidNote(f"The note has {len(data)} bytes; {NOTE_BYTES_MAX} are the most.")
        try:
            whole = data.decode()
        except UnicodeDecodeError:
            raise InvalidNote("The note is not UTF-8.") from None
        text, empty, below = whole.rpartition("\n\n")
        if not empty or not below.endswith("\n"):
            raise InvalidNote("The note does not end with an empty line and lines of signatures.")
        lines = below[:-1].split("\n")
        if len(lines) > SIGNATURES_MAX:
            raise InvalidNote(f"The note has {len(lines)} signatures; {SIGNATURES_MAX} are the most.")
        _check_text(text + "\n")
        return cls(text + "\n", tuple(_signature(line) for line in lines))

    def signed_by(self, signer: Signer, at: int | None = None) -> Note:
        """The note with one signature more, in the place of an earlier one by the same key. `at`: for co-signers."""
        _check_text(self.text)
        made = Signature(signer.name, signer.key.id, signer.signature(self.text, at))
        others = tuple(one for one in self.signatures if (one.name, one.key_id) != (made.name, made.key_id))
        if len(others) >= SIGNATURES_MAX:
            raise InvalidNote(f"The note has {SIGNATURES_MAX} signatures, the most there may be.")
        return Note(self.text, (*others, made))

    def signers(self, known: Collection[Key]) -> tuple[Key, ...]:
        """The known keys that have signed. Others are passed over; a wrong signature of a known one is an error."""
        by_id = {(key.name, key.id): key for key in known}
        found: dict[Key, None] = {}
        for one in self.signatures:
            key = by_id.get((one.name, one.key_id))
            if key is None:
                continue
            if not key.signed(self.text, one.data):
                raise InvalidNote(f"The signature of {one.name} is not of this text: it was changed, or forged.")
            found[key] = None
        return tuple(found)

    def to_bytes(self) -> bytes:
        """The note as it is published."""
        return (self.text + "\n" + "".join(map(str, self.signatures))).encode()


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(c < " " and c != "\n" for c in text):
        raise InvalidNote("The text of a note ends with a newline, and has no other control characters.")


def _signature(line: str) -> Signature:
    name, _space, encoded = line.removeprefix(DASH).partition(" ")
    data = unbase64(encoded)
    if not line.startswith(DASH) or not is_name(name) or data is None or len(data) <= 4:
        raise InvalidNote(f"“{line[:80]}” is not a signature: they are written — name base64.")
    return Signature(name, data[:4], data[4:])
