"""Keys that sign notes: Ed25519, written as text as C2SP signed-note and Go's `sumdb/note` do.

A log signs with type 1. A co-signer signs with type 4 (C2SP tlog-cosignature), which also says when it was.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG = 1
COSIGNER = 4
KINDS = {LOG, COSIGNER}
NAME_MAX = 255
KEY_BYTES = 32
SIGNATURE_BYTES = 64
SECONDS_MAX = 2**63 - 1


class InvalidKey(ValueError):
    """This is no key: the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key: whose it is, of which kind (`LOG` or `COSIGNER`), and its 32 bytes."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        if not is_name(self.name):
            raise InvalidKey(
                f"“{self.name[:80]}” cannot be the name of a key: no spaces, no +, 1 to {NAME_MAX} characters."
            )
        if self.kind not in KINDS or len(self.public) != KEY_BYTES:
            raise InvalidKey(
                f"The key of {self.name} is not an Ed25519 key of type {LOG} (log) or {COSIGNER} (co-signer)."
            )

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read `name+id+base64`. Raises `InvalidKey`."""
        name, _plus, rest = text.strip().partition("+")
        number, _plus, encoded = rest.partition("+")
        data = unbase64(encoded)
        if not data:
            raise InvalidKey(f"“{text[:80]}” is not a public key: write name+id+base64, as the log publishes it.")
        key = cls(name, data[0], data[1:])
        if number != key.id.hex():
            raise InvalidKey(f"The key of {name} has the id {key.id.hex()}, not {number[:20]}: it was copied wrongly.")
        return key

    @property
    def id(self) -> bytes:
        """Four bytes that find the key of a signature; they prove nothing."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    def signed(self, text: str, signature: bytes) -> bool:
        """Whether this is the key's signature (without its id) of the text of a note."""
        at: int | None = None
        if self.kind == COSIGNER:
            at, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        if len(signature) != SIGNATURE_BYTES or (at or 0) > SECONDS_MAX:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, _message(text, at))
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key. `seed`: 32 bytes by chance (`secrets.token_bytes(32)`), which nobody else may see."""

    name: str
    seed: bytes = field(repr=False)
    kind: int = LOG

    def __post_init__(self) -> None:
        if len(self.seed) != KEY_BYTES:
            raise InvalidKey(f"The seed of {self.name[:80]} has {len(self.seed)} bytes instead of {KEY_BYTES}.")
        _ = self.key

    @property
    def key(self) -> Key:
        """The public key, to be published."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return Key(self.name, self.kind, private.public_key().public_bytes_raw())

    def signature(self, text: str, at: int | None = None) -> bytes:
        """Sign the text of a note. `at`: seconds since 1970, for a co-signer, and for nobody else."""
        if (at is not None) != (self.kind == COSIGNER) or not 0 <= (at or 0) <= SECONDS_MAX:
            raise InvalidKey(f"{self.name}: a co-signer says when it signs (seconds since 1970), a log does not.")
        before = b"" if at is None else at.to_bytes(8, "big")
        return before + Ed25519PrivateKey.from_private_bytes(self.seed).sign(_message(text, at))


def is_name(text: str) -> bool:
    """Whether a key may be called so."""
    return 0 < len(text) <= NAME_MAX and not any(c.isspace() or c < " " or c == "+" for c in text)


def unbase64(text: str) -> bytes | None:
    """The bytes of a text in base64, none if it is written in any but the one right way."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def _message(text: str, at: int | None) -> bytes:
    """What is signed: by a co-signer, the note behind a line of its own, so that no log signature passes for one."""
    return (text if at is None else f"cosignature/v1\ntime {at}\n{text}").encode()
